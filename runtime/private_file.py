"""Files that only their owner may read, whole or not there at all."""

import os
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Write a file (mode 0600) in place of the one that is there. Raises OSError.

    Under another name first: a file cut short by a crash must not pass for the whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
