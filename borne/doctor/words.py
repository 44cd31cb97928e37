"""Slugs of the server as sentences, each with what to do: failed connections, deviations, blockers."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from borne.doctor.remarks import Level, Remark, good, note, problem
from borne.language import Speech
from runtime.wording import FRENCH, NO_BREAK, Phrase

_ENGLISH, _FRENCH = Speech("en"), Speech(FRENCH)
LISTEN = Phrase(
    "Pour de vraies bornes : borne up --listen 0.0.0.0", "To take real stations: borne up --listen 0.0.0.0"
)
_SEPARATORS = re.compile(r"[:\-. ]")


def attempt_words(attempt: Mapping[str, Any], speech: Speech = _ENGLISH) -> tuple[str, str | None]:
    """Why a connection failed, and what to change."""
    cause = attempt["cause"]
    why = speech.of("cause", cause) if cause else attempt["detail"].rstrip(".")
    return why, speech.advice_here(attempt)


def attempt_remark(attempt: Mapping[str, Any], count: int = 1) -> Remark:
    """A failed connection: when, who, from where, how often, why."""
    (french, way_fr), (english, way_en) = (attempt_words(attempt, each) for each in (_FRENCH, _ENGLISH))
    at, address = short_time(attempt["at"]), attempt["peer"].rpartition(":")[0]
    who = Phrase(attempt["identity"] or "quelqu'un", attempt["identity"] or "somebody")
    times = Phrase(f", {count} fois", f", {count} times") if count > 1 else Phrase("", "")
    text = Phrase(
        f"{at} {who.fr} depuis {address}{times.fr} : {french}.",
        f"{at} {who.en} from {address}{times.en}: {english}.",
    )
    way_out = Phrase(way_fr or "", way_en) if way_en else None
    return note(text, way_out) if attempt["identity"] is None else problem(text, way_out)


def address_remark(url: str) -> Remark:
    """Where stations can be sent."""
    return good(Phrase(f"adresse à donner aux bornes : {url}", f"stations can be given {url}"))


def deviation_remark(slug: str) -> Remark:
    """Something the station does wrong and is let in with."""
    text = _ENGLISH.deviation(slug)
    if text == slug:
        return note(Phrase(f"écart : {slug}", f"deviation: {slug}"))
    return note(Phrase(f"écart : elle {_FRENCH.deviation(slug)}", f"deviation: it {text}"))


def blocker_remark(
    station: Mapping[str, Any], blocker: Mapping[str, Any], level: Level = Level.NOTE
) -> Remark:
    """What is in the way of a station on its way to active, and who clears it.

    `level` is how bad that is where somebody has to act: for the station in question it is the problem, in a
    list of all of them it is work that waits.
    """
    name = station.get("mac") or station["station_id"]
    text, way_out = (
        Phrase(*(each(speech) for speech in (_FRENCH, _ENGLISH)))
        for each in (
            lambda speech: (
                f"{name}{_state(station, speech)}{_colon(speech)} {speech.blocker(blocker)} "
                f"{speech('station.cleared_by', who=speech.of('clearer', blocker['who_clears']))}"
            ),
            lambda speech: speech.way_out_here(blocker),
        )
    )
    is_ours = blocker["who_clears"] == "station"
    return Remark(Level.GOOD if is_ours else level, text, None if is_ours else way_out)


def _state(station: Mapping[str, Any], speech: Speech) -> str:
    lifecycle = station.get("lifecycle")
    return f" ({speech.of('lifecycle', lifecycle)})" if lifecycle else ""


def _colon(speech: Speech) -> str:
    return f"{NO_BREAK}:" if speech.language == FRENCH else ":"


def hint_of(identity: str | None) -> str:
    """An identity without its spelling: two names of one box that look different are the same here."""
    return _SEPARATORS.sub("", identity or "").lower()


def was_in_touch_after(station: Mapping[str, Any], instant: str) -> bool:
    """Whether the station was let in, and said something, after an instant of the API."""
    link = station.get("link") or {}
    heard = [link.get("connected_at"), station.get("last_seen_at")]
    return any(
        at is not None and datetime.fromisoformat(at) > datetime.fromisoformat(instant) for at in heard
    )


def short_time(instant: str) -> str:
    """An instant of the API in this machine's time, to the second."""
    return f"{datetime.fromisoformat(instant).astimezone():%Y-%m-%d %H:%M:%S}"
