"""`borne up` beside another one on the same PostgreSQL: `python -m tests.support.node_process LEASE_S up …`.

It takes a lock of its own in place of the one that keeps a second process away, and its lease is shorter.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

from borne.cli import main
from csms.central import nodes
from runtime.database import postgres
from tests.support.process import ServerProcess

LEASE_S = 8
"""Long enough for a process that has to wait for its turn on a busy machine."""
NO_BROKER = "mqtt://127.0.0.1:9"
"""Nobody listens there: what happens is kept in the outbox, where a test reads it."""


class NodeProcess(ServerProcess):
    """One of several servers on the PostgreSQL at `url`."""

    program = ("tests.support.node_process", str(LEASE_S))

    def __init__(self, var: Path, url: str) -> None:
        quiet = ("--unknown", "accept", "--log-level", "warning", "--mqtt", NO_BROKER)
        super().__init__(var, *quiet, env={"BORNE_DATABASE_URL": url})


if __name__ == "__main__":
    lease = timedelta(seconds=float(sys.argv.pop(1)))
    nodes.LEASE, nodes.RENEW_EVERY_S = lease, lease.total_seconds() / 8
    postgres.WRITING = os.getpid()
    main()
