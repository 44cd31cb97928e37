"""Rows of what stations hold on their displays."""

import pytest

from csms.domain.display_messages import DisplayMessageState
from csms.rules.display_rows import DisplayMessageRow
from ocppj.model.display import DisplayMessage
from tests.support.inbound import CP1, NOON


@pytest.mark.parametrize("state", DisplayMessageState)
def test_a_station_may_hold_what_is_not_gone(state: DisplayMessageState) -> None:
    """Also where its answer was lost."""
    message = DisplayMessage(message_id=1, text="Bonjour")
    row = DisplayMessageRow(station_id=CP1, message=message, state=state, moved_at=NOON)
    assert row.is_there is (state is not DisplayMessageState.GONE)
