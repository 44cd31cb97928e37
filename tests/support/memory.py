"""A place in memory for the files of tests: there `fsync` costs nothing."""

import os
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30
"""So much is free, or files go where others go. A run needs some hundred MB; containers often have 64 MB."""


def memory_folder() -> Path | None:
    """Where files cost no disk; None where the system has no such place, too little room in it, or runs no
    program from there.
    """
    if not os.access(MEMORY, os.W_OK):
        return None
    found = os.statvfs(MEMORY)
    if found.f_bavail * found.f_frsize < ROOM or found.f_flag & os.ST_NOEXEC:
        return None
    return MEMORY
