"""The state file: what it holds comes back, and what is wrong with one is said."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ocppj.vocabulary import AuthorizationStatus
from simulator.errors import StateFileError
from simulator.model.authorization import KnownToken
from simulator.model.stored_state import FORMAT, KeptMessage, KeptTransaction, StateFile, StoredState

AT = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)


def full_memory() -> StoredState:
    """Something in every place."""
    token = KnownToken("TAG", AuthorizationStatus.ACCEPTED, "FAMILY", AT)
    return StoredState(
        station_id="BOX1",
        variables={"securityctrlr.basicauthpassword": "\xff\x00 secret 0123456"},
        previous_password="the one before",
        was_accepted=True,
        inoperative=[(0, 0), (1, 0)],
        list_version=3,
        local_list=[token],
        cache=[token],
        registers_wh=[1234.5],
        transactions=[KeptTransaction("uuid", 1, 1, "TAG", "ISO14443", "FAMILY", AT, 1000.25, 9, "7", 4)],
        queue=[KeptMessage("id", "StopTransaction", {"meterStop": 1}, "uuid", "TAG", "7", is_end=True)],
        saved_at=AT,
    )


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    """All of it, in a folder that is made for it."""
    file = StateFile(tmp_path / "deep" / "state.json")
    assert file.load("BOX1") is None
    file.save(full_memory())
    assert file.load("BOX1") == full_memory()
    file.save(StoredState(station_id="BOX1"))
    assert file.load("BOX1") == StoredState(station_id="BOX1")


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """Passwords are in it; nothing else is left in the folder."""
    path = tmp_path / "state.json"
    StateFile(path).save(full_memory())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["state.json"]


def test_secrets_are_not_in_repr() -> None:
    """Nor are tokens."""
    text = repr(full_memory())
    assert "secret" not in text
    assert "the one before" not in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "delete it, and the station starts as new"),
        (b"\xff\xfe", "delete it"),
        (b'{"station_id": 5}', "station_id"),
        (b'{"station_id": "BOX1", "format": %d}' % (FORMAT + 1), "delete it"),
        (b'{"station_id": "OTHER"}', "belongs to station OTHER, not BOX1"),
        (b"[" * 100_000, "cannot be used"),
    ],
)
def test_file_that_cannot_be_used_says_why_and_what_to_do(
    tmp_path: Path, content: bytes, message: str
) -> None:
    """And stays as it is."""
    path = tmp_path / "state.json"
    path.write_bytes(content)
    with pytest.raises(StateFileError, match=message):
        StateFile(path).load("BOX1")
    assert path.read_bytes() == content


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    """Neither read nor written."""
    with pytest.raises(StateFileError, match="cannot read"):
        StateFile(tmp_path).load("BOX1")
    (tmp_path / "state.json").mkdir()
    with pytest.raises(StateFileError, match="cannot write"):
        StateFile(tmp_path / "state.json").save(full_memory())
