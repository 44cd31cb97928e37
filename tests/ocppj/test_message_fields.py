"""A pattern may name what some version has, and nothing else."""

import pytest

from ocppj.actions import actions_of
from ocppj.message_fields import strange_action, strange_field
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
    where = {"action": schema.action, "kind": kind, "versions": (schema.version,)}
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
