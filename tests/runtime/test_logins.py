"""Where a terminal keeps who is logged in."""

from pathlib import Path

import pytest

from runtime.client import find_token
from runtime.logins import forget_login, logins_file, save_login, saved_login

HERE, THERE = "http://127.0.0.1:8080", "https://csms.example"


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody is logged in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_one_login_for_each_server() -> None:
    """Kept for the owner's eyes only, until it is forgotten."""
    assert saved_login(HERE) is None
    save_login(HERE, "one")
    save_login(f"{THERE}/", "two")
    assert (saved_login(f"{HERE}/"), saved_login(THERE)) == ("one", "two")
    assert logins_file().stat().st_mode & 0o777 == 0o600
    assert forget_login(HERE) == "one"
    assert forget_login(HERE) is None
    assert saved_login(THERE) == "two"


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"http://127.0.0.1:8080": 5}'])
def test_a_file_that_is_something_else_logs_nobody_in(content: str) -> None:
    """Nor does it stop anything; the next login writes it anew."""
    logins_file().parent.mkdir(parents=True)
    logins_file().write_text(content)
    assert saved_login(HERE) is None
    save_login(HERE, "one")
    assert saved_login(HERE) == "one"


def test_who_logged_in_comes_before_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And BORNE_TOKEN before both."""
    monkeypatch.delenv("BORNE_TOKEN", raising=False)
    monkeypatch.setenv("BORNE_API", HERE)
    file = tmp_path / "token"
    file.write_text("machine")
    assert find_token(file) == "machine"
    save_login(HERE, "person")
    assert (find_token(file), find_token(file, THERE)) == ("person", "machine")
    monkeypatch.setenv("BORNE_TOKEN", "named")
    assert find_token(file) == "named"
