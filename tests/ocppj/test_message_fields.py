"""A pattern may name what some version has, and nothing else."""

from typing import Any

import pytest

from ocppj.actions import actions_of
from ocppj.message_fields import ERROR_FIELDS, Strange, strange_action, strange_field
from ocppj.versions import OcppVersion
from tests.support.schemas import MessageSchema, message_schemas, smallest


@pytest.mark.parametrize("version", list(OcppVersion))
def test_every_action_of_a_version_is_known_to_it(version: OcppVersion) -> None:
    """And a misspelt one is none, of no version."""
    assert all(strange_action(name, (version,)) is None for name in actions_of(version))
    strange = strange_action("StopTransactoin")
    assert strange is not None
    assert "StopTransaction" in strange.known


@pytest.mark.parametrize("schema", message_schemas(), ids=str)
def test_what_the_schema_requires_is_no_strange_field(schema: MessageSchema) -> None:
    """Compared with the official schemas: theirs can be expected, none with one more member."""
    kind = "call" if schema.is_request else "result"
    payload = smallest(schema.whole)
    where: dict[str, Any] = {"action": schema.action, "kind": kind, "versions": (schema.version,)}
    assert strange_field(payload, **where) is None
    strange = strange_field(payload | {"xyzzy": 1}, **where)
    assert strange is not None
    assert strange.path == ("xyzzy",)
    assert set(strange.known) == set(schema.whole.get("properties", ()))


def test_alternatives_may_be_of_different_versions() -> None:
    """The fault of the one that fits no version is told with its place."""
    right = {"<one of>": [{"connectorId": 1}, {"evseId": 1}]}
    assert strange_field(right, action="MeterValues", kind="call") is None
    wrong = {"<one of>": [{"connectorId": 1}, {"evse": 1}]}
    strange = strange_field(wrong, action="MeterValues", kind="call")
    assert strange is not None
    assert strange.path == ("<one of>", 1, "evse")


@pytest.mark.parametrize("kind", ["error", "result_error"])
def test_of_an_error_there_are_three_things_to_expect(kind: str) -> None:
    """Whatever the action; a form around them, or what is no object, is somebody else's business."""
    assert strange_field({"code": "NotSupported", "details": {}}, action="Reset", kind=kind) is None
    strange = strange_field({"code": "NotSupported", "reason": "x"}, action=None, kind=kind)
    assert strange == Strange("field", "reason", ("reason",), ERROR_FIELDS)
    assert strange_field({"<one of>": [{"code": "x"}]}, action=None, kind=kind) is None
    assert strange_field("x", action=None, kind=kind) is None


VALUES = "MeterValues"


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ({"meterValue": [{"timestmp": "x"}]}, ("meterValue", 0, "timestmp")),
        (
            {"meterValue": [{}, {"sampledValue": [{"vaule": 1}]}]},
            ("meterValue", 1, "sampledValue", 0, "vaule"),
        ),
        ({"meterValue": {"<contains>": {"timestmp": "x"}}}, ("meterValue", "<contains>", "timestmp")),
        ({"meterValue": {"<every>": {"timestmp": "x"}}}, ("meterValue", "<every>", "timestmp")),
        ({"<one of>": {"evse": 1}}, ("<one of>", "evse")),
        ({"meterValue": {"<one of>": [[], [{"timestmp": 1}]]}}, ("meterValue", "<one of>", 1, 0, "timestmp")),
    ],
)
def test_a_fault_is_named_where_it_stands(pattern: Any, path: tuple[str | int, ...]) -> None:
    """Also below lists and forms."""
    strange = strange_field(pattern, action=VALUES, kind="call")
    assert strange is not None
    assert (strange.path, strange.word) == (path, path[-1])


@pytest.mark.parametrize(
    "pattern",
    [
        {"meterValue": {"<contains>": {"timestamp": "x"}}},
        {"meterValue": {"<length>": 3}},
        {"meterValue": "a word that only a value can be wrong in"},
        {"connectorId": {"<at least>": 1}},
        {"connectorId": {"not": "looked into"}},
        {"meterValue": [{"sampledValue": [{"value": "1"}, {"unit": "Wh"}]}]},
        [],
        "x",
    ],
)
def test_what_only_a_value_can_be_wrong_in_is_no_strange_field(pattern: Any) -> None:
    """The comparison with the message tells."""
    assert strange_field(pattern, action=VALUES, kind="call", versions=(OcppVersion.V16,)) is None


def test_of_an_unknown_action_no_field_is_strange() -> None:
    """That it is unknown is said by `strange_action`; without an action each message may be meant."""
    assert strange_field({"x": 1}, action="Nothing", kind="call") is None
    assert strange_field({"currentTime": "x"}, action=None, kind=None) is None
    assert strange_field({"currentTime": "x"}, action=None, kind="call") is not None


def test_what_may_hold_anything_is_not_looked_into() -> None:
    """2.x DataTransfer's data."""
    pattern = {"vendorId": "acme", "data": {"whatever": [1]}}
    assert strange_field(pattern, action="DataTransfer", kind="call", versions=(OcppVersion.V201,)) is None
