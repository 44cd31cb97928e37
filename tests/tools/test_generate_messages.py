"""The generator of the message classes: what it makes of schemas, what it refuses, that its work is fresh."""

from pathlib import Path
from typing import Any

import pytest

from tools import generate_messages
from tools.generate_messages import DRAFT_4, VERSIONS, Module, attribute_name, generate, read_schemas

DRAFT_6 = "http://json-schema.org/draft-06/schema#"


def made_of(properties: dict[str, Any], required: tuple[str, ...] = (), **schema: Any) -> str:
    """The definitions for one message of that shape."""
    module = Module()
    module.add_message(
        "TestRequest",
        {"$schema": DRAFT_6, "type": "object", "properties": properties, "required": list(required)} | schema,
    )
    return module.text()


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_checked_in_is_fresh(version: str) -> None:
    """Whoever changes the generator or takes a new release of the schemas has to run it."""
    path = generate_messages.ROOT / "ocppj" / version / "messages.py"
    assert path.read_text() == generate(version)


def test_a_stale_file_is_shown_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--check prints a diff and what to run, and exits with 1; without it the files are written."""
    for version in VERSIONS:
        (tmp_path / "ocppj" / version).mkdir(parents=True)
    stale = tmp_path / "ocppj" / "v16" / "messages.py"
    stale.write_text("old = 1\n")
    monkeypatch.setattr(generate_messages, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["generate_messages", "--check"])
    assert generate_messages.main() == 1
    shown = capsys.readouterr()
    assert "-old = 1" in shown.out
    assert "run `python -m tools.generate_messages`" in shown.err
    assert stale.read_text() == "old = 1\n"
    monkeypatch.setattr("sys.argv", ["generate_messages"])
    assert generate_messages.main() == 0
    assert "wrote ocppj/v16/messages.py" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["generate_messages", "--check"])
    assert generate_messages.main() == 0
    assert stale.read_text() == generate("v16")


@pytest.mark.parametrize(
    ("schema", "line"),
    [
        ({"type": "string"}, "some_field: Opt[str] = None"),
        ({"type": "string", "maxLength": 20}, "some_field: Opt[Str20] = None"),
        ({"type": "string", "format": "date-time"}, "some_field: Opt[Time] = None"),
        ({"type": "string", "format": "uri"}, "some_field: Opt[str] = None"),
        ({"type": "string", "enum": ["B", "A"]}, "some_field: Opt[SomeFieldEnumType] = None"),
        ({"type": "integer"}, "some_field: Opt[Int] = None"),
        (
            {"type": "integer", "minimum": 0},
            "some_field: Opt[Annotated[int, Meta(ge=0, le=2**63 - 1)]] = None",
        ),
        (
            {"type": "integer", "maximum": 3.0},
            "some_field: Opt[Annotated[int, Meta(le=3, ge=-(2**63))]] = None",
        ),
        ({"type": "number", "minimum": 0.5}, "some_field: Opt[Annotated[float, Meta(ge=0.5)]] = None"),
        ({"type": "number", "multipleOf": 0.1}, "some_field: Opt[Tenths] = None"),
        ({"type": "boolean"}, "some_field: Opt[bool] = None"),
        ({}, "some_field: Opt[Any] = None"),
        (
            {"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 4},
            "some_field: Opt[Annotated[list[bool], Meta(min_length=1, max_length=4)]] = None",
        ),
        (
            {"type": "array", "items": {"type": "object", "properties": {}}},
            "some_field: Opt[list[SomeField]] = None",
        ),
    ],
)
def test_each_keyword_has_its_type(schema: dict[str, Any], line: str) -> None:
    """Those that the schemas use."""
    assert f"    {line}\n" in made_of({"someField": schema})


def test_required_fields_have_no_default() -> None:
    """Names that the rule does not give back stand beside the field."""
    text = made_of(
        {"a": {"type": "boolean"}, "priceScheduleID": {"type": "boolean"}}, ("a", "priceScheduleID")
    )
    assert "    a: bool\n" in text
    assert '    price_schedule_id: bool = field(name="priceScheduleID")\n' in text


@pytest.mark.parametrize(
    ("wire", "attribute"),
    [
        ("idTagInfo", "id_tag_info"),
        ("evseId", "evse_id"),
        ("from", "from_"),
        ("exiResponse", "exi_response"),
        ("responderURL", "responder_url"),
        ("iso15118SchemaVersion", "iso15118_schema_version"),
        ("maxChargePower_L2", "max_charge_power_l2"),
        ("evMaxV2XEnergyRequest", "ev_max_v2x_energy_request"),
        ("prioritizedEMAIDs", "prioritized_emaids"),
        ("soC", "soc"),
        ("targetSoC", "target_soc"),
    ],
)
def test_names_are_snake_case(wire: str, attribute: str) -> None:
    """Abbreviations stay one word; a keyword of Python gets an underscore."""
    assert attribute_name(wire) == attribute


def test_a_draft_4_schema_says_so() -> None:
    """1.6's own messages."""
    assert "    DRAFT: ClassVar[int] = 4\n" in made_of({}, (), **{"$schema": DRAFT_4})
    assert "DRAFT" not in made_of({})
    assert "    pass\n" in made_of({})


def test_parts_of_one_name_and_two_shapes_are_two_classes() -> None:
    """Two messages may mean different things by a name; the same shape is one class."""
    module = Module()
    shapes = {"AResponse": "boolean", "BResponse": "boolean", "CResponse": "string"}
    for name, kind in shapes.items():
        part = {"type": "object", "properties": {"x": {"type": kind}}}
        word = {"type": "string", "enum": [kind]}
        module.add_message(name, {"$schema": DRAFT_6, "properties": {"info": part, "status": word}})
    text = module.text()
    assert text.count("class Info(") == 1
    assert "class CResponseInfo(" in text
    assert 'StatusEnumType = Literal["boolean"]' in text
    assert 'CResponseStatusEnumType = Literal["string"]' in text


def test_a_schema_that_cannot_be_kept_is_refused() -> None:
    """Rather than ignored."""
    with pytest.raises(ValueError, match=r"multipleOf 0\.5 is not known"):
        made_of({"a": {"type": "number", "multipleOf": 0.5}})
    with pytest.raises(ValueError, match="cannot write A of type 'null'"):
        made_of({"a": {"type": "null"}})
    module = Module()
    module.add_message("A", {"$schema": DRAFT_6})
    with pytest.raises(ValueError, match="there already"):
        module.add_message("A", {"$schema": DRAFT_6})


@pytest.mark.parametrize(("version", "count"), [("v16", 78), ("v201", 128), ("v21", 181)])
def test_every_schema_is_a_request_or_a_response(version: str, count: int) -> None:
    """1.6's file names and those of 2.1's SEND leave `Request` out."""
    names = read_schemas(version)
    assert len(names) == count
    assert all(name.endswith(("Request", "Response")) for name in names)
    assert ("NotifyPeriodicEventStreamRequest" in names) == (version == "v21")
