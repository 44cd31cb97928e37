"""A place in memory for the files of tests: there `fsync` costs nothing."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30
"""So much is free, or files go where others go. A run needs some hundred MB; containers often have 64 MB."""


def memory_folder() -> Path | None:
    """Where files cost no disk; None where the system has no such place, or too little room in it."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return MEMORY
