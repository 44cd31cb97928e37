"""Links come and go in any order; the newest epoch counts (REL-01)."""

from hypothesis import given
from hypothesis import strategies as st

from csms.domain.links import LinkSecurity, LinkView
from csms.rules.links import epoch_given, is_superseded, link_closed, link_opened
from csms.rules.rows import EpochRow, LinkClosedRow, LinkOpenedRow
from csms.rules.state import Decision, State
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch
from tests.support.inbound import CP1, CP2, NOON, minutes


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
    state.apply(opened.rows)
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
        state.apply(decision.rows)
    assert state.links[CP1].epoch == 3


def test_each_connection_has_a_greater_number_than_the_one_before() -> None:
    """Over the last that is stored, whoever had it."""
    state = State(last_epoch=41)
    first = epoch_given(state)
    state.apply(first.rows)
    assert (first.rows, epoch_given(state).rows) == ((EpochRow(Epoch(42)),), (EpochRow(Epoch(43)),))


def test_a_link_that_is_told_again_changes_nothing_unless_it_was_ended() -> None:
    """A process that was taken for gone tells of its links anew; each end counts once."""
    state = State()
    state.apply(link_opened(state, view(1)).rows)
    assert link_opened(state, view(1)) == Decision()
    state.apply(link_closed(state, CP1, Epoch(1), minutes(1), "gone").rows)
    assert link_closed(state, CP1, Epoch(1), minutes(2), "1000 bye") == Decision()
    assert link_opened(state, view(1)).rows == (LinkOpenedRow(view(1)),)


def test_a_link_is_over_once_its_station_has_a_newer_one() -> None:
    """Also after that one is closed; of a station of which nothing is known none is."""
    state = State()
    state.apply(link_opened(state, view(2)).rows)
    state.apply(link_closed(state, CP1, Epoch(2), NOON, "").rows)
    assert is_superseded(state, CP1, Epoch(1))
    assert not is_superseded(state, CP1, Epoch(2))
    assert not is_superseded(state, CP2, Epoch(1))
