"""What each step asks: accepted, refused, missing, reported differently."""

import pytest

from csms.domain.station_details import AvailabilityAnswer
from ocppj.model.availability import ChangeAvailability
from ocppj.model.command import CommandAnswer, ScheduledAnswer
from ocppj.model.local_list import SendLocalList
from ocppj.model.remote_control import TriggerMessage
from ocppj.model.variables import GetVariables
from ocppj.vocabulary import Availability, VariableRef
from provisioning.lifecycle import Lifecycle
from tests.support.provisioning import ID, World
from tests.support.stations import (
    AVAILABILITY,
    DEFAULT_PRICE,
    HEARTBEAT,
    LANGUAGES,
    PRICE,
    SHOWS_PRICE,
    TIME_ZONE,
    ScriptedStation,
)

CURRENCY = VariableRef("TariffCostCtrlr", "Currency")
COST = VariableRef("TariffCostCtrlr", "TotalCostFallbackMessage")
TEXT = VariableRef("ConfigurationKey", "DefaultPriceText")


async def _priced(world: World, station: ScriptedStation, **fields: object) -> None:
    tariff = await world.tariff(**fields)
    await world.active(station, tariff_id=tariff.tariff.tariff_id)


async def test_a_refused_key_is_shown_with_the_stations_word(world: World, station: ScriptedStation) -> None:
    """And the run goes on: what the station took is in force."""
    station.refused[HEARTBEAT] = "Rejected"
    await world.active(station)
    assert world.steps()["clock"] == "refused"
    assert world.remarks() == [
        "E_KEY_REFUSED The station refused OCPPCommCtrlr.HeartbeatInterval (Rejected)."
    ]


async def test_a_missing_key_is_shown_as_lacking(world: World, station: ScriptedStation) -> None:
    """It is no failure: nothing to do, unless a firmware brings it."""
    del station.variables[HEARTBEAT]
    await world.active(station)
    assert world.steps()["clock"] == "lacking"
    assert world.remarks() == ["W_KEY_LACKING The station does not have OCPPCommCtrlr.HeartbeatInterval."]
    assert world.lifecycle_status().remarks[0].who_clears == "station"


async def test_accepted_is_not_applied(world: World, station: ScriptedStation) -> None:
    """HeartbeatInterval accepted and ignored: asked and reported are shown side by side."""
    station.ignored.add(HEARTBEAT)
    await world.active(station)
    assert world.steps()["clock"] == "refused"
    assert world.remarks() == ["E_CONFIG_DRIFT OCPPCommCtrlr.HeartbeatInterval: asked 300, reported 86400."]


async def test_a_value_is_the_same_however_it_is_written(world: World, v201: ScriptedStation) -> None:
    """Stations write numbers and booleans in their own way."""
    real = v201._write

    def rewritten(each: object) -> str:
        status = real(each)  # type: ignore[arg-type] # a VariableAssignment
        v201.variables = {
            ref: {"300": "300.0", "false": "FALSE"}.get(value or "", value)
            for ref, value in v201.variables.items()
        }
        return status

    v201._write = rewritten  # type: ignore[method-assign] # a station with habits
    await world.active(v201)
    assert world.remarks() == []


async def test_a_1_6_station_reports_its_connectors(world: World, v16: ScriptedStation) -> None:
    """It has no variable to read: it is asked for its status, also while it is pending."""
    v16.connectors = 2
    await world.active(v16)
    step = world.run().steps[3]
    assert step.evidence[-1].read_back == "Available, Available"
    assert step.state == "done"


async def test_a_1_6_station_that_says_nothing_leaves_a_remark(world: World, v16: ScriptedStation) -> None:
    """It agreed, but nobody has seen it: somebody has to look."""
    v16.reports_status = v16.reports_after_boot = False
    await world.active(v16)
    assert world.remarks() == [
        "W_STATUS_SILENT The station agreed to its availability, but did not report its status."
    ]
    assert world.lifecycle_status().remarks[0].way_out.en == "Look at the station: it should be available."
    assert world.lifecycle_status().remarks[0].way_out.fr == "Regardez à la borne si elle est disponible."


@pytest.mark.parametrize("said", ["NotImplemented", CommandAnswer("Rejected")])
async def test_a_1_6_station_that_cannot_be_asked_leaves_the_same(
    world: World, v16: ScriptedStation, said: object
) -> None:
    """TriggerMessage is a feature profile of its own in 1.6."""
    v16.script[TriggerMessage] = lambda _: said  # type: ignore[assignment,return-value] # as parametrized
    v16.reports_after_boot = False
    await world.localized(v16)
    await world.passes(60)
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["W_STATUS_SILENT"]


@pytest.mark.parametrize("said", ["NotImplemented", CommandAnswer("Rejected")])
async def test_a_1_6_station_that_tells_its_change_by_itself_needs_no_trigger(
    world: World, v16: ScriptedStation, said: object
) -> None:
    """It is not called silent because it cannot be asked: what it said counts."""
    v16.script[TriggerMessage] = lambda _: said  # type: ignore[assignment,return-value] # as parametrized
    v16.reports_changes = True
    await world.localized(v16)
    await world.passes(60)
    assert world.steps()["hours"] == "done"
    assert world.remarks() == []


async def test_a_2_x_station_without_a_readable_state_is_heard_too(
    world: World, v201: ScriptedStation
) -> None:
    """AvailabilityState without a value proves nothing; the status that followed the change does."""
    v201.variables[AVAILABILITY] = None
    real = v201._change_availability
    v201._change_availability = lambda wanted: (real(wanted), v201.variables.update({AVAILABILITY: None}))[0]  # type: ignore[method-assign, assignment] # never readable
    v201.reports_changes = True
    await world.active(v201)
    assert world.steps()["hours"] == "done"
    assert world.run().steps[3].evidence[-1].read_back == "Available"


async def test_an_availability_that_is_not_what_was_asked_is_drift(
    world: World, station: ScriptedStation
) -> None:
    """The station says yes and stays as it was."""
    station.availability = Availability.INOPERATIVE
    station.variables |= {AVAILABILITY: "Unavailable"} if not station.is_v16 else {}
    station.script[ChangeAvailability] = lambda _: CommandAnswer("Accepted")
    await world.active(station)
    assert world.remarks() == ["E_CONFIG_DRIFT availability: asked available, reported Unavailable."]
    assert "demandé disponible" in world.lifecycle_status().remarks[0].text.fr


async def test_a_difference_in_availability_goes_with_its_cause(
    world: World, station: ScriptedStation
) -> None:
    """A status that is not right changes nothing; the right one ends it, and nothing is sent for it."""
    station.availability, station.reports_after_boot = Availability.INOPERATIVE, False
    station.variables |= {AVAILABILITY: "Unavailable"} if not station.is_v16 else {}
    station.script[ChangeAvailability] = lambda _: CommandAnswer("Accepted")
    await world.active(station)
    world.stations.report(ID)
    await world.passes(1)
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["E_CONFIG_DRIFT"]
    station.availability = Availability.OPERATIVE
    world.stations.report(ID)
    await world.passes(1)
    assert world.remarks() == []
    assert world.steps()["hours"] == "done"
    assert world.run().steps[3].requests == 1


async def test_a_silent_station_is_not_called_so_once_it_told_its_status(
    world: World, v16: ScriptedStation
) -> None:
    """However late it comes."""
    v16.reports_status = v16.reports_after_boot = False
    await world.active(v16)
    await world.passes(3600)
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["W_STATUS_SILENT"]
    world.stations.report(ID)
    await world.passes(1)
    assert world.remarks() == []
    assert world.steps()["hours"] == "done"


async def test_scheduled_is_a_yes(world: World, station: ScriptedStation) -> None:
    """It changes when the transaction ends."""
    station.script[ChangeAvailability] = lambda _: ScheduledAnswer("Scheduled")
    await world.active(station)
    assert world.steps()["hours"] == "done"
    assert world.device().asserted is Availability.OPERATIVE


async def test_a_refused_availability_is_shown(world: World, v201: ScriptedStation) -> None:
    """Closed hours still hold for authorization."""
    v201.script[ChangeAvailability] = lambda _: CommandAnswer("Rejected")
    await world.localized(v201)
    await world.passes(30)
    assert world.steps()["hours"] == "refused"
    assert world.device().asserted is None
    assert world.provisioning.details.details(ID).availability == AvailabilityAnswer(
        wanted="Operative", agreed=None, is_pending=True
    )


async def test_a_station_without_the_command_is_shown_so(world: World, v16: ScriptedStation) -> None:
    """Nothing is dropped silently."""
    v16.script[ChangeAvailability] = lambda _: "NotImplemented"
    await world.localized(v16)
    await world.passes(30)
    assert world.steps()["hours"] == "lacking"


async def test_a_2_0_1_station_shows_the_price(world: World, v201: ScriptedStation) -> None:
    """Currency, price and cost message, each read back; that it shows this tariff is kept."""
    await _priced(world, v201)
    assert v201.variables[CURRENCY] == "CAD"
    assert v201.variables[PRICE] == "0,25 $/kWh / $0.25/kWh"
    assert v201.variables[COST]
    details = world.provisioning.details.details(ID)
    assert details.tariff == details.tariff_shown
    assert details.tariff is not None


async def test_a_1_6_station_with_price_keys_shows_the_price(world: World, v16: ScriptedStation) -> None:
    """OCA California pricing; JSON may come back written differently."""
    v16.variables |= {LANGUAGES: "en", VariableRef("ConfigurationKey", "DefaultPriceText,en"): "", TEXT: ""}
    await _priced(world, v16)
    assert '"kWhPrice":0.25' in (v16.variables[DEFAULT_PRICE] or "")
    assert v16.variables[TEXT] == "0,25 $/kWh / $0.25/kWh"
    assert "$0.25/kWh" in (v16.variables[VariableRef("ConfigurationKey", "DefaultPriceText,en")] or "")
    assert world.remarks() == []


@pytest.mark.parametrize("has_keys", [True, False])
async def test_a_1_6_station_that_shows_no_prices_is_told_of(
    world: World, v16: ScriptedStation, *, has_keys: bool
) -> None:
    """The price is charged all the same, and must be shown at the place."""
    if has_keys:
        v16.variables[SHOWS_PRICE] = "false"
    else:
        del v16.variables[SHOWS_PRICE], v16.variables[DEFAULT_PRICE]
    await _priced(world, v16)
    assert world.steps()["tariff"] == "lacking"
    assert world.remarks() == [
        "E_TARIFF_NOT_REPRESENTABLE the price: not supported by the display of this station."
    ]
    assert world.device().tariff_shown is None


async def test_what_a_display_cannot_say_is_remarked(world: World, v16: ScriptedStation) -> None:
    """A minimum is charged, and not shown."""
    await _priced(world, v16, min_micro=1_000_000)
    assert world.steps()["tariff"] == "lacking"
    assert "minimum price" in world.remarks()[0]
    assert world.device().tariff_shown is not None


async def test_a_2_0_1_station_without_a_tariff_controller(world: World, v201: ScriptedStation) -> None:
    """Each variable it lacks is named."""
    for ref in (CURRENCY, PRICE, COST):
        del v201.variables[ref]
    await _priced(world, v201)
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["W_KEY_LACKING"] * 3
    assert world.device().tariff_shown is None


async def test_a_site_without_a_tariff_leaves_the_display_alone(world: World, v201: ScriptedStation) -> None:
    """Nothing to say."""
    await world.active(v201)
    assert world.steps()["tariff"] == "skipped"
    assert PRICE not in v201.assigned()


async def test_a_station_that_reads_nothing_back_is_believed_and_told_on(
    world: World, station: ScriptedStation
) -> None:
    """It gets everything all the same; that nothing was proved is shown."""
    station.script[GetVariables] = lambda _: "NotImplemented"
    tariff = await world.tariff()
    await world.active(station, tariff_id=tariff.tariff.tariff_id)
    assert station.variables[HEARTBEAT] == "300"
    assert station.got(SendLocalList)
    assert "W_KEY_LACKING The station does not have GetVariables." in world.remarks()
    assert world.state() is Lifecycle.ACTIVE
    if not station.is_v16:
        assert station.variables[PRICE] == "0,25 $/kWh / $0.25/kWh"


async def test_the_zone_can_be_missing(world: World, v201: ScriptedStation) -> None:
    """ClockCtrlr.TimeZone is optional in 2.0.1."""
    del v201.variables[TIME_ZONE]
    await world.active(v201)
    assert world.remarks() == ["W_KEY_LACKING The station does not have ClockCtrlr.TimeZone."]
