"""What this process is called among those that share a database: the same over its restarts."""

import hashlib
import socket
from pathlib import Path


def node_name(var: Path) -> str:
    """The machine, and which of its servers: each has a `var` of its own."""
    which = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:8]
    return f"{socket.gethostname()}-{which}"
