"""What a running server knows: does it serve, who can reach it, whose connections failed, who is blocked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from borne.addresses import STATION_ID_PLACEHOLDER, own_addresses, reachable_hosts
from borne.doctor.remarks import Level, Remark, good, note, problem
from borne.doctor.words import (
    LISTEN,
    address_remark,
    attempt_remark,
    blocker_remark,
    hint_of,
    was_in_touch_after,
)
from borne.lifecycle_status import problems
from borne.settings import LOOPBACK
from runtime.client import checks_certificate
from runtime.wording import Phrase

PROBE_S = 3.0
DOOR_S = 1.0
SHOWN = 8
"""Failed connections and blocked stations listed one by one."""


NONE_FAILED = Phrase(
    "depuis le démarrage du serveur, toute connexion échouée a fini par réussir",
    "no connection has failed since the server started that did not succeed later",
)
START_ONE = Phrase("Lancez-en un : borne up", "Start one: borne up")
NAME_IT = Phrase(
    "Nommez le serveur : BORNE_API=http://HÔTE:PORT", "Name the server: BORNE_API=http://HOST:PORT"
)


def _and_more(count: int) -> Phrase:
    return Phrase(f"… et {count} de plus.", f"… and {count} more.")


@dataclass(frozen=True, slots=True)
class FoundServer:
    """Whether a server answers at an address, and what is to be said about that."""

    is_there: bool
    remarks: tuple[Remark, ...]


async def examine_presence(url: str) -> FoundServer:
    """Ask the probes, which need no token."""
    try:
        async with httpx.AsyncClient(
            trust_env=False, timeout=PROBE_S, verify=checks_certificate(url)
        ) as http:
            answer = await http.get(f"{url}/readyz")
            is_ours = answer.headers.get("content-type", "").endswith("json") and "status" in answer.json()
    except httpx.ConnectError:
        return FoundServer(
            is_there=False,
            remarks=(
                problem(
                    Phrase(f"Aucun serveur ne répond à {url}.", f"No server answers at {url}."),
                    START_ONE,
                ),
            ),
        )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        kind = type(error).__name__
        text = Phrase(
            f"Ce qui répond à {url} n'est pas un serveur borne ({kind}).",
            f"What answers at {url} is no borne server ({kind}).",
        )
        return FoundServer(is_there=False, remarks=(problem(text, NAME_IT),))
    if not is_ours:
        status = answer.status_code
        text = Phrase(
            f"Un autre programme répond à {url} (HTTP {status}).",
            f"Another program answers at {url} (HTTP {status}).",
        )
        return FoundServer(is_there=False, remarks=(problem(text, NAME_IT),))
    if answer.is_error:
        told = answer.json()
        detail = told.get("detail")
        text = Phrase(
            f"Le serveur à {url} ne peut pas servir les bornes : {told.get('text_fr') or detail}",
            f"The server at {url} runs, but cannot serve stations now: {detail}",
        )
        way_out = Phrase(
            "Consultez son journal; c'est souvent un disque plein : libérez de l'espace sous son var.",
            "Look into its log; a full disk is the usual reason: free some space where its var is.",
        )
        return FoundServer(is_there=True, remarks=(problem(text, way_out),))
    return FoundServer(
        is_there=True,
        remarks=(
            good(
                Phrase(
                    f"un serveur répond à {url} et peut servir les bornes",
                    f"a server answers at {url} and can serve stations",
                )
            ),
        ),
    )


async def examine_station_port(url: str, port: int) -> list[Remark]:
    """Can stations get in, from this machine and from the network?"""
    host = urlsplit(url).hostname or "127.0.0.1"
    if not await _is_open(host, port):
        text = Phrase(
            f"Rien n'attend les bornes à {host}:{port}.", f"Nothing listens for stations at {host}:{port}."
        )
        way_out = Phrase(
            "Si le serveur a été lancé avec un autre --ocpp-port, donnez-le ici aussi.",
            "If the server was started with another --ocpp-port, give it here too.",
        )
        return [problem(text, way_out)]
    if host not in LOOPBACK:
        return [address_remark(f"ws://{host}:{port}/ocpp/{STATION_ID_PLACEHOLDER}")]
    outside = [each for each in reachable_hosts("0.0.0.0", own_addresses()) if each not in LOOPBACK]  # noqa: S104 - not bound
    reachable = [each for each in outside if await _is_open(each, port)]
    if outside and not reachable:
        text = Phrase(
            f"Seule cette machine atteint le port {port} : les bornes du réseau ne le peuvent pas.",
            f"Only this machine can connect to port {port}: stations on the network cannot.",
        )
        return [note(text, LISTEN)]
    found = [address_remark(f"ws://{each}:{port}/ocpp/{STATION_ID_PLACEHOLDER}") for each in reachable]
    own = f"ws://{host}:{port}/ocpp/{STATION_ID_PLACEHOLDER}"
    here = Phrase(
        f"les programmes de cette machine se connectent à {own}",
        f"programs on this machine connect to {own}",
    )
    return found or [good(here)]


async def _is_open(host: str, port: int) -> bool:
    """Whether the station port answers as to a browser: that leaves no failed attempt behind."""
    try:
        url = f"http://{host}:{port}/ocpp/"
        async with httpx.AsyncClient(trust_env=False, timeout=DOOR_S, verify=checks_certificate(url)) as http:
            return (await http.get(url)).is_success
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
        found.append(note(_and_more(len(kinds) - SHOWN), "borne ctl attempts"))
    return found or [good(NONE_FAILED)]


def _is_overcome(attempt: Mapping[str, Any], stations: Iterable[Mapping[str, Any]]) -> bool:
    """The station has been let in since."""
    name = hint_of(attempt["identity"])
    return bool(name) and any(
        name in _names(station) and was_in_touch_after(station, attempt["at"]) for station in stations
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
            Phrase("Aucune borne ne s'est encore connectée.", "No station has connected yet."),
            Phrase(
                "Saisissez l'adresse ci-dessus dans une borne, ou essayez-en une simulée : borne station",
                "Type the address above into one, or try a simulated one: borne station",
            ),
        )
        return
    total = len(stations)
    there = Phrase("borne" if online < 2 else "bornes", "station" if total == 1 else "stations")
    yield good(Phrase(f"{online} {there.fr} sur {total} en ligne", f"{online} of {total} {there.en} online"))
    waiting = [station for station in stations if station.get("blocked_by")]
    wrong = [station for station in stations if problems(station)]
    for station in wrong[:SHOWN]:
        yield blocker_remark(station, problems(station)[0], Level.PROBLEM)
    for station in waiting[:SHOWN]:
        yield blocker_remark(station, station["blocked_by"][0])
    if (more := max(len(wrong) - SHOWN, 0) + max(len(waiting) - SHOWN, 0)) > 0:
        yield note(_and_more(more), "borne ctl stations")
