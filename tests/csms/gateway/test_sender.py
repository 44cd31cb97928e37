"""What we say to a station: written for its version, recorded without secrets, dropped if nobody listens."""

import asyncio
import json

import pytest

from csms.gateway.limits import GatewayLimits
from csms.ports import BootDecision
from ocppj.model.boot import BootNotification
from ocppj.session import Direction
from ocppj.vocabulary import IdToken, IdTokenInfo, RegistrationStatus
from tests.support.gateway import GatewaySite, gateway_site
from tests.support.wire_station import BOOTS, VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_answer_that_no_station_may_be_sent_is_an_internal_error(
    site: GatewaySite, version: str
) -> None:
    """A port's words that break the schema never reach the wire: InternalError, and the station goes on."""
    site.boot.decision = BootDecision(RegistrationStatus.ACCEPTED, 300, "x" * 100)
    async with site.station(version=version, boots=False) as station:
        frame = await station.call("BootNotification", BOOTS[version])
        if version == "1.6":  # which has no place for a reason
            assert frame[0] == 3
            return
        assert frame[2] == "InternalError"
        site.boot.decision = BootDecision(RegistrationStatus.ACCEPTED, 300)
        assert (await station.boot())["status"] == "Accepted"


async def test_an_answer_to_a_closed_socket_is_dropped(site: GatewaySite) -> None:
    """The station will ask again; nothing is recorded as sent that was not."""
    async with site.station() as station:
        site.message_store.is_held = True
        await station.post(
            "StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
        )
        await site.message_store.until(lambda: len(site.message_store.stored) == 2)
        station.ws.transport.abort()
        await site.message_store.until(lambda: site.message_store.closed)
    sent = len([way for _, way, _ in site.frames.kept if way is Direction.OUT])
    site.message_store.release()
    await asyncio.sleep(0)
    assert len([way for _, way, _ in site.frames.kept if way is Direction.OUT]) == sent == 1


@pytest.mark.parametrize(
    ("version", "text", "code"),
    [
        ("1.6", '[2,"1","Fly",{}]', "NotImplemented"),
        ("1.6", '[2,"1","Authorize",{}]', "ProtocolError"),
        ("2.0.1", '[2,"1","Authorize",{}]', "OccurrenceConstraintViolation"),
        ("2.0.1", "{}", "RpcFrameworkError"),
        ("2.1", '[2,"1","Fly",{}]', "NotImplemented"),
    ],
)
async def test_errors_are_in_the_words_of_the_version_and_counted(
    site: GatewaySite, version: str, text: str, code: str
) -> None:
    """I10: each CALLERROR has its counter, by version and code."""
    async with site.station(version=version) as station:
        await station.send(text)
        frame = (await station.until_frames(2))[1]
        assert (frame[0], frame[2]) == (4, code)
        assert len(frame[3]) <= 255
        assert site.gateway.metrics.answered_errors[version_of(version), code] == 1


def version_of(label: str) -> str:
    """The metric's label."""
    return f"ocpp{label}"


class NoisyTokens:
    """A token source that repeats what it was told, in words that no schema limits."""

    async def find(self, id_token: IdToken) -> IdTokenInfo:
        """Never comes to it."""
        raise LookupError(id_token.value)


async def test_a_fault_of_a_port_is_told_to_nobody() -> None:
    """The words of an exception stay in the log: a station hears only that it must try again."""
    async with gateway_site(GatewayLimits()) as site, site.station() as station:
        site.tokens.find = NoisyTokens().find  # type: ignore[method-assign]
        await station.post("Authorize", {"idTag": "canary-7"})
        code, reason = await station.until_closed()
        assert (code, "canary-7" in reason) == (1013, False)
    assert not any(b"canary-7" in raw for _, way, raw in site.frames.kept if way is Direction.OUT)


async def test_what_is_recorded_is_what_was_sent(site: GatewaySite) -> None:
    """Frame by frame, byte for byte."""
    async with site.station() as station:
        await station.ask("Heartbeat")
        await station.call("Fly")
    recorded = [json.loads(raw) for _, way, raw in site.frames.kept if way is Direction.OUT]
    assert recorded == station.frames
    assert isinstance(site.message_store.stored[0].event, BootNotification)
