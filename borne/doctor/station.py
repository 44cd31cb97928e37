"""One station: is it there, what failed last, what does it do wrong, what blocks it, and what is next."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from borne.ctl import station_path
from borne.doctor.remarks import Chapter, Level, Remark, good, note, problem
from borne.doctor.words import (
    attempt_remark,
    blocker_remark,
    deviation_remark,
    hint_of,
    short_time,
    was_heard_after,
)
from console.standing import in_the_way, worth_knowing
from runtime.client import ApiClient, ApiRefused

NOT_FOUND = 404
ATTEMPTS_ASKED = 1000
ATTEMPTS_SHOWN = 5
LIKENESS = 6
"""An attempt whose id ends in the same digits may be this station with its id typed wrong."""
BAD_CONNECTORS = frozenset({"Faulted", "Unavailable"})


async def examine_station(api: ApiClient, name: str) -> list[Chapter]:
    """Everything known of it. Raises ApiError."""
    attempts = await api.get("/connection-attempts", limit=ATTEMPTS_ASKED)
    try:
        station = await api.get(station_path(name))
    except ApiRefused as refused:
        if refused.status != NOT_FOUND:
            raise
        return [Chapter(name, list(_stranger(name, refused, attempts)))]
    names = {hint_of(each) for each in (name, station["station_id"], station.get("mac")) if each}
    chapters = [
        Chapter(
            f"{station.get('mac') or station['station_id']}: connection",
            list(_link(station, attempts, names)),
        ),
        Chapter("Way to active", list(_way(station))),
    ]
    return [*chapters, Chapter("Connectors", list(_connectors(station)))]


def _stranger(name: str, refused: ApiRefused, attempts: Sequence[Mapping[str, Any]]) -> Iterator[Remark]:
    """A station that was never let in: its own attempts say why, if it made any."""
    own = _own(attempts, {hint_of(name)})
    if own:
        yield from map(attempt_remark, own[:ATTEMPTS_SHOWN])
        yield note(f"{name} was never let in here.")
        return
    is_near = (refused.way_out or "").startswith("Did you mean")
    way_out = (
        refused.way_out if is_near else "Is it powered, on the network, and given this server's address?"
    )
    yield problem(f"{name} was never seen here.", way_out)
    yield from _likely(attempts, {hint_of(name)})


def _link(
    station: Mapping[str, Any], attempts: Sequence[Mapping[str, Any]], names: set[str]
) -> Iterator[Remark]:
    link = station["link"]
    if link is None:
        yield from _absence(station)
        was_here = station.get("last_seen_at") is not None
        since = [one for one in attempts if not was_heard_after(station, one["at"])]
        yield from _likely(since, names, "since then" if was_here else "since the server started")
        return
    yield good(f"online since {short_time(link['connected_at'])} from {link['peer']}, OCPP {link['version']}")
    yield good(f"last heard at {short_time(link['last_received_at'])}")
    if link["is_unauthenticated"]:
        yield note(
            "It is unauthenticated: anybody who knows its name could connect in its place.",
            "Its activation gives it a secret, unless its firmware refuses one.",
        )
    if link["registration"] is None:
        yield problem(
            "It has not sent BootNotification on this connection, nor was it accepted before.",
            "Restart the station; if it stays so, its firmware waits for something: look at its wire log.",
        )
    yield from map(deviation_remark, link["findings"])


def _absence(station: Mapping[str, Any]) -> Iterator[Remark]:
    last = station.get("last_seen_at")
    if last is None:
        yield problem("It was never online.", "Check its power, its network, and the address typed into it.")
    else:
        yield problem(f"It is offline, last heard at {short_time(last)}.", "Check its power and its network.")


def _likely(
    attempts: Sequence[Mapping[str, Any]], names: set[str], since: str = "since the server started"
) -> Iterator[Remark]:
    """Its own failed attempts; without any, those that may be its own under a wrong name."""
    own = _own(attempts, names)
    ends = {name[-LIKENESS:] for name in names if len(name) >= LIKENESS}
    alike = [
        each
        for each in attempts
        if each["identity"] is None or any(end in hint_of(each["identity"]) for end in ends)
    ]
    if own:
        yield from map(attempt_remark, own[:ATTEMPTS_SHOWN])
    elif alike:
        yield note("No attempt under this name has failed; these may be the station all the same:")
        yield from map(attempt_remark, alike[:ATTEMPTS_SHOWN])
    else:
        yield note(
            f"No attempt to connect is known {since}: nothing came that could be this station.",
            "Open http://THIS-SERVER:9000/ocpp/ID in a browser on the station's network: if no page comes, "
            "the network or a firewall is in between.",
        )


def _own(attempts: Sequence[Mapping[str, Any]], names: set[str]) -> list[Mapping[str, Any]]:
    return [each for each in attempts if hint_of(each["identity"]) in names]


def _way(station: Mapping[str, Any]) -> Iterator[Remark]:
    lifecycle = station.get("lifecycle")
    if lifecycle is None and station.get("registration") == "Accepted":
        if not in_the_way(station):
            yield good("accepted without a lifecycle: nothing has to be done for it")
        yield from _standing(station)
        return
    if lifecycle is None:
        yield problem(
            "Its boot was never accepted, and nobody ordered it.",
            f"When it is back: borne ctl adopt {station.get('mac') or station['station_id']}",
        )
        yield from _standing(station)
        return
    if not in_the_way(station):
        yield good(f"it is {lifecycle}")
    yield from _standing(station)


def _standing(station: Mapping[str, Any]) -> Iterator[Remark]:
    """What is in its way, and what else is worth knowing."""
    for blocker in in_the_way(station):
        yield blocker_remark(station, blocker, Level.PROBLEM)
    for remark in worth_knowing(station):
        yield blocker_remark(station, remark)


def _connectors(station: Mapping[str, Any]) -> Iterator[Remark]:
    for each in station["connectors"]:
        if each["evse_id"] == 0:
            continue
        name = f"EVSE {each['evse_id']}, connector {each['connector_id']}"
        error = f" ({each['error_code']})" if each["error_code"] not in (None, "NoError") else ""
        text = f"{name}: {each['reported']}{error}"
        yield note(text) if each["status"] in BAD_CONNECTORS else good(text)
