"""Nothing is put up with silently: each finding in the code is played over a real socket, and seen.

Seen at the station's link in the API, in the counter of the metrics, and on its page in both languages.
A finding without a row here fails the first test.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from msgspec import convert
from websockets.frames import Opcode

from console.station_values import facts
from console.words import Words
from csms.api.views import StationAnswer
from tests.support.findings import known_findings
from tests.support.server import LiveServer, live_server
from tests.support.waiting import until
from tests.support.wire_station import WireStation, basic, connected

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = "2026-01-05T12:00:00Z"
STATUS: dict[str, Any] = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
STOP: dict[str, Any] = {"transactionId": 1, "meterStop": 5, "timestamp": AT}
EVENT: dict[str, Any] = {
    "eventType": "Updated",
    "timestamp": AT,
    "triggerReason": "MeterValuePeriodic",
    "seqNo": 1,
    "transactionInfo": {"transactionId": "t-1"},
}
KEY = bytes(range(20))

Play = Callable[[LiveServer, str], Awaitable[None]]


def says(action: str, payload: Any, version: str = "1.6") -> Play:
    """A booted station sends this payload (JSON text or a value) and gets an answer of any kind."""
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return sends(f'[2,"played","{action}",{text}]', version)


def sends(text: str, version: str = "1.6", *, frames: int = 2) -> Play:
    """A booted station sends this text; it has so many frames then, the answer to its boot included."""

    async def play(server: LiveServer, name: str) -> None:
        async with server.station(name, version) as station:
            await station.send(text)
            await station.until_frames(frames)
            await seen(server, name, station)

    return play


def values(sampled: dict[str, Any]) -> Play:
    """One sampled value."""
    value = {"timestamp": AT, "sampledValue": [sampled]}
    return says("MeterValues", {"connectorId": 1, "meterValue": [value]})


def shakes(target: str, **headers: str | None) -> Play:
    """An upgrade on a bare socket."""

    async def play(server: LiveServer, name: str) -> None:
        raw = await server.raw()
        await raw.open(target.format(id=name), **headers)
        await seen(server, name, None)

    return play


def answers(action: str, payload: dict[str, Any], text: str) -> Play:
    """A CALL of ours, answered with this text; `{id}` is its message id."""

    async def play(server: LiveServer, name: str) -> None:
        async with server.station(name, answers={action: None}) as station:
            call = server.call(name, action, payload)
            asked, _ = await gather_call(station, action, call, text)
            assert asked
            await seen(server, name, station)

    return play


async def gather_call(
    station: WireStation, action: str, call: Awaitable[Any], text: str
) -> tuple[list[Any], Any]:
    """Answer our CALL once it is there."""
    ending = asyncio.ensure_future(call)
    asked = await station.until_asked(action)
    await station.send(text.replace("{id}", asked[1]))
    return asked, await ending


async def early(server: LiveServer, name: str) -> None:
    """1.6 billing data of a station that waits."""
    await server.post("/stations", {"station_id": name, "admission": "quarantine"}, 201)
    async with server.station(name, boots=False) as station:
        assert (await station.boot())["status"] == "Pending"
        await station.ask("StopTransaction", STOP)
        await seen(server, name, station)


async def overlapping(server: LiveServer, name: str) -> None:
    """Two CALLs without waiting, the first of which has to be stored."""
    async with server.station(name) as station:
        first, second = [json.dumps([2, each, "StopTransaction", STOP]) for each in ("a", "b")]
        await station.send(first)
        await station.send(second)
        await station.until_frames(3)
        await seen(server, name, station)


async def unknown_credentials(server: LiveServer, name: str) -> None:
    """A password that nobody gave it."""
    async with server.station(name, additional_headers=basic(name, "whatever")) as station:
        await seen(server, name, station)


async def hexadecimal(server: LiveServer, name: str) -> None:
    """The digits of its key."""
    async with connected(f"{server.ocpp_url}/{name}", additional_headers=basic(name, KEY.hex())) as station:
        await seen(server, name, station)


async def pongless(server: LiveServer, name: str) -> None:
    """Never a pong, but it goes on to speak."""
    raw = await server.raw()
    await raw.open(f"/ocpp/{name}")
    gateway: Any = server.running.parts.commands if server.running.parts else None

    def is_noted() -> bool:
        raw.send_frame(Opcode.TEXT, b'[2,"h","Heartbeat",{}]')
        link = gateway.link(name)
        return link is not None and "pings_unanswered" in link.findings

    await until(is_noted, within_s=60)
    await seen(server, name, None)


async def ambiguous(server: LiveServer, name: str) -> None:
    """Two tokens of one value, and 1.6 tells no type."""
    for kind in ("Central", "KeyCode"):
        await server.post("/tokens", {"value": "TWICE", "type": kind}, 201)
    async with server.station(name) as station:
        await station.ask("Authorize", {"idTag": "TWICE"})
        await seen(server, name, station)


LIMITS = '[3,"{id}",{"status":"Accepted","chargingSchedule":{"chargingRateUnit":"W","chargingSchedulePeriod":'
HASH = {
    "hashAlgorithm": "SHA256",
    "issuerNameHash": "a",
    "issuerKeyHash": "b",
    "serialNumber": "c",
    "responderURL": "http://x",
}
NOTIFY_EVENT = {
    "generatedAt": AT,
    "seqNo": 0,
    "eventData": [
        {
            "eventId": 1,
            "timestamp": AT,
            "trigger": "Delta",
            "actualValue": "Faulted",
            "eventNotificationType": "HardWiredNotification",
            "component": {"name": "Connector"},
            "variable": {"name": "AvailabilityState"},
        }
    ],
}
TOKEN_2X = {"idToken": "A", "type": "Central"}

PLAYS: dict[str, Play] = {
    "unknown-property": says("Heartbeat", {"extra": 1}),
    "null-for-absent": says("StatusNotification", STATUS | {"timestamp": None}),
    "too-long": says("Authorize", {"idTag": "T" * 30}),
    "unknown-value": says("StatusNotification", STATUS | {"status": "Resting"}),
    "number-for-string": says("Authorize", {"idTag": 5}),
    "string-for-number": says("StatusNotification", STATUS | {"connectorId": "1"}),
    "string-for-boolean": says("TransactionEvent", EVENT | {"offline": "true"}, "2.0.1"),
    "integral-float": says("StatusNotification", STATUS | {"connectorId": 1.0}),
    "out-of-range": says("NotifyWebPaymentStarted", {"evseId": -1, "timeout": 1}, "2.1"),
    "not-a-multiple": answers(
        "GetCompositeSchedule",
        {"connectorId": 1, "duration": 60},
        LIMITS + '[{"startPeriod":0,"limit":1.25}]}}]',
    ),
    "too-few-items": says("MeterValues", {"connectorId": 1, "meterValue": []}),
    "too-many-items": says(
        "Authorize", {"idToken": TOKEN_2X, "iso15118CertificateHashData": [HASH] * 5}, "2.0.1"
    ),
    "time-without-zone": says("StatusNotification", STATUS | {"timestamp": AT[:-1]}),
    "odd-time": says("StatusNotification", STATUS | {"timestamp": "2026-01-05T12:00:00+02"}),
    "unreadable-time": says("StatusNotification", STATUS | {"timestamp": "yesterday"}),
    "odd-number": values({"value": "1700 Wh"}),
    "control-character": says("Authorize", '{"idTag":"a\\u0000b"}'),
    "lone-surrogate": says("Authorize", '{"idTag":"a\\ud800b"}'),
    "signed-value-not-read": values({"value": "T0NNRg==", "format": "SignedData"}),
    "sampled-value-not-a-number": values({"value": "NaN"}),
    "unknown-connector-status": says("StatusNotification", STATUS | {"status": "Resting"}),
    "unknown-connector": says("NotifyEvent", NOTIFY_EVENT, "2.0.1"),
    "unknown-event-type": says("TransactionEvent", EVENT | {"eventType": "Paused"}, "2.0.1"),
    "samples-cut": says(
        "MeterValues",
        {"connectorId": 1, "meterValue": [{"timestamp": AT, "sampledValue": [{"value": "5"}] * 1001}]},
    ),
    "attachment-cut": values({"value": "T" * 70_000, "format": "SignedData"}),
    "part-left-out": says("StopTransaction", STOP | {"transactionData": 5}),
    "required-unknown": says("StopTransaction", STOP | {"timestamp": None}),
    "item-for-list": says(
        "MeterValues", {"connectorId": 1, "meterValue": {"timestamp": AT, "sampledValue": [{"value": "5"}]}}
    ),
    "fraction-for-integer": says("StopTransaction", STOP | {"meterStop": 5.5}),
    "duplicate-key": says(
        "StopTransaction",
        f'{{"transactionId":1,"transactionId":1,"meterStop":5,"timestamp":"{AT}"}}',
    ),
    "null-payload": sends('[2,"played","Heartbeat",null]'),
    "empty-message-id": sends('[2,"","Heartbeat",{}]'),
    "long-message-id": sends(f'[2,"{"i" * 40}","Heartbeat",{{}}]'),
    "incomplete-error": answers("ClearCache", {}, '[4,"{id}"]'),
    "overlapping-call": overlapping,
    "refused": says("Authorize", {}),
    "content-not-kept": says(
        "ClearedChargingLimit",
        {"chargingLimitSource": "EMS", "customData": {"vendorId": "v", "text": "x" * 300_000}},
        "2.0.1",
    ),
    "no-handler": says("SignCertificate", {"csr": "x"}),
    "stray-answer": sends('[3,"never-asked",{}]\n', frames=1),
    "token-ambiguous": ambiguous,
    "before-accepted": early,
    "credentials_unknown": unknown_credentials,
    "authorization_key_sent_as_hex": hexadecimal,
    "absolute_form": shakes("http://csms.example/ocpp/{id}"),
    "repeated_slashes": shakes("//ocpp///{id}"),
    "trailing_slash": shakes("/ocpp/{id}/"),
    "identity_repeated": shakes("/ocpp/{id}/{id}"),
    "prefix_case": shakes("/OCPP/{id}"),
    "query_ignored": shakes("/ocpp/{id}?sn=7"),
    "host_header_missing": shakes("/ocpp/{id}", host=None),
    "connection_header_missing": shakes("/ocpp/{id}", connection=None),
    "version_header_missing": shakes("/ocpp/{id}", sec_websocket_version=None),
    "subprotocol_missing": shakes("/ocpp/{id}", sec_websocket_protocol=None),
    "subprotocol_case": shakes("/ocpp/{id}", sec_websocket_protocol="OCPP1.6"),
    "pings_unanswered": pongless,
}


def slug_of(name: str) -> str:
    """The finding that a station of this name plays."""
    return next(slug for slug in PLAYS if name == station_name(slug))


def station_name(slug: str) -> str:
    """The station that plays a finding."""
    return f"plays-{slug.replace('_', '-')}"


async def seen(server: LiveServer, name: str, station: WireStation | None) -> None:
    """At the link, while it is up; and on the page, in words of both languages."""
    slug = slug_of(name)
    if station is not None and slug == "stray-answer":
        await station.ask("Heartbeat")  # what came before is read
    document = await server.get(f"/stations/{name}")
    found = [each for each in document["link"]["findings"] if each.split(":")[0] == slug]
    assert len(found) == 1, document["link"]["findings"]
    for language in ("en", "fr"):
        words = Words(language)
        text = words.deviation(found[0])
        assert found[0] not in text, "a text of ours, not the slug"
        assert text in facts(convert(document, StationAnswer), words)[-1][1]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """A server that pings often, and knows the key of one station."""
    secrets = {station_name("authorization_key_sent_as_hex"): KEY}
    folder = tmp_path_factory.mktemp("var")
    async with live_server(folder, ping_interval_s=1.0, secrets=secrets) as live:
        yield live


async def test_each_finding_in_the_code_has_a_play() -> None:
    """A new toleration cannot be added without showing where it is seen."""
    assert known_findings() == set(PLAYS)


@pytest.mark.parametrize("slug", PLAYS)
async def test_a_finding_is_seen_at_the_link_in_the_metrics_and_on_the_page(
    server: LiveServer, slug: str
) -> None:
    """Played by a station of its own."""
    await PLAYS[slug](server, station_name(slug))
    metrics = (await server.api.get(f"{server.running.http_url}/metrics")).text
    counted = [line for line in metrics.splitlines() if line.startswith("borne_findings_total{")]
    assert any(f'finding="{slug}"' in line or f'finding="{slug}:' in line for line in counted)
