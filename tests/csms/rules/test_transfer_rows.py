"""A transfer as it stands in a row."""

import pytest

from csms.domain.transfers import TransferKind, TransferState
from csms.rules.transfer_rows import TransferRow
from tests.support.inbound import CP1, NOON


@pytest.mark.parametrize("state", TransferState)
def test_whether_more_may_come_of_it(state: TransferState) -> None:
    """Until it is proven, received, refused, silent or replaced."""
    row = TransferRow(
        number=1,
        station_id=CP1,
        kind=TransferKind.LOG,
        state=state,
        asked_by="api:ann",
        asked_at=NOON,
        moved_at=NOON,
    )
    assert row.is_open is (state.value in ("waiting", "under_way", "installed"))
