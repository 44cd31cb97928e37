"""On what, and when: without it a figure means nothing."""

import os
import platform
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

SYNCS = 200
PAGE = 4096
PACKAGES = ("websockets", "uvloop", "msgspec", "ocpp")


@dataclass(frozen=True)
class Machine:
    """Where the figures come from."""

    at: str
    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str
    packages: dict[str, str]
    syncs_per_s: int
    """Appends of 4 KiB, each made durable with fdatasync, in the folder where the databases are."""


def this_machine() -> Machine:
    """Look, and measure the disk."""
    return Machine(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        system=f"{platform.system()} {platform.release()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        packages={name: version(name) for name in PACKAGES},
        syncs_per_s=_syncs_per_s(),
    )


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _syncs_per_s() -> int:
    with tempfile.NamedTemporaryFile(prefix="borne-bench-") as file:
        began = time.perf_counter()
        for _ in range(SYNCS):
            file.write(b"\0" * PAGE)
            file.flush()
            os.fdatasync(file.fileno())
        return round(SYNCS / (time.perf_counter() - began))
