"""An EVSE and its connectors: cables, states, meter, and who may charge there."""

from dataclasses import dataclass, field

from ocppj.vocabulary import IdToken, IdTokenInfo
from runtime.clock import Timer
from simulator.connector_states import ConnectorState, Happening, next_state
from simulator.memory import KeptTransaction
from simulator.meter import Meter
from simulator.template import EvseTemplate


@dataclass(slots=True)
class Connector:
    """One socket or cable. `error` is the fault's code while it is faulted."""

    evse_id: int
    connector_id: int
    state: ConnectorState = ConnectorState.AVAILABLE
    is_plugged: bool = False
    error: str | None = None

    def happen(self, happening: Happening) -> None:
        """Go where the table says. Raises ImpossibleError."""
        self.state = next_state(self.state, happening)

    @property
    def is_usable(self) -> bool:
        """Whether somebody could charge here."""
        return self.state not in (ConnectorState.FAULTED, ConnectorState.UNAVAILABLE)


@dataclass(slots=True)
class Grant:
    """A driver was authorized; the transaction starts when a cable is in, or lapses."""

    id_token: IdToken
    info: IdTokenInfo
    trigger: str
    remote_start_id: int | None = None
    timer: Timer | None = None


@dataclass(slots=True)
class Evse:
    """One EVSE. At most one of its connectors has a transaction at a time."""

    evse_id: int
    template: EvseTemplate
    connectors: dict[int, Connector]
    meter: Meter
    grant: Grant | None = None
    transaction: KeptTransaction | None = None
    timers: list[Timer] = field(default_factory=list)
    """Those of the running transaction: the next sample, the car being full."""

    @property
    def plugged(self) -> Connector | None:
        """The connector with a cable in."""
        return next((one for one in self.connectors.values() if one.is_plugged), None)

    @property
    def is_usable(self) -> bool:
        """Whether somebody could charge here."""
        return any(one.is_usable for one in self.connectors.values())

    def cancel_timers(self) -> None:
        """No more samples."""
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()


def build_evse(evse_id: int, template: EvseTemplate, register_wh: float = 0.0) -> Evse:
    """An EVSE with free connectors."""
    connectors = {number: Connector(evse_id, number) for number in range(1, template.connectors + 1)}
    return Evse(evse_id, template, connectors, Meter(register_wh, phases=template.phases))
