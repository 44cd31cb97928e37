"""An EVSE and its connectors: cables, states, meter, and who may charge there."""

from dataclasses import dataclass, field
from datetime import datetime

from ocppj.model.smart_charging import ChargingProfile
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo
from runtime.clock import Timer
from simulator.model.connector_states import ConnectorState, Happening, next_state
from simulator.model.meter import Meter
from simulator.model.stored_state import KeptTransaction
from simulator.model.template import EvseTemplate
from simulator.model.transaction_points import NOTHING, EvseFacts


@dataclass(slots=True)
class Connector:
    """One socket or cable. `error` is the fault's code while it is faulted.

    A cable may be in without a car at its other end: it was pulled at the car, and stays locked until
    `locked_by`, the driver who charged with it, comes back (2.0.1 E09.FR.03, E10.FR.01).
    """

    evse_id: int
    connector_id: int
    state: ConnectorState = ConnectorState.AVAILABLE
    is_plugged: bool = False
    is_connected: bool = False
    """A car is at the cable's other end."""
    locked_by: "Grant | None" = None
    error: str | None = None

    def happen(self, happening: Happening) -> None:
        """Go where the table says. Raises ImpossibleError."""
        self.state = next_state(self.state, happening)

    @property
    def is_forgotten(self) -> bool:
        """Whether its cable is in without a car, and nobody has to come back for it."""
        return self.is_plugged and not self.is_connected and self.locked_by is None

    @property
    def is_locked(self) -> bool:
        """Whether its cable is held for the driver who charged with it."""
        return not self.is_connected and self.locked_by is not None

    @property
    def is_usable(self) -> bool:
        """Whether somebody could charge here."""
        return self.state not in (ConnectorState.FAULTED, ConnectorState.UNAVAILABLE)


@dataclass(slots=True)
class Grant:
    """A driver was authorized: waits for a cable until `timer` is due, then holds as long as they charge."""

    id_token: IdToken
    info: IdTokenInfo
    trigger: str
    remote_start_id: int | None = None
    reservation_id: int | None = None
    """The reservation that they have used up."""
    timer: Timer | None = None
    charging_profile: ChargingProfile | None = None
    """What came with a remote start, until energy may flow."""
    is_reported: bool = False
    """A transaction message has named the driver (2.0.1 E03.FR.01: once)."""

    @property
    def is_valid(self) -> bool:
        """Whether energy may flow: False once the central system has refused the token."""
        return self.info.status is AuthorizationStatus.ACCEPTED


@dataclass(slots=True)
class Evse:
    """One EVSE. At most one of its connectors has a transaction at a time."""

    evse_id: int
    template: EvseTemplate
    connectors: dict[int, Connector]
    meter: Meter
    grant: Grant | None = None
    transaction: KeptTransaction | None = None
    is_parked: bool = False
    """A car stands there."""
    facts: EvseFacts = NOTHING
    """What was so when something was last told of it."""
    path_closed_at: datetime | None = None
    """When the running transaction could first take energy."""
    timers: dict[str, Timer] = field(default_factory=dict)
    """Those of the running transaction, by what is due."""

    @property
    def plugged(self) -> Connector | None:
        """The connector with a cable in."""
        return next((one for one in self.connectors.values() if one.is_plugged), None)

    @property
    def connected(self) -> Connector | None:
        """The connector with a car at its cable."""
        return next((one for one in self.connectors.values() if one.is_connected), None)

    @property
    def occupied(self) -> Connector:
        """Where the car is, or the cable, or where the transaction was; else the first."""
        number = self.transaction.connector_id if self.transaction is not None else 1
        return self.connected or self.plugged or self.connectors.get(number, self.connectors[1])

    @property
    def is_usable(self) -> bool:
        """Whether somebody could charge here."""
        return any(one.is_usable for one in self.connectors.values())

    def cancel_timer(self, name: str) -> None:
        """If it runs."""
        timer = self.timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def cancel_timers(self) -> None:
        """No more samples."""
        for timer in self.timers.values():
            timer.cancel()
        self.timers.clear()


def build_evse(evse_id: int, template: EvseTemplate, register_wh: float = 0.0) -> Evse:
    """An EVSE with free connectors."""
    connectors = {number: Connector(evse_id, number) for number in range(1, template.connectors + 1)}
    return Evse(evse_id, template, connectors, Meter(register_wh, phases=template.phases))
