"""A station as it is at one moment, and waiting for a moment that meets a condition."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ocppj.versions import OcppVersion
from ocppj.vocabulary import RegistrationStatus
from runtime.clock import Clock
from simulator.errors import WaitTimeoutError
from simulator.model.connector_states import ConnectorState
from simulator.model.connectors import Connectors
from simulator.station.cost_display import ShownCost


@dataclass(frozen=True, slots=True)
class ConnectorSnapshot:
    """One connector. `error` is its fault's code."""

    evse_id: int
    connector_id: int
    state: ConnectorState
    is_plugged: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class EvseSnapshot:
    """One EVSE. `transaction_id` is what the central system calls the transaction; None without one.

    A 1.6 central system gives the number: until it has, the station's own id stands there.
    """

    evse_id: int
    power_w: float
    energy_wh: float
    transaction_id: str | None
    id_token: str | None = None
    cost: ShownCost | None = None
    """What its display shows of the cost."""


@dataclass(frozen=True, slots=True)
class StationSnapshot:
    """A station. `registration` is None until a boot was answered."""

    station_id: str
    version: OcppVersion
    vendor: str
    model: str
    firmware: str
    is_powered: bool
    is_connected: bool
    registration: RegistrationStatus | None
    queued: int
    """Transaction messages that wait to be sent or answered."""
    connectors: tuple[ConnectorSnapshot, ...]
    evses: tuple[EvseSnapshot, ...]
    display: tuple[str, ...] = ()
    """The messages that its display shows now, by turns."""

    @property
    def is_accepted(self) -> bool:
        """Connected and accepted."""
        return self.is_connected and self.registration is RegistrationStatus.ACCEPTED

    def connector(self, evse_id: int = 1, connector_id: int = 1) -> ConnectorSnapshot:
        """One connector. Raises KeyError."""
        for one in self.connectors:
            if (one.evse_id, one.connector_id) == (evse_id, connector_id):
                return one
        raise KeyError(f"no connector {connector_id} of EVSE {evse_id}")

    def evse(self, evse_id: int = 1) -> EvseSnapshot:
        """One EVSE. Raises KeyError."""
        for one in self.evses:
            if one.evse_id == evse_id:
                return one
        raise KeyError(f"no EVSE {evse_id}")


def connectors_of(connectors: Connectors) -> tuple[ConnectorSnapshot, ...]:
    """All connectors."""
    return tuple(
        ConnectorSnapshot(one.evse_id, one.connector_id, one.state, one.is_plugged, one.error)
        for one in connectors.all()
    )


def evses_of(connectors: Connectors, now: float, costs: Mapping[int, ShownCost]) -> tuple[EvseSnapshot, ...]:
    """All EVSEs; `now` is the clock's monotonic time, `costs` what is shown of each."""
    found = []
    for evse in connectors.evses.values():
        running = evse.transaction
        found.append(
            EvseSnapshot(
                evse.evse_id,
                evse.meter.power_w(now),
                evse.meter.energy_wh(now),
                (running.csms_id or running.transaction_id) if running is not None else None,
                (running.id_token or None) if running is not None else None,
                costs.get(evse.evse_id),
            )
        )
    return tuple(found)


Condition = Callable[[StationSnapshot], bool]


class Watchers:
    """Whoever waits for a condition. `notify` looks once per turn of the loop, however often it is called."""

    def __init__(self, clock: Clock, read: Callable[[], StationSnapshot]) -> None:
        self._clock = clock
        self._read = read
        self._waiting: list[tuple[Condition, asyncio.Future[StationSnapshot]]] = []
        self._is_due = False

    def notify(self) -> None:
        """Something has changed."""
        if self._waiting and not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._look)

    async def wait_until(self, condition: Condition, timeout_s: float) -> StationSnapshot:
        """The first snapshot that meets `condition`. Raises WaitTimeoutError."""
        met: asyncio.Future[StationSnapshot] = asyncio.get_running_loop().create_future()
        entry = (condition, met)
        self._waiting.append(entry)
        timer = self._clock.call_later(timeout_s, lambda: self._time_out(met, timeout_s))
        self.notify()
        try:
            return await met
        finally:
            timer.cancel()
            self._waiting.remove(entry)

    def _look(self) -> None:
        self._is_due = False
        snapshot = self._read()
        for condition, met in tuple(self._waiting):
            if met.done():
                continue
            try:
                is_met = condition(snapshot)
            except Exception as error:  # noqa: BLE001 # the waiter's own mistake goes to the waiter
                met.set_exception(error)
                continue
            if is_met:
                met.set_result(snapshot)

    def _time_out(self, met: "asyncio.Future[StationSnapshot]", timeout_s: float) -> None:
        if not met.done():
            last = self._read()
            text = f"{last.station_id}: not within {timeout_s:g} s; at last it was {_in_words(last)}"
            met.set_exception(WaitTimeoutError(text))


def _in_words(snapshot: StationSnapshot) -> str:
    link = "connected" if snapshot.is_connected else "not connected"
    status = snapshot.registration.value if snapshot.registration is not None else "not registered"
    connectors = ", ".join(
        f"{one.evse_id}.{one.connector_id} {one.state.value}" for one in snapshot.connectors
    )
    return f"{link}, {status}, {connectors}"
