"""Connector statuses."""

from msgspec.structs import replace

from csms.rules.rows import ConnectorRow
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import Acknowledged
from ocppj.vocabulary import ConnectorStatus
from tests.support.inbound import NOON, Bench, minutes

FREE = StatusNotification(1, 1, ConnectorStatus.AVAILABLE, "Available", NOON, "NoError")


def test_a_status_is_news_when_something_changed() -> None:
    """Quirk 76: flapping and repeating stations say the same again and again; the row has the newest time."""
    bench = Bench()
    for event in (
        FREE,
        replace(FREE, at=minutes(1)),
        replace(FREE, reported="Preparing", status=ConnectorStatus.OCCUPIED),
        replace(FREE, connector_id=2),
        replace(FREE, error_code="GroundFailure"),
    ):
        assert bench.send(event, proposal=Acknowledged()) == Acknowledged()
    assert len(bench.of_kind(ConnectorRow)) == 5
    assert bench.told() == ["connector.status"] * 4
    assert bench.news[-1].payload == {
        "evse_id": 1,
        "connector_id": 1,
        "status": "Available",
        "reported": "Available",
        "error_code": "GroundFailure",
        "info": None,
    }


def test_the_station_itself_is_evse_0() -> None:
    """Quirk 74."""
    bench = Bench()
    bench.send(replace(FREE, evse_id=0, connector_id=0, vendor_error_code="E7"), proposal=Acknowledged())
    (row,) = bench.of_kind(ConnectorRow)
    assert (row.record.evse_id, row.vendor_error_code) == (0, "E7")


def test_a_repeated_status_is_as_old_as_the_first() -> None:
    """Since when a connector is free is told by its first such status, by our clock."""
    bench = Bench()
    for minute, event in (
        (0, FREE),
        (9, replace(FREE, at=minutes(9))),
        (10, replace(FREE, reported="Faulted")),
    ):
        bench.send(event, proposal=Acknowledged(), received_at=minutes(minute))
    assert [row.record.since for row in bench.of_kind(ConnectorRow)] == [NOON, NOON, minutes(10)]
