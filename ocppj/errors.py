"""Errors of the protocol core. The branch says who is at fault.

OcppError
├── MisuseError                 our own code asked for something that must not go on the wire
│   ├── UnknownActionError        no such action in this version, or not in this direction
│   ├── InvalidMessageError       the message would break its schema: `.path`, `.rule`
│   ├── CallOpenError             a CALL is open already (one per direction)
│   └── QueueFullError            too many CALLs wait
└── ViolationError              the peer broke the protocol: `.kind` is what to answer
    ├── FrameError                the frame itself: not JSON, not a message, no readable id
    └── PayloadError              the payload of a known action: `.path`, `.rule`

The wire code of each kind and version is in one table, `wire_code`.
"""

from enum import StrEnum

from ocppj.versions import OcppVersion


class ErrorKind(StrEnum):
    """What went wrong, named as OCPP 2.x does (2.0.1 part 4 §4.3, 2.1 part 4 §4.3)."""

    FORMAT_VIOLATION = "FormatViolation"
    GENERIC = "GenericError"
    INTERNAL = "InternalError"
    MESSAGE_TYPE_NOT_SUPPORTED = "MessageTypeNotSupported"
    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    OCCURRENCE_CONSTRAINT = "OccurrenceConstraintViolation"
    PROPERTY_CONSTRAINT = "PropertyConstraintViolation"
    PROTOCOL = "ProtocolError"
    RPC_FRAMEWORK = "RpcFrameworkError"
    SECURITY = "SecurityError"
    TYPE_CONSTRAINT = "TypeConstraintViolation"
    # Two that only we distinguish: 1.6 and 2.x have swapped their codes.
    MISSING_FIELD = "missing field"
    UNKNOWN_FIELD = "unknown field"


_V2X = {
    ErrorKind.MISSING_FIELD: "OccurrenceConstraintViolation",
    ErrorKind.UNKNOWN_FIELD: "ProtocolError",  # "Payload for Action is not conform the PDU structure"
}

# OCPP-J 1.6 §4.2.3 table 7. The errata sheet (§5.2) keeps both odd spellings because fixing them would break
# implementations, and there is no code for a broken envelope.
_V16 = {
    ErrorKind.FORMAT_VIOLATION: "FormationViolation",
    ErrorKind.OCCURRENCE_CONSTRAINT: "OccurenceConstraintViolation",
    ErrorKind.RPC_FRAMEWORK: "FormationViolation",
    ErrorKind.MESSAGE_TYPE_NOT_SUPPORTED: "GenericError",
    ErrorKind.MISSING_FIELD: "ProtocolError",  # "Payload for Action is incomplete"
    ErrorKind.UNKNOWN_FIELD: "FormationViolation",  # "... or not conform the PDU structure for Action"
}


def wire_code(version: OcppVersion, kind: ErrorKind) -> str:
    """The errorCode of a CALLERROR in this version."""
    table = _V16 if version is OcppVersion.V16 else _V2X
    return table.get(kind, kind.value)


class OcppError(Exception):
    """The tree's root."""


class MisuseError(OcppError):
    """Our own code asked for something that must not go on the wire."""


class UnknownActionError(MisuseError):
    """The version has no such action, or not in this direction."""


class InvalidMessageError(MisuseError):
    """A message that we were about to send breaks its schema."""

    def __init__(self, action: str, path: str, rule: str, detail: str) -> None:
        super().__init__(f"{action}: {path}: {detail}")
        self.action = action
        self.path = path
        self.rule = rule


class CallOpenError(MisuseError):
    """One CALL is open already; wait for its end (OCPP-J 1.6 §4.1.1, 2.0.1 part 4 §4.1.1)."""


class QueueFullError(MisuseError):
    """Too many CALLs wait for their turn."""


class ViolationError(OcppError):
    """The peer broke the protocol."""

    def __init__(self, kind: ErrorKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class FrameError(ViolationError):
    """A frame that is no OCPP message. `message_id` and `action` are None where they could not be read."""

    def __init__(
        self,
        kind: ErrorKind,
        detail: str,
        message_id: str | None = None,
        *,
        action: str | None = None,
        is_answerable: bool = True,
    ) -> None:
        super().__init__(kind, detail)
        self.message_id = message_id
        self.action = action
        self.is_answerable = is_answerable


class PayloadError(ViolationError):
    """A payload that breaks its schema: where (`path`, as `$.meterValue[0].timestamp`) and which `rule`."""

    def __init__(self, kind: ErrorKind, path: str, rule: str, detail: str) -> None:
        super().__init__(kind, f"{path}: {detail}")
        self.path = path
        self.rule = rule
