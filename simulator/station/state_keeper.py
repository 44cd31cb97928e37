"""A station's stored state, collected from its parts and handed back to them; on disk where asked for."""

from dataclasses import dataclass
from datetime import datetime

from charging.schedule.composite import Installed
from runtime.clock import Timer
from simulator.connection.registration import Registration
from simulator.connection.transaction_queue import TransactionQueue
from simulator.errors import StateFileError
from simulator.model.authorization import Authorization
from simulator.model.credentials import StationCredentials
from simulator.model.inventory import SECRET
from simulator.model.station_log import Topic
from simulator.model.stored_state import KeptProfile, StateFile, StoredState
from simulator.station.context import StationContext
from simulator.station.firmware import Firmware
from simulator.station.message_display import MessageDisplay
from simulator.station.monitoring import Monitoring
from simulator.station.reservations import Reservations
from simulator.station.smart_charging import SmartCharging

SAVE_WITHIN_S = 1.0
"""What has changed is on disk so much later at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatefulParts:
    """Those that remember something."""

    context: StationContext
    credentials: StationCredentials
    registration: Registration
    transaction_queue: TransactionQueue
    reservations: Reservations
    smart_charging: SmartCharging
    display: MessageDisplay
    monitoring: Monitoring
    firmware: Firmware

    @property
    def authorization(self) -> Authorization:
        """List and cache."""
        return self.context.authorization


class StateKeeper:
    """Saves soon after `changed`; without a state file everything lives in the parts alone."""

    def __init__(self, station_id: str, parts: StatefulParts, state_file: StateFile | None) -> None:
        self._station_id = station_id
        self._parts = parts
        self._file = state_file
        self._timer: Timer | None = None

    def restore(self, password: str | None) -> datetime | None:
        """Give the parts what was saved; tells when that was. `password` counts if nothing was kept.

        Raises StateFileError.
        """
        state = self._file.load(self._station_id) if self._file is not None else None
        credentials = self._parts.credentials
        if state is None:
            credentials.start_with(password)
            return None
        context = self._parts.context
        context.variables.restore(state.variables)
        is_kept = context.variables.value(SECRET) is not None
        credentials.start_with(None if is_kept else password, state.previous_password)
        self._parts.registration.was_accepted = state.was_accepted
        context.connectors.inoperative.update(state.inoperative)
        context.connectors.refresh()
        tokens = self._parts.authorization
        tokens.keep_list(state.list_version, state.local_list)
        tokens.cache = {known.key: known for known in state.cache}
        for evse, register_wh in zip(context.connectors.evses.values(), state.registers_wh, strict=False):
            evse.meter.preset(register_wh)
        for transaction in state.transactions:
            if transaction.evse_id in context.connectors.evses:
                context.connectors.evse(transaction.evse_id).transaction = transaction
        self._parts.transaction_queue.restore(state.queue)
        self._parts.reservations.held = {each.reservation_id: each for each in state.reservations}
        self._parts.reservations.refresh()
        self._parts.smart_charging.held = tuple(
            Installed(each.profile, each.evse_id, each.at, each.source) for each in state.profiles
        )
        self._parts.display.held = {each.message_id: each for each in state.display}
        self._parts.monitoring.restore(state.monitors, state.monitoring_base, state.monitoring_level)
        if state.firmware is not None:
            self._parts.firmware.version = state.firmware
        return state.saved_at

    def collect(self) -> StoredState:
        """Everything that outlives a power cut."""
        context, tokens = self._parts.context, self._parts.authorization
        now = context.clock.monotonic()
        evses = context.connectors.evses.values()
        return StoredState(
            station_id=self._station_id,
            variables=context.variables.changed(),
            previous_password=self._parts.credentials.previous,
            was_accepted=self._parts.registration.was_accepted,
            inoperative=sorted(context.connectors.inoperative),
            list_version=tokens.list_version,
            local_list=list(tokens.local_list.values()),
            cache=list(tokens.cache.values()),
            registers_wh=[evse.meter.energy_wh(now) for evse in evses],
            transactions=[evse.transaction for evse in evses if evse.transaction is not None],
            queue=list(self._parts.transaction_queue.entries),
            reservations=list(self._parts.reservations.held.values()),
            profiles=[
                KeptProfile(each.profile, each.evse_id, each.at, each.source)
                for each in self._parts.smart_charging.held
            ],
            display=list(self._parts.display.held.values()),
            monitors=list(self._parts.monitoring.monitors.values()),
            monitoring_base=self._parts.monitoring.base,
            monitoring_level=self._parts.monitoring.level,
            firmware=self._parts.firmware.installed,
            saved_at=context.now(),
        )

    def changed(self) -> None:
        """Save within `SAVE_WITHIN_S`."""
        if self._file is not None and self._timer is None:
            self._timer = self._parts.context.clock.call_later(SAVE_WITHIN_S, self.try_save)

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
            self._parts.context.log.note(Topic.MEMORY, str(error), is_trouble=True)
