"""Monitors on the wire: what stations report, what they are asked, and what comes back when it is read again.

By hand from the specifications, as in `test_written_messages`.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.codec import codec_for
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.diagnostics import MonitoredEvent, NotifyEvent
from ocppj.model.monitoring import (
    CUSTOM,
    PRECONFIGURED,
    ClearedAnswer,
    ClearedMonitor,
    ClearVariableMonitoring,
    GetMonitoringReport,
    MonitorResult,
    MonitorsAnswer,
    MonitorSetting,
    NotifyMonitoringReport,
    ReportedMonitor,
    SetVariableMonitoring,
)
from ocppj.model.variables import VariablePattern
from ocppj.translation import WireCall, translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef
from tests.ocppj.test_written_messages import (
    BOTH_2X,
    NOON,
    SMALL,
    V16,
    V21,
    V201,
    WIRE_NOON,
    read_again,
    written,
)

POWER = VariableRef("EVSE", "Power", evse_id=1)
ON_POWER = {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "Power"}}
TAKEN = MonitorResult(POWER, "Delta", 8, "Accepted", 1)


@pytest.mark.parametrize(("version", "who"), [(V201, None), (V21, PRECONFIGURED)])
def test_a_report_of_monitors_is_this_frame(version: OcppVersion, who: str | None) -> None:
    """N02; 2.1 also says who has set each (VariableMonitoringType.eventNotificationType)."""
    monitor = ReportedMonitor(POWER, 4, "UpperThreshold", 5000.0, 3, notification=who)
    message = NotifyMonitoringReport(7, 1, False, (monitor,), NOON)
    one: dict[str, Any] = {
        "id": 4,
        "transaction": False,
        "value": 5000.0,
        "type": "UpperThreshold",
        "severity": 3,
    }
    assert written(version, message) == WireCall(
        "NotifyMonitoringReport",
        {
            "requestId": 7,
            "seqNo": 1,
            "generatedAt": WIRE_NOON,
            "tbc": True,
            "monitor": [
                ON_POWER
                | {"variableMonitoring": [one | ({"eventNotificationType": who} if who is not None else {})]}
            ],
        },
    )
    assert read_again(version, message) == message
    assert translation_for(V16).request(message) is None


def test_a_report_without_monitors_has_none() -> None:
    """The list may be missing (N02)."""
    message = NotifyMonitoringReport(7, 0, True, (), NOON)
    assert "monitor" not in written(V201, message).payload
    assert read_again(V201, message) == message


MONITORS = st.builds(
    ReportedMonitor,
    st.just(POWER),
    SMALL,
    st.sampled_from(["UpperThreshold", "Delta", "Periodic"]),
    st.integers(-100, 100).map(float),
    st.integers(0, 9),
    st.booleans(),
    st.just(CUSTOM),
)


@given(
    message=st.builds(
        NotifyMonitoringReport, SMALL, SMALL, st.booleans(), st.lists(MONITORS).map(tuple), st.just(NOON)
    )
)
def test_what_is_reported_comes_back(message: NotifyMonitoringReport) -> None:
    """Model → wire → model."""
    assert read_again(V21, message) == message


@pytest.mark.parametrize("version", BOTH_2X)
def test_an_event_of_a_monitor_names_it(version: OcppVersion) -> None:
    """N07.FR.06, .02: its number, whether it is over, and in which transaction."""
    event = MonitoredEvent(
        ref=POWER,
        value="1",
        at=NOON,
        event_id=1,
        trigger="Alerting",
        notification=CUSTOM,
        monitor_id=4,
        is_cleared=True,
        transaction_id="T",
    )
    message = NotifyEvent((event,), generated_at=NOON)
    (payload,) = written(version, message).payload["eventData"]
    assert (payload["variableMonitoringId"], payload["cleared"], payload["transactionId"]) == (4, True, "T")
    assert read_again(version, message) == message


def test_what_nobody_can_mean_is_refused() -> None:
    """N04, N06 want something in their lists; a place has its outer part."""
    refusal = translation_for(V201).refusal
    assert "monitors" in (refusal(SetVariableMonitoring(())) or "")
    assert "monitor_ids" in (refusal(ClearVariableMonitoring(())) or "")
    lost = VariablePattern("EVSE", connector_id=1)
    assert "evse_id" in (refusal(GetMonitoringReport(1, (), (lost,))) or "")
    nameless = VariablePattern("EVSE", variable_instance="x")
    assert "variable" in (refusal(GetMonitoringReport(1, (), (nameless,))) or "")
    assert "1.6" in (translation_for(V16).refusal(ClearVariableMonitoring((1,))) or "")


def test_several_answers_say_one_thing() -> None:
    """What was refused stands for all, with the first reason."""
    setting = MonitorSetting(POWER, "Delta", 1)
    good = MonitorsAnswer.of((MonitorResult(POWER, "Delta", 8, "Accepted", 1),))
    bad = MonitorsAnswer.of((MonitorResult(POWER, "Delta", 8, "Duplicate"),), "Twice", "it is there")
    joined = MonitorsAnswer.joined([good, bad])
    assert (joined.status, joined.reason) == ("Duplicate", "Twice: it is there")
    assert [each.status for each in joined.monitors] == ["Accepted", "Duplicate"]
    assert SetVariableMonitoring((setting,) * 3).part(1, 3) == SetVariableMonitoring((setting,) * 2)
    gone = ClearedAnswer.of((ClearedMonitor(1, "Accepted"),))
    unknown = ClearedAnswer.of((ClearedMonitor(2, "NotFound"),))
    assert ClearedAnswer.joined([gone, unknown]) == ClearedAnswer(
        "NotFound", None, None, (ClearedMonitor(1, "Accepted"), ClearedMonitor(2, "NotFound"))
    )
    assert ClearVariableMonitoring((1, 2, 3)).part(0, 2) == ClearVariableMonitoring((1, 2))


@pytest.mark.parametrize("version", BOTH_2X)
@pytest.mark.parametrize(
    ("command", "answer", "payload"),
    [
        (
            SetVariableMonitoring((MonitorSetting(POWER, "Delta", 1), MonitorSetting(POWER, "Delta", 2))),
            MonitorsAnswer.of(
                (
                    MonitorResult(POWER, "Delta", 8, "Accepted", 1),
                    MonitorResult(POWER, "Delta", 8, "Duplicate"),
                )
            ),
            {
                "setMonitoringResult": [
                    {"id": 1, "status": "Accepted", "type": "Delta", "severity": 8} | ON_POWER,
                    {"status": "Duplicate", "type": "Delta", "severity": 8} | ON_POWER,
                ]
            },
        ),
        (
            ClearVariableMonitoring((1, 2)),
            ClearedAnswer.of((ClearedMonitor(1, "Accepted"), ClearedMonitor(2, "NotFound"))),
            {"clearMonitoringResult": [{"id": 1, "status": "Accepted"}, {"id": 2, "status": "NotFound"}]},
        ),
    ],
)
def test_an_answer_has_one_result_for_each(
    version: OcppVersion, command: Command, answer: CommandAnswer, payload: dict[str, Any]
) -> None:
    """N04.FR.01, .02, N06.FR.05: written by the one end, read by the other."""
    translation = translation_for(version)
    assert translation.refusal(command) is None
    assert translation.response(command, answer) == payload
    (call,) = translation.calls(command)
    text = codec_for(version).encode_response(call.action, payload)
    response = codec_for(version).decode_response(call.action, text, lenient=False).message
    assert translation.answer(command, [response]) == answer


def test_a_report_of_good_patterns_can_be_asked_for() -> None:
    """All of a component, and of one connector (N02.FR.16, .18)."""
    patterns = (VariablePattern("EVSE"), VariablePattern("Connector", "X", evse_id=1, connector_id=1))
    assert translation_for(V201).refusal(GetMonitoringReport(1, (), patterns)) is None
