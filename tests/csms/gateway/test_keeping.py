"""A report made into an event: what ties it to others, its time, its content."""

import json
from typing import Any

import pytest

from csms.gateway.keeping import CONTENT_NOT_KEPT, KEPT_BYTES_MOST, kept_event, with_report
from ocppj.actions import actions_of
from ocppj.codec import codec_for
from ocppj.model.diagnostics import MonitoredEvent, NotifyEvent
from ocppj.model.reports import MessageKept, SendKept
from ocppj.session import Request, Session
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef
from tests.support.inbound import NOON
from tests.support.payloads import AT
from tests.support.schemas import message_schemas, smallest


def kept(
    action: str,
    payload: Any,
    *,
    version: OcppVersion = OcppVersion.V21,
    kind: int = 2,
    secrets: tuple[str, ...] = (),
) -> tuple[MessageKept, list[str]]:
    """The event, and what was odd."""
    request = Session(codec_for(version)).receive(json.dumps([kind, "m", action, payload]).encode())
    assert isinstance(request, Request), request
    findings: list[str] = []
    return kept_event(request, findings, secrets), findings


def test_a_part_of_a_report_says_which() -> None:
    """Its request, its number, whether more follows, its time."""
    payload = {"requestId": 7, "seqNo": 2, "tbc": True, "generatedAt": "2026-05-01T12:00:00Z"}
    event, findings = kept("NotifyMonitoringReport", payload)
    assert (event.request_id, event.seq_no, event.is_last, event.at) == (7, 2, False, NOON)
    assert (json.loads(event.payload or ""), event.payload_bytes) == (payload, len(json.dumps(payload)))
    assert findings == []


@pytest.mark.parametrize(
    ("action", "payload", "is_last", "has_time"),
    [
        ("NotifyDisplayMessages", {"requestId": 1}, True, False),
        ("ClearedChargingLimit", {"chargingLimitSource": "EMS"}, None, False),
        ("NotifyDERStartStop", {"controlId": "c", "started": True, "timestamp": AT}, None, True),
    ],
)
def test_what_a_message_has_no_field_for_is_unknown(
    action: str, payload: dict[str, Any], is_last: bool | None, has_time: bool
) -> None:
    """A report whose `tbc` is left away is the last part; one without the field has no parts."""
    event, _ = kept(action, payload)
    assert (event.is_last, event.at is not None) == (is_last, has_time)


def test_a_send_is_an_event_of_its_own_kind() -> None:
    """Nobody answers it."""
    payload = {"id": 1, "pending": 0, "basetime": AT, "data": [{"t": 0, "v": "1"}]}
    event, _ = kept("NotifyPeriodicEventStream", payload, kind=6)
    assert type(event) is SendKept
    assert event.at is not None


def test_a_time_without_its_zone_is_a_finding() -> None:
    """It is read as everywhere."""
    payload = {"requestId": 7, "seqNo": 0, "generatedAt": "2026-05-01T12:00:00"}
    event, findings = kept("NotifyMonitoringReport", payload)
    assert (event.at, findings) == (NOON, ["time-without-zone"])


def test_secrets_and_half_characters_are_not_kept() -> None:
    """By their field, by what is known, and what no database takes."""
    data = {"vendorId": "v", "password": "p4ss", "said": "s3cret \ud800 \x00"}
    event, _ = kept(
        "ClearedChargingLimit", {"chargingLimitSource": "EMS", "customData": data}, secrets=("s3cret",)
    )
    kept_data = json.loads(event.payload or "")["customData"]
    assert kept_data == {"vendorId": "v", "password": "***", "said": "*** \ufffd \u2400"}


def test_what_is_too_long_is_noted_without_its_content() -> None:
    """Answered all the same; its size says why."""
    payload = {"chargingLimitSource": "EMS", "customData": {"vendorId": "v", "text": "x" * KEPT_BYTES_MOST}}
    event, findings = kept("ClearedChargingLimit", payload)
    assert (event.payload, findings) == (None, [CONTENT_NOT_KEPT])
    assert event.payload_bytes == len(json.dumps(payload))


def test_what_has_no_one_meaning_is_noted_without_its_content() -> None:
    """Whatever the decoder let through."""
    message = actions_of(OcppVersion.V21)["NotifyEvent"].request(generated_at=AT, seq_no=0, event_data=[])
    findings: list[str] = []
    event = kept_event(Request("m", "NotifyEvent", message, b'{"a":1,"a":2}'), findings, ())
    assert (event.payload, findings) == (None, [CONTENT_NOT_KEPT])


@pytest.mark.parametrize("schema", [each for each in message_schemas() if each.is_request], ids=str)
def test_every_request_can_be_kept(schema: Any) -> None:
    """Whatever a version may add: nothing is known here of any action."""
    payload = smallest(schema.whole)
    kind = 6 if codec_for(schema.version).is_send(schema.action) else 2
    event, _ = kept(schema.action, payload, version=schema.version, kind=kind)
    assert json.loads(event.payload or "") == payload


def test_an_event_that_is_read_is_kept_too() -> None:
    """Without secrets in what the station wrote."""
    message = actions_of(OcppVersion.V21)["NotifyEvent"].request(generated_at=AT, seq_no=3, event_data=[])
    event = MonitoredEvent(VariableRef("EVSE", "Problem"), "true", tech_info="by hunter2hunter2")
    request = Request("m", "NotifyEvent", message, b'{"a":"hunter2hunter2"}')
    found = with_report(NotifyEvent((event,)), request, [], ("hunter2hunter2",))
    assert isinstance(found, NotifyEvent)
    assert found.report is not None
    assert (found.report.action, found.report.seq_no) == ("NotifyEvent", 3)
    assert "hunter2" not in f"{found.events}{found.report.payload}"
