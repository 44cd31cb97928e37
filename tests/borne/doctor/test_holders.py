"""Who has a port is read from /proc, as far as one may look."""

import os
import socket
import sys
from pathlib import Path

import pytest

from borne.doctor.holders import port_holder

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")


def test_a_listening_process_is_named() -> None:
    """By its name and number."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        holder = port_holder(listener.getsockname()[1])
    assert holder is not None
    assert holder.endswith(f"(process {os.getpid()})")


def test_a_port_in_use_is_not_taken_unless_somebody_listens() -> None:
    """A connection's own end has a port too."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with socket.create_connection(listener.getsockname()) as connection:
            assert port_holder(connection.getsockname()[1]) is None


def test_without_proc_nobody_tells(tmp_path: Path) -> None:
    """As on other systems."""
    assert port_holder(9000, tmp_path) is None
