"""A station's memory put together from its parts and handed back to them; kept on disk where asked for."""

from dataclasses import dataclass
from datetime import datetime

from runtime.clock import Timer
from simulator.authorization import Authorization
from simulator.credentials import Credentials
from simulator.errors import StateFileError
from simulator.inventory import SECRET
from simulator.journal import Topic
from simulator.memory import StateFile, StationMemory
from simulator.outbox import Outbox
from simulator.registration import Registration
from simulator.reservations import Reservations
from simulator.surroundings import Surroundings

SAVE_WITHIN_S = 1.0
"""What has changed is on disk so much later at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Those that remember something."""

    around: Surroundings
    credentials: Credentials
    registration: Registration
    outbox: Outbox
    reservations: Reservations

    @property
    def authorization(self) -> Authorization:
        """List and cache."""
        return self.around.authorization


class Recall:
    """Saves soon after `changed`; without a state file everything lives in the parts alone."""

    def __init__(self, station_id: str, parts: Parts, state_file: StateFile | None) -> None:
        self._station_id = station_id
        self._parts = parts
        self._file = state_file
        self._timer: Timer | None = None

    def restore(self, password: str | None) -> datetime | None:
        """Give the parts what was saved; tells when that was. `password` counts if nothing was kept.

        Raises StateFileError.
        """
        memory = self._file.load(self._station_id) if self._file is not None else None
        credentials = self._parts.credentials
        if memory is None:
            credentials.start_with(password)
            return None
        around = self._parts.around
        around.variables.restore(memory.variables)
        is_kept = around.variables.value(SECRET) is not None
        credentials.start_with(None if is_kept else password, memory.previous_password)
        self._parts.registration.was_accepted = memory.was_accepted
        around.board.inoperative.update(memory.inoperative)
        around.board.refresh()
        tokens = self._parts.authorization
        tokens.keep_list(memory.list_version, memory.local_list)
        tokens.cache = {known.key: known for known in memory.cache}
        for evse, register_wh in zip(around.board.evses.values(), memory.registers_wh, strict=False):
            evse.meter.preset(register_wh)
        for transaction in memory.transactions:
            if transaction.evse_id in around.board.evses:
                around.board.evse(transaction.evse_id).transaction = transaction
        self._parts.outbox.restore(memory.queue)
        self._parts.reservations.held = {each.reservation_id: each for each in memory.reservations}
        self._parts.reservations.refresh()
        return memory.saved_at

    def collect(self) -> StationMemory:
        """Everything that outlives a power cut."""
        around, tokens = self._parts.around, self._parts.authorization
        now = around.clock.monotonic()
        evses = around.board.evses.values()
        return StationMemory(
            station_id=self._station_id,
            variables=around.variables.changed(),
            previous_password=self._parts.credentials.previous,
            was_accepted=self._parts.registration.was_accepted,
            inoperative=sorted(around.board.inoperative),
            list_version=tokens.list_version,
            local_list=list(tokens.local_list.values()),
            cache=list(tokens.cache.values()),
            registers_wh=[evse.meter.energy_wh(now) for evse in evses],
            transactions=[evse.transaction for evse in evses if evse.transaction is not None],
            queue=list(self._parts.outbox.entries),
            reservations=list(self._parts.reservations.held.values()),
            saved_at=around.now(),
        )

    def changed(self) -> None:
        """Save within `SAVE_WITHIN_S`."""
        if self._file is not None and self._timer is None:
            self._timer = self._parts.around.clock.call_later(SAVE_WITHIN_S, self.try_save)

    def save(self) -> None:
        """Save now. Raises StateFileError."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._file is not None:
            self._file.save(self.collect())

    def try_save(self) -> None:
        """Save now; if that cannot be, the journal says so."""
        try:
            self.save()
        except StateFileError as error:
            self._parts.around.journal.note(Topic.MEMORY, str(error), is_trouble=True)
