"""Security events."""

from csms.rules.rows import SecurityEventRow
from ocppj.model.messages import Acknowledged
from ocppj.model.security import SecurityEventNotification
from tests.support.inbound import CP1, NOON, Bench, minutes


def test_a_security_event_is_a_row() -> None:
    """With the station's time and that of reception."""
    bench = Bench()
    event = SecurityEventNotification("StartupOfTheDevice", NOON, "info")
    bench.send(event, proposal=Acknowledged(), received_at=minutes(2))
    assert bench.of_kind(SecurityEventRow) == [
        SecurityEventRow(CP1, "StartupOfTheDevice", "info", NOON, minutes(2))
    ]
    assert bench.events[0].payload == {"type": "StartupOfTheDevice", "tech_info": "info"}
