"""Leases: begun once, renewed in time, ended by one of three, over once the station is as it was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.domain.leases import (
    UNCHANGED,
    UNREADABLE,
    BaselineState,
    BaselineValue,
    Lease,
    LeaseEnd,
    LeaseState,
    LeaseWish,
    LeftAlone,
    NotRestored,
    Restoration,
)
from csms.rules.leases import (
    LEASE_BEGUN,
    LEASE_ENDING,
    LEASE_RESTORING,
    LeaseHeld,
    LeaseOver,
    baseline_known,
    baseline_of,
    begin_lease,
    changed_since,
    expire_lease,
    give_back,
    lease_event,
    lease_work,
    renew_lease,
    restoration_of,
    restored,
    revoke_lease,
)
from ocppj.model.variables import ReportedVariable, VariableAssignment, VariableResult
from ocppj.vocabulary import StationId, VariableRef

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
CP = StationId("bench-1")
WISH = LeaseWish(holder="ann", purpose="firmware 2.1", lasts_s=60)
INTERVAL = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")


def after(seconds: float) -> datetime:
    """So long after the beginning."""
    return AT + timedelta(seconds=seconds)


def held(*, is_read: bool = True) -> Lease:
    """One that somebody has."""
    lease = begin_lease("l1", CP, WISH, None, AT)
    known = baseline_known(lease, is_read=is_read, now=after(1))
    assert known is not None
    return known


def test_a_lease_begins_and_asks_for_its_work() -> None:
    """The configuration is read at once; its end is looked at when its time is up."""
    lease = begin_lease("l1", CP, replace(WISH, tags=("ac",)), None, AT)
    assert (lease.state, lease.baseline, lease.expires_at) == (
        LeaseState.HELD,
        BaselineState.READING,
        after(60),
    )
    assert (lease.holder, lease.purpose, lease.tags, lease.is_open) == ("ann", "firmware 2.1", ("ac",), True)
    begun, ending = lease_work(None, lease)
    assert (begun.kind, begun.subject, begun.key, begun.due_at) == (LEASE_BEGUN.name, CP, "l1", AT)
    assert (ending.kind, ending.due_at, ending.lane) == (LEASE_ENDING.name, after(60), LEASE_ENDING.lane)


@pytest.mark.parametrize("holder", ["ann", "bob"])
def test_a_station_is_leased_once(holder: str) -> None:
    """Also to whoever has it: two runs of one program are two. One that is over is in nobody's way."""
    there = held()
    with pytest.raises(LeaseHeld) as found:
        begin_lease("l2", CP, replace(WISH, holder=holder), there, after(2))
    assert found.value.lease is there
    over = replace(there, state=LeaseState.OVER)
    assert begin_lease("l2", CP, WISH, over, after(2)).lease_id == "l2"


def test_it_is_renewed_in_time_only() -> None:
    """As long again from then on; what is over stays over, whether or not it was noticed."""
    renewed = renew_lease(held(), after(59))
    assert (renewed.expires_at, renewed.renewed_at, renewed.since) == (after(119), after(59), AT)
    assert renew_lease(renewed, after(100)).expires_at == after(160)
    for lease, at in ((renewed, after(119)), (give_back(renewed, "ann", after(60)), after(61))):
        with pytest.raises(LeaseOver) as over:
            renew_lease(lease, at)
        assert over.value.lease is lease
    assert lease_work(held(), renewed) == ()


def test_its_time_ends_it() -> None:
    """Not before, and not what has ended otherwise."""
    lease = held()
    assert expire_lease(lease, after(59.9)) is None
    ended = expire_lease(lease, after(60))
    assert ended is not None
    assert (ended.state, ended.end, ended.ended_at, ended.ended_by) == (
        LeaseState.RESTORING,
        LeaseEnd.EXPIRED,
        after(60),
        None,
    )
    assert expire_lease(ended, after(70)) is None
    [work] = lease_work(lease, ended)
    assert (work.kind, work.subject, work.key, work.cause) == (LEASE_RESTORING.name, CP, "l1", "expired")
    event = lease_event(ended)
    assert (event.event, event.station_id, event.at) == ("lease.changed", CP, after(60))
    assert event.payload == {
        "lease_id": "l1",
        "state": "restoring",
        "holder": "ann",
        "baseline": "read",
        "end": "expired",
    }
    assert lease_event(lease).payload["end"] is None


def test_its_holder_gives_it_back() -> None:
    """Where nothing was read, nothing is restored, and it is over at once."""
    ended = give_back(held(), "ann", after(5))
    assert (ended.state, ended.end, ended.ended_by) == (LeaseState.RESTORING, LeaseEnd.GIVEN_BACK, "ann")
    for unread in (held(is_read=False), begin_lease("l1", CP, WISH, None, AT)):
        over = give_back(unread, "ann", after(5))
        assert (over.state, over.baseline, over.is_open) == (LeaseState.OVER, BaselineState.UNREAD, False)
        assert over.restoration == Restoration(reason=NotRestored.NOT_READ)
        assert lease_work(unread, over) == ()
        with pytest.raises(LeaseOver):
            give_back(over, "ann", after(6))


def test_an_administrator_takes_it_away() -> None:
    """Of one that is being restored, that is given up; what is over stays."""
    ended = revoke_lease(held(), "adm", "demo", after(5))
    assert (ended.state, ended.end, ended.ended_by, ended.reason) == (
        LeaseState.RESTORING,
        LeaseEnd.TAKEN_AWAY,
        "adm",
        "demo",
    )
    over = revoke_lease(ended, "eve", "it is broken", after(9))
    assert (over.state, over.end, over.ended_by, over.reason) == (
        LeaseState.OVER,
        LeaseEnd.TAKEN_AWAY,
        "eve",
        "it is broken",
    )
    assert over.restoration == Restoration(reason=NotRestored.GIVEN_UP)
    with pytest.raises(LeaseOver):
        revoke_lease(over, "adm", "again", after(10))


def test_the_configuration_is_known_once() -> None:
    """And too late once nobody has it."""
    lease = begin_lease("l1", CP, WISH, None, AT)
    assert held().baseline is BaselineState.READ
    assert held(is_read=False).baseline is BaselineState.UNREAD
    assert baseline_known(held(), is_read=False, now=after(2)) is None
    assert baseline_known(give_back(lease, "ann", after(1)), is_read=True, now=after(2)) is None


def test_it_is_over_once_restored() -> None:
    """A second run finds it so."""
    ended, came = give_back(held(), "ann", after(5)), Restoration(set_back=("A.B",))
    over = restored(ended, came, after(6))
    assert (over.state, over.restoration, over.moved_at) == (LeaseState.OVER, came, after(6))
    assert restored(over, Restoration(), after(7)) is over


def reported(name: str, value: str | None, **more: Any) -> ReportedVariable:
    """What a station tells of itself."""
    return ReportedVariable(VariableRef("ConfigurationKey", name), value, **more)


def test_the_baseline_is_what_can_be_set_back() -> None:
    """Not what cannot be written or was not told, and no secret, whatever a station tells of it."""
    told = [
        reported("Mode", "fast"),
        reported("Fixed", "1", is_read_only=True),
        reported("Hidden", None, is_write_only=True),
        reported("Odd", "x", is_write_only=True),
        reported("Never", "x", is_constant=True),
        reported("Unset", None),
        reported("AuthorizationKey", "0011"),
        reported("Url", "ftp://a:***@b"),
    ]
    assert baseline_of(told) == [BaselineValue(VariableRef("ConfigurationKey", "Mode"), "fast")]


def test_what_has_changed_is_set_back() -> None:
    """Names have no case; what is not told any more is left alone, and said."""
    gone, same = VariableRef("C", "Gone"), VariableRef("C", "Same")
    baseline = [BaselineValue(INTERVAL, "300"), BaselineValue(gone, "1"), BaselineValue(same, "x")]
    to_set, left = changed_since(
        baseline, {"ocppcommctrlr.heartbeatinterval": "10", "c.same": "x", "c.gone": None}
    )
    assert to_set == [VariableAssignment(INTERVAL, "300")]
    assert left == [LeftAlone("C.Gone", UNREADABLE)]


def test_what_the_station_says_is_held_against_what_it_tells() -> None:
    """Agreed and read back; agreed for its next start; agreed and not done; refused."""
    refs = {name: VariableRef("C", name) for name in ("Done", "Later", "Not", "Blind", "No")}
    words = {"Later": "RebootRequired", "No": "Rejected"}
    results = [VariableResult(ref, words.get(name, "Accepted")) for name, ref in refs.items()]
    wanted = {f"c.{name}".lower(): "1" for name in refs}
    before = [LeftAlone("C.Gone", UNREADABLE)]
    found = restoration_of(results, {"c.done": "1", "c.later": "0", "c.not": "0"}, wanted, before)
    assert found == Restoration(
        set_back=("C.Done", "C.Later", "C.Blind"),
        left_alone=(
            LeftAlone("C.Gone", UNREADABLE),
            LeftAlone("C.Not", UNCHANGED),
            LeftAlone("C.No", "Rejected"),
        ),
        needs_restart=True,
    )
    assert restoration_of([], {}, {}) == Restoration()


ACTS = st.sampled_from(["renew", "expire", "give_back", "revoke", "read", "unread", "restored"])


@given(st.lists(st.tuples(ACTS, st.floats(0, 90)), max_size=12))
def test_whatever_happens_a_lease_only_goes_forward(acts: list[tuple[str, float]]) -> None:
    """Held, restoring, over: never back. What is over says why; what was read is restored or given up."""
    order = [LeaseState.HELD, LeaseState.RESTORING, LeaseState.OVER]
    lease, now = begin_lease("l1", CP, WISH, None, AT), AT
    for what, seconds in acts:
        now += timedelta(seconds=seconds)
        before = lease
        try:
            lease = done(what, lease, now)
        except LeaseOver:
            assert before.state is not LeaseState.HELD or now >= before.expires_at
        assert order.index(lease.state) >= order.index(before.state)
        asked = [each.kind for each in lease_work(before, lease)]
        is_ended = before.state is LeaseState.HELD and lease.state is LeaseState.RESTORING
        assert asked == ([LEASE_RESTORING.name] if is_ended else [])
        assert (lease.end is None) == (lease.state is LeaseState.HELD)
        assert (lease.restoration is None) == (lease.state is not LeaseState.OVER)
        assert lease.expires_at - lease.renewed_at == WISH.lasts


def done(what: str, lease: Lease, now: datetime) -> Lease:
    """The lease after an act. Raises LeaseOver."""
    match what:
        case "renew":
            return renew_lease(lease, now)
        case "expire":
            return expire_lease(lease, now) or lease
        case "give_back":
            return give_back(lease, "ann", now)
        case "revoke":
            return revoke_lease(lease, "adm", "why", now)
        case "restored":
            return restored(lease, Restoration(), now)
        case _:
            return baseline_known(lease, is_read=what == "read", now=now) or lease
