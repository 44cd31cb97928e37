"""This process among those that share the database: its lease, what others left, whose links have moved.

Every process says now and then until when it can be taken for alive. One that does not say so in time is
gone: whoever sees that ends what it left open, links and commands, at the instant at which its lease was
over, and tells of it. That happens in the turn of the batches (`storage.counters.allot_turn`), so it happens
once. Clocks of nodes must agree to within a few seconds.

A process that was away for so long (it hung, or could not reach the database) tells anew which links it has;
those of stations that have a newer one elsewhere are closed then. One that lost the database to another
writer writes nothing more: what it remembers is of before.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import Connection

from csms.central.outbox import StoredEvents
from csms.domain.commands import Outcome
from csms.domain.links import LinkView
from csms.domain.station_events import StationEvent
from csms.rules.command_ends import finished_event
from csms.rules.links import closed_event
from csms.rules.rows import CommandEndRow
from csms.storage.commands import end_left_commands
from csms.storage.counters import EPOCH, WRITER, allot_turn, next_number, open_turns, write_number
from csms.storage.links import end_left_links, links_elsewhere, open_links_of
from csms.storage.nodes import add_node, all_nodes, extend_lease, remove_node
from csms.storage.reservations import forget_answers
from ocppj.vocabulary import Epoch, StationId
from runtime.clock import Clock
from runtime.database import Database
from runtime.errors import DatabaseProblem, DatabaseTaken
from runtime.lifecycle import Background
from runtime.surviving import RecurringTask, survive
from runtime.wording import Phrase

log = structlog.get_logger("csms.nodes")

INTERRUPTED = "the server was stopped before the end was known"
GONE = "the server that held it gave no sign of life any more"
TAKEN = Phrase(
    "Un autre serveur s'est servi de la base pendant que la connexion était perdue : ce que celui-ci sait "
    "des bornes n'est peut-être plus vrai. Redémarrez-le, si l'autre ne sert plus.",
    "Another server has used the database while the connection was lost: what this one knows of stations may "
    "not be true any more. Start it again if the other one is not needed.",
)
LEASE = timedelta(seconds=60)
"""How long a process is taken for alive that says nothing more."""
RENEW_EVERY_S = 20.0
"""Also how long a link may stay open that says nothing, after a newer one was opened elsewhere."""


class _Seen(NamedTuple):
    """What a look at the other nodes came to."""

    was_away: bool
    others: int
    events: list[StationEvent]


class Nodes:
    """`node` names this process; where it `is_alone`, no other can use the database, and nobody is asked."""

    def __init__(
        self, database: Database, events: StoredEvents, clock: Clock, node: str, *, is_alone: bool
    ) -> None:
        self.on_look: Callable[[Mapping[StationId, Epoch]], object] = lambda _: None
        """Told which links of this node are written down, where other nodes are; the wiring gives it."""
        self.number = 0
        """Of this process; no other has it, nor any link."""
        self._database, self._events, self._clock = database, events, clock
        self.node, self._is_alone = node, is_alone
        self._looks: RecurringTask | None = None
        self._is_displaced = asyncio.Event()

    async def join(self) -> None:
        """Be there from now on. What an earlier process of this name left open is ended, and what belongs to
        no node that is there.
        """
        now = self._clock.now()

        def join(connection: Connection) -> int:
            open_turns(connection)
            allot_turn(connection)
            former = {each.node: each.lease_until for each in all_nodes(connection)}
            for node in former:
                if self._is_alone or node == self.node:
                    remove_node(connection, node)
            ended_at = min(now, former.get(self.node, now))
            self._events.write(connection, end_left(connection, ended_at, INTERRUPTED))
            number = next_number(connection, EPOCH)
            write_number(connection, WRITER, number)
            if not self._is_alone:
                add_node(connection, self.node, number, now, now + LEASE)
            return number

        self.number = await self._database.run_write(join)
        self._database.on_regained = self._assert_last

    def _assert_last(self, connection: Connection) -> None:
        """Nobody else has written since. Raises DatabaseTaken."""
        if allot_turn(connection).writer != self.number:
            raise DatabaseTaken(TAKEN)

    async def until_displaced(self) -> None:
        """Wait until another process has taken the database over. Raises DatabaseTaken then."""
        await self._is_displaced.wait()
        raise DatabaseTaken(TAKEN)

    def start(self, tasks: Background) -> None:
        """Look after the others, now and from now on."""
        if not self._is_alone:
            self._looks = RecurringTask(
                self._clock, RENEW_EVERY_S, self.look, tasks, event="nodes_not_looked_for"
            )
            self._looks.start()

    async def leave(self) -> None:
        """Be there no more; what is open still is ended."""
        if self._looks is None:
            return
        self._looks.stop()
        if not self._is_displaced.is_set():
            await survive(self._database.run_write(self._leave), event="node_not_signed_off")

    def _leave(self, connection: Connection) -> None:
        allot_turn(connection)
        remove_node(connection, self.node)
        self._events.write(connection, end_left(connection, self._clock.now(), INTERRUPTED))

    async def look(self) -> None:
        """Put off the lease's end, end what others left that are gone, and see whose links have moved."""
        now = self._clock.now()
        try:
            seen = await self._database.run_write(lambda connection: self._renew(connection, now))
        except DatabaseTaken:
            self._is_displaced.set()
            return
        except DatabaseProblem as problem:
            log.error("lease_not_renewed", node=self.node, error=str(problem))  # noqa: TRY400 - no cause to show
            return
        self._events.publish(seen.events)
        if seen.was_away or seen.others:
            node = self.node
            self.on_look(await self._database.run_read(lambda connection: open_links_of(connection, node)))

    def _renew(self, connection: Connection, now: datetime) -> _Seen:
        allot_turn(connection)
        was_away = not extend_lease(connection, self.node, self.number, now + LEASE)
        if was_away:
            log.warning("node_was_away", node=self.node)
            add_node(connection, self.node, self.number, now, now + LEASE)
        others = [each for each in all_nodes(connection) if each.node != self.node]
        events = []
        for gone in others:
            if gone.lease_until <= now:
                log.warning("node_gone", node=gone.node, since=gone.lease_until)
                remove_node(connection, gone.node)
                events += end_left(connection, gone.lease_until, GONE)
        self._events.write(connection, events)
        return _Seen(was_away, len(others), events)

    async def links_elsewhere(self, station_ids: Collection[StationId]) -> Mapping[StationId, LinkView]:
        """The links of these stations that other nodes hold. Raises DatabaseProblem."""
        if self._is_alone:
            return {}
        node = self.node
        return await self._database.run_read(
            lambda connection: links_elsewhere(connection, station_ids, node)
        )


def end_left(connection: Connection, at: datetime, reason: str) -> list[StationEvent]:
    """End what belongs to no node that is there: no link of it is up, and no command that it sent will ever
    be answered. What is to be told of it.
    """
    closed = end_left_links(connection, at, reason)
    forget_answers(connection, reason, at)
    left = end_left_commands(connection, Outcome.UNKNOWN.value, reason, at)
    events = [closed_event(each) for each in closed]
    for row in left:
        end = CommandEndRow(
            command_id=row.command_id,
            outcome=Outcome.UNKNOWN,
            status=None,
            error_code=None,
            error_description=reason,
            at=at,
        )
        events.append(finished_event(end, StationId(row.station_id), row.command, row.origin))
    return events
