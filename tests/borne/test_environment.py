"""A variable that begins like ours and is none keeps the program from starting."""

import os
import re
from pathlib import Path

import pytest

from borne import cli
from borne.environment import known_variables, strange_variables
from tests.support.required import leave_settings_behind

KNOWN = known_variables(cli.app)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BORNE_UNKNWON", "did you mean BORNE_UNKNOWN?"),
        ("BORNE_OCPP_PRT", "did you mean BORNE_OCPP_PORT?"),
        ("BORNE_TOKN", "did you mean BORNE_TOKEN?"),
        ("BORNE_XYZZY_PLUGH_FROTZ_1", "there are BORNE_API"),
    ],
)
def test_a_misspelt_variable_is_named_with_the_one_that_was_meant(name: str, meant: str) -> None:
    """It would be ignored in silence otherwise."""
    (line,) = strange_variables({name: "x", "PATH": "y", "BORNE_API": "z"}, KNOWN)
    assert name in line
    assert meant in line


def test_the_command_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, as for a wrong option; the value, which may be secret, is not shown."""
    monkeypatch.setenv("BORNE_LISTN", "s3cret")
    monkeypatch.setattr("sys.argv", ["borne", "up"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "BORNE_LISTN; did you mean BORNE_LISTEN?" in told
    assert "s3cret" not in told


def test_every_variable_that_the_program_reads_is_known() -> None:
    """One that the code reads on the side would be refused."""
    for folder in ("access", "borne", "runtime", "simulator", "csms", "provisioning", "console"):
        for path in (ROOT / folder).rglob("*.py"):
            for name in re.findall(r"\bBORNE_[A-Z][A-Z_]*\b", path.read_text(encoding="utf-8")):
                assert name in KNOWN, (path, name)


def test_a_hand_of_a_rig_may_be_a_command_of_ours() -> None:
    """It finds what the rig says of the hand, and nothing of that is a setting."""
    assert strange_variables({"BORNE_RIG_TOKEN": "x"}, KNOWN) == []


def test_what_the_tests_start_gets_no_variable_that_is_refused() -> None:
    """`.ci/run` says what the tests need in one; who runs them may have settings of a server of theirs."""
    environment = {"BORNE_REQUIRE": "postgres", "BORNE_HTTP_PORT": "80", "PATH": "y"}
    leave_settings_behind(environment)
    assert environment == {"TESTS_REQUIRE": "postgres", "PATH": "y"}
    assert [name for name in os.environ if name.startswith("BORNE_")] == []
