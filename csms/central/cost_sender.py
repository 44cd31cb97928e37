"""Shows drivers at 1.6 stations what charging costs, where the station says that it shows it.

2.x stations read it in the answers to their own messages (2.0.1 I02.FR.01, I03.FR.02); 1.6 has no field for
it, so it goes in messages of OCA's paper (`ocppj.model.data_transfer`). A cost is worth something only now:
what cannot be sent is not sent later. One that waits for a person is shown to nobody (`csms.rules.reviews`).
"""

from collections.abc import Callable
from contextlib import closing

from sqlalchemy import Connection

from csms.commands import StationCommands
from csms.domain.records import variable_key
from csms.domain.station_events import StationEvent
from csms.rules.reviews import HELD
from csms.rules.rows import TransactionRow
from csms.rules.transaction_fold import cost_so_far
from csms.storage.transactions import load_numbered_transactions
from csms.storage.variables import values_of
from ocppj.model.data_transfer import DISPLAYS_COST, CostMessage, FinalCost, RunningCost, cost_transfer
from ocppj.model.tariffs import MICRO
from ocppj.timestamps import time_to_wire
from ocppj.versions import OcppVersion
from ocppj.vocabulary import CONFIGURATION_KEY_COMPONENT, ChargingState, Epoch, StationId, VariableRef
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus
from runtime.lifecycle import Background
from runtime.surviving import survive

UPDATED, ENDED = "transaction.updated", "transaction.ended"
NEWS_LIMIT = 10_000
"""Unread news; beyond it the oldest costs are not shown."""
ANSWER_S = 10.0
"""A station that takes longer to answer is told the next cost, not this one again."""
LOOK_AGAIN_S = 60.0
"""So long a station that does not say that it shows costs costs no read."""
ORIGIN = "costs"
_KEY = variable_key(VariableRef(CONFIGURATION_KEY_COMPONENT, DISPLAYS_COST))
_NOT_KNOWN = frozenset({"UnknownVendorId", "UnknownMessageId"})


class CostSender:
    """One message at a time to each station; of a transaction only the newest."""

    def __init__(
        self,
        database: Database,
        commands: StationCommands,
        bus: EventBus[StationEvent],
        is_quiet: Callable[[StationId], bool],
        clock: Clock,
    ) -> None:
        self._database, self._commands, self._bus, self._is_quiet = database, commands, bus, is_quiet
        self._clock = clock
        self._waiting: dict[StationId, dict[int, StationEvent]] = {}
        """By station and transaction; a station that is here is being told."""
        self._refused: dict[StationId, Epoch] = {}
        """Stations that say that they show costs, and know no such message: at which connection."""
        self._shows_none: dict[StationId, float] = {}
        """Stations that do not say so, and until when nobody looks again."""

    async def run(self) -> None:
        """Until cancelled."""
        async with Background("costs") as tasks:
            with closing(self._bus.subscribe(NEWS_LIMIT, self._concerns)) as news:
                while (event := await news.next()) is not None:
                    self._add(event, tasks)

    def _concerns(self, event: StationEvent) -> bool:
        if event.event not in (UPDATED, ENDED):
            return False
        if self._clock.monotonic() < self._shows_none.get(event.station_id, 0.0):
            return False  # asked of every message of a transaction: before anything that costs more
        link = self._commands.link(event.station_id)
        if link is None or link.version is not OcppVersion.V16 or self._is_quiet(event.station_id):
            return False
        return self._refused.get(event.station_id) != link.epoch

    def _add(self, event: StationEvent, tasks: Background) -> None:
        station_id, number = event.station_id, int(event.payload["number"])
        if station_id in self._waiting:
            self._waiting[station_id][number] = event
            return
        self._waiting[station_id] = {number: event}
        work = survive(self._send_all(station_id), event="cost_not_sent", station_id=station_id)
        tasks.start(work, name=station_id)

    async def _send_all(self, station_id: StationId) -> None:
        waiting = self._waiting[station_id]
        try:
            while waiting and await self._shows_costs(station_id):
                number = next(iter(waiting))
                event = waiting.pop(number)
                await self._send(station_id, number, is_end=event.event == ENDED)
        finally:
            del self._waiting[station_id]

    async def _shows_costs(self, station_id: StationId) -> bool:
        values = await self._database.run_read(lambda connection: values_of(connection, station_id, [_KEY]))
        shows = (values.get(_KEY) or "").lower() == "true"
        if not shows:
            self._shows_none[station_id] = self._clock.monotonic() + LOOK_AGAIN_S
        return shows

    async def _send(self, station_id: StationId, number: int, *, is_end: bool) -> None:
        def read(connection: Connection) -> list[TransactionRow]:
            return load_numbered_transactions(connection, [number])

        rows, link = await self._database.run_read(read), self._commands.link(station_id)
        message = cost_shown(rows[0], is_end=is_end) if rows else None
        if message is None or link is None:
            return
        outcome = await self._commands.send(
            station_id, cost_transfer(message), timeout_s=ANSWER_S, origin=ORIGIN
        )
        if outcome.answer is not None and outcome.answer.status in _NOT_KNOWN:
            self._refused[station_id] = link.epoch


def cost_shown(row: TransactionRow, *, is_end: bool) -> CostMessage | None:
    """What a driver is shown of a transaction; None without a price, or while nobody knows what it is."""
    cost_micro = row.cost_micro if is_end else cost_so_far(row)
    if cost_micro is None or row.review == HELD or not row.transaction_id.isdigit():
        return None
    number, cost = int(row.transaction_id), cost_micro / MICRO
    if is_end:
        return FinalCost(transaction_id=number, cost=cost)
    is_charging = row.charging_state in (None, ChargingState.CHARGING)
    return RunningCost(
        transaction_id=number,
        timestamp=time_to_wire(row.last_event_at),
        meter_value=round((row.meter_start_wh or 0.0) + (row.energy_wh or 0.0)),
        cost=cost,
        state="Charging" if is_charging else "Idle",
    )
