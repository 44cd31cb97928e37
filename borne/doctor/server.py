"""What a running server knows: does it serve, who can reach it, whose connections failed, who is blocked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from borne.addresses import STATION_ID_PLACEHOLDER, own_addresses, reachable_hosts
from borne.doctor.remarks import Level, Remark, good, note, problem
from borne.doctor.words import attempt_remark, blocker_remark, hint_of, was_heard_after
from borne.settings import LOOPBACK, ServerSettings
from console.standing import problems

PROBE_S = 3.0
DOOR_S = 1.0
SHOWN = 8
"""Failed connections and blocked stations listed one by one."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a server answers at an address, and what is to be said about that."""

    is_there: bool
    remarks: tuple[Remark, ...]


async def examine_presence(url: str) -> Presence:
    """Ask the probes, which need no token."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=PROBE_S) as http:
            answer = await http.get(f"{url}/readyz")
            is_ours = answer.headers.get("content-type", "").endswith("json") and "status" in answer.json()
    except httpx.ConnectError:
        return Presence(
            is_there=False, remarks=(problem(f"No server answers at {url}.", "Start one: borne up"),)
        )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        text = f"What answers at {url} is no borne server ({type(error).__name__})."
        return Presence(
            is_there=False, remarks=(problem(text, "Name the server: BORNE_API=http://HOST:8080"),)
        )
    if not is_ours:
        text = f"Another program answers at {url} (HTTP {answer.status_code})."
        return Presence(
            is_there=False, remarks=(problem(text, "Name the server: BORNE_API=http://HOST:8080"),)
        )
    if answer.is_error:
        text = f"The server at {url} runs, but cannot serve stations now: {answer.json().get('detail')}"
        way_out = "Look into its log; a full disk is the usual reason: free some space where its var is."
        return Presence(is_there=True, remarks=(problem(text, way_out),))
    return Presence(is_there=True, remarks=(good(f"a server answers at {url} and can serve stations"),))


async def examine_doors(url: str, settings: ServerSettings) -> list[Remark]:
    """Can stations get in, from this machine and from the network?"""
    host, port = urlsplit(url).hostname or "127.0.0.1", settings.ocpp_port
    if not await _is_open(host, port):
        text = f"Nothing listens for stations at {host}:{port}."
        return [problem(text, "If the server was started with another --ocpp-port, give it here too.")]
    if host not in LOOPBACK:
        return [good(f"stations can be given ws://{host}:{port}/ocpp/{STATION_ID_PLACEHOLDER}")]
    outside = [each for each in reachable_hosts("0.0.0.0", own_addresses()) if each not in LOOPBACK]  # noqa: S104 - not bound
    reachable = [each for each in outside if await _is_open(each, port)]
    if outside and not reachable:
        text = f"Only this machine can connect to port {port}: stations on the network cannot."
        return [note(text, "To take real stations: borne up --listen 0.0.0.0")]
    found = [
        good(f"stations can be given ws://{each}:{port}/ocpp/{STATION_ID_PLACEHOLDER}") for each in reachable
    ]
    return found or [
        good(f"programs on this machine connect to ws://{host}:{port}/ocpp/{STATION_ID_PLACEHOLDER}")
    ]


async def _is_open(host: str, port: int) -> bool:
    """Whether the station port answers as to a browser: that leaves no failed attempt behind."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=DOOR_S) as http:
            return (await http.get(f"http://{host}:{port}/ocpp/")).is_success
    except httpx.HTTPError:
        return False


def examine_attempts(
    attempts: Sequence[Mapping[str, Any]], stations: Iterable[Mapping[str, Any]]
) -> list[Remark]:
    """Connections that failed and were not followed by one that did not, newest first."""
    stations = list(stations)
    kinds: Counter[tuple[Any, ...]] = Counter()
    newest: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for attempt in attempts:
        if not _is_overcome(attempt, stations):
            kind = (attempt["identity"], attempt["reason"], attempt["cause"], _address(attempt))
            kinds[kind] += 1
            newest.setdefault(kind, attempt)
    found = [attempt_remark(newest[kind], count) for kind, count in kinds.items()][:SHOWN]
    if len(kinds) > SHOWN:
        found.append(note(f"… and {len(kinds) - SHOWN} other kinds.", "borne ctl attempts"))
    return found or [good("no connection has failed since the server started that did not succeed later")]


def _is_overcome(attempt: Mapping[str, Any], stations: Iterable[Mapping[str, Any]]) -> bool:
    """The station has been let in since."""
    name = hint_of(attempt["identity"])
    return bool(name) and any(
        name in _names(station) and was_heard_after(station, attempt["at"]) for station in stations
    )


def _names(station: Mapping[str, Any]) -> set[str]:
    return {
        hint_of(name)
        for name in (station["station_id"], station.get("mac"), *station.get("macs", ()))
        if name
    }


def _address(attempt: Mapping[str, Any]) -> str:
    return str(attempt["peer"]).rpartition(":")[0]


def examine_stations(stations: Sequence[Mapping[str, Any]]) -> Iterator[Remark]:
    """How many there are, and those for which somebody must do something."""
    online = sum(bool(station["link"]) for station in stations)
    if not stations:
        yield note(
            "No station has connected yet.",
            "Type the address above into one, or try a simulated one: borne station",
        )
        return
    yield good(f"{online} of {len(stations)} stations online")
    waiting = [station for station in stations if station.get("blocked_by")]
    wrong = [station for station in stations if problems(station)]
    for station in wrong[:SHOWN]:
        yield blocker_remark(station, problems(station)[0], Level.PROBLEM)
    for station in waiting[:SHOWN]:
        yield blocker_remark(station, station["blocked_by"][0])
    if (more := max(len(wrong) - SHOWN, 0) + max(len(waiting) - SHOWN, 0)) > 0:
        yield note(f"… and {more} more wait for somebody.", "borne ctl stations")
