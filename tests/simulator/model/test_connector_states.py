"""The connector's state machine, exhaustively: every state with every happening."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.vocabulary import ConnectorStatus
from simulator.model.connector_states import (
    IN_TRANSACTION,
    STATUS_OF,
    TRANSITIONS,
    ConnectorState,
    Happening,
    ImpossibleError,
    draw_table,
    next_state,
)
from tests.support.sources import ROOT

S, H = ConnectorState, Happening

# The oracle, written from OCPP 1.6 §4.9 and the three facts in the module: what each happening
# does, and in which states it can happen at all.
FAULT_KEEPS = {H.PLUGGED, H.UNPLUGGED, H.DISABLED, H.ENABLED, H.ENABLED_PLUGGED, H.FAULTED}
RESERVED_KEEPS = {H.PLUGGED, H.UNPLUGGED}
UNAVAILABLE_KEEPS = {H.PLUGGED, H.UNPLUGGED, H.DISABLED}
FREE = {S.AVAILABLE, S.PREPARING}
EXPECTED: dict[Happening, tuple[set[ConnectorState], ConnectorState]] = {
    H.PLUGGED: (FREE, S.PREPARING),
    H.UNPLUGGED: ({S.PREPARING, S.FINISHING}, S.AVAILABLE),
    H.AUTHORIZED: (FREE | {S.FINISHING, S.RESERVED}, S.PREPARING),
    H.LAPSED: ({S.PREPARING}, S.AVAILABLE),
    H.STARTED: ({S.PREPARING}, S.CHARGING),
    H.EV_PAUSED: ({S.CHARGING, S.SUSPENDED_EVSE}, S.SUSPENDED_EV),
    H.EV_RESUMED: ({S.SUSPENDED_EV}, S.CHARGING),
    H.EVSE_PAUSED: ({S.CHARGING, S.SUSPENDED_EV}, S.SUSPENDED_EVSE),
    H.EVSE_RESUMED: ({S.SUSPENDED_EVSE}, S.CHARGING),
    H.STOPPED: (set(IN_TRANSACTION), S.FINISHING),
    H.RESERVED: ({S.AVAILABLE}, S.RESERVED),
    H.RELEASED: ({S.RESERVED}, S.AVAILABLE),
    H.RELEASED_PLUGGED: ({S.RESERVED}, S.PREPARING),
    H.DISABLED: (FREE | {S.FINISHING, S.RESERVED}, S.UNAVAILABLE),
    H.ENABLED: ({S.UNAVAILABLE}, S.AVAILABLE),
    H.ENABLED_PLUGGED: ({S.UNAVAILABLE}, S.PREPARING),
    H.FAULTED: (set(ConnectorState), S.FAULTED),
    H.CLEARED: ({S.FAULTED}, S.AVAILABLE),
    H.CLEARED_PLUGGED: ({S.FAULTED}, S.PREPARING),
    H.CLEARED_DISABLED: ({S.FAULTED}, S.UNAVAILABLE),
}


def expected(state: ConnectorState, happening: Happening) -> ConnectorState | None:
    """Where the oracle sends a connector; None: it cannot happen."""
    if state is S.FAULTED and happening in FAULT_KEEPS:
        return S.FAULTED
    if state is S.RESERVED and happening in RESERVED_KEEPS:
        return S.RESERVED
    if state is S.UNAVAILABLE and happening in UNAVAILABLE_KEEPS:
        return S.UNAVAILABLE
    states, target = EXPECTED[happening]
    return target if state in states else None


@pytest.mark.parametrize(("state", "happening"), [*itertools.product(ConnectorState, Happening)])
def test_each_pair_goes_where_it_should(state: ConnectorState, happening: Happening) -> None:
    """All 180 of them, the impossible ones included."""
    target = expected(state, happening)
    if target is None:
        with pytest.raises(ImpossibleError, match=f"{state.value} cannot be {happening.value}"):
            next_state(state, happening)
    else:
        assert next_state(state, happening) is target


def test_table_has_a_row_for_every_state() -> None:
    """And every state can be told in both vocabularies."""
    assert set(TRANSITIONS) == set(ConnectorState) == set(STATUS_OF)


@given(st.lists(st.sampled_from(Happening), max_size=40))
def test_a_fault_is_always_possible_and_never_ends_by_itself(happenings: list[Happening]) -> None:
    """Whatever happened before, FAULTED leads to Faulted; only the CLEARED ones lead out."""
    state = S.AVAILABLE
    for happening in happenings:
        if happening not in TRANSITIONS[state]:
            continue
        before, state = state, next_state(state, happening)
        if before is S.FAULTED and state is not S.FAULTED:
            assert happening.name.startswith("CLEARED")
        assert next_state(state, H.FAULTED) is S.FAULTED


def test_only_a_transaction_charges() -> None:
    """The states of a transaction are entered by STARTED and left by STOPPED or a fault."""
    for state, row in TRANSITIONS.items():
        for happening, target in row.items():
            if state not in IN_TRANSACTION and target in IN_TRANSACTION:
                assert happening is H.STARTED
            if state in IN_TRANSACTION and target not in IN_TRANSACTION:
                assert happening in (H.STOPPED, H.FAULTED)


def test_statuses_of_2x_are_five() -> None:
    """All of them are used."""
    assert {status for status, _ in STATUS_OF.values()} == set(ConnectorStatus)


def test_page_shows_this_table() -> None:
    """docs/reference/simulator.md is drawn from the table."""
    page = (ROOT / "docs" / "reference" / "simulator.md").read_text(encoding="utf-8")
    assert draw_table() in page
