"""What is known, in memory and on disk alike; a change of lifecycle status leaves a line and an event."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.change_set import ChangeSet, NoteTopic
from provisioning.lifecycle import Lifecycle
from provisioning.records import Credential, CredentialState, Device
from provisioning.station_cache import StationCache, is_unauthenticated, mac_names_of
from provisioning.storage import runs
from provisioning.use_cases.purchasing import OrderLine
from runtime.audit import Act
from tests.support.provisioning import ID, MAC, World, put_device
from tests.support.stations import ScriptedStation


async def _reloaded(world: World) -> StationCache:
    station_cache = StationCache(world.database, world.clock, world.chance, world.bus)
    await station_cache.load()
    return station_cache


async def test_memory_is_what_the_disk_has(world: World, v201: ScriptedStation) -> None:
    """After everything that can happen, reading it all anew gives the same."""
    tariff = await world.tariff()
    await world.active(v201, tariff_id=tariff.tariff.tariff_id)
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.tokens(site, 3)
    await world.passes(60)
    known, read = world.provisioning.station_cache, await _reloaded(world)
    for name in ("devices", "sites", "places", "tariffs", "runs", "_names", "quarantined"):
        assert getattr(read, name) == getattr(known, name), name
    assert read.lifecycle_status(ID) == replace(world.lifecycle_status())


async def test_a_change_that_fails_changes_nothing(world: World) -> None:
    """Neither on disk nor in memory; the caller gets the error itself."""
    await world.order(MAC)
    before = world.device()

    def failing(connection: Connection) -> None:
        put_device(connection, replace(before, vendor="X"))
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await world.provisioning.station_cache.change(failing, lambda _: ChangeSet("test"))
    assert world.device() == before
    assert (await _reloaded(world)).devices[ID] == before


async def test_a_big_change_is_decided_again_where_the_facts_are_others_by_then(world: World) -> None:
    """It is decided before its transaction begins, which finds something else."""
    found, decided = iter(["before", "before", "before", "after"]), list[str]()

    def decide(facts: str) -> ChangeSet:
        decided.append(facts)
        return ChangeSet("test", acts=[Act(ID, world.clock.now(), "ann", facts)])

    for _ in range(2):
        await world.provisioning.station_cache.change(lambda _: next(found), decide, is_big=True)
    assert decided == ["before", "before", "after"]
    assert [act[1] for act in await world.acts()] == ["before", "after"]


async def test_an_act_is_kept_with_its_change_or_not_at_all(world: World) -> None:
    """In one transaction, and it is the cause that the history tells."""
    await world.order(MAC)
    station_cache, before = world.provisioning.station_cache, await world.acts()
    act = station_cache.act(ID, "ann", Change.SUSPENDED, reason="broken")

    def failing(_: object) -> Any:
        raise RuntimeError("no")

    for refused in (
        station_cache.change(failing, lambda _: ChangeSet("test", acts=[act])),
        station_cache.change_device(ID, failing, cause=act),
    ):
        with pytest.raises(RuntimeError, match="no"):
            await refused
    assert await world.acts() == before
    await station_cache.change(lambda _: None, lambda _: ChangeSet(act.cause, acts=[act]))
    at = world.clock.now()
    await station_cache.change_device(
        ID, lambda stored: replace(stored, adopted_at=at, order_id=None), cause=act
    )
    assert (await world.acts())[len(before) :] == [("ann", "suspended", None, "broken")] * 2


async def test_memory_follows_the_disk_even_if_the_caller_is_cancelled(world: World) -> None:
    """Whoever waits may go away; what was begun is finished."""
    await world.order(MAC)
    station_cache = world.provisioning.station_cache
    changing = asyncio.ensure_future(
        station_cache.change_device(ID, lambda stored: replace(stored, vendor="X"), cause="test")
    )
    await world.database.busy()
    changing.cancel()
    await world.quiet()
    assert world.device().vendor == "X"
    assert (await _reloaded(world)).devices[ID].vendor == "X"


async def test_parallel_changes_of_one_device_all_count(world: World) -> None:
    """Each starts from what is stored at that moment."""
    await world.order(MAC)
    station_cache = world.provisioning.station_cache
    await asyncio.gather(
        station_cache.change_device(ID, lambda stored: replace(stored, vendor="V"), cause="a"),
        station_cache.change_device(ID, lambda stored: replace(stored, model="M"), cause="b"),
        station_cache.change_device(ID, lambda stored: replace(stored, firmware="F"), cause="c"),
    )
    device = world.device()
    assert (device.vendor, device.model, device.firmware) == ("V", "M", "F")


async def test_a_change_of_standing_is_told_once(world: World) -> None:
    """One line of history and one event, with what blocks it, who clears it and why it changed."""
    await world.order(MAC)
    station_cache = world.provisioning.station_cache
    history = await world.provisioning.use_cases.operation.history(ID)
    assert [(each.state, each.blocked_by) for each in history] == [("ordered", "E_NOT_SEEN,E_NOT_LOCALIZED")]
    assert history[0].cause == "order PO-1"
    world.events.pending()
    await station_cache.change_device(ID, lambda s: replace(s, vendor="X"), cause="nothing new")
    assert world.events.pending() == []
    await station_cache.change_device(
        ID, lambda s: replace(s, first_seen_at=world.clock.now()), cause="it booted"
    )
    (told,) = world.events.pending()
    assert told.event == "station.lifecycle"
    assert told.payload["lifecycle"] == "powered"
    assert told.payload["previous"] == "ordered"
    assert told.payload["blocked_by"][0]["code"] == "E_NOT_LOCALIZED"
    assert told.payload["who_clears"] == "installer"
    assert told.payload["cause"] == "it booted"


async def test_a_remark_is_news_but_no_line_of_history(world: World) -> None:
    """The history tells states and what blocked them."""
    await world.order(MAC)
    world.events.pending()
    station_cache = world.provisioning.station_cache
    lines = len(await world.provisioning.use_cases.operation.history(ID))
    await station_cache.note(ID, NoteTopic.DOOR, blocker(Code.SECRET_MISSING))
    await station_cache.note(ID, NoteTopic.DOOR, blocker(Code.SECRET_MISSING))
    assert len(world.events.pending()) == 1
    assert len(await world.provisioning.use_cases.operation.history(ID)) == lines
    await station_cache.note(ID, NoteTopic.DOOR, None)
    assert world.lifecycle_status().remarks == ()


async def test_notes_about_strangers_are_not_kept(world: World) -> None:
    """Anybody can come under any name."""
    await world.provisioning.station_cache.note(
        StationId("cp-9"), NoteTopic.DOOR, blocker(Code.SECRET_MISSING)
    )
    assert world.provisioning.station_cache._notes == {}


async def test_history_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A station that flaps for months fills no disk."""
    monkeypatch.setattr(runs, "HISTORY_KEPT", 30)
    await world.order(MAC)
    station_cache = world.provisioning.station_cache
    for number in range(50):
        seen = world.clock.now() if number % 2 else None
        await station_cache.change_device(
            ID,
            lambda s, at=seen: replace(s, first_seen_at=at),  # type: ignore[misc] # bound now
            cause=str(number),
        )
    count = await world.database.run_read(
        lambda c: c.exec_driver_sql("select count(*) from lifecycle_history").scalar()
    )
    assert count == 30
    history = await world.provisioning.use_cases.operation.history(ID)
    assert [each.cause for each in history] == [str(number) for number in range(20, 50)]


async def test_names_follow_the_record(world: World) -> None:
    """An old name finds nothing any more; a new one does."""
    station_cache = world.provisioning.station_cache
    await station_cache.change_device(
        ID, lambda s: replace(s, macs=(ID, "02b016000001"), aliases=("sn1",)), cause="a"
    )
    assert station_cache.station_named("sn1") == station_cache.station_named("02b016000001") == ID
    assert world.provisioning.resolver.near("02b016000002") == ("02:B0:16:00:00:01",)
    await station_cache.change_device(ID, lambda s: replace(s, macs=(ID,), aliases=()), cause="b")
    assert station_cache.station_named("sn1") is None
    assert world.provisioning.resolver.near("02b016000002") == ()
    assert (await _reloaded(world)).devices[ID].macs == (ID,)


async def test_the_mac_of_the_label_stays_the_first(world: World) -> None:
    """Also after a restart."""
    lines = [OrderLine(mac="02:B0:16:00:00:09", more_macs=("02:B0:16:00:00:01", "02:B0:16:00:00:05"))]
    await world.provisioning.use_cases.purchasing.order("PO", lines, None, "owner")
    station_id = StationId("02b016000009")
    await world.restart()
    assert world.device(station_id).macs == ("02b016000009", "02b016000001", "02b016000005")
    assert world.provisioning.details.details(station_id).mac == "02:B0:16:00:00:09"


async def test_what_is_gone_is_forgotten_and_told(world: World) -> None:
    """Its link, if it has one, is sent back."""
    await world.order(MAC)
    gone: list[StationId] = []
    world.provisioning.station_cache.gone_listeners.append(gone.append)
    await world.provisioning.use_cases.purchasing.cancel(ID, "owner")
    assert gone == [ID]
    assert world.provisioning.station_cache.lifecycle_status(ID) is None
    assert ID not in world.provisioning.station_cache.devices


async def test_quarantine_is_counted(world: World) -> None:
    """Whatever becomes of those in it."""
    station_cache = world.provisioning.station_cache
    stranger = StationId("02b016000009")
    for number in range(3):
        await station_cache.change_device(StationId(f"cp-{number}"), lambda s: s, cause="x")
    await station_cache.change_device(stranger, lambda s: replace(s, macs=(stranger,)), cause="x")
    assert station_cache.quarantined == 4
    await world.order("02:B0:16:00:00:09")
    assert station_cache.quarantined == 3
    assert world.state(stranger) is Lifecycle.ORDERED


def test_small_questions() -> None:
    """Of a record and of a name."""
    device = Device(ID)
    assert is_unauthenticated(device)
    assert not is_unauthenticated(replace(device, credential=Credential(CredentialState.VERIFIED)))
    assert mac_names_of(StationId("02b016000009")) == ("02b016000009",)
    assert mac_names_of(StationId("cp-9")) == ()


async def test_everything_is_found_by_its_place(world: World, v201: ScriptedStation) -> None:
    """Stations on a site; nothing for those that are nowhere."""
    await world.localized(v201)
    station_cache = world.provisioning.station_cache
    site = station_cache.site_of(ID)
    assert site is not None
    assert station_cache.stations_on(site.site_id) == [ID]
    assert station_cache.stations_on("other") == []
    stranger: Any = StationId("cp-9")
    assert station_cache.place_of(stranger) is None
    assert station_cache.site_of(stranger) is None
