"""The error tree, and the CALLERROR code of each kind in each version."""

import re

import pytest

from ocppj import errors
from ocppj.errors import ErrorKind, FrameError, InvalidMessageError, OcppError, PayloadError, wire_code
from ocppj.versions import OcppVersion

# OCPP-J 1.6 §4.2.3 table 7, in the spelling of its errata sheet §5.1.
CODES_V16 = {
    "NotImplemented",
    "NotSupported",
    "InternalError",
    "ProtocolError",
    "SecurityError",
    "FormationViolation",
    "PropertyConstraintViolation",
    "OccurenceConstraintViolation",
    "TypeConstraintViolation",
    "GenericError",
}
# OCPP 2.0.1 part 4 §4.3 table 8; 2.1 part 4 §4.3 table 9 is the same.
CODES_V2X = {
    "FormatViolation",
    "GenericError",
    "InternalError",
    "MessageTypeNotSupported",
    "NotImplemented",
    "NotSupported",
    "OccurrenceConstraintViolation",
    "PropertyConstraintViolation",
    "ProtocolError",
    "RpcFrameworkError",
    "SecurityError",
    "TypeConstraintViolation",
}


@pytest.mark.parametrize(
    ("version", "codes"),
    [(OcppVersion.V16, CODES_V16), (OcppVersion.V201, CODES_V2X), (OcppVersion.V21, CODES_V2X)],
)
def test_only_codes_of_the_version_go_on_the_wire(version: OcppVersion, codes: set[str]) -> None:
    """Each kind has one of the version's codes, and each code has a kind."""
    assert {wire_code(version, kind) for kind in ErrorKind} == codes


def test_the_two_codes_that_were_swapped() -> None:
    """1.6 calls an incomplete payload a ProtocolError, 2.x one that does not conform to the PDU structure."""
    missing, unknown = ErrorKind.MISSING_FIELD, ErrorKind.UNKNOWN_FIELD
    assert wire_code(OcppVersion.V16, missing) == wire_code(OcppVersion.V201, unknown) == "ProtocolError"
    assert wire_code(OcppVersion.V201, missing) == "OccurrenceConstraintViolation"
    assert wire_code(OcppVersion.V16, unknown) == "FormationViolation"


def test_the_tree_is_as_drawn() -> None:
    """The module's first words show every error once, below its parent."""
    parents: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        drawn = re.match(r"([│├└─ ]*)(\w+Error)\b", line)
        if drawn is not None:
            depth = len(drawn[1]) // 4
            kind = getattr(errors, drawn[2])
            assert issubclass(kind, OcppError)
            assert depth == 0 or kind.__base__.__name__ == parents[depth - 1]
            parents[depth:] = [drawn[2]]
    names = {name for name, kind in vars(errors).items() if isinstance(kind, type) and name.endswith("Error")}
    assert set(re.findall(r"\b\w+Error\b", errors.__doc__ or "")) == names


def test_errors_say_what_and_where() -> None:
    """A person reads the text, the code reads the fields."""
    broken = PayloadError(ErrorKind.MISSING_FIELD, "$.idTag", "missing-field", "is required but missing")
    assert str(broken) == broken.detail == "$.idTag: is required but missing"
    assert (broken.kind, broken.path, broken.rule) == (ErrorKind.MISSING_FIELD, "$.idTag", "missing-field")
    ours = InvalidMessageError("Authorize", "$.idTag", "too-long", "is longer than 20")
    assert str(ours) == "Authorize: $.idTag: is longer than 20"
    frame = FrameError(ErrorKind.RPC_FRAMEWORK, "no array")
    assert (str(frame), frame.message_id, frame.action, frame.is_answerable) == ("no array", None, None, True)
