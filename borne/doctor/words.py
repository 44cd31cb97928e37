"""Slugs of the server as sentences, each with what to do: failed connections, deviations, blockers."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from borne.doctor.remarks import Level, Remark, note, problem
from borne.language import Speech

_WORDS = Speech("en")
_SEPARATORS = re.compile(r"[:\-. ]")


def attempt_words(attempt: Mapping[str, Any]) -> tuple[str, str | None]:
    """Why a connection failed, and what to change."""
    cause = attempt["cause"]
    why = _WORDS.of("cause", cause) if cause else attempt["detail"].rstrip(".")
    return why, _WORDS.advice_here(attempt)


def attempt_remark(attempt: Mapping[str, Any], count: int = 1) -> Remark:
    """A failed connection: when, who, from where, how often, why."""
    who = attempt["identity"] or "somebody"
    times = f", {count} times" if count > 1 else ""
    why, way_out = attempt_words(attempt)
    text = f"{short_time(attempt['at'])} {who} from {attempt['peer'].rpartition(':')[0]}{times}: {why}."
    return note(text, way_out) if attempt["identity"] is None else problem(text, way_out)


def deviation_remark(slug: str) -> Remark:
    """Something the station does wrong and is let in with."""
    text = _WORDS.deviation(slug)
    return note(f"deviation: it {text}" if text != slug else f"deviation: {slug}")


def blocker_remark(
    station: Mapping[str, Any], blocker: Mapping[str, Any], level: Level = Level.NOTE
) -> Remark:
    """What is in the way of a station on its way to active, and who clears it.

    `level` is how bad that is where somebody has to act: for the station in question it is the problem, in a
    list of all of them it is work that waits.
    """
    name = station.get("mac") or station["station_id"]
    who = _WORDS.of("clearer", blocker["who_clears"])
    way_out = _WORDS.way_out_here(blocker)
    state = f" ({station['lifecycle']})" if station.get("lifecycle") else ""
    is_ours = blocker["who_clears"] == "station"
    return Remark(
        Level.GOOD if is_ours else level,
        f"{name}{state}: {blocker['text']} Cleared by: {who}.",
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
