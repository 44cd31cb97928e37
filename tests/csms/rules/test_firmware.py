"""Firmware statuses."""

from csms.rules.rows import FirmwareStatusRow
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Acknowledged
from tests.support.inbound import CP1, NOON, Bench


def test_how_far_an_update_is() -> None:
    """The newest status stands with the station."""
    bench = Bench()
    event = FirmwareStatusNotification("Downloading", 7)
    assert bench.send(event, proposal=Acknowledged(), received_at=NOON) == Acknowledged()
    assert bench.rows == [FirmwareStatusRow(CP1, "Downloading", NOON)]
    assert bench.events[0].event == "firmware.status"
    assert bench.events[0].payload == {"status": "Downloading", "request_id": 7}
