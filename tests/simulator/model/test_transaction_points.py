"""TxStartPoint and TxStopPoint: when a transaction begins and ends, whatever they contain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.model.transaction_points import TRANSACTION_POINTS, EvseFacts, begins, ends

SESSION = (
    EvseFacts(),
    EvseFacts(is_parked=True),
    EvseFacts(is_parked=True, is_connected=True),
    EvseFacts(is_parked=True, is_connected=True, is_authorized=True),
    EvseFacts(is_parked=True, is_connected=True, is_authorized=True, is_flowing=True),
)
"""A car comes, is plugged in, its driver authorized, and energy flows; back in the opposite order."""
POINTS = st.sets(st.sampled_from(TRANSACTION_POINTS), min_size=1)
FACTS = st.builds(EvseFacts, st.booleans(), st.booleans(), st.booleans(), st.booleans())
BEGINS_AT = {
    "ParkingBayOccupancy": 1,
    "EVConnected": 2,
    "Authorized": 3,
    "PowerPathClosed": 3,
    "EnergyTransfer": 4,
}


@pytest.mark.parametrize("point", TRANSACTION_POINTS)
def test_each_point_begins_and_ends_at_its_own_step(point: str) -> None:
    """On the way in as soon as it holds, on the way out as soon as it no longer does."""
    step = BEGINS_AT[point]
    assert [begins([point], facts) for facts in SESSION] == [n >= step for n in range(len(SESSION))]
    way_out = [
        ends([point], before, after) for before, after in zip(SESSION[:0:-1], SESSION[-2::-1], strict=True)
    ]
    expected = [n == step for n in range(len(SESSION) - 1, 0, -1)]
    if point == "PowerPathClosed":
        # §2.6.6.2: a pulled cable alone ends it, too; here it was over already when the token went
        expected[SESSION.index(SESSION[3]) - 1] = True
    assert way_out == expected


@given(POINTS, FACTS)
def test_several_points_begin_with_the_first_that_holds(points: set[str], facts: EvseFacts) -> None:
    """The list is an OR (§2.6.4)."""
    assert begins(points, facts) == any(begins([point], facts) for point in points)


@given(POINTS, FACTS, FACTS)
def test_nothing_ends_by_what_never_held_or_still_holds(
    points: set[str], before: EvseFacts, after: EvseFacts
) -> None:
    """A transaction that began with a token does not end because no cable ever came."""
    assert not ends(points, EvseFacts(), after)
    assert not ends(points, before, EvseFacts(True, True, True, True))
    assert ends(points, before, EvseFacts()) == any(
        begins([part], before)
        for point in points
        for part in (("EVConnected", "Authorized") if point == "PowerPathClosed" else (point,))
    )
