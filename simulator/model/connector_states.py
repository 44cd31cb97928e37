"""The connector's state machine: all transitions of a connector live in this file.

A connector is in one of nine states, and things that happen to it move it from one to another. The table is
complete: what is not in it cannot happen, and asking for it is an error of the simulator, not of the station.

The states are those of OCPP 1.6 §4.9; 2.x knows five of them, because it tells the states of a charge in
the transaction instead (`STATUS_OF`).

Three facts decide where a connector goes when something ends: whether it is faulted, whether it is meant to
charge at all, and whether a cable is in it. That is the order in which they outrank each other: a fault hides
an unavailability, which hides a cable. Events therefore come in kinds that say what remains: `CLEARED` leaves
a free connector, `CLEARED_PLUGGED` one with a cable, `CLEARED_DISABLED` one out of service.
"""

import enum

from ocppj.vocabulary import ChargingState, ConnectorStatus


class ConnectorState(enum.Enum):
    """Where a connector is."""

    AVAILABLE = "Available"
    PREPARING = "Preparing"
    """A cable is in, or a driver was authorized, but not both; or the charge is about to begin."""
    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    """The car takes nothing: it is full."""
    SUSPENDED_EVSE = "SuspendedEVSE"
    """The station offers nothing."""
    FINISHING = "Finishing"
    """The transaction has ended, the cable is still in."""
    RESERVED = "Reserved"
    """Nobody is there yet, and not everybody may come."""
    UNAVAILABLE = "Unavailable"
    FAULTED = "Faulted"


class Happening(enum.Enum):
    """What can happen to a connector."""

    PLUGGED = "plugged"
    UNPLUGGED = "unplugged"
    AUTHORIZED = "authorized"
    LAPSED = "lapsed"
    """The driver was authorized and plugged nothing in."""
    STARTED = "started"
    EV_PAUSED = "ev paused"
    EV_RESUMED = "ev resumed"
    EVSE_PAUSED = "evse paused"
    EVSE_RESUMED = "evse resumed"
    STOPPED = "stopped"
    RESERVED = "reserved"
    RELEASED = "released"
    RELEASED_PLUGGED = "released with a cable in"
    DISABLED = "disabled"
    ENABLED = "enabled"
    ENABLED_PLUGGED = "enabled with a cable in"
    FAULTED = "faulted"
    CLEARED = "cleared"
    CLEARED_PLUGGED = "cleared with a cable in"
    CLEARED_DISABLED = "cleared, out of service"


_S = ConnectorState
_H = Happening

_ALWAYS = {_H.FAULTED: _S.FAULTED}

TRANSITIONS: dict[ConnectorState, dict[Happening, ConnectorState]] = {
    _S.AVAILABLE: _ALWAYS
    | {
        _H.PLUGGED: _S.PREPARING,
        _H.AUTHORIZED: _S.PREPARING,
        _H.RESERVED: _S.RESERVED,
        _H.DISABLED: _S.UNAVAILABLE,
    },
    _S.RESERVED: _ALWAYS
    | {
        _H.PLUGGED: _S.RESERVED,  # whose cable it is shows with the token (1.6 §4.9 G2, 2.x H03.FR.10)
        _H.UNPLUGGED: _S.RESERVED,
        _H.AUTHORIZED: _S.PREPARING,
        _H.RELEASED: _S.AVAILABLE,
        _H.RELEASED_PLUGGED: _S.PREPARING,
        _H.DISABLED: _S.UNAVAILABLE,
    },
    _S.PREPARING: _ALWAYS
    | {
        _H.PLUGGED: _S.PREPARING,
        _H.AUTHORIZED: _S.PREPARING,
        _H.UNPLUGGED: _S.AVAILABLE,
        _H.LAPSED: _S.AVAILABLE,
        _H.STARTED: _S.CHARGING,
        _H.DISABLED: _S.UNAVAILABLE,
    },
    _S.CHARGING: _ALWAYS
    | {
        _H.EV_PAUSED: _S.SUSPENDED_EV,
        _H.EVSE_PAUSED: _S.SUSPENDED_EVSE,
        _H.STOPPED: _S.FINISHING,
    },
    _S.SUSPENDED_EV: _ALWAYS
    | {
        _H.EV_RESUMED: _S.CHARGING,
        _H.EVSE_PAUSED: _S.SUSPENDED_EVSE,
        _H.STOPPED: _S.FINISHING,
    },
    _S.SUSPENDED_EVSE: _ALWAYS
    | {
        _H.EVSE_RESUMED: _S.CHARGING,
        _H.EV_PAUSED: _S.SUSPENDED_EV,
        _H.STOPPED: _S.FINISHING,
    },
    _S.FINISHING: _ALWAYS
    | {
        _H.UNPLUGGED: _S.AVAILABLE,
        _H.AUTHORIZED: _S.PREPARING,  # the next driver charges the same car
        _H.DISABLED: _S.UNAVAILABLE,
    },
    _S.UNAVAILABLE: _ALWAYS
    | {
        _H.PLUGGED: _S.UNAVAILABLE,
        _H.UNPLUGGED: _S.UNAVAILABLE,
        _H.DISABLED: _S.UNAVAILABLE,
        _H.ENABLED: _S.AVAILABLE,
        _H.ENABLED_PLUGGED: _S.PREPARING,
    },
    _S.FAULTED: _ALWAYS
    | {
        _H.PLUGGED: _S.FAULTED,
        _H.UNPLUGGED: _S.FAULTED,
        _H.DISABLED: _S.FAULTED,
        _H.ENABLED: _S.FAULTED,
        _H.ENABLED_PLUGGED: _S.FAULTED,
        _H.CLEARED: _S.AVAILABLE,
        _H.CLEARED_PLUGGED: _S.PREPARING,
        _H.CLEARED_DISABLED: _S.UNAVAILABLE,
    },
}
"""State → what happens → next state."""

STATUS_OF: dict[ConnectorState, tuple[ConnectorStatus, ChargingState | None]] = {
    _S.AVAILABLE: (ConnectorStatus.AVAILABLE, None),
    _S.PREPARING: (ConnectorStatus.OCCUPIED, ChargingState.EV_CONNECTED),
    _S.CHARGING: (ConnectorStatus.OCCUPIED, ChargingState.CHARGING),
    _S.SUSPENDED_EV: (ConnectorStatus.OCCUPIED, ChargingState.SUSPENDED_EV),
    _S.SUSPENDED_EVSE: (ConnectorStatus.OCCUPIED, ChargingState.SUSPENDED_EVSE),
    _S.FINISHING: (ConnectorStatus.OCCUPIED, ChargingState.IDLE),
    _S.RESERVED: (ConnectorStatus.RESERVED, None),
    _S.UNAVAILABLE: (ConnectorStatus.UNAVAILABLE, None),
    _S.FAULTED: (ConnectorStatus.FAULTED, None),
}
"""Each state in the vocabulary's words: connector status, and what the transaction does."""

IN_TRANSACTION = frozenset({_S.CHARGING, _S.SUSPENDED_EV, _S.SUSPENDED_EVSE})
"""The states in which a transaction runs."""


class ImpossibleError(Exception):
    """A happening that the table does not have in this state: a fault of the simulator itself."""


def next_state(state: ConnectorState, happening: Happening) -> ConnectorState:
    """Where the connector goes. Raises ImpossibleError."""
    try:
        return TRANSITIONS[state][happening]
    except KeyError:
        raise ImpossibleError(f"a connector that is {state.value} cannot be {happening.value}") from None


def draw_table() -> str:
    """The table in Markdown, as in docs/reference/simulator.md."""
    lines = ["| In state | what happens | goes to |", "|---|---|---|"]
    lines += [
        f"| {state.value} | {happening.value} | {target.value} |"
        for state, row in TRANSITIONS.items()
        for happening, target in row.items()
    ]
    return "\n".join(lines)
