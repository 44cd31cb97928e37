"""From TCP to a WebSocket: what is put up with, what is turned away, and that every attempt that fails is
kept."""

import asyncio

import pytest

from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import Accept, AttemptReason, Refuse, UpgradeRequest
from ocppj.aio.limits import Limits
from ocppj.aio.server import OcppServer
from ocppj.identity import Toleration
from runtime.clock import SystemClock
from tests.support.websocket import (
    Door,
    JumpingClock,
    RawStation,
    Remembering,
    Site,
    serving,
    upgrade_request,
)


async def test_station_comes_in_and_talks() -> None:
    """The plain case: 101 with the subprotocol, then messages both ways."""
    async with serving() as site:
        station = await site.raw()
        head = await station.open()
        assert b"Sec-WebSocket-Protocol: ocpp1.6\r\n" in head
        station.write(b"\x81\x85\0\0\0\0hello")
        assert await station.read_frame() == (1, b"hello")
        assert site.door.upgrades[0].tolerated == ()
        assert site.door.upgrades[0].peer.address == "127.0.0.1"
        assert site.door.attempts == []


ONE_CHOICE = pytest.mark.held_before("one version of ours on offer: there was nothing to choose")


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        pytest.param("ocpp1.6", b"ocpp1.6", marks=ONE_CHOICE),
        ("ocpp1.6, ocpp2.0.1", b"ocpp1.6"),
        ("ocpp2.0.1,ocpp2.1,ocpp1.6", b"ocpp2.0.1"),
        pytest.param("ocpp1.5, ocpp1.6", b"ocpp1.6", marks=ONE_CHOICE),
    ],
)
async def test_first_subprotocol_that_we_speak_wins(offered: str, chosen: bytes) -> None:
    """The station's order is its preference (OCPP 2.1 part 4 §3.1.2)."""
    async with serving() as site:
        head = await (await site.raw()).open(sec_websocket_protocol=offered)
        assert b"Sec-WebSocket-Protocol: " + chosen + b"\r\n" in head
        assert site.door.links[0].connection.subprotocol == chosen.decode()


async def test_subprotocol_is_repeated_as_the_station_spells_it() -> None:
    """A client refuses a subprotocol it has not offered, to the letter (RFC 6455 §4.1)."""
    async with serving() as site:
        head = await (await site.raw()).open(sec_websocket_protocol="OCPP1.6")
        assert b"Sec-WebSocket-Protocol: OCPP1.6\r\n" in head
        assert site.door.links[0].connection.subprotocol == "ocpp1.6"
        assert Toleration.SUBPROTOCOL_CASE in site.door.upgrades[0].tolerated


@pytest.mark.parametrize("header", [None, "", " "])
async def test_quirk_1_no_subprotocol_is_accepted_as_the_endpoint_decides(header: str | None) -> None:
    """The answer carries no subprotocol header either; the toleration is recorded."""
    async with serving() as site:
        station = await site.raw()
        assert b"Sec-WebSocket-Protocol" not in await station.open(sec_websocket_protocol=header)
        station.write(b"\x81\x85\0\0\0\0hello")
        assert await station.read_frame() == (1, b"hello")
        assert site.door.links[0].connection.subprotocol == "ocpp1.6"
        assert Toleration.SUBPROTOCOL_MISSING in site.door.upgrades[0].tolerated


async def test_only_foreign_subprotocols_get_101_without_the_header_then_a_close() -> None:
    """OCPP-J 1.6 §3.2; the attempt is kept and names the versions spoken."""
    async with serving() as site:
        station = await site.raw()
        assert b"Sec-WebSocket-Protocol" not in await station.open(sec_websocket_protocol="ocpp1.5, mqtt")
        assert await station.read_close() == 1002
        (attempt,) = site.door.attempts
        assert (attempt.reason, attempt.identity) == (AttemptReason.FOREIGN_SUBPROTOCOL, "CP1")
        assert site.door.links == []


async def test_endpoint_cannot_choose_what_was_not_offered() -> None:
    """The answer would carry no header, and the two would speak different versions."""

    class Stubborn(Door):
        async def admit(self, request: UpgradeRequest) -> Accept | Refuse:
            return Accept(Remembering, "ocpp1.6")

    door = Stubborn()
    async with serving(door) as site:
        station = await site.raw()
        await station.open(sec_websocket_protocol="ocpp1.5")
        assert await station.read_close() == 1002
        assert door.attempts[0].reason is AttemptReason.FOREIGN_SUBPROTOCOL


@pytest.mark.parametrize(
    ("without", "toleration"),
    [
        ("connection", Toleration.CONNECTION_HEADER_MISSING),
        ("sec_websocket_version", Toleration.VERSION_HEADER_MISSING),
    ],
)
async def test_quirk_3_missing_header_is_tolerated(without: str, toleration: Toleration) -> None:
    """Autel sends no `Connection: Upgrade`."""
    async with serving() as site:
        station = await site.raw()
        station.send_upgrade("/ocpp/CP1", **{without: None})
        assert (await station.read_head()).startswith(b"HTTP/1.1 101")
        assert site.door.upgrades[0].tolerated == (toleration,)


@pytest.mark.parametrize(
    ("target", "toleration"),
    [
        ("http://127.0.0.1:9000/ocpp/CP1", Toleration.ABSOLUTE_FORM),
        ("///ocpp///CP1", Toleration.REPEATED_SLASHES),
        ("/ocpp/CP1/CP1", Toleration.IDENTITY_REPEATED),
    ],
)
async def test_quirks_4_and_5_odd_targets_are_tolerated(target: str, toleration: Toleration) -> None:
    """Absolute form, repeated slashes, the id twice: one identity, and the oddity recorded."""
    async with serving() as site:
        await (await site.raw()).open(target)
        assert site.door.upgrades[0].target.identity == "CP1"
        assert site.door.upgrades[0].tolerated == (toleration,)


async def test_quirk_7_encoded_identity_is_decoded_once_also_in_credentials() -> None:
    """`A:B` encoded in the URL and plain in Basic auth is one station with the right password."""
    async with serving() as site:
        await (await site.raw()).open("/ocpp/A%3AB", authorization="Basic QTpCOnM6ZWNyZXQ=")  # A:B:s:ecret
        upgrade = site.door.upgrades[0]
        assert upgrade.target.identity == "A:B"
        assert upgrade.credentials is not None
        assert (upgrade.credentials.username, upgrade.credentials.password) == ("A:B", b"s:ecret")
        assert "ecret" not in repr(upgrade)
        assert "authorization" not in upgrade.headers


@pytest.mark.parametrize("header", ["Basic %%%", "Bearer x"])
async def test_unreadable_credentials_reach_the_endpoint_as_a_fault(header: str) -> None:
    """The endpoint decides; the transport does not guess."""
    async with serving() as site:
        await (await site.raw()).open(authorization=header)
        assert site.door.upgrades[0].credentials is None
        assert site.door.upgrades[0].credentials_fault


async def test_refusal_is_an_http_answer_and_an_attempt() -> None:
    """Status, headers and text of the endpoint; the first bytes are kept without the secret."""
    door = Door()
    door.decision = Refuse(401, "Wrong credentials.", (("WWW-Authenticate", 'Basic realm="ocpp"'),))
    async with serving(door) as site:
        station = await site.raw()
        station.write(upgrade_request(Authorization="Basic c2VjcmV0"))
        answer = await station.read_to_end()
        assert answer.startswith(b"HTTP/1.1 401 Unauthorized\r\n")
        assert b'WWW-Authenticate: Basic realm="ocpp"\r\n' in answer
        (attempt,) = door.attempts
        assert (attempt.reason, attempt.status, attempt.identity) == (AttemptReason.REFUSED, 401, "CP1")
        assert b"c2VjcmV0" not in attempt.first_bytes


async def test_endpoint_that_breaks_costs_one_station_a_503() -> None:
    """The next station is admitted by the same server."""
    door = Door()
    door.decision = RuntimeError("database is gone")
    faults: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    async with serving(door) as site:
        station = await site.raw()
        station.send_upgrade()
        assert (await station.read_to_end()).startswith(b"HTTP/1.1 503")
        assert door.attempts[0].reason is AttemptReason.ADMISSION_FAILED
        assert len(faults) == 1
        door.decision = None
        await (await site.raw()).open()


async def test_receiver_that_cannot_start_costs_one_station_a_1011() -> None:
    """The server's other stations do not notice."""

    def broken(_: Connection) -> Remembering:
        raise RuntimeError("no receiver")

    faults: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    async with serving(Door(broken)) as site:
        station = await site.raw()
        await station.open()
        assert await station.read_close() == 1011
        assert len(faults) == 1


async def test_two_authorization_headers_are_a_fault() -> None:
    """Which one a proxy believed is not ours to guess."""
    async with serving() as site:
        station = await site.raw()
        station.write(
            upgrade_request(Authorization="Basic QTpi").replace(
                b"Host:", b"Authorization: Basic QTpj\r\nHost:"
            )
        )
        await station.read_head()
        assert site.door.upgrades[0].credentials is None
        assert "more than one" in (site.door.upgrades[0].credentials_fault or "")


async def test_bytes_behind_a_refused_request_are_ignored() -> None:
    """The answer is read to its end all the same."""
    door = Door()
    door.decision = Refuse(403, "No.")
    async with serving(door) as site:
        station = await site.raw()
        station.write(upgrade_request() + b"x" * 100_000)
        assert (await station.read_to_end()).startswith(b"HTTP/1.1 403 ")


async def test_peer_that_keeps_an_answered_connection_open_is_cut_off() -> None:
    """After close_within_s."""
    clock, door = JumpingClock(), Door()
    door.decision = Refuse(403, "No.")
    async with serving(door, clock=clock) as site:
        station = await site.raw()
        station.send_upgrade()
        await station.read_to_end()
        assert site.server.connections == 1
        await jump(site, clock, 1.1)
        for _ in range(5):
            await asyncio.sleep(0)
        assert site.server.connections == 0


MALFORMED = {
    "not HTTP": (b"hello\r\n\r\n", "does not begin with"),
    "LF only": (b"GET /ocpp/CP1 HTTP/1.1\nHost: x\n\n", "LF instead of CR LF"),
    "folded header": (b"GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", "continues on the next line"),
    "non-ASCII path": ("GET /ocpp/é HTTP/1.1\r\n\r\n".encode(), "outside ASCII"),
    "body": (b"GET /ocpp/CP1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "announces a body"),
    "chunked": (b"GET /ocpp/CP1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "announces a body"),
    "HTTP/3": (b"GET /ocpp/CP1 HTTP/3\r\n\r\n", "version is not HTTP/1.1"),
    "header": (b"GET /ocpp/CP1 HTTP/1.1\r\nno colon\r\n\r\n", "header is malformed"),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_malformed_http_gets_400_and_is_kept(name: str) -> None:
    """The library gives no answer here; ours says what is wrong and quotes nothing."""
    request, detail = MALFORMED[name]
    async with serving() as site:
        station = await site.raw()
        station.write(request)
        answer = await station.read_to_end()
        assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        (attempt,) = site.door.attempts
        assert attempt.reason is AttemptReason.REQUEST_MALFORMED
        assert attempt.first_bytes == request[:256]
        assert detail in attempt.detail


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"sec_websocket_key": None}, 400, AttemptReason.UPGRADE_INVALID),
        ({"sec_websocket_key": "short"}, 400, AttemptReason.UPGRADE_INVALID),
        ({"sec_websocket_version": "8"}, 426, AttemptReason.UPGRADE_INVALID),
        ({"sec_websocket_protocol": "not a token;"}, 400, AttemptReason.UPGRADE_INVALID),
        ({"upgrade": "h2c"}, 426, AttemptReason.UPGRADE_INVALID),
        ({"target": "/CP1"}, 404, AttemptReason.WRONG_PATH),
        ({"target": "/ocpp/"}, 400, AttemptReason.IDENTITY_INVALID),
        ({"target": "/ocpp/A%2FB"}, 400, AttemptReason.IDENTITY_INVALID),
    ],
)
async def test_upgrade_that_is_none_is_answered_and_kept(
    change: dict[str, str | None], status: int, reason: AttemptReason
) -> None:
    """The endpoint is not asked about requests that cannot become a WebSocket."""
    headers = dict(change)
    target = headers.pop("target", None) or "/ocpp/CP1"
    async with serving() as site:
        station = await site.raw()
        station.send_upgrade(target, **headers)
        assert (await station.read_to_end()).startswith(f"HTTP/1.1 {status} ".encode())
        (attempt,) = site.door.attempts
        assert (attempt.reason, attempt.status) == (reason, status)
        assert site.door.upgrades == []


async def test_two_host_headers_are_refused() -> None:
    """A proxy and we could read them differently (RFC 9112 §3.2)."""
    async with serving() as site:
        station = await site.raw()
        station.write(upgrade_request().replace(b"Host:", b"Host: other\r\nHost:"))
        assert (await station.read_to_end()).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /ocpp/" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /ocpp/CP1 HTTP/1.1\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431),
        (b"GET /ocpp/CP1 HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"GET /ocpp/CP1 HTTP/1.1\r\n" + (b"X: " + b"y" * 4000 + b"\r\n") * 5, 431),
    ],
)
async def test_large_request_is_refused(request_bytes: bytes, status: int) -> None:
    """Line, header count and the whole request are bounded."""
    async with serving() as site:
        station = await site.raw()
        station.write(request_bytes)
        assert (await station.read_to_end()).startswith(f"HTTP/1.1 {status} ".encode())
        assert (await site.door.until_attempts(1))[0].reason is AttemptReason.REQUEST_TOO_LARGE


async def test_tls_hello_on_the_plain_port_is_recognized() -> None:
    """It never contains a line end, so it is told by its first byte."""
    async with serving() as site:
        station = await site.raw()
        hello = bytes.fromhex("16030100c8010000c40303") + bytes(40)
        station.write(hello)
        assert await station.read_to_end() == b""
        (attempt,) = site.door.attempts
        assert (attempt.reason, attempt.first_bytes) == (AttemptReason.TLS_ON_PLAIN_PORT, hello)


@pytest.mark.parametrize("path", ["/ocpp/CP1", "/", "/favicon.ico", "/ocpp/"])
async def test_plain_get_is_explained_to_a_person(path: str) -> None:
    """Any path: the endpoint writes the page, and it is no failed attempt."""
    async with serving() as site:
        station = await site.raw()
        station.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = await station.read_to_end()
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"you asked for" in answer
        assert site.door.attempts == []


async def test_broken_explanation_is_a_500() -> None:
    """And the server goes on."""
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    async with serving() as site:
        station = await site.raw()
        station.write(b"GET / HTTP/1.1\r\nX-Break: 1\r\n\r\n")
        assert (await station.read_to_end()).startswith(b"HTTP/1.1 500 ")
        await (await site.raw()).open()


@pytest.mark.parametrize(
    "rest", [b"\r\n", b"Content-Length: 7\r\n\r\n<soap/>", b"Transfer-Encoding: chunked\r\n\r\n"]
)
async def test_other_methods_are_refused(rest: bytes) -> None:
    """Only GET upgrades or is explained; a station whose URL begins with http:// posts, and says its name."""
    async with serving() as site:
        station = await site.raw()
        station.write(b"POST /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n" + rest)
        answer = await station.read_to_end()
        assert answer.startswith(b"HTTP/1.1 405 ")
        assert b"Allow: GET\r\n" in answer
        assert site.door.attempts[0].reason is AttemptReason.NOT_AN_UPGRADE
        assert site.door.attempts[0].identity == "CP1"


async def test_request_in_single_bytes_and_frames_behind_it_are_read() -> None:
    """TCP cuts as it likes, and an impatient station sends before the 101."""
    door = Door()
    door.gate = asyncio.Event()
    async with serving(door) as site:
        station = await site.raw()
        everything = upgrade_request() + b"\x81\x85\0\0\0\0hello"
        for at in range(len(everything) - 10):
            station.write(everything[at : at + 1])
            await asyncio.sleep(0)
        station.write(everything[-10:])
        await door.until_upgrades(1)
        station.write(b"\x81\x85\0\0\0\0again")
        door.gate.set()
        await station.read_head()
        assert await station.read_frame() == (1, b"hello")
        assert await station.read_frame() == (1, b"again")


async def test_frame_in_the_same_read_as_the_request_is_not_lost() -> None:
    """The parser would take it before the 101 and drop it."""
    async with serving() as site:
        station = await site.raw()
        station.write(upgrade_request() + b"\x81\x85\0\0\0\0hello")
        await station.read_head()
        assert await station.read_frame() == (1, b"hello")


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\x82\x81\0\0\0\0x", 1003),
        (b"\x81\x81\0\0\0\0\xff", 1007),
        (b"\x81\xff" + (1 << 40).to_bytes(8) + bytes(4), 1009),
        (b"\x8f\x80\0\0\0\0", 1002),
        (b"GET / HTTP/1.1\r\n", 1002),
    ],
)
async def test_fault_of_one_station_touches_no_other(frame: bytes, code: int) -> None:
    """The other goes on talking on the same server."""
    async with serving() as site:
        bad, good = await site.raw(), await site.raw()
        await bad.open("/ocpp/BAD")
        await good.open("/ocpp/GOOD")
        bad.write(frame)
        assert await bad.read_close() == code
        assert (await site.door.links[0].until_closed())[0] == code
        good.write(b"\x81\x85\0\0\0\0hello")
        assert await good.read_frame() == (1, b"hello")
        assert site.door.links[1].closed is None


async def jump(site: Site, clock: JumpingClock, seconds: float) -> None:
    clock.at += seconds
    site.server.sweep(clock.at)


@pytest.mark.parametrize(
    ("sent", "reason"), [(b"", AttemptReason.SILENT), (b"GET /ocpp", AttemptReason.REQUEST_INCOMPLETE)]
)
async def test_handshake_has_a_deadline(sent: bytes, reason: AttemptReason) -> None:
    """Silence and half a request are cut off after 10 s and kept, without an effect on others."""
    clock = JumpingClock()
    async with serving(clock=clock) as site:
        other = await site.raw()
        await other.open("/ocpp/OTHER")
        station = await site.raw()
        station.write(sent)
        await until_received(site)
        await jump(site, clock, 9.9)
        assert site.door.attempts == []
        await jump(site, clock, 0.2)
        assert await ended(station)
        (attempt,) = site.door.attempts
        assert (attempt.reason, attempt.first_bytes) == (reason, sent)
        other.write(b"\x81\x85\0\0\0\0hello")
        assert await other.read_frame() == (1, b"hello")


async def test_slow_admission_is_cut_off_and_its_task_cancelled() -> None:
    """The deadline holds for the endpoint as well."""
    clock, door = JumpingClock(), Door()
    door.gate = asyncio.Event()
    async with serving(door, clock=clock) as site:
        station = await site.raw()
        station.send_upgrade()
        await door.until_upgrades(1)
        await jump(site, clock, 10)
        assert await ended(station)
        assert door.attempts[0].reason is AttemptReason.ADMISSION_FAILED
    assert door.links == []


@pytest.mark.parametrize(
    ("sent", "reason"), [(b"", AttemptReason.SILENT), (b"GET", AttemptReason.REQUEST_INCOMPLETE)]
)
async def test_peer_that_leaves_early_is_kept(sent: bytes, reason: AttemptReason) -> None:
    """A port scan, a health check, a station that loses heart."""
    async with serving() as site:
        station = await site.raw()
        station.write(sent)
        station.writer.write_eof()
        assert (await site.door.until_attempts(1))[0].reason is reason


async def test_station_that_leaves_while_being_admitted_gets_no_link() -> None:
    """The task is cancelled: nobody is registered for a socket that is gone."""
    door = Door()
    door.gate = asyncio.Event()
    async with serving(door, Limits(close_within_s=0.2)) as site:
        station = await site.raw()
        station.send_upgrade()
        await door.until_upgrades(1)
        await site.server.close(0)
        door.gate.set()
        assert door.links == []


async def until_received(site: Site) -> None:
    """A second connection's answer proves that the bytes sent before it were read."""
    probe = await site.raw()
    await probe.open("/ocpp/PROBE")


async def ended(station: RawStation) -> bool:
    """Whether the server ended the connection, by EOF or reset."""
    try:
        return await station.read_to_end() == b""
    except ConnectionResetError:
        return True


# --- Pages in somebody's browser (RFC 6455 §10.2) --------------------------------------------------------

HOST = "csms.example:9000"
REFUSED_ORIGINS = [
    "https://evil.example",
    "http://evil.example:9000",
    "HTTPS://EVIL.EXAMPLE/",
    "null",
    "http://",
    "http://[",
    "https://csms.example.evil.example",
    "https://evil.example#csms.example",
    "https://csms.example@evil.example",
]
TAKEN_ORIGINS = [None, "", "https://csms.example", "http://CSMS.example:8080/", "station-7", "ws://elsewhere"]


@pytest.mark.parametrize("origin", REFUSED_ORIGINS)
async def test_a_page_of_another_host_opens_no_socket(origin: str) -> None:
    """Whoever looks at it would be a station without knowing: 403, kept with its own reason."""
    async with serving() as site:
        page = await site.raw()
        page.send_upgrade(Host=HOST, Origin=origin)
        assert (await page.read_head()).startswith(b"HTTP/1.1 403")
        (attempt,) = await site.door.until_attempts(1)
        assert (attempt.reason, attempt.identity) == (AttemptReason.FOREIGN_ORIGIN, "CP1")
        assert site.door.upgrades == []
        page.abort()


@pytest.mark.held_before("no Origin was looked at; what stations send must still be let in")
@pytest.mark.parametrize("origin", TAKEN_ORIGINS)
async def test_what_stations_send_as_origin_is_let_in(origin: str | None) -> None:
    """None, their own word, or our host, on whatever port and in whatever case."""
    async with serving() as site:
        station = await site.raw()
        await station.open(Host=HOST, Origin=origin)
        station.abort()


async def test_named_origins_are_let_in() -> None:
    """A test tool in a browser on another host: named one by one, or all of them."""
    for allowed in ("https://tool.example", "*"):
        async with OcppServer(Door(), clock=SystemClock(), origins=frozenset({allowed})) as server:
            (listening,) = await server.listen("127.0.0.1", 0)
            page = RawStation(*await asyncio.open_connection("127.0.0.1", listening.port))
            await page.open(Host=HOST, Origin="https://TOOL.example")
            page.abort()
