"""docs/reference/ocpp-errors.md is the table of the code."""

import re

from ocppj.errors import ErrorKind, wire_code
from ocppj.versions import OcppVersion
from tests.support.sources import ROOT

PAGE = (ROOT / "docs" / "reference" / "ocpp-errors.md").read_text(encoding="utf-8")
ROWS = {
    "the action is not known": ErrorKind.NOT_IMPLEMENTED,
    "the action is known and": ErrorKind.NOT_SUPPORTED,
    "no JSON": ErrorKind.FORMAT_VIOLATION,
    "a required field": ErrorKind.MISSING_FIELD,
    "a field that the schema does not have": ErrorKind.UNKNOWN_FIELD,
    "too few": ErrorKind.OCCURRENCE_CONSTRAINT,
    "too long": ErrorKind.PROPERTY_CONSTRAINT,
    "another type": ErrorKind.TYPE_CONSTRAINT,
    "the frame is not one": ErrorKind.RPC_FRAMEWORK,
    "a message type": ErrorKind.MESSAGE_TYPE_NOT_SUPPORTED,
    "something that the station may not": ErrorKind.SECURITY,
    "we failed": ErrorKind.INTERNAL,
    "anything else": ErrorKind.GENERIC,
}


def test_the_page_has_the_codes_of_every_version() -> None:
    """One row per kind; `ProtocolError` itself is the two that 1.6 and 2.x have swapped."""
    rows = re.findall(r"^\| ([a-z].*?) \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
    kinds = [next(kind for start, kind in ROWS.items() if what.startswith(start)) for what, _, _ in rows]
    assert sorted(kinds) == sorted(set(ErrorKind) - {ErrorKind.PROTOCOL})
    for kind, (_, code_v16, code_v2x) in zip(kinds, rows, strict=True):
        assert code_v2x == f"`{wire_code(OcppVersion.V201, kind)}`" == f"`{wire_code(OcppVersion.V21, kind)}`"
        if kind is not ErrorKind.MESSAGE_TYPE_NOT_SUPPORTED:  # 1.6 §4.1.3: ignored
            assert code_v16 == f"`{wire_code(OcppVersion.V16, kind)}`"
