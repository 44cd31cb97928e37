"""An act at a box is seen where it happens, once, within its minute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from csms.domain.station_events import StationEvent
from ocppj.vocabulary import StationId
from provisioning.rules.identifying import (
    WITHIN,
    BoxAct,
    BoxCheck,
    BoxCheckState,
    after,
    elsewhere,
    may_be_another,
    note_of,
)

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
MINE, OTHER, STRANGER = StationId("mine"), StationId("other"), StationId("stranger")
PLUG = BoxCheck(station_id=MINE, act=BoxAct.PLUG, by="sam", began_at=AT, others=frozenset({OTHER}))
CARD, POWER = replace(PLUG, act=BoxAct.CARD, id_token="Ab12"), replace(PLUG, act=BoxAct.POWER)


def event(name: str, station_id: StationId = MINE, **payload: object) -> StationEvent:
    """At a station."""
    return StationEvent(name, station_id, AT, payload)


def occupied(station_id: StationId = MINE) -> StationEvent:
    """Somebody plugs in."""
    return event("connector.status", station_id, status="Occupied")


@pytest.mark.parametrize(
    ("check", "events", "is_seen"),
    [
        (PLUG, [occupied()], True),
        (PLUG, [event("connector.status", status="Available")], False),
        (PLUG, [event("station.booted")], False),
        (CARD, [event("authorization.requested", id_token="AB12")], True),
        (CARD, [event("transaction.started", id_token="ab12")], True),
        (CARD, [event("authorization.requested", id_token="FF")], False),
        (CARD, [event("transaction.started", id_token=None)], False),
        (CARD, [occupied()], False),
        (POWER, [event("station.booted")], False),
        (POWER, [event("link.connected"), event("station.booted")], True),
        (POWER, [event("link.connected", OTHER), event("station.booted")], False),
        (POWER, [event("link.connected")], False),
    ],
)
def test_an_act_is_known_by_what_the_station_tells(
    check: BoxCheck, events: list[StationEvent], is_seen: bool
) -> None:
    """A boot alone shows nothing: the server may have asked for it."""
    for each in events:
        check = after(check, each, AT)
    assert check.state(AT) is (BoxCheckState.SEEN if is_seen else BoxCheckState.WATCHING)
    assert note_of(check) == check.act.value


def test_the_act_may_be_seen_at_another_new_station() -> None:
    """The first one counts; a stranger's does not."""
    check = after(PLUG, occupied(STRANGER), AT)
    assert check.state(AT) is BoxCheckState.WATCHING
    check = after(check, occupied(OTHER), AT + timedelta(seconds=9))
    assert check.state(AT) is BoxCheckState.ELSEWHERE
    assert (check.seen_at, elsewhere(note_of(check))) == (AT + timedelta(seconds=9), OTHER)
    assert after(check, occupied(), AT) == check
    assert elsewhere("plug") is None


def test_after_a_minute_nothing_counts() -> None:
    """It is begun anew."""
    late = AT + WITHIN
    check = after(PLUG, occupied(), late)
    assert check == PLUG
    assert check.state(late) is BoxCheckState.MISSED
    assert check.state(late - timedelta(seconds=1)) is BoxCheckState.WATCHING


@pytest.mark.parametrize(("days", "may"), [(None, True), (0, True), (2, False)])
def test_only_new_stations_may_be_exchanged(days: int | None, may: bool) -> None:
    """One that has served for days has its own label."""
    activated_at = AT - timedelta(days=days) if days is not None else None
    assert may_be_another(activated_at, AT) is may
