"""Which program has a port: read from /proc, as far as this user may look."""

import re
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
LISTEN = "0A"
"""TCP_LISTEN in /proc/net/tcp."""
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def port_holder(port: int, proc: Path = PROC) -> str | None:
    """`python3 (process 1234)`; None where nobody tells."""
    inodes = set(_listening(port, proc))
    for process in sorted(proc.glob("[0-9]*"), key=lambda path: int(path.name)):
        if inodes & set(_sockets(process)):
            return f"{_name(process)} (process {process.name})"
    return None


def _listening(port: int, proc: Path) -> Iterator[str]:
    """The inodes of the sockets that listen on `port`."""
    for table in ("tcp", "tcp6"):
        try:
            lines = (proc / "net" / table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]


def _sockets(process: Path) -> Iterator[str]:
    try:
        for link in (process / "fd").iterdir():
            if found := _SOCKET.fullmatch(str(link.readlink())):
                yield found[1]
    except OSError:
        return  # somebody else's process, or one that has just ended


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8").strip()
    except OSError:
        return "a program"
