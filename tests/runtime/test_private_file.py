"""Files for their owner alone."""

import stat
from pathlib import Path

import pytest

from runtime.private_file import write_private


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """In a folder that is made for it, over what was there and what a crash left."""
    path = tmp_path / "new" / "key"
    write_private(path, b"one")
    path.with_name(".key.new").write_bytes(b"cut sh")
    write_private(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["key"]


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    """The caller says what to do."""
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(OSError, match="file"):
        write_private(tmp_path / "file" / "key", b"one")
