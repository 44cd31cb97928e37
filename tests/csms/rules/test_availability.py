"""Connector statuses; what 1.6 tells in them of the transaction that goes on there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from charging.tariff import Tariff
from csms.domain.flags import IDLE_UNMEASURED
from csms.domain.inbound import PricedResponse
from csms.domain.records import ConnectorRecord
from csms.rules.rows import ConnectorRow, ConnectorStateRow
from ocppj.codec import codec_for
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import Acknowledged
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ChargingState, ConnectorStatus
from tests.support.inbound import ACCEPTED, CP1, NOON, Bench, minutes, start16, stop16

V16 = translation_for(OcppVersion.V16)
IDLE = Tariff("t", "EUR", energy_micro_per_kwh=1_000_000, idle_micro_per_h=6_000_000)
PRICED = PricedResponse("", ACCEPTED, tariff=IDLE)
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
    assert bench.events[-1].payload == {
        "evse_id": 1,
        "connector_id": 1,
        "status": "Available",
        "reported": "Available",
        "error_code": "GroundFailure",
        "info": None,
    }


def test_the_first_status_at_a_connection_is_news_as_it_is() -> None:
    """After a boot each connector tells its status (2.0.1 B01.FR.05): who waits sees it. No new state."""
    bench = Bench()
    bench.send(FREE, proposal=Acknowledged())
    bench.send(FREE, proposal=Acknowledged(), accepted_at=minutes(-1))
    assert bench.told() == ["connector.status"]
    for connector in (1, 1, 2):
        told = replace(FREE, connector_id=connector)
        bench.send(told, proposal=Acknowledged(), received_at=minutes(1500), accepted_at=minutes(1499))
    assert [event.payload["connector_id"] for event in bench.events] == [1, 1, 2]
    assert [row.record.connector_id for row in bench.of_kind(ConnectorStateRow)] == [1, 2]


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
            place[0], place[1], WORDS[word], word, None, error, info, vendor
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
    assert names == {*TOLD, "evse_id", "connector_id", "at", "charging_state", "has_charging_state"}


# --- What 1.6 tells of a transaction ----------------------------------------------------------------------


def status16(word: str, at: float, connector_id: int = 1) -> StatusNotification:
    """A 1.6 StatusNotification, through its translator."""
    error = "OtherError" if word == "Faulted" else "NoError"
    payload = {"connectorId": connector_id, "errorCode": error, "status": word}
    payload["timestamp"] = minutes(at).isoformat()
    decoded = codec_for(V16.version).decode_request("StatusNotification", json.dumps(payload).encode())
    event = V16.message("StatusNotification", decoded.message, [])
    assert isinstance(event, StatusNotification)
    return event


def charge16(*statuses: tuple[str, float], connector_id: int = 1) -> Bench:
    """10 kWh within two hours on connector 1, with these statuses at these minutes."""
    bench = Bench()
    bench.send(start16(0, NOON), proposal=PRICED)
    for word, at in statuses:
        bench.send(status16(word, at, connector_id))
    bench.send(stop16("1", 10_000, minutes(120)), proposal=PRICED)
    return bench


@pytest.mark.parametrize(
    ("statuses", "idle_min"),
    [
        ([("Charging", 0), ("SuspendedEV", 60)], 60),  # P2: up to the end
        ([("Charging", 0), ("SuspendedEV", 30), ("Charging", 60)], 30),
        ([("Charging", 0), ("SuspendedEV", 30), ("SuspendedEVSE", 60)], 30),  # P9: the station offers nothing
        ([("Charging", 0), ("SuspendedEVSE", 30)], 0),
        ([("Charging", 0), ("SuspendedEV", 30), ("Faulted", 60)], 30),  # nobody pays for a fault
        ([("Charging", 0), ("SuspendedEV", 30), ("Unavailable", 60)], 30),
        ([("SuspendedEV", 60), ("Charging", 30)], 60),  # one that comes late is old
        ([("Charging", 0), ("SuspendedEV", 30), ("SuspendedEV", 45)], 90),
        ([("SuspendedEV", -10), ("Charging", 20)], 0),  # nobody is idle before it charges
        ([("Charging", 0), ("SuspendedEV", 30), ("Finishing", 60)], 90),  # of what comes after the end
    ],
)
def test_idle_time_of_1_6_is_told_by_the_connectors_status(
    statuses: list[tuple[str, float]], idle_min: float
) -> None:
    """§4.9: SuspendedEV, "when the EV is not taking any energy" that is offered."""
    row = charge16(*statuses).transaction("1")
    assert row.cost_micro == 10_000_000 + idle_min * 100_000
    assert IDLE_UNMEASURED not in row.flags


@pytest.mark.parametrize(
    ("word", "at", "idle_min"),
    [
        ("Charging", -0.5, 0),
        ("SuspendedEV", -0.5, 120),  # from the start on, not from before
        ("SuspendedEV", 1, 119),  # sent before the start, told of the minute after
        ("SuspendedEVSE", -0.5, 0),
        ("Preparing", -0.5, None),
        ("Charging", -6, None),  # of the transaction before
        ("Charging", 6, None),  # and one that came before an old start out of the queue
    ],
)
def test_what_a_connector_told_just_before_the_start_is_of_it(
    word: str, at: float, idle_min: float | None
) -> None:
    """1.6 §4.9: a change is told once, and some stations tell it before they send the start."""
    bench = Bench()
    bench.send(status16(word, at))
    bench.send(start16(0, NOON), proposal=PRICED)
    bench.send(stop16("1", 10_000, minutes(120)), proposal=PRICED)
    row = bench.transaction("1")
    assert (IDLE_UNMEASURED in row.flags) is (idle_min is None)
    assert row.cost_micro == 10_000_000 + (idle_min or 0) * 100_000


def test_a_status_of_another_connector_or_of_the_station_says_nothing_of_it() -> None:
    """Nor does one after the end."""
    for connector_id in (0, 2):
        row = charge16(("Charging", 0), ("SuspendedEV", 60), connector_id=connector_id).transaction("1")
        assert (row.cost_micro, row.charging_state) == (10_000_000, None)
    bench = charge16(("Charging", 0))
    bench.send(status16("SuspendedEV", 60))
    assert bench.transaction("1").charging_state is ChargingState.CHARGING


def test_what_changed_is_told() -> None:
    """As 2.x's updates are; the same again is no news."""
    told = charge16(("Charging", 0), ("SuspendedEV", 60)).told()
    assert told.count("transaction.updated") == 2
