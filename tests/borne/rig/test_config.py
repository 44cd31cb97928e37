"""rig.yaml: which hand is which machine, and what is wrong with a file."""

from pathlib import Path

import pytest

from borne.rig.config import RigAct, read_rig, rig_in, usual_hands
from simulator.scenario.errors import ScenarioFileError

RIG = """
hands:
  plug: relay on '${connector}'
  present: {http: {url: "http://rig.test/rfid", body: {token: "${token}"}}, within: 5 s}
  power_off: {python: "my_bench:power.off"}
  unplug: person
frames:
  - name: scope
    on: {call: TransactionEvent, match: {eventType: Started}}
    command: [trigger, single]
"""


def test_each_hand_has_its_way() -> None:
    """A line is cut into words, once and for all."""
    rig = rig_in(RIG, "rig.yaml")
    plug, present = rig.hands["plug"], rig.hands["present"]
    assert isinstance(plug, RigAct)
    assert isinstance(present, RigAct)
    assert plug.command == ("relay", "on", "${connector}")
    assert present.within == 5
    assert rig.hands["unplug"] == "person"
    assert (rig.frames[0].on.from_, rig.frames[0].on.call) == ("station", "TransactionEvent")
    assert "plug" in usual_hands()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("hands: {plug: {}}", "one of command, http and python"),
        ("hands: {plug: {command: [a], python: 'a:b'}}", "one of command, http and python"),
        ("hands: {plug: {python: 'a'}}", "pattern"),
        ("hand: {}", "nothing here is called `hand`; did you mean `hands`"),
        ("- a", "must be a mapping"),
        ("frames: [{name: a, on: {call: A, match: '<above x>'}, command: a}]", "above"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, rule: str) -> None:
    """File, line, column."""
    with pytest.raises(ScenarioFileError, match=rule) as raised:
        rig_in(text, "rig.yaml")
    assert str(raised.value).startswith("rig.yaml:1:")


def test_the_file_of_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none, there is no rig; one that was named must be there."""
    monkeypatch.chdir(tmp_path)
    assert read_rig(None) is None
    with pytest.raises(ScenarioFileError, match="cannot be read"):
        read_rig(Path("other.yaml"))
    (tmp_path / "rig.yaml").write_text(RIG, encoding="utf-8")
    assert read_rig(None) is not None
