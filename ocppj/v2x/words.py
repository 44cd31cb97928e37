"""OCPP 2.x's words for the value types of the field, read in both directions by csms and simulator.

The vocabulary is shaped like 2.0.1, so most words are the values of the enums; what is here is what to do
with a word that nobody knows. OCPP 2.1 uses the same words and more of them, and the same functions.
"""

from ocppj.vocabulary import (
    AuthorizationStatus,
    BootReason,
    ChargingState,
    ConnectorStatus,
    IdTokenType,
    TransactionEventKind,
    TriggeredMessage,
)


def boot_reason_from_v2x(word: str) -> BootReason:
    """Why the station started; UNKNOWN for a word we do not know."""
    try:
        return BootReason(word)
    except ValueError:
        return BootReason.UNKNOWN


def boot_reason_to_v2x(reason: BootReason) -> str:
    """The word of the standard."""
    return reason.value


_STATUSES = {status.value: status for status in ConnectorStatus}


def status_from_v2x(word: str) -> ConnectorStatus | None:
    """One of the five; None for a word that 2.x does not have."""
    return _STATUSES.get(word)


def status_to_v2x(status: ConnectorStatus) -> str:
    """The word of the standard."""
    return status.value


_CHARGING_STATES = {state.value: state for state in ChargingState}


def charging_state_from_v2x(word: str | None) -> ChargingState | None:
    """What the transaction does; None where the station does not say, or says something unknown."""
    return _CHARGING_STATES.get(word) if word is not None else None


def charging_state_to_v2x(state: ChargingState | None) -> str | None:
    """The word of the standard."""
    return state.value if state is not None else None


def authorization_from_v2x(word: str) -> AuthorizationStatus:
    """The verdict; an unknown word is Invalid, so that nobody charges on a typing error."""
    try:
        return AuthorizationStatus(word)
    except ValueError:
        return AuthorizationStatus.INVALID


def authorization_to_v2x(status: AuthorizationStatus) -> str:
    """The word of the standard."""
    return status.value


_TOKEN_TYPES = {type_.value: type_ for type_ in IdTokenType}


def token_type_from_v2x(word: str) -> IdTokenType | str:
    """The kind of an id token; in 2.1 operators may invent more, which are kept as text."""
    return _TOKEN_TYPES.get(word, word)


def token_type_to_v2x(type_: IdTokenType | str) -> str:
    """The word of the standard, or the operator's own."""
    return type_.value if isinstance(type_, IdTokenType) else type_


_TRANSACTION_EVENTS = {kind.value: kind for kind in TransactionEventKind}


def transaction_event_from_v2x(word: str) -> TransactionEventKind | None:
    """Which end of a transaction; None for an unknown word."""
    return _TRANSACTION_EVENTS.get(word)


_TRIGGERS = {message.value: message for message in TriggeredMessage}


def trigger_from_v2x(word: str) -> TriggeredMessage | None:
    """What a TriggerMessage asks for; None for a message that the vocabulary does not have."""
    return _TRIGGERS.get(word)


def trigger_to_v2x(message: TriggeredMessage | str) -> str:
    """The word of the standard."""
    return message.value if isinstance(message, TriggeredMessage) else message


def stopped_reason_from_v2x(word: str | None) -> str:
    """Why a transaction ended. No word means Local (OCPP 2.0.1 part 2, TransactionType.stoppedReason)."""
    return word or "Local"


def connector_from_v2x(evse_id: int, connector_id: int | None) -> tuple[int, int]:
    """(EVSE id, connector id); EVSE 0 is the whole station, an EVSE without a connector is connector 0."""
    return evse_id, connector_id or 0


def connector_refusal(evse_id: int | None, connector_id: int | None) -> str | None:
    """Why 2.x has no name for a connector: one is always an EVSE's."""
    if not connector_id or evse_id:
        return None
    return f"OCPP 2.x names a connector together with its EVSE: connector_id {connector_id} needs an evse_id"
