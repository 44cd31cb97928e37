"""What NotifyEvent tells of connectors: through the rows of a StatusNotification, in any order."""

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from csms.rules.monitored_events import statuses_in
from csms.rules.rows import ConnectorRow, ConnectorStateRow, KeptMessageRow
from ocppj.model.availability import StatusNotification
from ocppj.model.diagnostics import MonitoredEvent, NotifyEvent
from ocppj.model.messages import Acknowledged
from ocppj.model.reports import MessageKept
from ocppj.vocabulary import ConnectorStatus, VariableRef
from tests.support.inbound import CP1, NOON, STARTED, Bench, event201, minutes

FREE = StatusNotification(1, 1, ConnectorStatus.AVAILABLE, "Available", NOON)
LATER = minutes(60)


def told(
    value: str,
    at: datetime | None = NOON,
    variable: str = "AvailabilityState",
    component: str = "Connector",
    evse_id: int | None = 1,
    connector_id: int | None = 1,
    **more: Any,
) -> MonitoredEvent:
    """One event."""
    ref = VariableRef(component, variable, evse_id=evse_id, connector_id=connector_id)
    return MonitoredEvent(ref, value, at, **more)


def evse(value: str, minute: int, variable: str = "AvailabilityState") -> MonitoredEvent:
    """One of a whole EVSE."""
    return told(value, minutes(minute), variable, "EVSE", connector_id=None)


def problem(value: str, minute: int) -> MonitoredEvent:
    """One of the connector's problem."""
    return told(value, minutes(minute), "Problem")


def bench_with(*reports: StatusNotification) -> Bench:
    """A station that has told these statuses."""
    bench = Bench()
    for report in reports:
        bench.send(report, proposal=Acknowledged(), received_at=NOON)
    return bench


def notify(bench: Bench, *events: MonitoredEvent, **more: Any) -> None:
    """The events come in one message."""
    message = NotifyEvent(events, generated_at=LATER, **more)
    assert bench.send(message, proposal=Acknowledged(), received_at=LATER) == Acknowledged()


def status(bench: Bench, evse_id: int = 1, connector_id: int = 1) -> tuple[str, str] | None:
    """What is stored of a connector: the status and the word."""
    record = bench.state.connectors.get((CP1, evse_id, connector_id))
    return (record.status.value, record.reported) if record is not None else None


def test_a_fault_is_the_connectors_status_as_if_it_had_sent_one() -> None:
    """G01, N07.FR.03: row, history and news are those of a StatusNotification; the report stays."""
    bench = bench_with(FREE)
    report = MessageKept(action="NotifyEvent", payload="{}", payload_bytes=2)
    notify(bench, told("Faulted", minutes(5), tech_code="E7", tech_info="wet"), report=report)
    record = bench.of_kind(ConnectorRow)[-1].record
    assert (record.status, record.reported, record.at) == (ConnectorStatus.FAULTED, "Faulted", minutes(5))
    assert (record.error_code, record.info, record.since) == ("E7", "wet", LATER)
    assert bench.of_kind(ConnectorStateRow)[-1].record == record
    assert len(bench.of_kind(KeptMessageRow)) == 1
    assert bench.told() == ["connector.status", "message.kept", "connector.status"]


def test_the_same_under_another_id_is_stored_once() -> None:
    """It has its own time; without one it may well be the same twice."""
    for at, count in ((LATER, 1), (None, 2)):
        bench = Bench()
        report = MessageKept(action="NotifyEvent", payload="{}", payload_bytes=2)
        for _ in range(2):
            event = NotifyEvent((told("Faulted"),), generated_at=at, report=report)
            bench.send(event, proposal=Acknowledged())
        assert len(bench.of_kind(KeptMessageRow)) == count


def test_a_status_has_no_place_for_the_code_that_an_event_told() -> None:
    """Stations that tell both: the code stays as long as the fault."""
    bench = bench_with(FREE)
    notify(bench, told("Faulted", minutes(5), tech_code="E7"))
    fault = replace(FREE, status=ConnectorStatus.FAULTED, reported="Faulted", at=minutes(5))
    for report, code in ((fault, "E7"), (replace(fault, error_code="E8"), "E8"), (FREE, None)):
        bench.send(report, proposal=Acknowledged(), received_at=LATER)
        assert bench.state.connectors[CP1, 1, 1].error_code == code


def test_what_is_older_than_the_status_changes_nothing() -> None:
    """N07.FR.04: events wait for a connection. A status from the future is in nobody's way."""
    bench = bench_with(replace(FREE, at=minutes(30)))
    notify(bench, told("Faulted", minutes(29)))
    assert status(bench) == ("Available", "Available")
    notify(bench, told("Faulted", minutes(30)))
    assert status(bench) == ("Faulted", "Faulted")
    for at in (minutes(9999), None):
        bench = bench_with(replace(FREE, at=at))
        notify(bench, told("Faulted", minutes(5)))
        assert status(bench) == ("Faulted", "Faulted")


def test_a_problem_is_a_fault_until_it_is_over() -> None:
    """What comes then is told by the transaction; a fault that the state itself tells stays."""
    bench = bench_with(FREE)
    notify(bench, problem("true", 1))
    assert status(bench) == ("Faulted", "Problem")
    notify(bench, problem("false", 2))
    assert status(bench) == ("Available", "Available")
    bench.send(event201(STARTED, 0, minutes(3), 1000.0))
    notify(bench, problem("true", 4), problem("false", 5))
    assert status(bench) == ("Occupied", "Occupied")
    notify(bench, told("Faulted", minutes(6)), problem("false", 7))
    assert status(bench) == ("Faulted", "Faulted")


def test_a_problem_that_nobody_knew_is_over() -> None:
    """N07: the beginning may have got lost."""
    bench = Bench()
    notify(bench, problem("false", 2))
    assert status(bench) is None
    assert bench.rows[:-1] == []


def test_an_evse_with_one_connector_is_that_connector() -> None:
    """Also one that has told nothing yet."""
    bench = Bench()
    notify(bench, evse("Occupied", 1))
    assert status(bench) == ("Occupied", "Occupied")
    notify(bench, evse("Faulted", 2))
    assert status(bench) == ("Faulted", "Faulted")


def test_an_evse_says_of_several_connectors_only_that_they_are_out_of_order() -> None:
    """Which one is occupied it does not say; the end of its fault ends no connector's own."""
    bench = bench_with(FREE, replace(FREE, connector_id=2), replace(FREE, evse_id=2))
    notify(bench, evse("Occupied", 1))
    assert status(bench) == status(bench, 1, 2) == ("Available", "Available")
    notify(bench, evse("Faulted", 2))
    assert status(bench) == status(bench, 1, 2) == ("Faulted", "EVSE Faulted")
    notify(bench, told("Faulted", minutes(3), connector_id=2), evse("Available", 4))
    assert status(bench) == ("Available", "Available")
    assert status(bench, 1, 2) == ("Faulted", "Faulted")
    notify(bench, evse("true", 5, "Problem"), evse("Available", 6))
    assert status(bench) == ("Faulted", "EVSE Problem")
    notify(bench, evse("false", 7, "Problem"))
    assert (status(bench), status(bench, 2)) == (("Available", "Available"), ("Available", "Available"))


def test_the_station_itself_is_evse_0() -> None:
    """G01, alternative scenario 1a."""
    bench = Bench()
    notify(bench, told("Unavailable", component="ChargingStation", evse_id=None, connector_id=None))
    assert status(bench, 0, 0) == ("Unavailable", "Unavailable")


def test_what_says_nothing_of_a_status_changes_none() -> None:
    """It is kept for whoever has a use for it."""
    bench = bench_with(FREE)
    notify(bench, told("Resting"), told("41", variable="Temperature"), told("NaN", variable="Problem"))
    assert len(bench.of_kind(ConnectorRow)) == 1


def test_without_a_time_of_its_own_the_messages_counts() -> None:
    """And then that of reception."""
    bench = bench_with(FREE)
    notify(bench, told("Faulted", None))
    assert bench.state.connectors[CP1, 1, 1].at == LATER
    event = NotifyEvent((told("Available", None),))
    bench.send(event, proposal=Acknowledged(), received_at=minutes(70))
    assert bench.state.connectors[CP1, 1, 1].at == minutes(70)


EVENTS = st.lists(
    st.one_of(
        st.builds(
            lambda value, minute, connector: told(value, minutes(minute), connector_id=connector),
            st.sampled_from(["Available", "Occupied", "Faulted", "faulted", "NaN"]),
            st.integers(1, 20),
            st.integers(1, 2),
        ),
        st.builds(problem, st.sampled_from(["true", "false", "NaN"]), st.integers(1, 20)),
        st.builds(evse, st.sampled_from(["Faulted", "Available", "Occupied"]), st.integers(1, 20)),
    ),
    max_size=8,
).map(lambda events: tuple(replace(each, event_id=number) for number, each in enumerate(events)))


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_events_in_a_message_means_nothing(
    events: tuple[MonitoredEvent, ...], chance: Any
) -> None:
    """Their times do: shuffled, the rows are the same."""
    shuffled = list(events)
    chance.shuffle(shuffled)
    benches = []
    for order in (events, shuffled):
        bench = bench_with(FREE, replace(FREE, connector_id=2))
        notify(bench, *order)
        benches.append(bench)
    first, second = benches
    for kind in (ConnectorRow, ConnectorStateRow):
        assert first.of_kind(kind) == second.of_kind(kind)
    assert first.events == second.events


def test_what_an_event_says_of_statuses_is_told_as_it_came() -> None:
    """What says nothing of them is left out."""
    other = MonitoredEvent(VariableRef("Controller", "Temperature"), "40")
    found = statuses_in(NotifyEvent((evse("Faulted", 1), other)))
    assert [each.word for each in found] == ["Faulted"]
