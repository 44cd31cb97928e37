"""What a process is called: the same over its restarts, another for each `var`."""

from pathlib import Path

from borne.node import node_name


def test_a_name_lasts_and_is_one_servers_own(tmp_path: Path) -> None:
    """However the folder is written."""
    assert node_name(tmp_path / "a") == node_name(tmp_path / "b" / ".." / "a")
    assert node_name(tmp_path / "a") != node_name(tmp_path / "b")
