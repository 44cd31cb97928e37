"""Security events, firmware and log statuses, data transfers: kept where something can be kept, and told."""

from csms.domain.events import Acknowledged, FirmwareStatusReported, LogStatusReported, SecurityEventReported
from csms.rules.rows import FirmwareStatusRow, LogStatusRow, SecurityEventRow
from tests.support.inbound import CP1, NOON, Bench, minutes


def test_how_far_an_update_is() -> None:
    """The newest status stands with the station."""
    bench = Bench()
    event = FirmwareStatusReported("Downloading", 7)
    assert bench.send(event, proposal=Acknowledged(), received_at=NOON) == Acknowledged()
    assert bench.rows == [FirmwareStatusRow(CP1, "Downloading", NOON)]
    assert bench.news[0].event == "firmware.status"
    assert bench.news[0].payload == {"status": "Downloading", "request_id": 7}


def test_how_far_an_upload_is() -> None:
    """1.6 has no request id."""
    bench = Bench()
    bench.send(LogStatusReported("Uploading"), proposal=Acknowledged(), received_at=NOON)
    assert bench.rows == [LogStatusRow(CP1, "Uploading", NOON)]
    assert bench.news[0].event == "log.status"
    assert bench.news[0].payload == {"status": "Uploading", "request_id": None}


def test_a_security_event_is_a_row() -> None:
    """With the station's time and that of reception."""
    bench = Bench()
    event = SecurityEventReported("StartupOfTheDevice", NOON, "info")
    bench.send(event, proposal=Acknowledged(), received_at=minutes(2))
    assert bench.of_kind(SecurityEventRow) == [
        SecurityEventRow(CP1, "StartupOfTheDevice", "info", NOON, minutes(2))
    ]
    assert bench.news[0].payload == {"type": "StartupOfTheDevice", "tech_info": "info"}
