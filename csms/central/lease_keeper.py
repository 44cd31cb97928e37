"""`LeaseKeeper`: the durable work of leases. The configuration is read when one begins; one that nobody
renews is ended; and the station is given back what it had.

Every run looks first at what is stored: a process can die after it has set something back and before that is
written, and the next run finds it set.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from csms.central.leases import Leases, LeaseUnknown
from csms.commands import StationCommands
from csms.domain.commands import CommandOutcome, Outcome
from csms.domain.leases import (
    BaselineState,
    BaselineValue,
    Lease,
    LeaseState,
    NotRestored,
    Restoration,
)
from csms.domain.records import VariableRecord, variable_key
from csms.domain.station_events import StationEvent
from csms.rules.leases import (
    LEASE_BEGUN,
    LEASE_ENDING,
    LEASE_RESTORING,
    baseline_known,
    baseline_of,
    changed_since,
    expire_lease,
    restoration_of,
    restored,
)
from csms.storage.leases import baseline_of_lease
from csms.storage.variables import variables_of
from ocppj.model.command import GREATEST_NUMBER, Command
from ocppj.model.variables import (
    VARIABLES_MOST,
    GetBaseReport,
    GetVariables,
    ReportedVariable,
    SetVariables,
    VariableResult,
    VariablesAnswer,
    results_of,
)
from ocppj.vocabulary import RegistrationStatus, StationId, VariableRef
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus
from runtime.wording import Phrase, counted, verbatim
from runtime.work.engine import WorkEngine
from runtime.work.pieces import Piece, WorkDone, WorkOutcome, WorkRetry, WorkWait

T = TypeVar("T")

ORIGIN = "lease"
"""Who asks, in the log of commands."""
BEGIN_ATTEMPTS = 3
"""Whoever has the station waits for it."""
ANSWER_WITHIN_S = 30.0
REPORT_WITHIN_S = 60.0
"""From its first part to its last: an inventory has hundreds."""
LOOK_EVERY = timedelta(seconds=30)
"""A station that is away is looked for so often, besides at its next connection here."""
NEWS_LIMIT = 1000
BACK = frozenset({"link.connected", "station.booted"})

OFFLINE = Phrase("la borne n'est pas connectée", "the station is not connected")
UNREGISTERED = Phrase("la borne n'est pas encore acceptée", "the station is not accepted yet")
OVER = Phrase("le prêt est terminé", "the lease is over")
RENEWED = Phrase("le prêt a été prolongé", "the lease was renewed")
ENDED = Phrase("personne ne l'a prolongé : terminé", "nobody renewed it: ended")
NO_REPORT = Phrase("le rapport n'est pas arrivé au complet", "the report did not come whole")
ONE_READ = Phrase("{count} valeur lue", "{count} value read")
MANY_READ = Phrase("{count} valeurs lues", "{count} values read")
ONE_SET = Phrase("{count} valeur remise", "{count} value set back")
MANY_SET = Phrase("{count} valeurs remises", "{count} values set back")


class _NoAnswer(Exception):  # noqa: N818 - what was found
    """The station did not answer, or erred."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Away(Exception):  # noqa: N818 - what was found
    """Nothing can be sent to it now."""

    reason: Phrase


class LeaseKeeper:
    """Serves the work of leases."""

    def __init__(
        self,
        leases: Leases,
        database: Database,
        commands: StationCommands,
        bus: EventBus[StationEvent],
        work: WorkEngine,
        *,
        clock: Clock,
        chance: Chance,
        settled: Callable[[], Awaitable[None]],
    ) -> None:
        """`settled`: returns when all that stations sent before can be read."""
        self._leases, self._database, self._commands, self._bus = leases, database, commands, bus
        self._work, self._clock, self._chance, self._settled = work, clock, chance, settled
        self._awaited: dict[StationId, Piece] = {}
        """What waits for the next connection of a station; looked for anyway, if that is elsewhere."""
        work.serve(LEASE_BEGUN, self.read_baseline, attempts=BEGIN_ATTEMPTS, given_up=self._not_read)
        work.serve(LEASE_ENDING, self.end)
        work.serve(LEASE_RESTORING, self.restore, given_up=self._not_restored)
        bus.listen(self._receive)

    # Beginning ----------------------------------------------------------------------------------------

    async def read_baseline(self, piece: Piece) -> WorkOutcome:
        """Read what the station's configuration is, before its holder changes it."""
        lease = await self._leases.one(piece.key)
        is_wanted = lease is not None and lease.baseline is BaselineState.READING
        if lease is None or lease.state is not LeaseState.HELD or not is_wanted:
            return WorkDone(OVER)
        return await self._at_station(piece, lease, self._read)

    async def _read(self, lease: Lease) -> WorkOutcome:
        values = baseline_of(await self._inventory(lease.station_id))
        now = self._clock.now()
        await self._leases.change(
            lease.lease_id, lambda stored: baseline_known(stored, is_read=True, now=now), baseline=values
        )
        return WorkDone(counted(len(values), ONE_READ, MANY_READ))

    async def _not_read(self, piece: Piece, reason: Phrase) -> None:  # noqa: ARG002 - a GivenUp
        now = self._clock.now()
        await self._leases.change(piece.key, lambda lease: baseline_known(lease, is_read=False, now=now))

    async def _inventory(
        self, station_id: StationId
    ) -> Sequence[VariableRecord] | Sequence[ReportedVariable]:
        """All that it tells of itself: of a 1.6 station in one answer, of a 2.x station in a report of what
        can be set (B07), which is stored part by part.
        """
        number = self._chance.integer(1, GREATEST_NUMBER)
        report = GetBaseReport(number, "ConfigurationInventory")
        if self._commands.unsupported_reason(station_id, report) is not None:
            answer = (await self._answered(station_id, GetVariables())).answer
            return answer.inventory if isinstance(answer, VariablesAnswer) else ()
        since = self._clock.now()

        def is_whole(event: StationEvent) -> bool:
            return (
                event.event == "command.reported"
                and event.station_id == station_id
                and event.payload["request_id"] == number
            )

        with self._bus.subscribe(NEWS_LIMIT, is_whole) as news:
            outcome = await self._answered(station_id, report)
            if not outcome.is_accepted:
                status = outcome.answer.status if outcome.answer is not None else outcome.outcome.value
                raise _NoAnswer(verbatim(f"GetBaseReport: {status}"))
            timer = self._clock.call_later(REPORT_WITHIN_S, news.close)
            try:
                if await news.next() is None:
                    raise _NoAnswer(NO_REPORT)
            finally:
                timer.cancel()
        await self._settled()
        return await self._reported_since(station_id, since)

    async def _reported_since(self, station_id: StationId, since: datetime) -> list[VariableRecord]:
        found = await self._database.run_read(lambda connection: variables_of(connection, station_id))
        return [each for each in found if each.reported_at is not None and each.reported_at >= since]

    # Ending -------------------------------------------------------------------------------------------

    async def end(self, piece: Piece) -> WorkOutcome:
        """End it, if nobody has renewed it meanwhile; else look again when its time is up."""
        now = self._clock.now()
        try:
            lease = await self._leases.change(piece.key, lambda stored: expire_lease(stored, now))
        except LeaseUnknown:
            return WorkDone(OVER)
        if lease.state is LeaseState.HELD:
            return WorkWait(RENEWED, lease.expires_at)
        return WorkDone(ENDED if lease.ended_at == now else OVER)

    async def restore(self, piece: Piece) -> WorkOutcome:
        """Set back what is not as it was when the lease began."""
        lease = await self._leases.one(piece.key)
        if lease is None or lease.state is not LeaseState.RESTORING:
            return WorkDone(OVER)
        return await self._at_station(piece, lease, self._set_back)

    async def _set_back(self, lease: Lease) -> WorkOutcome:
        def read(connection: Connection) -> list[BaselineValue]:
            return baseline_of_lease(connection, lease.lease_id)

        baseline = await self._database.run_read(read)
        told = await self._values(lease.station_id, [each.ref for each in baseline])
        to_set, left = changed_since(baseline, told)
        results: list[VariableResult] = []
        for part in _parts(to_set):
            outcome = await self._answered(lease.station_id, SetVariables(tuple(part)))
            results += results_of(outcome.answer) if outcome.answer is not None else ()
        changed = [each.ref for each in to_set]
        read_back = await self._values(lease.station_id, changed)
        wanted = {variable_key(each.ref): each.value for each in to_set}
        restoration = restoration_of(results, read_back, wanted, left)
        await self._store(lease.lease_id, restoration)
        return WorkDone(counted(len(restoration.set_back), ONE_SET, MANY_SET))

    async def _not_restored(self, piece: Piece, reason: Phrase) -> None:  # noqa: ARG002 - a GivenUp
        await self._store(piece.key, Restoration(reason=NotRestored.NO_ANSWER))

    async def _store(self, lease_id: str, restoration: Restoration) -> None:
        now = self._clock.now()
        await self._leases.change(lease_id, lambda lease: restored(lease, restoration, now))

    async def _values(self, station_id: StationId, refs: Sequence[VariableRef]) -> dict[str, str | None]:
        """What the station tells of these now, by `variable_key`."""
        told: dict[str, str | None] = {}
        for part in _parts(refs):
            outcome = await self._answered(station_id, GetVariables(tuple(part)))
            results = results_of(outcome.answer) if outcome.answer is not None else ()
            told |= {variable_key(each.ref): each.value for each in results if each.is_accepted}
        return told

    # The station --------------------------------------------------------------------------------------

    async def _at_station(
        self, piece: Piece, lease: Lease, act: Callable[[Lease], Awaitable[WorkOutcome]]
    ) -> WorkOutcome:
        """Do it now if the station is there and may be asked; else when it is."""
        station_id = lease.station_id
        try:
            self._assert_there(station_id)
            return await act(lease)
        except _Away as away:
            self._awaited[station_id] = piece
            return WorkWait(away.reason, self._clock.now() + LOOK_EVERY)
        except _NoAnswer as problem:
            return WorkRetry(problem.reason)

    def _assert_there(self, station_id: StationId) -> None:
        link = self._commands.link(station_id)
        if link is None:
            raise _Away(OFFLINE)
        if link.registration in (None, RegistrationStatus.REJECTED):  # B03.FR.03
            raise _Away(UNREGISTERED)

    async def _answered(self, station_id: StationId, command: Command) -> CommandOutcome:
        """What the station answered, whatever that is. Raises _Away, _NoAnswer."""
        outcome = await self._commands.send(
            station_id, command, timeout_s=ANSWER_WITHIN_S, origin=ORIGIN, before_accepted=True
        )
        if outcome.outcome is Outcome.RESULT:
            return outcome
        self._assert_there(station_id)
        reason = outcome.error_code or outcome.outcome.value
        raise _NoAnswer(verbatim(f"{command.name}: {reason}"))

    def _receive(self, event: StationEvent) -> None:
        if event.event in BACK and (piece := self._awaited.pop(event.station_id, None)) is not None:
            self._work.enqueue(piece.again(self._clock.now(), self._clock.now()))


def _parts(each: Sequence[T]) -> Iterable[Sequence[T]]:
    """As many as one command may have."""
    return (each[start : start + VARIABLES_MOST] for start in range(0, len(each), VARIABLES_MOST))
