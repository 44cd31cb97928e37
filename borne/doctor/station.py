"""One station: is it there, what failed last, what does it do wrong, what blocks it, and what is next."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from borne.ctl import station_path
from borne.doctor.remarks import Chapter, Level, Remark, good, note, problem
from borne.doctor.words import (
    attempt_remark,
    blocker_remark,
    deviation_remark,
    hint_of,
    short_time,
    was_in_touch_after,
)
from borne.lifecycle_status import in_the_way, worth_knowing
from provisioning.lifecycle import STATE_WORDS, Lifecycle
from runtime.client import BORNE, ApiClient, ApiRefused
from runtime.wording import NO_BREAK, Phrase, replaced

NOT_FOUND = 404
ATTEMPTS_READ = 1000
ATTEMPTS_SHOWN = 5
SINCE_THEN = Phrase("depuis", "since then")
SINCE_START = Phrase("depuis le démarrage du serveur", "since the server started")
LIKENESS = 6
"""An attempt whose id ends in the same digits may be this station with its id typed wrong."""
BAD_CONNECTORS = frozenset({"Faulted", "Unavailable"})


async def examine_station(api: ApiClient, name: str, page: str) -> list[Chapter]:
    """Everything known of it. `page` is that of the station port for people; empty where it has none that
    they reach. Raises ApiError.
    """
    attempts = await api.get("/connection-attempts", limit=ATTEMPTS_READ)
    try:
        station = await api.get(station_path(name))
    except ApiRefused as refused:
        if refused.status != NOT_FOUND:
            raise
        return [Chapter(name, list(_stranger(name, refused, attempts, page and page + name)))]
    names = {hint_of(each) for each in (name, station["station_id"], station.get("mac")) if each}
    title = station.get("mac") or station["station_id"]
    chapters = [
        Chapter(
            Phrase(f"{title} : connexion", f"{title}: connection"),
            list(_link(station, attempts, names, page and page + station["station_id"])),
        ),
        Chapter(Phrase("Vers la mise en service", "Way to active"), list(_way(station))),
    ]
    for chapter in chapters:
        chapter.remarks = [_beside_itself(each, station["station_id"]) for each in chapter.remarks]
    return [*chapters, Chapter(Phrase("Connecteurs", "Connectors"), list(_connectors(station)))]


def _beside_itself(remark: Remark, station_id: str) -> Remark:
    """Whoever reads the doctor's word on a station need not be told to ask for it."""
    command = f": {BORNE} doctor {shlex.quote(station_id)}"
    if remark.way is None or not remark.way.en.endswith(command):
        return remark
    return replace(
        remark, way=replaced(remark.way, lambda text: text.removesuffix(command).rstrip(f" {NO_BREAK}") + ".")
    )


def _stranger(
    name: str, refused: ApiRefused, attempts: Sequence[Mapping[str, Any]], page: str
) -> Iterator[Remark]:
    """A station that was never let in: its own attempts say why, if it made any."""
    own = _own(attempts, {hint_of(name)})
    if own:
        yield from map(attempt_remark, own[:ATTEMPTS_SHOWN])
        yield note(Phrase(f"{name} n'a jamais été admise ici.", f"{name} was never let in here."))
        return
    is_near = (refused.way_out or "").startswith("Did you mean")
    way_out = Phrase(
        "Est-elle alimentée, en réseau, avec l'adresse de ce serveur?",
        "Is it powered, on the network, and given this server's address?",
    )
    near = Phrase(refused.way_out_fr or "", refused.way_out or "")
    yield problem(
        Phrase(f"{name} n'a jamais été vue ici.", f"{name} was never seen here."),
        near if is_near else way_out,
    )
    yield from _likely(attempts, {hint_of(name)}, page)


def _link(
    station: Mapping[str, Any], attempts: Sequence[Mapping[str, Any]], names: set[str], page: str
) -> Iterator[Remark]:
    link = station["link"]
    if link is None:
        yield from _absence(station)
        was_here = station.get("last_seen_at") is not None
        since = [one for one in attempts if not was_in_touch_after(station, one["at"])]
        yield from _likely(since, names, page, SINCE_THEN if was_here else SINCE_START)
        return
    up_since, peer, version = short_time(link["connected_at"]), link["peer"], link["version"]
    yield good(
        Phrase(
            f"en ligne depuis {up_since}, de {peer}, OCPP {version}",
            f"online since {up_since} from {peer}, OCPP {version}",
        )
    )
    if link["last_received_at"] is not None:
        heard = short_time(link["last_received_at"])
        yield good(Phrase(f"dernier signe à {heard}", f"last heard at {heard}"))
    if link["is_unauthenticated"]:
        yield note(
            Phrase(
                "Elle n'est pas authentifiée : qui connaît son nom pourrait se connecter à sa place.",
                "It is unauthenticated: anybody who knows its name could connect in its place.",
            ),
            Phrase(
                "Son activation lui donne un secret, sauf si son micrologiciel le refuse.",
                "Its activation gives it a secret, unless its firmware refuses one.",
            ),
        )
    if link["registration"] is None:
        yield problem(
            Phrase(
                "Elle ne s'est pas présentée (BootNotification) et n'avait pas été acceptée avant.",
                "It has not sent BootNotification on this connection, nor was it accepted before.",
            ),
            Phrase(
                "Redémarrez-la; si cela dure, voyez dans son journal ce que son micrologiciel attend.",
                "Restart the station; if it stays so, see in its wire log what its firmware waits for.",
            ),
        )
    yield from map(deviation_remark, link["findings"])


def _absence(station: Mapping[str, Any]) -> Iterator[Remark]:
    last = station.get("last_seen_at")
    if last is None:
        yield problem(
            Phrase("Elle n'a jamais été en ligne.", "It was never online."),
            Phrase(
                "Vérifiez son alimentation, son réseau et l'adresse qu'on y a saisie.",
                "Check its power, its network, and the address typed into it.",
            ),
        )
    else:
        at = short_time(last)
        yield problem(
            Phrase(f"Elle est hors ligne, dernier signe à {at}.", f"It is offline, last heard at {at}."),
            Phrase("Vérifiez son alimentation et son réseau.", "Check its power and its network."),
        )
    end = station.get("link_end")
    if end is not None:
        at, reason = short_time(end["at"]), end["reason"]
        yield note(
            Phrase(
                f"Sa dernière connexion a pris fin à {at} : {reason}.",
                f"Its last connection ended at {at}: {reason}.",
            )
        )


def _likely(
    attempts: Sequence[Mapping[str, Any]], names: set[str], page: str, since: Phrase = SINCE_START
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
        yield note(
            Phrase(
                "Aucun échec sous ce nom; ceux-ci sont peut-être de cette borne :",
                "No attempt under this name has failed; these may be the station all the same:",
            )
        )
        yield from map(attempt_remark, alike[:ATTEMPTS_SHOWN])
    else:
        yield note(
            Phrase(
                f"Aucun essai de connexion connu {since.fr} : rien n'est venu qui puisse être cette borne.",
                f"No attempt to connect is known {since.en}: nothing came that could be this station.",
            ),
            Phrase(
                f"Ouvrez {page} dans un navigateur du réseau de la borne : si rien ne s'affiche, le "
                "réseau ou un pare-feu s'interpose.",
                f"Open {page} in a browser on the station's network: if no page comes, the network or a "
                "firewall is in between.",
            )
            if page
            else None,
        )


def _own(attempts: Sequence[Mapping[str, Any]], names: set[str]) -> list[Mapping[str, Any]]:
    return [each for each in attempts if hint_of(each["identity"]) in names]


def _way(station: Mapping[str, Any]) -> Iterator[Remark]:
    lifecycle = station.get("lifecycle")
    if lifecycle is None and station.get("registration") == "Accepted":
        if not in_the_way(station):
            yield good(
                Phrase(
                    "acceptée sans cycle de vie : rien à faire",
                    "accepted without a lifecycle: nothing has to be done for it",
                )
            )
        yield from _lifecycle_status(station)
        return
    if lifecycle is None:
        adopt = f"borne ctl adopt {station.get('mac') or station['station_id']}"
        yield problem(
            Phrase(
                "Elle n'a jamais été acceptée, et personne ne l'a commandée.",
                "Its boot was never accepted, and nobody ordered it.",
            ),
            Phrase(f"À son retour : {adopt}", f"When it is back: {adopt}"),
        )
        yield from _lifecycle_status(station)
        return
    if not in_the_way(station):
        yield good(Phrase(f"elle est {STATE_WORDS[Lifecycle(lifecycle)].fr}", f"it is {lifecycle}"))
    yield from _lifecycle_status(station)


def _lifecycle_status(station: Mapping[str, Any]) -> Iterator[Remark]:
    """What is in its way, and what else is worth knowing."""
    for blocker in in_the_way(station):
        yield blocker_remark(station, blocker, Level.PROBLEM)
    for remark in worth_knowing(station):
        yield blocker_remark(station, remark)


def _connectors(station: Mapping[str, Any]) -> Iterator[Remark]:
    for each in station["connectors"]:
        if each["evse_id"] == 0:
            continue
        evse, connector = each["evse_id"], each["connector_id"]
        error = f" ({each['error_code']})" if each["error_code"] not in (None, "NoError") else ""
        told = f"{each['reported']}{error}"
        text = Phrase(
            f"EVSE {evse}, connecteur {connector} : {told}", f"EVSE {evse}, connector {connector}: {told}"
        )
        yield note(text) if each["status"] in BAD_CONNECTORS else good(text)
