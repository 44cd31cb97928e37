"""Commands, raw calls, the wire log's routes, expect, and the live streams."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.api.expect import Expectation, Expecter
from csms.api.frames import Reader
from csms.api.live_events import is_named
from csms.api.sse import StreamEvent, stream
from csms.central.wire_log import WireFrame
from csms.domain.commands import CommandOutcome, Outcome
from ocppj.model.authorization import ClearCache
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import Reset
from ocppj.model.data_transfer import TransferData
from ocppj.model.local_list import GetLocalListVersion, SendLocalList
from ocppj.model.remote_control import RemoteStart, RemoteStop, TriggerMessage, UnlockConnector
from ocppj.model.smart_charging import ChargingPeriod, SetChargingProfile
from ocppj.model.variables import (
    GetBaseReport,
    GetReport,
    GetVariables,
    SetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
)
from ocppj.vocabulary import (
    AuthorizationStatus,
    Availability,
    Epoch,
    IdToken,
    IdTokenInfo,
    LocalListEntry,
    LocalListUpdate,
    ResetKind,
    TriggeredMessage,
    VariableRef,
)
from runtime.clock import ManualClock, SystemClock, settle
from runtime.events import EventBus
from runtime.feed import TICK_S
from tests.support.central import A16, AT, B201, Direction, ServedCentral
from tests.support.waiting import PATIENCE_S

CALL = b'[2,"m1","StatusNotification",{"connectorId":1,"status":"Available"}]'
RESULT = b'[3,"m1",{}]'
SECRET = VariableAssignment(VariableRef("SecurityCtrlr", "BasicAuthPassword"), "s3cret", is_secret=True)


@pytest.mark.parametrize(
    ("name", "body", "command"),
    [
        ("reset", {"kind": "Immediate"}, Reset(ResetKind.IMMEDIATE)),
        (
            "change-availability",
            {"availability": "Inoperative", "evse_id": 1},
            ChangeAvailability(Availability.INOPERATIVE, 1),
        ),
        ("unlock-connector", {"evse_id": 2}, UnlockConnector(2, 1)),
        ("trigger-message", {"message": "Heartbeat"}, TriggerMessage(TriggeredMessage.HEARTBEAT)),
        ("get-variables", {}, GetVariables()),
        (
            "get-variables",
            {"variables": [{"variable": "MeterValueSampleInterval"}]},
            GetVariables((VariableRef("ConfigurationKey", "MeterValueSampleInterval"),)),
        ),
        (
            "set-variables",
            {
                "variables": [
                    {
                        "component": "SecurityCtrlr",
                        "variable": "BasicAuthPassword",
                        "value": "s3cret",
                        "is_secret": True,
                    }
                ]
            },
            SetVariables((SECRET,)),
        ),
        ("get-base-report", {"request_id": 9}, GetBaseReport(9)),
        ("get-report", {"request_id": 9, "criteria": ["Problem"]}, GetReport(9, ("Problem",))),
        (
            "remote-start",
            {"id_token": "Ab", "evse_id": 1, "remote_start_id": 3},
            RemoteStart(IdToken("Ab"), 3, 1),
        ),
        ("remote-stop", {"transaction_id": "t-1"}, RemoteStop("t-1")),
        (
            "send-local-list",
            {
                "version": 2,
                "update": "Differential",
                "entries": [{"id_token": "a"}, {"id_token": "b", "status": None}],
            },
            SendLocalList(
                2,
                LocalListUpdate.DIFFERENTIAL,
                (
                    LocalListEntry(IdToken("a"), IdTokenInfo(AuthorizationStatus.ACCEPTED)),
                    LocalListEntry(IdToken("b"), None),
                ),
            ),
        ),
        ("get-local-list-version", {}, GetLocalListVersion()),
        ("clear-cache", {}, ClearCache()),
        ("data-transfer", {"vendor_id": "acme", "text": "x"}, TransferData("acme", None, "x")),
    ],
)
async def test_each_body_is_its_command(
    api: ServedCentral, name: str, body: dict[str, Any], command: object
) -> None:
    """In the domain's words, with the name of who asks."""
    answer = await api.client().post(f"/api/v1/stations/{B201}/commands/{name}", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["outcome"] == "result"
    assert answer.json()["answer"]["status"] == "Accepted"
    assert api.central.stations.sent == [(B201, command, "api:admin")]


async def test_ids_are_made_up_where_none_is_given(api: ServedCentral) -> None:
    """Within 32 bits."""
    await api.client().post(f"/api/v1/stations/{B201}/commands/remote-start", json={"id_token": "a"})
    sent = api.central.stations.sent[0][1]
    assert isinstance(sent, RemoteStart)
    assert sent.remote_start_id is not None
    assert 0 < sent.remote_start_id < 2**31


async def test_a_charging_profile_is_sent_as_it_is_written(api: ServedCentral) -> None:
    """The server makes up its number; times are read in any zone, words are those of OCPP."""
    schedule = {
        "unit": "A",
        "starts_at": "2026-01-05T09:00:00-05:00",
        "periods": [{"start_s": 0, "limit": 8}],
    }
    body = {"evse_id": 1, "profile": {"purpose": "TxDefaultProfile", "schedules": [schedule]}}
    path = f"/api/v1/stations/{A16}/commands/set-charging-profile"
    answer = await api.client().post(path, json=body)
    assert answer.status_code == 200, answer.text
    sent = api.central.stations.sent[0][1]
    assert isinstance(sent, SetChargingProfile)
    assert sent.profile.profile_id > 0
    assert sent.profile.schedules[0].starts_at == datetime(2026, 1, 5, 14, tzinfo=UTC)
    assert sent.profile.schedules[0].periods == (ChargingPeriod(limit=8.0),)
    body["profile"] = {"purpose": "NoSuchProfile", "schedules": [schedule]}
    assert (await api.client().post(path, json=body)).status_code == 422


async def test_what_a_version_lacks_is_refused_before_the_wire(api: ServedCentral) -> None:
    """409 with the reason, and another way; the list of commands says the same."""
    answer = await api.client().post(f"/api/v1/stations/{A16}/commands/get-base-report", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "command_unsupported")
    assert "OCPP 1.6 has no GetBaseReport" in answer.json()["detail"]
    assert "/calls" in answer.json()["ways_out"]["route"]
    assert api.central.stations.sent == []
    offered = (await api.client().get(f"/api/v1/stations/{A16}/commands")).json()
    reasons = {each["command"]: each["reason"] for each in offered}
    lacking = "OCPP 1.6 has no GetBaseReport: read the configuration with GetVariables without references"
    assert reasons.pop("get-base-report") == lacking
    assert reasons.pop("get-report") == "OCPP 1.6 has no GetReport: read the configuration with GetVariables"
    newer = ["get-charging-profiles", "use-priority-charging", "update-dynamic-schedule"]
    newer += ["get-monitoring-report", "set-variable-monitoring"]
    newer += ["clear-variable-monitoring", "set-monitoring-base", "set-monitoring-level"]
    newer += ["customer-information"]
    assert all(reasons.pop(each).startswith("OCPP 1.6 has no") for each in newer)
    lacking = "OCPP 1.6 has no GetTransactionStatus: look at the transaction itself"
    assert reasons.pop("get-transaction-status") == lacking
    assert "org.openchargealliance.costmsg" in reasons.pop("cost-updated")
    assert all("OCPP 1.6 has no" in reasons.pop(f"{each}publish-firmware") for each in ("", "un"))
    for name in ("set-display-message", "get-display-messages", "clear-display-message"):
        assert "configuration keys" in reasons.pop(name)
    assert set(reasons.values()) == {None}


async def test_a_link_lost_in_between_is_no_other_answer(api: ServedCentral) -> None:
    """The gateway may find out last that the version lacks it."""
    api.central.stations.outcome = CommandOutcome(Outcome.UNSUPPORTED, "c", error_description="no such thing")
    answer = await api.client().post(f"/api/v1/stations/{B201}/commands/reset", json={})
    assert (answer.status_code, "no such thing" in answer.json()["detail"]) == (409, True)


async def test_what_was_kept_back_is_no_end(api: ServedCentral) -> None:
    """A password that no station may have: 409 with the reason, for raw calls and commands alike."""
    api.central.stations.outcome = CommandOutcome(Outcome.UNFIT, "c", error_description="too short")
    for path, body in (("calls", {"action": "Reset", "payload": {"type": "Soft"}}), ("commands/reset", {})):
        answer = await api.client().post(f"/api/v1/stations/{A16}/{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "password_unfit")
        assert "too short" in answer.json()["detail"]


NEVER_SENT = (Outcome.UNSUPPORTED, Outcome.UNFIT)


@pytest.mark.parametrize("outcome", [each for each in Outcome if each not in NEVER_SENT])
async def test_every_end_is_told(api: ServedCentral, outcome: Outcome) -> None:
    """In its own word, by raw calls and commands alike."""
    api.central.stations.outcome = CommandOutcome(
        outcome, "c7", payload={"a": 1}, error_code="X", error_description="why", seq=12
    )
    for path, body in (("calls", {"action": "Reset", "payload": {"type": "Soft"}}), ("commands/reset", {})):
        told = (await api.client().post(f"/api/v1/stations/{A16}/{path}", json=body)).json()
        assert (told["outcome"], told["payload"], told["seq"]) == (outcome.value, {"a": 1}, 12)
        assert (told["error_code"], told["error_description"], told["is_accepted"]) == ("X", "why", False)


async def test_statuses_of_variables_are_told(api: ServedCentral) -> None:
    """One by one."""
    ref = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")
    said = VariablesAnswer("Accepted", variables=(VariableResult(ref, "RebootRequired", "60"),))
    api.central.stations.outcome = CommandOutcome(Outcome.RESULT, "c", answer=said)
    answer = await api.client().post(f"/api/v1/stations/{B201}/commands/get-variables", json={})
    told = answer.json()["answer"]["variables"][0]
    assert (told["name"], told["status"], told["value"], told["is_accepted"]) == (
        "OCPPCommCtrlr.HeartbeatInterval",
        "RebootRequired",
        "60",
        True,
    )


async def test_a_call_that_no_version_knows_is_not_sent(api: ServedCentral) -> None:
    """422 with the reason."""
    answer = await api.client().post(f"/api/v1/stations/{A16}/calls", json={"action": "Foo"})
    assert (answer.status_code, answer.json()["code"]) == (422, "call_invalid")
    assert "no action Foo" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("commands/reset", {"kind": "Soft"}),
        ("commands/reset", {"kidn": "Immediate"}),
        ("commands/set-variables", {"variables": []}),
        ("commands/unlock-connector", {"evse_id": -1}),
        ("calls", {"action": "Reset", "payload": []}),
        ("calls", {"action": "Reset", "timeout_s": 0}),
        ("calls", {"action": "Reset", "timeout_s": 1e9}),
        ("expect", {"within_s": -1}),
    ],
)
async def test_a_wrong_body_names_its_field(api: ServedCentral, path: str, body: dict[str, Any]) -> None:
    """422, and nothing is sent."""
    answer = await api.client().post(f"/api/v1/stations/{A16}/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["field"]
    assert api.central.stations.sent == []


async def test_messages_are_read_and_paged(api: ServedCentral) -> None:
    """Parsed, with the answer named after its call; `last_seq` leads on."""
    first = api.central.record(CALL)
    api.central.record(RESULT, way=Direction.OUT)
    api.central.record(b"\xffno json")
    page = (await api.client().get(f"/api/v1/stations/{A16}/messages?limit=1000")).json()
    kinds = [(each["direction"], each["kind"], each["action"]) for each in page["messages"]]
    assert kinds == [
        ("in", "call", "StatusNotification"),
        ("out", "result", "StatusNotification"),
        ("in", "unreadable", None),
    ]
    assert page["messages"][2]["raw"] == "\\xffno json"
    assert page["messages"][0]["payload"]["status"] == "Available"
    assert page["last_seq"] == first + 2
    rest = (await api.client().get(f"/api/v1/stations/{A16}/messages?since={first}&limit=1")).json()
    assert [each["seq"] for each in rest["messages"]] == [first + 1]


# Expect ------------------------------------------------------------------------------------------------


def expect_body(**more: Any) -> dict[str, Any]:
    """A wait that only a test's own clock can end."""
    return {"action": "StatusNotification", "within_s": 30, **more}


async def test_expect_finds_what_came_since(api: ServedCentral) -> None:
    """A frame between the caller's last look and now counts."""
    since = api.central.record(b'[2,"m0","Heartbeat",{}]')
    wanted = api.central.record(CALL)
    body = expect_body(since=since, match={"status": "Available"})
    found = (await api.client().post(f"/api/v1/stations/{A16}/expect", json=body)).json()
    assert (found["seq"], found["message_id"]) == (wanted, "m1")


async def test_expect_waits_for_what_comes(api: ServedCentral) -> None:
    """What does not fit is passed over; heartbeats too are seen, though no file has them."""
    api.central.record(CALL)
    body = {"action": "Heartbeat", "within_s": 30, "direction": "in"}
    async with asyncio.timeout(PATIENCE_S), waiting(api, body) as asked:
        api.central.record(CALL)
        seq = api.central.record(b'[2,"m2","Heartbeat",{}]')
        assert (await asked).json()["seq"] == seq


async def test_expect_waits_for_an_answer_by_its_action(api: ServedCentral) -> None:
    """`kind` result: the answer to a call of that action."""
    body = expect_body(kind="result", direction="out")
    async with asyncio.timeout(PATIENCE_S), waiting(api, body) as asked:
        api.central.record(CALL)
        seq = api.central.record(RESULT, way=Direction.OUT)
        assert (await asked).json()["seq"] == seq


@pytest.mark.parametrize("match", [{"status": "<one of Available, Faulted>"}, {"info": "<absent>"}])
async def test_expect_takes_patterns(api: ServedCentral, match: Any) -> None:
    """The same as scenario files."""
    since = api.central.record(b'[2,"m0","StatusNotification",{"status":"Faulted","info":"x"}]')
    api.central.record(b'[2,"m1","StatusNotification",{"status":"Available"}]')
    body = {"action": "StatusNotification", "since": since, "match": match}
    found = (await api.client().post(f"/api/v1/stations/{A16}/expect", json=body)).json()
    assert found["message_id"] == "m1"


@pytest.mark.parametrize(
    ("match", "text"),
    [
        ({"a": "<anything>"}, "match: a: there is no pattern <anything>"),
        ("<matches (a+)+$>", "match: the value: regular expressions are for scenario files only"),
    ],
)
async def test_expect_refuses_bad_patterns(api: ServedCentral, match: Any, text: str) -> None:
    """At once, with the place; and expressions that could stop the server."""
    answer = await api.client().post(f"/api/v1/stations/{A16}/expect", json={"match": match})
    assert answer.status_code == 422
    assert answer.json()["code"] == "pattern_invalid"
    assert answer.json()["detail"].startswith(text)


async def test_expect_ends_in_time(api: ServedCentral) -> None:
    """408 with what was seen, by the injected clock."""
    async with asyncio.timeout(PATIENCE_S), waiting(api, expect_body(match={"status": "Faulted"})) as asked:
        seq = api.central.record(CALL)
        await api.central.clock.advance(30)
        answer = await asked
    assert (answer.status_code, answer.json()["code"]) == (408, "expectation_not_met")
    assert (answer.json()["seen"], answer.json()["last_seq"]) == (1, seq)


@asynccontextmanager
async def waiting(api: ServedCentral, body: dict[str, Any]) -> AsyncIterator[asyncio.Task[httpx.Response]]:
    """A request that waits: the block runs once its tap is there."""
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(api.client().post(f"/api/v1/stations/{A16}/expect", json=body))
        await until_tapped(api)
        yield asked


async def until_tapped(api: ServedCentral) -> None:
    """Return once somebody looks on at A16's frames."""
    log = api.central.wire_log
    while (ring := log._rings.get(A16)) is None or ring.bus is None or not ring.bus.subscribers:
        await settle(1)
    await settle()


# Streams -----------------------------------------------------------------------------------------------


async def read_events(response: httpx.Response) -> AsyncIterator[dict[str, str]]:
    """Server-sent events as dictionaries; comments are left out."""
    event: dict[str, str] = {}
    async for line in response.aiter_lines():
        if line.startswith(":"):
            continue
        if not line and event:
            yield event
            event = {}
        elif line:
            name, _, value = line.partition(": ")
            event[name] = value


async def test_frames_are_streamed_live_and_from_the_past(api: ServedCentral) -> None:
    """Last-Event-ID goes on where the listener was; the stream ends when the server stops."""
    first = api.central.record(CALL)
    second = api.central.record(RESULT, way=Direction.OUT)
    headers = {"Last-Event-ID": str(first)}
    url = f"/api/v1/stations/{A16}/messages/stream"
    async with asyncio.timeout(PATIENCE_S), api.client().stream("GET", url, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        await until_tapped(api)
        third = api.central.record(CALL)
        events = read_events(response)
        ids = [(await anext(events))["id"], (await anext(events))["id"]]
        assert ids == [str(second), str(third)]
        api.central.wire_log.close_taps()
        assert [event async for event in events] == []


async def test_news_are_streamed_and_filtered(api: ServedCentral) -> None:
    """By station and event; what JSON cannot say is null."""
    url = f"/api/v1/events?station={A16.upper()}&event=transaction.*&event=link.connected"
    async with asyncio.timeout(PATIENCE_S), api.client().stream("GET", url) as response:
        api.central.publish("transaction.started", B201)
        api.central.publish("connector.status")
        api.central.publish("transaction.updated", energy_wh=float("nan"), text="a\nb")
        api.central.publish("link.connected", peer="x")
        await api.central.clock.advance(TICK_S)
        events = read_events(response)
        first, second = await anext(events), await anext(events)
        assert first["event"] == "transaction.updated"
        assert json.loads(first["data"]) == {
            "event": "transaction.updated",
            "station_id": A16,
            "at": "2026-01-05T12:00:00Z",
            "payload": {"energy_wh": None, "text": "a\nb"},
        }
        assert second["event"] == "link.connected"
        api.central.bus.close()
        assert [event async for event in events] == []


async def test_a_listener_that_goes_leaves_nothing_behind(api: ServedCentral) -> None:
    """Its subscription ends with its connection."""
    async with asyncio.timeout(PATIENCE_S):
        async with api.client().stream("GET", "/api/v1/events"):
            assert api.central.bus.subscribers == 1
        while api.central.bus.subscribers:
            await settle(1)


async def test_a_silent_stream_gives_signs_of_life() -> None:
    """Comments, at once and then every so often."""
    bus: EventBus[str] = EventBus()
    with bus.subscribe() as live:
        parts = stream(live, lambda text: StreamEvent(text, {}), SystemClock(), comment_every_s=0.001)
        assert [await anext(parts) for _ in range(3)] == [b": alive\n\n"] * 3
        bus.publish("x\nevent: forged")
        found = b""
        while b"forged" not in found:
            found = await anext(parts)
        assert found == b"event: x event: forged\ndata: {}\n\n"


async def test_a_slow_listener_is_told_what_it_lost() -> None:
    """How many, before what is left."""
    bus: EventBus[str] = EventBus()
    with bus.subscribe(limit=2) as live:
        for text in ("a", "b", "c", "d"):
            bus.publish(text)
        bus.close()
        told = [part async for part in stream(live, lambda text: StreamEvent(text, 1), ManualClock())]
    assert told == [
        b": alive\n\n",
        b'event: dropped\ndata: {"count":2}\n\n',
        b"event: c\ndata: 1\n\n",
        b"event: d\ndata: 1\n\n",
    ]


# Reading frames ----------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(raw=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_can_be_shown(raw: bytes) -> None:
    """A frame that is no message is shown as unreadable, and never breaks the log's routes."""
    shown = Reader().read(WireFrame(1, A16, Epoch(1), AT, 0, "in", raw))
    json.dumps(shown)
    assert shown["kind"] in ("call", "result", "error", "send", "result_error", "unreadable")


def test_errors_are_named_after_their_call() -> None:
    """Also a short CALLERROR."""
    reader = Reader()
    reader.read(WireFrame(1, A16, Epoch(1), AT, 0, "out", b'[2,"x","Reset",{}]'))
    shown = reader.read(WireFrame(2, A16, Epoch(1), AT, 0, "in", b'[4,"x","NotSupported","no"]'))
    assert (shown["kind"], shown["action"]) == ("error", "Reset")
    assert shown["payload"] == {"code": "NotSupported", "description": "no", "details": None}


@pytest.mark.parametrize(
    ("names", "is_one"),
    [
        ((), True),
        (("a.b",), True),
        (("a.*",), True),
        (("*",), True),
        (("a",), False),
        (("a.b.c", "x*"), False),
    ],
)
def test_events_are_chosen_by_name(names: tuple[str, ...], is_one: bool) -> None:
    """Whole names, or their beginning with a star."""
    assert is_named("a.b", names) is is_one


def test_a_frame_in_memory_and_tap_counts_once() -> None:
    """Both hold what came while the past was read."""
    expecter = Expecter(Expectation(action="StatusNotification"), since=4)
    frames = [WireFrame(seq, A16, Epoch(1), AT, 0, "in", CALL) for seq in (4, 5, 5)]
    assert [expecter.look_at(frame) is not None for frame in frames] == [False, True, False]
    assert expecter.seen == 1
