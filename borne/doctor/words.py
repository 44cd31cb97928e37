"""Slugs of the server as sentences, each with what to do: failed connections, deviations, blockers."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from borne.doctor.remarks import Level, Remark, note, problem
from console.words import Words

_WORDS = Words("en")
_SEPARATORS = re.compile(r"[:\-. ]")

_FORGET = "An administrator makes it a new one: borne ctl delete /stations/ID/credential"
CAUSE_WAYS_OUT: dict[str, str] = {
    "unknown_station": "Order it (POST /api/v1/orders), or let strangers wait: borne up --unknown quarantine",
    "credentials_missing": f"If it was reset to factory settings, its secret is gone. {_FORGET}",
    "credentials_wrong": f"Correct its password; after a reset to factory settings it has none. {_FORGET}",
    "credentials_unreadable": "Type its password anew; it must be sent as HTTP Basic authentication.",
    "username_is_not_the_station_id": "Give it its own id, the last part of its URL, as user name.",
    "incumbent_alive": "Two boxes may have one id, or an old connection is kept open: compare addresses.",
}
WAYS_OUT: dict[str, str] = {
    "silent": "A port scan or a health check does so; a station does it if it expects TLS: compare ws:// and wss://.",
    "request_incomplete": "Look at the radio link, and at what stands between the station and this server.",
    "tls_on_plain_port": "Write ws:// instead of wss:// in the station, or use the port with TLS.",
    "plain_on_tls_port": "Write wss:// instead of ws:// in the station.",
    "tls_failed": "Put the CA certificate of this server into the station, and look at the station's clock.",
    "request_malformed": "Look for a firmware update, or for a proxy between the station and this server.",
    "request_too_large": "Look for a firmware update, or for a proxy between the station and this server.",
    "not_an_upgrade": "No station does this: some other program has called.",
    "upgrade_invalid": "If a proxy stands in between, let it pass the header Upgrade on.",
    "wrong_path": "Write the path /ocpp/<station id> in the station.",
    "identity_invalid": "Correct the id in the station: letters, digits and *-_=:+|@. only, at most 48.",
    "foreign_subprotocol": "Set the station to OCPP 1.6J, 2.0.1 or 2.1.",
    "admission_failed": "Look into the server's log.",
    "too_many_connections": "Look who holds them: borne ctl stations.",
    "too_many_from_address": "Many stations behind one address: raise the server's limit.",
}
DEVIATIONS: dict[str, str] = {
    "absolute_form": "sends a whole URL in the request line",
    "repeated_slashes": "writes more slashes than one in its URL",
    "trailing_slash": "writes a slash at the end of its URL",
    "identity_repeated": "writes its id twice in its URL",
    "prefix_case": "writes /OCPP/ in capital letters",
    "query_ignored": "adds ?… to its URL, which is not read",
    "connection_header_missing": "leaves out the header Connection: Upgrade",
    "version_header_missing": "leaves out the header Sec-WebSocket-Version",
    "subprotocol_missing": "offers no OCPP version: taken as the one it spoke last",
    "subprotocol_case": "writes the OCPP version in capital letters",
    "pings_unanswered": "never answers a ping",
    "authorization_key_sent_as_hex": "sends its key as hexadecimal digits instead of bytes",
    "credentials_unknown": "sends a password that nobody gave it",
}


def attempt_words(attempt: Mapping[str, Any]) -> tuple[str, str | None]:
    """Why a connection failed, and what to change."""
    cause = attempt["cause"]
    why = _WORDS.of("cause", cause) if cause else attempt["detail"].rstrip(".")
    return why, CAUSE_WAYS_OUT.get(cause) or WAYS_OUT.get(attempt["reason"])


def attempt_remark(attempt: Mapping[str, Any], count: int = 1) -> Remark:
    """A failed connection: when, who, from where, how often, why."""
    who = attempt["identity"] or "somebody"
    times = f", {count} times" if count > 1 else ""
    why, way_out = attempt_words(attempt)
    text = f"{short_time(attempt['at'])} {who} from {attempt['peer'].rpartition(':')[0]}{times}: {why}."
    return note(text, way_out) if attempt["identity"] is None else problem(text, way_out)


def deviation_remark(slug: str) -> Remark:
    """Something the station does wrong and is let in with."""
    return note(f"deviation: it {DEVIATIONS[slug]}" if slug in DEVIATIONS else f"deviation: {slug}")


def blocker_remark(station: Mapping[str, Any], blocker: Mapping[str, Any]) -> Remark:
    """What is in the way of a station on its way to active, and who clears it."""
    name = station.get("mac") or station["station_id"]
    who = _WORDS.of("clearer", blocker["who_clears"])
    if blocker["code"] == "E_NOT_ORDERED":
        way_out = f"borne ctl adopt {name}"
    else:
        way_out = str(blocker["way_out"]).replace("{id}", str(station["station_id"]))
    is_ours = blocker["who_clears"] == "station"
    return Remark(
        Level.GOOD if is_ours else Level.NOTE,
        f"{name} ({station['lifecycle']}): {blocker['text']} Cleared by: {who}.",
        None if is_ours else way_out,
    )


def hint_of(identity: str | None) -> str:
    """An identity without its spelling: two names of one box that look different are the same here."""
    return _SEPARATORS.sub("", identity or "").lower()


def was_heard_after(station: Mapping[str, Any], instant: str) -> bool:
    """Whether the station was let in, and said something, after an instant of the API."""
    link = station.get("link") or {}
    heard = [link.get("connected_at"), station.get("last_seen_at")]
    return any(
        at is not None and datetime.fromisoformat(at) > datetime.fromisoformat(instant) for at in heard
    )


def short_time(instant: str | None) -> str:
    """An instant of the API in this machine's time."""
    if instant is None:
        return "never"
    return f"{datetime.fromisoformat(instant).astimezone():%Y-%m-%d %H:%M:%S}"
