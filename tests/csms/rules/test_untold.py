"""What a station tells nothing of is read off its last transactions that tell all they can."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.domain.flags import CONFLICT, END_MISSING, ENDED_BY_HAND, ORPHAN, START_MISSING, SUPERSEDED, TEST
from csms.domain.reviews import Review
from csms.rules.untold import EndedTransaction, untold
from ocppj.vocabulary import ChargingState
from tests.support.inbound import NOON, minutes

SILENT = EndedTransaction(NOON, None, None)
WHOLE = EndedTransaction(minutes(5), 7000.0, ChargingState.CHARGING)


def test_what_none_of_them_told_is_lacking_since_the_first() -> None:
    """Energy and state apart: a station may tell one of them."""
    assert untold([SILENT, replace(SILENT, ended_at=minutes(9))]) == {"energy": NOON, "idle": NOON}
    assert untold([replace(SILENT, energy_wh=0.0)]) == {"idle": NOON}
    assert untold([replace(SILENT, charging_state=ChargingState.IDLE)]) == {"energy": NOON}


def test_one_that_told_it_is_enough() -> None:
    """A station that can tell is not remarked on for one that it did not."""
    assert untold([SILENT, WHOLE, SILENT]) == {}


def test_a_station_without_transactions_is_not_accused() -> None:
    """Nobody knows yet what it tells."""
    assert untold([]) == {}


@pytest.mark.parametrize("flag", [ORPHAN, START_MISSING, END_MISSING, SUPERSEDED, ENDED_BY_HAND, TEST])
def test_one_that_is_known_in_part_says_nothing(flag: str) -> None:
    """What it lacks may stand in the message that never came; other flags are no reason."""
    in_part = replace(SILENT, flags=frozenset({flag}))
    assert untold([in_part]) == {}
    assert untold([in_part, WHOLE]) == {}
    assert untold([replace(SILENT, flags=frozenset({CONFLICT}))]) != {}


@pytest.mark.parametrize("review", [Review.CORRECTED, Review.VOID])
def test_what_a_person_put_in_is_not_what_the_station_told(review: Review) -> None:
    """A correction gives it energy, and a void one takes it away."""
    assert untold([SILENT, replace(WHOLE, review=review.value)]) == {"energy": NOON, "idle": NOON}


@given(st.permutations([SILENT, replace(SILENT, ended_at=minutes(1)), replace(SILENT, energy_wh=1.0)]))
def test_their_order_does_not_count(ended: list[EndedTransaction]) -> None:
    """The database gives them in any."""
    assert untold(ended) == {"idle": NOON}
