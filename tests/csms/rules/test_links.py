"""Links come and go in any order; the newest epoch counts (REL-01)."""

from hypothesis import given
from hypothesis import strategies as st

from csms.domain.links import LinkSecurity, LinkView
from csms.rules.links import link_closed, link_opened
from csms.rules.rows import LinkClosedRow, LinkOpenedRow
from csms.rules.state import State
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch
from tests.support.inbound import CP1, NOON, minutes


def view(epoch: int) -> LinkView:
    """A link of CP1."""
    return LinkView(
        CP1,
        Epoch(epoch),
        OcppVersion.V201,
        "192.0.2.1",
        LinkSecurity.BASIC_AUTH,
        NOON,
        NOON,
        None,
        ("a-finding",),
    )


def test_a_link_is_told_when_it_opens_and_when_it_closes() -> None:
    """With its epoch."""
    state = State()
    opened = link_opened(state, view(1))
    state.take(opened.rows)
    closed = link_closed(state, CP1, Epoch(1), minutes(1), "1000 bye")
    assert opened.rows == (LinkOpenedRow(view(1)),)
    assert opened.events[0].payload == {
        "epoch": 1,
        "version": "2.0.1",
        "peer": "192.0.2.1",
        "security": "basic_auth",
        "findings": ["a-finding"],
    }
    assert closed.rows == (LinkClosedRow(CP1, Epoch(1), minutes(1), "1000 bye"),)
    assert closed.events[0].payload == {"epoch": 1, "reason": "1000 bye"}


@given(st.permutations([(epoch, what) for epoch in (1, 2, 3) for what in ("open", "close")]))
def test_an_old_link_never_touches_a_newer_one(order: list[tuple[int, str]]) -> None:
    """Whatever order openings and closings arrive in, the newest opening is what is stored."""
    state, stored = State(), 0
    for epoch, what in order:
        if what == "open":
            decision = link_opened(state, view(epoch))
            assert bool(decision.rows) is (epoch > stored)
            stored = max(stored, epoch)
        else:
            decision = link_closed(state, CP1, Epoch(epoch), NOON, "")
            assert bool(decision.rows) is (epoch == stored)
        state.take(decision.rows)
    assert state.epochs == {CP1: 3}
