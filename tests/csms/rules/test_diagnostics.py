"""Log statuses."""

from csms.rules.rows import LogStatusRow
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.messages import Acknowledged
from tests.support.inbound import CP1, NOON, Bench


def test_how_far_an_upload_is() -> None:
    """1.6 has no request id."""
    bench = Bench()
    bench.send(LogStatusNotification("Uploading"), proposal=Acknowledged(), received_at=NOON)
    assert bench.rows == [LogStatusRow(CP1, "Uploading", NOON)]
    assert bench.events[0].event == "log.status"
    assert bench.events[0].payload == {"status": "Uploading", "request_id": None}
