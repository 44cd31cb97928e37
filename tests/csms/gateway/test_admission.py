"""Who may come in, under which name and version, and what becomes of the link that is already there."""

import asyncio

import httpx
import pytest
import websockets
from structlog.testing import capture_logs

from csms.domain.links import LinkSecurity
from csms.gateway.admission import INCUMBENT_ALIVE
from csms.gateway.limits import GatewayLimits
from csms.ports import Admitted, Denied
from ocppj.vocabulary import StationId
from tests.support.gateway import GatewaySite
from tests.support.waiting import until
from tests.support.wire_station import basic

CP1 = StationId("cp1")
TOLERATED: dict[str, tuple[dict[str, str | None], str, str]] = {
    "sec_websocket_protocol": ({"sec_websocket_protocol": None}, "/ocpp/CP1", "subprotocol_missing"),
    "host": ({"host": None}, "/ocpp/CP1", "host_header_missing"),
    "connection": ({"connection": None}, "/ocpp/CP1", "connection_header_missing"),
    "version": ({"sec_websocket_version": None}, "/ocpp/CP1", "version_header_missing"),
    "absolute form": ({}, "http://csms.example/ocpp/CP1", "absolute_form"),
    "slashes": ({}, "//ocpp///CP1", "repeated_slashes"),
    "trailing slash": ({}, "/ocpp/CP1/", "trailing_slash"),
    "twice": ({}, "/ocpp/CP1/CP1", "identity_repeated"),
    "query": ({}, "/ocpp/CP1?sn=7", "query_ignored"),
    "prefix": ({}, "/OCPP/CP1", "prefix_case"),
    "case": ({"sec_websocket_protocol": "OCPP1.6"}, "/ocpp/CP1", "subprotocol_case"),
}


async def refusal(
    site: GatewaySite, target: str = "/ocpp/CP1", **headers: str | None
) -> tuple[int, str | None]:
    """The status of an upgrade that fails, and the operator's cause."""
    station = await site.raw()
    station.send_upgrade(target, **headers)
    head = await station.read_head()
    return int(head.split(b" ")[1]), site.gateway.attempts.latest()[0].cause


@pytest.mark.parametrize("what", TOLERATED)
async def test_what_is_put_up_with_at_the_door_is_noted(site: GatewaySite, what: str) -> None:
    """Quirks 1, 3, 4, 5: let in under the same name, with the toleration at its link."""
    headers, target, finding = TOLERATED[what]
    station = await site.raw()
    await station.open(target, **headers)
    assert site.findings() == (finding,)
    assert site.gateway.metrics.findings == {(finding,): 1}


async def test_credentials_and_their_findings_reach_the_link(site: GatewaySite) -> None:
    """What the admission says of a station stands at its link; the password goes to it raw (J-1.6 §6.2)."""
    site.admission.verdict = Admitted(LinkSecurity.TLS_BASIC_AUTH, ("authorization_key_sent_as_hex",))
    async with site.station(additional_headers=basic("CP1", b"\xff:\x00")):
        link = site.gateway.link(CP1)
        assert link is not None
        assert link.security is LinkSecurity.TLS_BASIC_AUTH
        assert link.findings == ("authorization_key_sent_as_hex",)
    (asked,) = site.admission.asked
    assert (asked.station_id, asked.identity, asked.password) == ("cp1", "CP1", b"\xff:\x00")
    assert "\\xff" not in repr(asked)


@pytest.mark.parametrize(
    ("headers", "cause"),
    [
        (basic("CP2", "x"), "username_is_not_the_station_id"),
        (basic("nobody", "x"), "username_is_not_the_station_id"),
        ({"Authorization": "Basic ====="}, "credentials_unreadable"),
        ({"Authorization": "Digest x"}, "credentials_unreadable"),
    ],
)
async def test_credentials_of_another_station_never_reach_the_admission(
    site: GatewaySite, headers: dict[str, str], cause: str
) -> None:
    """A00.FR.204: the username names the station of the URL; what cannot be read is a refusal."""
    assert await refusal(site, authorization=headers["Authorization"]) == (401, cause)
    assert site.admission.asked == []


async def test_an_identity_that_names_nobody_is_refused_like_any_other(site: GatewaySite) -> None:
    """SEC-12: the same 401; the operator reads why."""
    station = await site.raw()
    station.send_upgrade("/ocpp/nobody")
    assert (await station.read_head()).startswith(b"HTTP/1.1 401")
    assert site.gateway.attempts.latest()[0].cause == "nobody is no name"
    assert site.admission.asked == []


@pytest.mark.parametrize("username", ["CP1", "cp1", "%43P1"])
async def test_the_username_may_be_spelled_as_in_the_url(site: GatewaySite, username: str) -> None:
    """Quirk 7: decoded, in any case, or still percent-encoded."""
    site.admission.passwords[CP1] = b"secret"
    async with site.station("%43P1", additional_headers=basic(username, "secret")):
        assert site.gateway.link(CP1) is not None


async def test_other_statuses_are_told_without_the_reason(site: GatewaySite) -> None:
    """The admission's own status goes out; its reason is for the operator only."""
    site.admission.verdict = Denied(403, "on_a_black_list")
    assert await refusal(site) == (403, "on_a_black_list")
    assert "black" not in site.gateway.attempts.latest()[0].detail


# --- The incumbent ------------------------------------------------------------------------------------------


async def test_a_stranger_never_displaces_a_link_that_lives(site: GatewaySite) -> None:
    """SEC-02: the incumbent is pinged; it answers, so the newcomer without credentials is sent away."""
    async with site.station() as incumbent, asyncio.TaskGroup() as group:
        answer = group.create_task(refusal(site))
        await until_asleep(site)
        await incumbent.call("Heartbeat")
        await site.clock.advance(0.1)
        assert await answer == (503, INCUMBENT_ALIVE)
        assert (await incumbent.call("Heartbeat"))[0] == 3
        link = site.gateway.link(CP1)
        assert link is not None
        assert link.epoch == 1


async def test_a_pong_alone_shows_that_the_incumbent_lives(site: GatewaySite) -> None:
    """Its library answers the ping by itself; no message is needed."""
    async with site.station(), asyncio.TaskGroup() as group:
        connection = site.gateway._context.links[CP1].connection
        before = connection.last_received_at
        answer = group.create_task(refusal(site))
        await until_asleep(site)
        await until(lambda: connection.last_received_at > before)
        await site.clock.advance(0.1)
        assert (await answer)[0] == 503


async def test_a_dead_link_is_displaced_after_two_seconds(site: GatewaySite) -> None:
    """REL-02: a station whose old socket is dead is in again within the probe, credentials or not."""
    dead = await site.raw()
    await dead.open()  # never reads or answers a ping
    async with asyncio.TaskGroup() as group:
        newcomer = group.create_task(connect(site))
        await until_asleep(site)
        await site.clock.advance(GatewayLimits().probe_s + 0.01)
        socket = await newcomer
        link = site.gateway.link(CP1)
        assert link is not None
        assert link.epoch == 2
        await socket.close()


async def test_who_proves_itself_takes_over_at_once(site: GatewaySite) -> None:
    """Decided: an authenticated newcomer needs no probe."""
    site.admission.passwords[CP1] = b"secret"
    async with site.station(additional_headers=basic("CP1", "secret")) as incumbent:
        socket = await connect(site, basic("CP1", "secret"))
        assert (await incumbent.until_closed())[0] == 4000
        await socket.close()


async def test_an_incumbent_that_is_closing_does_not_count(site: GatewaySite) -> None:
    """It has said goodbye: the newcomer comes in without waiting."""
    dead = await site.raw()
    await dead.open()
    await site.gateway.disconnect(CP1, code=1000, reason="bye")
    socket = await connect(site)
    await socket.close()


async def until_asleep(site: GatewaySite) -> None:
    """Wait until the probe waits for its first answer: one timer more than the boot deadline's."""
    await until(lambda: site.clock.waiting >= 2)


async def connect(site: GatewaySite, headers: dict[str, str] | None = None) -> websockets.ClientConnection:
    """A plain connection."""
    return await websockets.connect(
        f"ws://127.0.0.1:{site.port}/ocpp/CP1",
        subprotocols=[websockets.Subprotocol("ocpp1.6")],
        additional_headers=headers,
        proxy=None,
    )


# --- Versions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ("ocpp1.6, ocpp2.0.1", "1.6"),
        ("ocpp1.5, ocpp1.6", "1.6"),
        ("ocpp2.1, ocpp2.0.1, ocpp1.6", "2.1"),
        (None, "1.6"),
    ],
)
async def test_the_first_version_that_we_speak_is_spoken(
    site: GatewaySite, offered: str | None, chosen: str
) -> None:
    """2.0.1 part 4 §3.1.2; who offers nothing (quirk 1) and is new speaks 1.6."""
    station = await site.raw()
    head = await station.open(sec_websocket_protocol=offered)
    link = site.gateway.link(CP1)
    assert link is not None
    assert link.version.label == chosen
    assert (b"Sec-WebSocket-Protocol" in head) == (offered is not None)


async def test_who_offers_nothing_goes_on_with_its_last_version(site: GatewaySite) -> None:
    """Quirk 1, decided: a 2.0.1 station that forgets the header after a reboot is still a 2.0.1 station."""
    async with site.station(version="2.0.1"):
        pass
    await site.message_store.until(lambda: site.message_store.closed)
    station = await site.raw()
    await station.open(sec_websocket_protocol=None)
    link = site.gateway.link(CP1)
    assert link is not None
    assert link.version.label == "2.0.1"


def test_basic_credentials_are_what_the_standard_says() -> None:
    """The tests' own header is the one that HTTP clients send."""
    request = next(httpx.BasicAuth("CP1", "secret").auth_flow(httpx.Request("GET", "http://h/")))
    assert basic("CP1", "secret") == {"Authorization": request.headers["Authorization"]}


async def test_wrong_passwords_are_limited_and_the_right_one_is_taken_all_the_same(site: GatewaySite) -> None:
    """A stranger behind the same address (a proxy, a garage's router) gets 429 and keeps nobody out; the log
    says so once, and the evidence of others stays."""
    site.admission.passwords[CP1] = b"secret"
    other = await site.raw()
    other.send_upgrade("/ocpp/CP2", **basic("CP3", "x"))
    await other.read_head()
    statuses = []
    with capture_logs() as logs:
        for number in range(40):
            stranger = await site.raw()
            stranger.send_upgrade("/ocpp/CP1", **basic("CP1", f"guess-{number}"))
            statuses.append((await stranger.read_head())[9:12])
    assert statuses == [b"401"] * 10 + [b"429"] * 30
    assert [line["event"] for line in logs].count("authentication_limited") == 1
    assert len(site.gateway.attempts.latest("cp1", limit=1000)) == 20
    assert len(site.gateway.attempts.latest("cp2")) == 1
    station = await site.raw()
    await station.open("/ocpp/CP1", **basic("CP1", "secret"))
