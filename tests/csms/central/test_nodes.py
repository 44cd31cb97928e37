"""Several processes on one database: each ends its own links, those of one that is gone are ended once, and
of two links of a station the newer one stands, wherever it is.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from structlog.testing import capture_logs

from csms.central.central import Central
from csms.central.nodes import GONE, INTERRUPTED, LEASE, RENEW_EVERY_S, Nodes
from csms.central.outbox import Outbox, StoredEvents
from csms.domain.commands import Outcome
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.station_events import StationEvent
from csms.rules.rows import LinkOpenedRow
from csms.storage.links import write_opened_links
from csms.storage.nodes import all_nodes
from ocppj.model.boot import Reset
from ocppj.model.reservations import ReserveNow
from ocppj.model.transactions import TransactionEventResponse
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, RegistrationStatus, StationId
from runtime.clock import ManualClock
from runtime.database import Database, to_micros
from runtime.errors import DatabaseProblem, DatabaseTaken, DatabaseUnreachable
from runtime.events import EventBus, Subscription
from runtime.wording import Phrase
from tests.support.both_databases import Place
from tests.support.inbound import ACCEPTED, CP1, CP2, ENDED, NOON, STARTED, TAG, event201, inbound, minutes
from tests.support.postgres import PostgresServer
from tests.support.tables import open_tables
from tests.support.waiting import until

LEASE_S = LEASE.total_seconds()


@dataclass
class OneNode:
    """The central half of one process, and what it told the gateway that is not there."""

    central: Central
    events: Subscription[StationEvent]
    superseded: list[tuple[StationId, Epoch]] = field(default_factory=list)
    looks: list[dict[StationId, Epoch]] = field(default_factory=list)

    async def open_link(self, clock: ManualClock, station_id: StationId = CP1) -> LinkView:
        """A new link of a station, stored."""
        store, now = self.central.message_store, clock.now()
        link = LinkView(
            station_id,
            await store.next_epoch(),
            OcppVersion.V201,
            "192.0.2.1",
            LinkSecurity.BASIC_AUTH,
            now,
            now,
            None,
            node=self.central.nodes.node,
        )
        await store.link_opened(link)
        return link

    def told(self) -> list[tuple[str, str]]:
        """What was published since the last look: station, event."""
        return [(each.station_id, each.event) for each in self.events.pending()]


@asynccontextmanager
async def node(
    database: Database, clock: ManualClock, name: str, *, is_alone: bool = False, looks_itself: bool = False
) -> AsyncIterator[OneNode]:
    """One process of several. It looks at the others when a test says so, unless it `looks_itself`."""
    bus: EventBus[StationEvent] = EventBus()
    events = bus.subscribe()
    central = await Central.open(
        database, clock=clock, bus=bus, has_outbox=True, node=name, is_alone=is_alone
    )
    one = OneNode(central, events)
    central.message_store.on_superseded = lambda station_id, epoch: one.superseded.append((station_id, epoch))
    central.nodes.on_look = lambda recorded: one.looks.append(dict(recorded))
    async with central:
        looks = central.nodes._looks
        if looks is not None and not looks_itself:
            looks.stop()
            await until(lambda: looks._running is not None and looks._running.done())
        yield one


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    """On both."""
    opened = await (open_tables(place) if isinstance(place, Path) else Database.open(place, migrations=None))
    yield opened
    await opened.close()


@pytest.fixture
async def two(database: Database, clock: ManualClock) -> AsyncIterator[tuple[OneNode, OneNode]]:
    """Two processes on one database."""
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(node(database, clock, "here"))
        there = await stack.enter_async_context(node(database, clock, "there"))
        await here.central.nodes.look()
        yield here, there


async def links_of(database: Database) -> list[tuple[object, ...]]:
    """Station, node, epoch, reason of its end."""
    query = text("SELECT station_id, node, epoch, reason FROM links ORDER BY station_id")
    return [tuple(row) for row in await database.fetch_all(query)]


async def outbox_of(database: Database) -> list[str]:
    """The events that wait for the broker."""
    return [row[0] for row in await database.fetch_all(text("SELECT event FROM outbox ORDER BY outbox_id"))]


async def test_the_newer_link_stands_wherever_it_is(
    database: Database, clock: ManualClock, two: tuple[OneNode, OneNode]
) -> None:
    """A station that goes from one node to the other and back; no close of an older link touches it."""
    here, there = two
    links = [await each.open_link(clock) for each in (here, there, here)]
    assert [each.epoch for each in links] == sorted({each.epoch for each in links})
    await there.central.message_store.link_closed(CP1, links[1].epoch, minutes(1), "1006")
    await here.central.message_store.link_closed(CP1, links[0].epoch, minutes(1), "1006")
    assert await links_of(database) == [(CP1, "here", links[2].epoch, None)]
    assert [*here.told(), *there.told()] == [(CP1, "link.connected")] * 3


async def test_a_message_over_an_older_link_counts_and_ends_it(
    database: Database, clock: ManualClock, two: tuple[OneNode, OneNode]
) -> None:
    """Stored and answered like any other; then the link is closed, for there is a newer one elsewhere."""
    here, there = two
    old, new = await here.open_link(clock), await there.open_link(clock)
    start = event201(STARTED, 0, NOON, 1000)
    over_old = inbound(start, "m1", epoch=old.epoch)
    answers = [await here.central.message_store.submit(over_old, TransactionEventResponse("T1", ACCEPTED))]
    await until(lambda: here.superseded)
    over_new = inbound(start, "m1", epoch=new.epoch)
    answers.append(await there.central.message_store.submit(over_new, TransactionEventResponse("T1", None)))
    assert answers == [TransactionEventResponse("T1", ACCEPTED)] * 2
    assert len(await database.fetch_all(text("SELECT 1 FROM transactions"))) == 1
    assert set(here.superseded) == {(CP1, old.epoch)}
    assert there.superseded == []


async def test_a_link_that_says_nothing_is_found_by_a_look(
    clock: ManualClock, two: tuple[OneNode, OneNode]
) -> None:
    """What is recorded of this node is told; of what is told anew, the older one is over."""
    here, there = two
    old, other = await here.open_link(clock), await here.open_link(clock, CP2)
    await there.open_link(clock)
    await here.central.nodes.look()
    assert here.looks[-1] == {CP2: other.epoch}
    await here.central.message_store.link_opened(old)
    await until(lambda: here.superseded)
    assert here.superseded == [(CP1, old.epoch)]


async def test_what_a_node_left_is_ended_once_when_its_lease_is_over(
    database: Database, clock: ManualClock, two: tuple[OneNode, OneNode]
) -> None:
    """Links, commands, reservations; at the instant of the lease's end; told by whoever saw it first."""
    here, there = two
    async with node(database, clock, "third") as third:
        link = await there.open_link(clock)
        mine = await here.open_link(clock, CP2)
        for one, station, name in ((there, CP1, "c1"), (here, CP2, "c2")):
            await one.central.command_log.command_sent(name, station, Reset(), "api", NOON)
        reserve = ReserveNow(1, TAG, minutes(60))
        await there.central.command_log.command_sent("c3", CP1, reserve, "api", NOON)
        began = clock.now()
        await clock.advance(LEASE_S - 1)
        for one in (here, third):
            await one.central.nodes.look()
        await clock.advance(1)
        assert await links_of(database) == [(CP1, "there", link.epoch, None), (CP2, "here", mine.epoch, None)]
        _ = here.told(), third.told()
        for one in (here, third):
            await one.central.nodes.look()
        told = [*here.told(), *third.told()]
    assert told == [(CP1, "link.disconnected"), (CP1, "command.finished"), (CP1, "command.finished")]
    assert (await outbox_of(database))[-3:] == [event for _, event in told]
    assert await links_of(database) == [(CP1, "there", link.epoch, GONE), (CP2, "here", mine.epoch, None)]
    ended_at = await database.scalar(text("SELECT disconnected_at FROM links WHERE station_id = 'cp1'"))
    assert ended_at == to_micros(began + LEASE)
    commands = await database.fetch_all(text("SELECT command_id, outcome FROM commands ORDER BY command_id"))
    assert [tuple(row) for row in commands] == [
        ("c1", Outcome.UNKNOWN.value),
        ("c2", None),
        ("c3", Outcome.UNKNOWN.value),
    ]
    assert await database.scalar(text("SELECT state FROM reservations")) == "unknown"


async def test_a_node_that_was_away_tells_of_its_links_anew(
    database: Database, clock: ManualClock, two: tuple[OneNode, OneNode]
) -> None:
    """They were ended meanwhile; each end counts once."""
    here, there = two
    link = await here.open_link(clock)
    await clock.advance(LEASE_S)
    await there.central.nodes.look()
    assert (CP1, "link.disconnected") in there.told()
    await there.central.nodes.leave()
    here.looks.clear()
    await here.central.nodes.look()
    assert here.looks == [{}]
    assert [each.node for each in await database.run_read(all_nodes)] == ["here"]
    _ = here.told()
    await here.central.message_store.link_opened(link)
    await here.central.message_store.link_opened(link)
    assert await links_of(database) == [(CP1, "here", link.epoch, None)]
    await here.central.message_store.link_closed(CP1, link.epoch, minutes(2), "1000 bye")
    await here.central.message_store.link_closed(CP1, link.epoch, minutes(3), "1006")
    assert here.told() == [(CP1, "link.connected"), (CP1, "link.disconnected")]
    assert await links_of(database) == [(CP1, "here", link.epoch, "1000 bye")]


async def test_a_node_that_stops_ends_its_own_links_alone(database: Database, clock: ManualClock) -> None:
    """Those of a node that is there stay."""
    async with node(database, clock, "there") as there:
        theirs = await there.open_link(clock)
        async with node(database, clock, "here") as here:
            mine = await here.open_link(clock, CP2)
        assert await links_of(database) == [
            (CP1, "there", theirs.epoch, None),
            (CP2, "here", mine.epoch, INTERRUPTED),
        ]
        assert await outbox_of(database) == ["link.connected", "link.connected", "link.disconnected"]


@pytest.mark.parametrize(("away_s", "ended_after_s"), [(5.0, 5.0), (3 * LEASE_S, LEASE_S)])
async def test_a_node_that_is_back_ends_what_it_left(
    database: Database, clock: ManualClock, away_s: float, ended_after_s: float
) -> None:
    """At its start, or when its lease was over: after that it was not there any more."""
    async with node(database, clock, "there") as there:
        killed = Nodes(database, there.central.events, clock, "here", is_alone=False)
    await killed.join()  # and it never leaves
    view = LinkView(
        CP1, Epoch(9), OcppVersion.V16, "p", LinkSecurity.BASIC_AUTH, NOON, NOON, None, node="here"
    )
    await database.run_write(lambda c: write_opened_links(c, [LinkOpenedRow(view)]))
    ended_at = clock.now() + timedelta(seconds=ended_after_s)
    await clock.advance(away_s)
    async with node(database, clock, "here"):
        assert await links_of(database) == [(CP1, "here", 9, INTERRUPTED)]
        assert await outbox_of(database) == ["link.disconnected"]
    assert await database.scalar(text("SELECT disconnected_at FROM links")) == to_micros(ended_at)


async def test_one_that_is_alone_ends_all_that_is_open(database: Database, clock: ManualClock) -> None:
    """Nobody else can be there, whatever the table says; it has no lease, and asks nobody."""
    async with node(database, clock, "there") as there:
        link = await there.open_link(clock)
        async with node(database, clock, "here", is_alone=True) as here:
            assert await links_of(database) == [(CP1, "there", link.epoch, INTERRUPTED)]
            assert await database.fetch_all(text("SELECT node FROM nodes")) == []
            theirs = replace(link, epoch=Epoch(link.epoch + 9))
            await there.central.message_store.link_opened(theirs)
            assert await here.central.nodes.links_elsewhere([CP1]) == {}
            await clock.advance(RENEW_EVERY_S)
            assert here.looks == []


async def test_links_that_other_nodes_hold_are_known(
    database: Database, clock: ManualClock, two: tuple[OneNode, OneNode]
) -> None:
    """As they are written down; not this node's own, nor one that is over."""
    here, there = two
    assert await here.central.nodes.links_elsewhere([CP1]) == {}
    await here.open_link(clock)
    assert await here.central.nodes.links_elsewhere([CP1]) == {}
    link = await there.open_link(clock)
    assert await here.central.nodes.links_elsewhere([CP1, CP2]) == {CP1: link}
    assert await there.central.nodes.links_elsewhere([CP1]) == {}
    await database.execute(text("UPDATE stations SET registration = 'Accepted'"))
    (found,) = (await here.central.nodes.links_elsewhere([CP1])).values()
    assert found.registration is RegistrationStatus.ACCEPTED
    await there.central.message_store.link_closed(CP1, link.epoch, minutes(1), "1006")
    assert await here.central.nodes.links_elsewhere([CP1]) == {}


async def test_a_lease_that_cannot_be_put_off_is_a_line_in_the_log(
    database: Database, two: tuple[OneNode, OneNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next look comes; until then the other node may end what is here."""

    async def away(_: object) -> None:
        raise DatabaseUnreachable(Phrase("absente", "away"))

    here, _ = two
    here.looks.clear()
    with monkeypatch.context() as meanwhile, capture_logs() as logs:
        meanwhile.setattr(database, "run_write", away)
        await here.central.nodes.look()
    assert [(each["event"], each["error"]) for each in logs] == [("lease_not_renewed", "away")]
    await here.central.nodes.look()
    assert here.looks == [{}]


async def test_leases_are_put_off_in_time(database: Database, clock: ManualClock) -> None:
    """By a timer of the process's own."""
    async with (
        node(database, clock, "here", looks_itself=True) as here,
        node(database, clock, "there", looks_itself=True) as there,
    ):
        link = await here.open_link(clock)
        for _ in range(int(2 * LEASE_S / RENEW_EVERY_S)):
            looks = len(here.looks), len(there.looks)
            await clock.advance(RENEW_EVERY_S)
            await until(lambda looks=looks: len(here.looks) > looks[0] and len(there.looks) > looks[1])  # type: ignore[misc]
        assert await links_of(database) == [(CP1, "here", link.epoch, None)]
        assert here.looks[-1] == {CP1: link.epoch}


async def test_a_transaction_that_goes_on_elsewhere_loses_nothing(
    database: Database, clock: ManualClock, two: tuple[OneNode, OneNode]
) -> None:
    """Started over one node, ended over the other."""
    here, there = two
    first, second = await here.open_link(clock), await there.open_link(clock)
    start = inbound(event201(STARTED, 0, NOON, 1000), "m1", epoch=first.epoch)
    await here.central.message_store.submit(start, TransactionEventResponse("T1", ACCEPTED))
    end = inbound(event201(ENDED, 1, minutes(5), 1800), "m2", epoch=second.epoch)
    await there.central.message_store.submit(end, TransactionEventResponse("T1"))
    (row,) = await database.fetch_all(text("SELECT energy_wh, flags, ended_at FROM transactions"))
    assert (row.energy_wh, row.flags, row.ended_at is None) == (800, "", False)


def _cut_off(postgres: PostgresServer, url: str) -> None:
    """Every connection of the database ends, as when its server is started anew."""
    postgres.run(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{make_url(url).database}'"
    )


async def _written(database: Database) -> None:
    """The first write finds that the connection is lost, the next one makes another."""
    with pytest.raises(DatabaseProblem):
        await database.run_write(lambda connection: connection.execute(text("SELECT 1")))
    await database.run_write(lambda connection: connection.execute(text("SELECT 1")))


async def _joined(url: str, clock: ManualClock, node: str) -> tuple[Database, Nodes]:
    database = await Database.open(url, migrations=None)
    events = StoredEvents(Outbox(database), EventBus(), has_outbox=False)
    nodes = Nodes(database, events, clock, node, is_alone=False)
    await nodes.join()
    return database, nodes


async def test_a_server_that_was_displaced_writes_no_more_and_says_so(
    postgres: PostgresServer, clock: ManualClock
) -> None:
    """Another one wrote while the connection was lost, and is gone: the lock is free again, memory is stale.
    One that was only cut off goes on.
    """
    with postgres.database() as url:
        await _displaced(postgres, url, clock)


async def _displaced(postgres: PostgresServer, url: str, clock: ManualClock) -> None:
    first, nodes = await _joined(url, clock, "a")
    _cut_off(postgres, url)
    await _written(first)
    _cut_off(postgres, url)
    second, _ = await _joined(url, clock, "b")
    await second.close()
    with pytest.raises(DatabaseProblem):
        await first.run_write(lambda connection: connection.execute(text("SELECT 1")))
    for _ in range(2):
        with pytest.raises(DatabaseTaken, match="Start it again"):
            await first.run_write(lambda connection: connection.execute(text("SELECT 1")))
    await nodes.look()
    with pytest.raises(DatabaseTaken):
        await nodes.until_displaced()
    await nodes.leave()
    await first.close()
