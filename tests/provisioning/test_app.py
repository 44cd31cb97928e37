"""Provisioning as a whole: opened, attached, run, stopped; and its ports are those of the central system."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from charging.tariff import Component
from csms.domain.commands import Outcome
from csms.domain.station_events import StationEvent
from csms.ports import (
    Admission,
    AuthorizationPolicy,
    BootPolicy,
    IdentityResolver,
    StationDetails,
    TariffSource,
)
from ocppj.model.variables import SetVariables
from ocppj.vocabulary import StationId
from provisioning.app import Provisioning
from provisioning.errors import PepperUnreadable
from provisioning.lifecycle import Lifecycle
from provisioning.pepper import PEPPER_BYTES
from provisioning.settings import ProvisioningSettings
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.events import EventBus
from runtime.work.engine import WorkEngine
from tests.support.provisioning import ID, MAC, WatchedDatabase, World
from tests.support.scopes import EVERYTHING
from tests.support.stations import BOOT, ScriptedStation


async def _opened(database: WatchedDatabase, folder: Path) -> Provisioning:
    bus: EventBus[StationEvent] = EventBus()
    settings = ProvisioningSettings(pepper_path=folder / "pepper")
    clock = ManualClock()
    work = WorkEngine(database, clock, node="test")
    return await Provisioning.open(database, clock, SeededChance(1), bus, settings, work=work)


async def test_it_fills_the_ports(watched: WatchedDatabase, tmp_path: Path) -> None:
    """Those that the gateway asks, by their protocols."""
    made = await _opened(watched, tmp_path)
    resolver: IdentityResolver = made.resolver
    admission: Admission = made.admission
    boot: BootPolicy = made.boot_policy
    authorization: AuthorizationPolicy = made.authorization
    tariffs: TariffSource = made.tariffs
    details: StationDetails = made.details
    for port in (resolver, admission, boot, authorization, tariffs, details):
        assert port is not None
    assert len((tmp_path / "pepper").read_bytes()) == PEPPER_BYTES


async def test_a_damaged_pepper_stops_the_start(watched: WatchedDatabase, tmp_path: Path) -> None:
    """With a line that says what to do."""
    (tmp_path / "pepper").write_bytes(b"x")
    with pytest.raises(PepperUnreadable, match="restore it"):
        await _opened(watched, tmp_path)


async def test_it_runs_only_with_stations_to_command(watched: WatchedDatabase, tmp_path: Path) -> None:
    """Wiring it wrongly is said at once."""
    with pytest.raises(RuntimeError, match="attach"):
        await (await _opened(watched, tmp_path)).run()


async def test_it_stops_cleanly_in_the_middle_of_anything(world: World, v201: ScriptedStation) -> None:
    """Whatever is on its way, nothing is left behind, and it can start again."""
    await world.localized(v201)
    for _ in range(5):
        await world.stop()
        assert not [task for task in asyncio.all_tasks() if "activation" in task.get_name()]
        await world.start(world.settings)
        await world.passes(3)
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE


async def test_a_flood_of_news_loses_no_station(
    world: World, v201: ScriptedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was dropped is made up for by looking at all of them."""
    await world.localized(v201, activates_on_claim=False)
    await world.stop()
    monkeypatch.setattr("provisioning.app.NEWS_LIMIT", 2)
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.start(world.settings)
    strangers = [StationId(f"cp-{number}") for number in range(5)]
    for stranger in strangers:
        await world.provisioning.boot_policy.decide(stranger, BOOT)
    for stranger in (*strangers, ID, *strangers):
        world.stations._tell("link.connected", stranger)
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE


async def test_a_disk_that_refuses_does_not_end_provisioning(
    world: World, v201: ScriptedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be told is logged; the stations are led on."""
    v201.script[SetVariables] = lambda _: Outcome.TIMEOUT
    await world.localized(v201)

    def failing(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    with capture_logs() as logs, monkeypatch.context() as patch:
        patch.setattr("provisioning.station_cache.record_history", failing)
        world.stations.drop(ID)
        await world.passes(1)
    assert [line["event"] for line in logs] == ["standing_not_told"]
    v201.script.clear()
    await world.stations.connect(v201)
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE


async def test_news_of_strangers_and_of_other_things_are_not_listened_to(world: World) -> None:
    """Ten thousand charging stations send news all day."""
    await world.order(MAC)
    concerns = world.provisioning._concerns_us
    now = world.clock.now()
    assert concerns(StationEvent("link.connected", ID, now, {}))
    assert not concerns(StationEvent("link.connected", StationId("cp-9"), now, {}))
    assert not concerns(StationEvent("meter.values", ID, now, {}))
    assert not concerns(StationEvent("connector.status", ID, now, {}))
    silent = {"energy_wh": None, "charging_state": None}
    assert concerns(StationEvent("transaction.ended", ID, now, silent))
    assert not concerns(StationEvent("transaction.ended", StationId("cp-9"), now, silent))  # no price of ours


class SilentPast:
    """What is stored: stations that told nothing of anything. Counts how often it is read."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.reads = 0

    async def untold(self, wanted: Collection[StationId]) -> Mapping[StationId, Mapping[Component, datetime]]:
        """All of it is lacking."""
        self.reads += 1
        await asyncio.sleep(0)
        return {each: {"energy": self.at, "idle": self.at} for each in wanted}


async def test_what_a_station_lacks_is_read_once_for_ends_that_come_together(
    world: World, v201: ScriptedStation
) -> None:
    """A site's stations end hundreds of charges in a minute, and each says the same."""
    await world.localized(v201, activates_on_claim=False)
    past = SilentPast(world.clock.now())
    world.provisioning.memory = past  # type: ignore[assignment] # asked for `untold` alone
    silent = {"transaction_id": "T1", "energy_wh": None, "charging_state": None}
    for _ in range(9):
        world.bus.publish(StationEvent("transaction.ended", ID, world.clock.now(), silent))
    await world.passes(1)
    assert (past.reads, set(world.provisioning.observed.untold[ID])) == (1, {"energy", "idle"})


async def test_a_wrong_password_from_a_stations_own_address_makes_no_second_box(
    world: World, v201: ScriptedStation
) -> None:
    """It may be the station itself; one that came while the station answered is another, wherever from."""
    await world.active(v201)
    link = world.stations.link(ID)
    assert link is not None
    provisioning, observed = world.provisioning, world.provisioning.observed
    world.events.pending()
    provisioning.turned_away(v201.identity, link.peer, is_certain=False)
    assert observed.conditions(ID, is_online=True, address=link.peer).boxes == ()
    assert world.events.pending() == []
    provisioning.turned_away(v201.identity, "198.51.100.7", is_certain=False)
    provisioning.turned_away(v201.identity, link.peer, is_certain=True)
    assert len(observed.conditions(ID, is_online=True, address=link.peer).boxes) == 3
    assert [each.event for each in world.events.pending()] == ["station.duplicate"] * 2


async def test_a_second_box_is_none_any_more_once_it_came_under_its_own_id(
    world: World, v201: ScriptedStation
) -> None:
    """Whoever boots under an id that was never seen, from where one was turned away."""
    await world.active(v201)
    here = world.stations.link(ID)
    assert here is not None
    world.provisioning.turned_away(v201.identity, here.peer, is_certain=True)
    shown = world.provisioning.details
    assert [each.code.value for each in shown.lifecycle_status(ID).remarks] == ["E_DUPLICATE_IDENTITY"]  # type: ignore[union-attr]
    await world.passes(60)
    await world.stations.connect(ScriptedStation("02:B0:99:00:00:03"))
    await world.quiet()
    assert shown.lifecycle_status(ID).remarks == ()  # type: ignore[union-attr]


async def test_the_whole_story_in_one_go(world: World) -> None:
    """Two stations that were ordered become active, the third waits in quarantine until it is adopted."""
    site = await world.site()
    await world.order("02:B0:16:00:00:01", "02:B0:20:00:00:02")
    for mac in ("02:B0:16:00:00:01", "02:B0:20:00:00:02", "02:B0:99:00:00:03"):
        await world.stations.connect(ScriptedStation(mac))
    await world.claim("02:B0:16:00:00:01", name="P1")
    await world.claim("02:B0:20:00:00:02", name="P2")
    await world.passes(60)
    states = {str(each): world.state(each) for each in world.provisioning.station_cache.devices}
    assert states == {
        "02b016000001": Lifecycle.ACTIVE,
        "02b020000002": Lifecycle.ACTIVE,
        "02b099000003": Lifecycle.QUARANTINE,
    }
    adopted = await world.provisioning.use_cases.localization.adopt(
        "02:B0:99:00:00:03", None, None, "admin", EVERYTHING
    )
    await world.claim("02:B0:99:00:00:03", adopted.claim_code or "", name="P3", site_id=site.site_id)
    await world.passes(60)
    assert world.state(StationId("02b099000003")) is Lifecycle.ACTIVE


async def test_news_that_cannot_be_taken_end_nothing_for_the_others(
    world: World, v201: ScriptedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One task listens for all stations (ADR 0009): what the news of one of them raises is logged with its
    name, and the next one is still led to its end."""
    await world.localized(v201, activates_on_claim=False)
    listening = world.provisioning._hours
    assert listening is not None
    checked = listening.check
    is_broken = True

    def check(station_id: StationId, *, is_fresh: bool = False) -> None:
        if is_broken:
            raise RuntimeError("boom")
        checked(station_id, is_fresh=is_fresh)

    monkeypatch.setattr(listening, "check", check)
    with capture_logs() as logs:
        world.stations.drop(ID)
        await world.quiet()
    assert {line["event"] for line in logs} == {"news_not_taken"}
    is_broken = False
    await world.stations.connect(v201)
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE
