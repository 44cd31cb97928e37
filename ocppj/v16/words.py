"""OCPP 1.6's words for the field's value types, one table each, read in both directions.

The central system reads with `…_from_v16` and writes with `…_to_v16`; a simulated station the other way
round. 1.6 embeds into the 2.x shape (architecture §2): connector N is EVSE N, connector 1; connector 0 is
EVSE 0, the whole station; the integer transaction id is text; the nine connector statuses are a status and a
charging state.
"""

from ocppj.vocabulary import (
    AuthorizationStatus,
    ChargingState,
    ConnectorStatus,
    IdToken,
    IdTokenType,
    ResetKind,
    TriggeredMessage,
)

# --- Connectors ----------------------------------------------------------------------------------


def connector_from_v16(connector_id: int) -> tuple[int, int]:
    """(EVSE id, connector id) of a 1.6 connector; 0 is the whole station."""
    return (connector_id, 1) if connector_id > 0 else (0, 0)


def connector_to_v16(evse_id: int | None) -> int:
    """The 1.6 connector of an EVSE; the whole station is 0."""
    return evse_id or 0


def connector_refusal(evse_id: int | None, connector_id: int | None) -> str | None:
    """Why 1.6 has no name for a connector: each is its own EVSE's first, and the whole station has none."""
    if connector_id is None or (connector_id == 1 and evse_id) or (connector_id == 0 and not evse_id):
        return None
    return f"OCPP 1.6 numbers connectors as we number EVSEs: connector_id {connector_id} has no number there"


_STATUSES: dict[str, tuple[ConnectorStatus, ChargingState | None]] = {
    "Available": (ConnectorStatus.AVAILABLE, None),
    "Preparing": (ConnectorStatus.OCCUPIED, ChargingState.EV_CONNECTED),
    "Charging": (ConnectorStatus.OCCUPIED, ChargingState.CHARGING),
    "SuspendedEV": (ConnectorStatus.OCCUPIED, ChargingState.SUSPENDED_EV),
    "SuspendedEVSE": (ConnectorStatus.OCCUPIED, ChargingState.SUSPENDED_EVSE),
    "Finishing": (ConnectorStatus.OCCUPIED, ChargingState.IDLE),
    "Reserved": (ConnectorStatus.RESERVED, None),
    "Unavailable": (ConnectorStatus.UNAVAILABLE, None),
    "Faulted": (ConnectorStatus.FAULTED, None),
}
_STATUS_WORDS = {pair: word for word, pair in _STATUSES.items()}
_STATUS_WORDS[ConnectorStatus.OCCUPIED, None] = "Preparing"


def status_from_v16(word: str) -> ConnectorStatus | None:
    """One of the nine as one of the five; None for a word that 1.6 does not have."""
    known = _STATUSES.get(word)
    return known[0] if known else None


def charging_state_from_v16(word: str) -> ChargingState | None:
    """What one of the nine says about the transaction; None where it says nothing."""
    known = _STATUSES.get(word)
    return known[1] if known else None


def status_to_v16(status: ConnectorStatus, charging_state: ChargingState | None = None) -> str:
    """One of the nine. The charging state tells the kinds of Occupied apart, and counts for nothing else."""
    if status is not ConnectorStatus.OCCUPIED:
        charging_state = None
    return _STATUS_WORDS[status, charging_state]


# --- Authorization -------------------------------------------------------------------------------


def id_token_from_v16(id_tag: str) -> IdToken:
    """1.6 tells no type of token."""
    return IdToken(id_tag, IdTokenType.ISO14443, has_type=False)


def id_token_to_v16(id_token: IdToken) -> str:
    """The idTag; what kind of token it was is lost."""
    return id_token.value


_AUTHORIZATION_WORDS = {
    AuthorizationStatus.ACCEPTED: "Accepted",
    AuthorizationStatus.BLOCKED: "Blocked",
    AuthorizationStatus.EXPIRED: "Expired",
    AuthorizationStatus.INVALID: "Invalid",
    AuthorizationStatus.CONCURRENT_TX: "ConcurrentTx",
    # 1.6 §7.2 has five words. A token that we know but do not let charge here and now is Blocked.
    AuthorizationStatus.NO_CREDIT: "Blocked",
    AuthorizationStatus.NOT_ALLOWED_TYPE_EVSE: "Blocked",
    AuthorizationStatus.NOT_AT_THIS_LOCATION: "Blocked",
    AuthorizationStatus.NOT_AT_THIS_TIME: "Blocked",
    AuthorizationStatus.UNKNOWN: "Invalid",
}


def authorization_from_v16(word: str) -> AuthorizationStatus:
    """The five words are the same; any other is Invalid, so that nobody charges on a typing error."""
    try:
        return AuthorizationStatus(word)
    except ValueError:
        return AuthorizationStatus.INVALID


def authorization_to_v16(status: AuthorizationStatus) -> str:
    """One of the five words of 1.6."""
    return _AUTHORIZATION_WORDS[status]


# --- Transactions --------------------------------------------------------------------------------


def transaction_id_from_v16(transaction_id: int | None) -> str | None:
    """The number as text; None for 0 and less, which stations send when they have none (quirks 35, 36).

    A negative number of 32 bits is also sent without its sign: 4294967295 for -1.
    """
    if transaction_id is None or transaction_id <= 0 or 1 << 31 <= transaction_id < 1 << 32:
        return None
    return str(transaction_id)


def transaction_id_to_v16(transaction_id: str) -> int:
    """The number we handed out. Raises ValueError for the id of a 2.x station."""
    return int(transaction_id)


STOPPED_REASONS = {
    "DeAuthorized": "DeAuthorized",
    "EmergencyStop": "EmergencyStop",
    "EVDisconnected": "EVDisconnected",
    "HardReset": "ImmediateReset",
    "Local": "Local",
    "Other": "Other",
    "PowerLoss": "PowerLoss",
    "Reboot": "Reboot",
    "Remote": "Remote",
    "SoftReset": "SoftReset",  # 2.x has no word for it: an OnIdle reset stops no transaction there
    "UnlockCommand": "UnlockCommand",
}
"""1.6 reason → the 2.x word, where it has one."""

_STOPPED_REASON_WORDS = {ours: word for word, ours in STOPPED_REASONS.items()}


def stopped_reason_from_v16(word: str | None) -> str:
    """Why a transaction ended. No word means Local (1.6 §4.10); an unknown word is kept."""
    return STOPPED_REASONS.get(word, word) if word else "Local"


def stopped_reason_to_v16(reason: str) -> str:
    """The 1.6 word; Other where it has none."""
    return _STOPPED_REASON_WORDS.get(reason, "Other")


# --- Commands ------------------------------------------------------------------------------------

_RESETS = {ResetKind.ON_IDLE: "Soft", ResetKind.IMMEDIATE: "Hard"}
_RESET_KINDS = {word: kind for kind, word in _RESETS.items()}


def reset_from_v16(word: str) -> ResetKind:
    """Soft or Hard. Raises KeyError for any other word."""
    return _RESET_KINDS[word]


def reset_to_v16(kind: ResetKind) -> str:
    """Soft or Hard."""
    return _RESETS[kind]


_TRIGGERS = {
    "BootNotification": TriggeredMessage.BOOT_NOTIFICATION,
    "DiagnosticsStatusNotification": TriggeredMessage.LOG_STATUS_NOTIFICATION,
    "FirmwareStatusNotification": TriggeredMessage.FIRMWARE_STATUS_NOTIFICATION,
    "Heartbeat": TriggeredMessage.HEARTBEAT,
    "MeterValues": TriggeredMessage.METER_VALUES,
    "StatusNotification": TriggeredMessage.STATUS_NOTIFICATION,
}
_TRIGGER_WORDS = {message: word for word, message in _TRIGGERS.items()}


def trigger_from_v16(word: str) -> TriggeredMessage | None:
    """What a TriggerMessage asks for; None for an unknown word."""
    return _TRIGGERS.get(word)


def trigger_to_v16(message: TriggeredMessage | str) -> str | None:
    """The 1.6 word; None where 1.6 has no such message."""
    return _TRIGGER_WORDS.get(message) if isinstance(message, TriggeredMessage) else None
