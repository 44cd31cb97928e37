"""Opening and closing at the edges of a site's hours: on time, after a restart, across the clock change."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from charging.calendar import OpeningHours, Period
from csms.domain.commands import Outcome
from csms.domain.station_details import AvailabilityAnswer
from csms.ports import ChangePart
from ocppj.model.availability import ChangeAvailability
from ocppj.model.command import CommandAnswer
from ocppj.vocabulary import Availability
from provisioning.lifecycle import Lifecycle
from runtime.clock import ManualClock
from runtime.work.engine import ATTEMPTS
from tests.support.provisioning import ID, World
from tests.support.stations import ScriptedStation

MONTREAL = ZoneInfo("America/Montreal")
DAY = OpeningHours(MONTREAL, ((Period(time(8), time(21)),),) * 7)
OPEN, CLOSED = Availability.OPERATIVE, Availability.INOPERATIVE
# The world begins on Monday 2026-01-05 at 12:00 UTC, 7:00 in Montréal: closed, for one more hour.


def said(station: ScriptedStation) -> list[Availability]:
    """What it was told, in order."""
    return [each.availability for each in station.got(ChangeAvailability)]


async def _at(world: World, *instant: int) -> None:
    """Time goes by until then (UTC)."""
    until = datetime(*instant, tzinfo=UTC)  # type: ignore[arg-type,misc] # year, month, day, hour, minute
    await world.passes((until - world.clock.now()).total_seconds())


@pytest.mark.requirement("R42", "passes")
async def test_a_station_opens_and_closes_at_the_edges(world: World, station: ScriptedStation) -> None:
    """Activated while closed it is inoperative; at eight it opens, at nine in the evening it closes."""
    await world.active(station, hours=DAY)
    assert station.availability is CLOSED
    await _at(world, 2026, 1, 5, 12, 59, 59)
    assert station.availability is CLOSED
    await _at(world, 2026, 1, 5, 13, 0, 0)
    assert station.availability is OPEN
    await _at(world, 2026, 1, 6, 1, 59, 59)
    assert station.availability is OPEN
    await _at(world, 2026, 1, 6, 2, 0, 0)
    assert station.availability is CLOSED
    await _at(world, 2026, 1, 6, 13, 0, 0)
    assert said(station)[-3:] == [OPEN, CLOSED, OPEN]
    assert world.state() is Lifecycle.ACTIVE


async def test_every_station_of_every_site_has_its_own_hours(world: World) -> None:
    """One timer for all."""
    east, west = ScriptedStation("02:B0:16:00:00:01"), ScriptedStation("02:B0:16:00:00:02")
    await world.active(east, hours=DAY)
    pacific = OpeningHours(ZoneInfo("America/Vancouver"), DAY.weekly)
    await world.active(west, name="Baie", zone="America/Vancouver", hours=pacific)
    await _at(world, 2026, 1, 5, 13, 0)
    assert (east.availability, west.availability) == (OPEN, CLOSED)
    await _at(world, 2026, 1, 5, 16, 0)
    assert (east.availability, west.availability) == (OPEN, OPEN)
    await _at(world, 2026, 1, 6, 2, 0)
    assert (east.availability, west.availability) == (CLOSED, OPEN)


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> ManualClock:
    """The world may begin at another time."""
    return ManualClock(getattr(request, "param", datetime(2026, 1, 5, 12, 0, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("clock", "opens", "hours"),
    [
        # Clocks go forward at 2:00 on March 8, 2026: eight o'clock comes an hour earlier in UTC.
        (datetime(2026, 3, 7, 22, 0, tzinfo=UTC), (2026, 3, 8, 12, 0), DAY),
        # A time that is skipped means the moment of the change.
        (
            datetime(2026, 3, 8, 5, 0, tzinfo=UTC),
            (2026, 3, 8, 7, 0),
            OpeningHours(MONTREAL, ((Period(time(2, 30), time(6)),),) * 7),
        ),
        # Clocks go back at 2:00 on November 1, 2026: eight o'clock comes an hour later in UTC.
        (datetime(2026, 10, 31, 22, 0, tzinfo=UTC), (2026, 11, 1, 13, 0), DAY),
        # A time that comes twice opens at its first.
        (
            datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
            (2026, 11, 1, 5, 30),
            OpeningHours(MONTREAL, ((Period(time(1, 30), time(6)),),) * 7),
        ),
    ],
    ids=["spring", "skipped hour", "autumn", "hour that comes twice"],
    indirect=["clock"],
)
async def test_local_time_counts_when_the_clocks_change(
    world: World, v201: ScriptedStation, opens: Any, hours: OpeningHours
) -> None:
    """The sign at the door is right, whatever UTC says."""
    await world.active(v201, hours=hours)
    at = datetime(*opens, tzinfo=UTC)  # type: ignore[misc] # year to minute
    await world.passes((at - world.clock.now()).total_seconds() - 1)
    assert v201.availability is (OPEN if hours.is_open(world.clock.now()) else CLOSED)
    await world.passes(1)
    assert v201.availability is OPEN
    assert hours.is_open(at)
    assert not hours.is_open(at - timedelta(seconds=1))


async def test_an_edge_while_the_server_was_down_is_made_up_for(
    world: World, station: ScriptedStation
) -> None:
    """What a station should be is computed, never remembered."""
    await world.active(station, hours=DAY)
    await world.stop()
    world.stations.drop_all()
    await world.clock.advance(3600 * 3)
    await world.start(world.settings)
    assert station.availability is CLOSED
    await world.stations.connect(station)
    await world.passes(10)
    assert station.availability is OPEN


async def test_an_edge_after_a_restart_comes_on_time(world: World, station: ScriptedStation) -> None:
    """The timer is planned anew."""
    await world.active(station, hours=DAY)
    await world.restart()
    await world.stations.connect(station)
    await _at(world, 2026, 1, 5, 13, 0)
    assert station.availability is OPEN


async def test_a_station_offline_at_an_edge_is_told_when_it_is_back(
    world: World, station: ScriptedStation
) -> None:
    """As soon as its registration is restored; meanwhile the change is shown as pending."""
    await world.active(station, hours=DAY)
    world.stations.drop(ID)
    await _at(world, 2026, 1, 5, 13, 30)
    wanted = AvailabilityAnswer(wanted="Operative", agreed="Inoperative", is_pending=True)
    assert world.provisioning.details.details(ID).availability == wanted
    await world.stations.connect(station)
    await world.passes(4)
    assert station.availability is CLOSED
    await world.passes(6)
    assert station.availability is OPEN
    assert world.provisioning.details.details(ID).availability == replace(
        wanted, agreed="Operative", is_pending=False
    )


async def test_a_reconnect_says_nothing_twice_and_a_boot_says_it_again(
    world: World, station: ScriptedStation
) -> None:
    """Whoever reconnects is not told what it knows; whoever started may have forgotten."""
    await world.active(station, hours=DAY)
    count = len(said(station))
    world.stations.drop(ID)
    await world.stations.connect(station)
    await world.passes(60)
    assert len(said(station)) == count
    station.availability, station.is_accepted = OPEN, False
    world.stations.drop(ID)
    await world.stations.connect(station)
    await world.passes(10)
    assert said(station)[count:] == [CLOSED]


async def test_an_open_station_without_hours_is_not_told_at_every_boot(
    world: World, station: ScriptedStation
) -> None:
    """Operative is what stations are by themselves."""
    await world.active(station)
    count = len(said(station))
    station.is_accepted = False
    world.stations.drop(ID)
    await world.stations.connect(station)
    await world.passes(60)
    assert len(said(station)) == count


async def test_changed_hours_hold_at_once(world: World, station: ScriptedStation) -> None:
    """And their edges count from now on."""
    await world.active(station)
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.provisioning.use_cases.sites.set_hours(site.site_id, DAY.weekly, {}, "owner")
    await world.quiet()
    assert station.availability is CLOSED
    early = ((Period(time(6), time(7, 30)),),) * 7
    await world.provisioning.use_cases.sites.set_hours(site.site_id, early, {}, "owner")
    await world.quiet()
    assert station.availability is OPEN
    await _at(world, 2026, 1, 5, 12, 30)
    assert station.availability is CLOSED


async def test_another_zone_moves_the_edges(world: World, station: ScriptedStation) -> None:
    """The hours stay as written."""
    await world.active(station, hours=DAY)
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.provisioning.use_cases.sites.change_site(site.site_id, "owner", zone="America/Halifax")
    await world.passes(5)
    assert station.availability is OPEN  # eight o'clock there


async def test_a_holiday_replaces_its_weekday(world: World, v201: ScriptedStation) -> None:
    """A date in the exceptions."""
    await world.active(v201, hours=OpeningHours(MONTREAL, DAY.weekly, ((datetime(2026, 1, 5).date(), ()),)))  # noqa: DTZ001 - a local date
    await _at(world, 2026, 1, 5, 20, 0)
    assert v201.availability is CLOSED
    await _at(world, 2026, 1, 6, 13, 0)
    assert v201.availability is OPEN


async def test_a_running_charge_may_finish(world: World, station: ScriptedStation) -> None:
    """`Scheduled` is a yes: it closes when the transaction ends, and is not asked again and again."""
    await world.active(station, hours=DAY)
    await _at(world, 2026, 1, 5, 13, 0)
    station.is_charging = True
    await _at(world, 2026, 1, 6, 2, 30)
    assert said(station)[-2:] == [OPEN, CLOSED]
    assert world.device().asserted is CLOSED


async def test_a_station_that_says_no_is_shown_and_asked_again_later(
    world: World, v201: ScriptedStation
) -> None:
    """After some tries people are told; the next occasion tries again, and a yes takes the remark back."""
    await world.active(v201, hours=DAY)
    v201.script[ChangeAvailability] = lambda _: CommandAnswer("Rejected")
    count = len(said(v201))
    with capture_logs() as logs:
        await _at(world, 2026, 1, 5, 13, 30)
    assert len(said(v201)) - count == ATTEMPTS
    assert logs[0] == {
        "event": "availability_refused",
        "log_level": "warning",
        "station_id": ID,
        "wanted": "Operative",
        "status": "Rejected",
    }
    assert world.remarks() == ["E_HOURS_REFUSED The station refused to change its availability (Rejected)."]
    v201.script.clear()
    await world.passes(3600)
    assert v201.availability is OPEN
    assert world.remarks() == []


async def test_a_refusal_at_the_activation_goes_once_the_station_agrees(
    world: World, station: ScriptedStation
) -> None:
    """Its remark stood until the step was done again."""
    station.script[ChangeAvailability] = lambda _: CommandAnswer("Rejected")
    with capture_logs():
        await world.active(station, hours=DAY)
        assert "E_HOURS_REFUSED" in {each.code.value for each in world.lifecycle_status().remarks}
        station.script.clear()
        await world.passes(3600)
    assert station.availability is OPEN
    assert world.remarks() == []


async def test_nothing_is_said_between_a_boot_and_the_first_status_of_every_connector(
    world: World, station: ScriptedStation
) -> None:
    """A small station answers what comes in between with nonsense (1.6 §4.9, 2.0.1 B01.FR.05)."""
    await world.active(station, hours=DAY)
    count = len(said(station))
    station.is_accepted = station.reports_after_boot = False
    world.stations.drop(ID)
    await world.stations.connect(station)
    await world.passes(30)
    assert len(said(station)) == count
    world.stations.report(ID)
    await world.passes(6)
    assert len(said(station)) == count + 1


async def test_a_boot_ends_the_wait_for_the_next_try(world: World, v201: ScriptedStation) -> None:
    """Whoever restarts a station that refused to open does not wait for a minute."""
    await world.active(v201, hours=DAY)
    v201.script[ChangeAvailability] = lambda _: CommandAnswer("Rejected")
    with capture_logs():
        await _at(world, 2026, 1, 5, 13, 0, 40)
    v201.script.clear()
    v201.is_accepted = False
    world.stations.drop(ID)
    await world.stations.connect(v201)
    await world.passes(2)
    assert v201.availability is OPEN


@pytest.mark.parametrize(
    ("said_", "reason"),
    [(Outcome.TIMEOUT, "no answer"), ("NotImplemented", "it does not know the command")],
)
async def test_no_answer_is_shown_too(world: World, v201: ScriptedStation, said_: Any, reason: str) -> None:
    """Nothing is dropped silently."""
    await world.active(v201, hours=DAY)
    v201.script[ChangeAvailability] = lambda _: said_
    await _at(world, 2026, 1, 5, 13, 30)
    assert world.remarks() == [f"E_HOURS_REFUSED The station refused to change its availability ({reason})."]


async def test_a_suspended_station_is_inoperative_whatever_the_hours(
    world: World, station: ScriptedStation
) -> None:
    """And operative again when it is resumed, if it is open."""
    await world.active(station)
    operation = world.provisioning.use_cases.operation
    await operation.suspend(ID, "plan expired", "owner")
    await world.quiet()
    assert station.availability is CLOSED
    assert world.state() is Lifecycle.SUSPENDED
    await operation.resume(ID, "owner")
    await world.quiet()
    assert station.availability is OPEN


async def test_what_changes_while_a_command_is_open_is_said_next(world: World, v201: ScriptedStation) -> None:
    """It is suspended while the station thinks about opening."""
    await world.active(v201, hours=DAY)
    v201.holds = lambda each: isinstance(each, ChangeAvailability)
    await _at(world, 2026, 1, 5, 13, 0)
    await world.provisioning.use_cases.operation.suspend(ID, "x", "owner")
    v201.released.set()
    await world.passes(1)
    assert said(v201)[-2:] == [OPEN, CLOSED]
    assert v201.availability is CLOSED
    assert world.device().asserted is CLOSED


async def test_the_end_of_a_test_asks_for_what_waited_with_the_choice(
    world: World, v201: ScriptedStation
) -> None:
    """In the transaction that stores the choice: nothing else need happen to the station."""
    quiet: set[str] = set()
    world.provisioning.is_quiet = quiet.__contains__
    await world.active(v201)
    quiet.add(ID)
    await world.provisioning.use_cases.operation.suspend(ID, "test", "owner")
    await world.passes(10)
    assert v201.availability is OPEN
    stored = ChangePart(lambda _: None, quiet.clear)
    await world.provisioning.choice_made(ID, is_quiet=False, stored=stored)
    await world.passes(10)
    assert v201.availability is CLOSED


async def test_a_station_taken_away_while_it_is_accepted_stops_charging(
    world: World, station: ScriptedStation
) -> None:
    """Nobody charges at a station that is at no place (R7), whatever is in its local list."""
    await world.active(station)
    await world.provisioning.use_cases.localization.remove_from_place(ID, "sam")
    await world.passes(5)
    assert world.state() is Lifecycle.POWERED
    assert station.availability is CLOSED


async def test_a_pending_station_is_left_alone(world: World, v201: ScriptedStation) -> None:
    """It charges nobody anyway."""
    await world.localized(v201, activates_on_claim=False, hours=DAY)
    await _at(world, 2026, 1, 5, 14, 0)
    assert v201.received == []


async def test_one_stations_trouble_is_not_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure of our own is logged, and the others open."""
    first, second = ScriptedStation("02:B0:16:00:00:01"), ScriptedStation("02:B0:16:00:00:02")
    one = await world.active(first, hours=DAY)
    await world.active(second, name="Baie", hours=DAY)
    station_cache = world.provisioning.station_cache
    real = station_cache.change_station

    async def failing(station_id: Any, *args: Any, **kwargs: Any) -> Any:
        if station_id == one:
            raise OSError("disk full")
        return await real(station_id, *args, **kwargs)

    monkeypatch.setattr(station_cache, "change_station", failing)
    with capture_logs() as logs:
        await _at(world, 2026, 1, 5, 13, 0)
    assert [line["event"] for line in logs] == ["work_raised"]
    assert second.availability is OPEN


async def test_lost_news_make_it_look_at_every_station(
    world: World, v201: ScriptedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flood of news drops some: each station is looked at once."""
    monkeypatch.setattr("provisioning.app.NEWS_LIMIT", 1)
    await world.active(v201, hours=DAY)
    await world.restart()
    other = world.provisioning.station_cache
    await world.stations.connect(v201)
    for _ in range(3):
        world.stations._tell("link.connected", ID)
    v201.availability = OPEN
    await world.passes(10)
    assert other.devices[ID].asserted is CLOSED
    assert v201.availability is CLOSED
