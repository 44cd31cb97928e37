"""`borne run --certificate`: what a bench and a CI get."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from borne.certificate.run_wish import BY, scenario_version
from borne.cli import app
from charging.certificate.document import ItemVerdict, OverallVerdict, from_file
from simulator.scenario.files import load_scenario, parse_scenario


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of our own, English, no server, somebody who runs it."""
    monkeypatch.chdir(tmp_path)
    for name in ("BORNE_API", "BORNE_TOKEN", "BORNE_VAR", *BY):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "en_CA.UTF-8")
    monkeypatch.setenv("USER", "zoe")


def borne(*arguments: str) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, list(arguments))


def test_a_run_leaves_a_certificate_that_verifies() -> None:
    """From the scenario that ships: file, frames, page; in both languages, whichever the run speaks."""
    found = borne(
        *("run", "power-up", "--own-server", "--bind", "a=sim:ac-16", "--set", "charge_wh=5", "--lang=fr"),
        *("--certificate", "cp1.json", "--signing-key", "ci.pem"),
    )
    assert found.exit_code == 0, found.output
    assert "Le certificat est dans cp1.json" in found.output
    assert sorted(each.name for each in Path().iterdir()) == [
        *("ci.pem", "ci.public.json", "cp1.frames.jsonl", "cp1.json", "cp1.pdf")
    ]
    for file in ("cp1.json", "cp1.pdf"):
        verified = borne("certificate", "verify", file, "--key=ci.public.json", "--frames=cp1.frames.jsonl")
        assert verified.exit_code == 0, verified.output
    said = from_file(Path("cp1.json").read_bytes()).certificate
    assert (said.verdict, said.run.by, said.station.is_simulated) == (OverallVerdict.PASSED, "zoe", True)
    assert said.versions.scenario == scenario_version(load_scenario("power-up"))
    link = said.items[0]
    assert (link.title.fr, link.title.en, link.verdict) == ("Liaison", "Link", ItemVerdict.PASSED)
    assert said.frames.count > 10


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("power-up", "--bind=a=sim:ac-16", "--bind=a=sim:ac-21", "--certificate=c.json"), "one run of one"),
        (("power-up", "cold-boot", "--certificate=c.json"), "one run of one"),
        (("power-up", "--certificate=no/where/c.json"), "there is no folder"),
    ],
)
def test_a_certificate_is_of_one_run_of_one_station(arguments: tuple[str, ...], text: str) -> None:
    """Wrong usage is said before anything is played."""
    found = borne("run", *arguments)
    assert (found.exit_code, text in " ".join(found.output.split())) == (2, True), found.output


def test_a_scenario_that_asks_for_something_else_is_another_version() -> None:
    """By its content, wherever the file lies."""
    text = "scenario: x\ntitle: X\nsteps:\n  - wait: {} s\n"
    one, two = (parse_scenario(text.format(seconds), "x") for seconds in (1, 2))
    assert scenario_version(one).startswith("x sha256:")
    assert scenario_version(one) != scenario_version(two)
