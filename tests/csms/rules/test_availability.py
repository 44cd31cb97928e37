"""Connector statuses."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from csms.domain.records import ConnectorRecord
from csms.rules.rows import ConnectorRow, ConnectorStateRow
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import Acknowledged
from ocppj.vocabulary import ConnectorStatus
from tests.support.inbound import CP1, NOON, Bench, minutes

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
    assert (row.record.evse_id, row.record.vendor_error_code) == (0, "E7")


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


def test_a_vendors_code_is_a_state_and_no_news() -> None:
    """The news has no place for it; who looks for a fault wants to see it come and go."""
    bench = Bench()
    for code in ("E7", "E7", None):
        bench.send(replace(FREE, vendor_error_code=code), proposal=Acknowledged())
    states = bench.of_kind(ConnectorStateRow)
    assert [each.record.vendor_error_code for each in states] == ["E7", None]
    assert bench.told() == ["connector.status"]


WORDS = {"Available": ConnectorStatus.AVAILABLE, "Faulted": ConnectorStatus.FAULTED}
REPORTS = st.lists(
    st.builds(
        lambda place, word, error, info, vendor: StatusNotification(
            *place, WORDS[word], word, None, error, info, vendor
        ),
        st.sampled_from([(0, 0), (1, 1), (2, 1)]),
        st.sampled_from(sorted(WORDS)),
        st.sampled_from([None, "NoError"]),
        st.sampled_from([None, "x"]),
        st.sampled_from([None, "E7"]),
    ),
    max_size=30,
)
TOLD = ("status", "reported", "error_code", "info", "vendor_error_code")


def told(record: ConnectorRecord) -> tuple[object, ...]:
    """What makes a state, of a record or an event."""
    return tuple(getattr(record, name) for name in TOLD)


@given(REPORTS)
def test_the_states_replayed_are_what_each_connector_told(reports: list[StatusNotification]) -> None:
    """The last one is what the connector has now, no two that follow each other are equal, none is lost."""
    bench = Bench()
    for number, event in enumerate(reports):
        bench.send(replace(event, at=minutes(number)), proposal=Acknowledged(), received_at=minutes(number))
    states = bench.of_kind(ConnectorStateRow)
    for place in {(each.evse_id, each.connector_id) for each in reports}:
        history = [row for row in states if (row.record.evse_id, row.record.connector_id) == place]
        expected: list[tuple[object, ...]] = []
        for event in reports:
            words = tuple(getattr(event, name) for name in TOLD)
            if (event.evse_id, event.connector_id) == place and expected[-1:] != [words]:
                expected.append(words)
        assert [told(row.record) for row in history] == expected
        assert all(row.record.at == row.received_at for row in history)
        now = bench.state.connectors[CP1, *place]
        assert told(now) == told(history[-1].record)


def test_what_makes_a_state_is_all_that_a_status_tells() -> None:
    """A field that is added to the message has to be decided about here."""
    names = {each.name for each in fields(StatusNotification)}
    assert names == {*TOLD, "evse_id", "connector_id", "at", "charging_state", "tells_charging"}
