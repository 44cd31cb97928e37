"""Templates and identities: what ships, and what a file may say."""

from pathlib import Path

import pytest

from ocppj.versions import OcppVersion
from runtime.chance import SeededChance
from simulator.errors import TemplateError
from simulator.model.inventory import build_inventory
from simulator.model.template import identify, load_template, shipped_templates
from simulator.model.version_variables import VARIABLES_OF
from tests.support.sources import ROOT


def test_shipped_templates_load_and_say_what_they_are() -> None:
    """All versions are among them."""
    found = shipped_templates()
    assert {kind.ocpp for kind in found.values()} == set(OcppVersion)
    assert all(kind.description for kind in found.values())
    assert load_template("ac-16") == found["ac-16"]


def test_own_file(tmp_path: Path) -> None:
    """Only three lines are needed."""
    path = tmp_path / "mine.yaml"
    path.write_text('version: "2.0.1"\nvendor: Me\nmodel: One\n')
    kind = load_template(str(path))
    assert (kind.vendor, len(kind.evses), kind.vehicle.vehicle().battery_wh) == ("Me", 1, 60_000)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: [", "line 1: this is no YAML"),
        ('version: "3.0"\nvendor: a\nmodel: b\n', "version: Input should be '1.6', '2.0.1' or '2.1'"),
        ('version: "1.6"\nmodel: b\n', "vendor: Field required"),
        ('version: "1.6"\nvendor: a\nmodel: b\ncolour: red\n', "colour: Extra inputs"),
        ('version: "1.6"\nvendor: a\nmodel: b\nevses: [{phases: 2}]\n', r"evses\.0\.phases: "),
        ("just text", "the file: "),
        ("", "the file: "),
    ],
)
def test_fault_in_a_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    """With the file, the place and the rule."""
    path = tmp_path / "wrong.yaml"
    path.write_text(text)
    with pytest.raises(TemplateError, match=rf"wrong\.yaml.*{message}"):
        load_template(str(path))


def test_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    """And a name that nobody ships: the error lists those that are."""
    with pytest.raises(TemplateError, match="No such file"):
        load_template(str(tmp_path / "none.yaml"))
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match="not UTF-8"):
        load_template(str(tmp_path / "binary.yml"))
    with pytest.raises(TemplateError, match="choose one of ac-16, ac-201"):
        load_template("nonsense")


def test_identity_is_the_mac_unless_named_otherwise() -> None:
    """In upper-case digits; EUI-64 stays sixteen."""
    kind = load_template("ac-16")
    plain = identify(kind, mac="02-b0-16-00-00-01")
    assert (plain.station_id, plain.vendor, plain.firmware) == ("02B016000001", kind.vendor, kind.firmware)
    assert plain.serial == "SN16000001"
    long = identify(kind, mac="0024:B100:0002:9F81")
    assert long.station_id == "0024B10000029F81"
    own = identify(
        kind, mac="02:B0:16:00:00:01", station_id="BOX/1", vendor="V", model="M", serial="S", firmware="F"
    )
    assert (own.station_id, own.vendor, own.model, own.serial, own.firmware) == ("BOX/1", "V", "M", "S", "F")


def test_mac_is_made_up_with_the_templates_prefix() -> None:
    """The same chance makes the same one."""
    kind = load_template("ac-201")
    made = identify(kind, chance=SeededChance(3))
    assert made.station_id.startswith("02B020")
    assert made == identify(kind, chance=SeededChance(3))


def test_mac_is_needed_and_checked() -> None:
    """Without one there must be chance."""
    kind = load_template("ac-16")
    with pytest.raises(TemplateError, match="needs a MAC"):
        identify(kind)
    with pytest.raises(TemplateError):
        identify(kind, mac="not a mac")


def test_template_of_the_how_to_is_one(tmp_path: Path) -> None:
    """And every variable in it exists."""
    page = (ROOT / "docs" / "howto" / "simulate-a-station.md").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(page.split("```yaml\n")[1].split("```")[0])
    kind = load_template(str(path))
    assert build_inventory(kind, VARIABLES_OF[kind.ocpp](kind))
    assert kind.model_fields_set | {"description", "firmware", "mac_prefix", "list_entries"} == set(
        type(kind).model_fields
    )
