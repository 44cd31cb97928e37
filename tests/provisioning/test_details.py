"""What the API and the console show of a station beside what the central system knows."""

from msgspec.json import encode

from csms.domain.station_details import NOTHING_KNOWN, ActivationSummaryAnswer, AvailabilityAnswer
from ocppj.vocabulary import StationId
from tests.support.provisioning import ID, MAC, World
from tests.support.stations import HEARTBEAT, ScriptedStation


async def test_a_station_that_provisioning_does_not_lead(world: World) -> None:
    """Its MAC, where its name is one."""
    details = world.provisioning.details.details
    assert details(StationId("cp-9")) == NOTHING_KNOWN
    assert details(StationId("02b016000001")).mac == "02:B0:16:00:00:01"


async def test_an_ordered_station(world: World) -> None:
    """How far it is, what blocks it in both languages, and who clears that."""
    await world.order(MAC)
    details = world.provisioning.details.details(ID)
    assert world.provisioning.details.troubled() == []
    assert details.lifecycle == "ordered"
    assert details.mac == "0024:B100:0002:9F81"
    assert details.macs == ("0024:B100:0002:9F81",)
    assert details.who_clears == "installer"
    assert (details.place, details.site, details.availability, details.activation) == (None,) * 4
    first = details.blocked_by[0]
    assert first.code == "E_NOT_SEEN"
    assert first.text == first.text_en != first.text_fr
    assert first.way_out
    assert first.way_out_fr


async def test_an_active_station(world: World, v201: ScriptedStation) -> None:
    """Where it is, what it charges, what it agreed to, what it refused."""
    tariff = await world.tariff()
    v201.refused[HEARTBEAT] = "Rejected"
    await world.active(v201, tariff_id=tariff.tariff.tariff_id)
    details = world.provisioning.details.details(ID)
    assert details.lifecycle == "active"
    assert details.who_clears == "installer", "a step that was refused is in the way"
    assert details.place is not None
    assert details.place.name == "P1"
    assert details.site is not None
    assert details.site.zone == "America/Montreal"
    assert details.credential == "verified"
    assert details.tariff == details.tariff_shown == tariff.tariff.tariff_id
    assert details.availability == AvailabilityAnswer(
        wanted="Operative", agreed="Operative", is_pending=False
    )
    assert details.activation == ActivationSummaryAnswer(
        current=None, done=7, steps=7, pending=(), refused=("clock",), lacking=()
    )
    assert [each.code for each in details.remarks] == ["E_KEY_REFUSED"]


async def test_details_are_json_and_hold_no_secret(world: World, station: ScriptedStation) -> None:
    """Whatever the state."""
    await world.active(station)
    text = encode(world.provisioning.details.details(ID)).decode()
    assert station.password is not None
    assert station.password.decode("latin-1") not in text
    credential = world.device().credential
    assert credential.current is not None
    assert credential.current.hex() not in text
