"""What a load run is to do."""

import enum
import ipaddress
import resource
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from ocppj.versions import OcppVersion
from simulator.load.errors import TargetRefusedError, TooManyStationsError

SPARE_FILES = 64
"""File descriptors of a process beside its stations' sockets."""


class Mix(enum.StrEnum):
    """What the stations say once they are booted."""

    HEARTBEAT = "heartbeat"
    TRANSACTIONS = "transactions"
    BOOT = "boot"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """One run, or one process's part of it. Durations in seconds."""

    url: str
    """Where stations connect, without the station id."""
    version: OcppVersion = OcppVersion.V16
    stations: int = 200
    seconds: float = 30.0
    mix: Mix = Mix.HEARTBEAT
    rate: float | None = None
    """Messages per second of all stations together; None: each sends when its last one was answered."""
    prefix: str = "LOAD"
    first: int = 0
    """Number of the first station."""
    connecting: int = 200
    """How many stations connect and boot at the same time."""
    timeout_s: float = 30.0
    """How long the server may take to answer a message, or a connection."""
    password: str | None = field(default=None, repr=False)

    def station_id(self, number: int) -> str:
        """The identity of a station of this run."""
        return f"{self.prefix}-{number:05d}"

    def split(self, processes: int) -> list["LoadPlan"]:
        """The same run in `processes` processes: stations, rate and simultaneous connects shared out."""
        processes = min(processes, self.stations)
        plans: list[LoadPlan] = []
        first = self.first
        for index in range(processes):
            stations = self.stations // processes + (index < self.stations % processes)
            rate = None if self.rate is None else self.rate * stations / self.stations
            connecting = max(1, self.connecting // processes)
            plans.append(replace(self, stations=stations, first=first, rate=rate, connecting=connecting))
            first += stations
        return plans

    def to_json(self) -> dict[str, Any]:
        """For another process: with the password, never for a log."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "LoadPlan":
        """What `to_json` gave."""
        kinds = {"version": OcppVersion(values["version"]), "mix": Mix(values["mix"])}
        return cls(**(values | kinds))


def check_target(url: str, *, is_agreed: bool) -> None:
    """Raise TargetRefusedError unless the server is on this machine, or somebody agreed to load another."""
    host = urlsplit(url).hostname or ""
    if is_agreed or _is_loopback(host):
        return
    raise TargetRefusedError(
        f"{host or url} is not this machine: a load run takes a server's whole capacity and leaves made-up "
        "stations and transactions in its database. If the server is yours and nobody charges on it, add "
        "--yes-load-this-host"
    )


def allow_sockets(stations: int) -> None:
    """Raise the limit of open files as far as needed. Raises TooManyStationsError."""
    needed = stations + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    is_unlimited = hard == resource.RLIM_INFINITY
    if not is_unlimited and needed > hard:
        raise TooManyStationsError(
            f"{stations} stations need {needed} open files, and this process may have {hard}: "
            f"use more --processes, or raise the limit (ulimit -Hn as root, LimitNOFILE= in systemd)"
        )
    if soft != resource.RLIM_INFINITY and needed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761 §6.3
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
