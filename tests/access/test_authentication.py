"""access.authentication and runtime.http, .serving on a real server with real sockets."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, Request, WebSocket
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from access.actions import Permission
from access.authentication import LOOK_AGAIN_S, Authentication, session_secret
from access.control import AccessControl
from access.guard import Guard, principal
from access.organisations import Organisations
from access.principals import Account, AccountKind, Membership, Principal, Role
from access.sessions import SESSION_IDLE_S
from provisioning.owners import StoredOwned
from runtime import serving
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.errors import AddressUnavailable, DatabaseRefused, PortInUse, RuntimeProblem
from runtime.http import Problem, install_problems
from runtime.serving import HttpServer, listen, serve
from runtime.wording import Phrase, WayOut
from tests.support.waiting import PATIENCE_S, patient_http


class Meal(BaseModel):
    """A body."""

    servings: int


def build_app() -> FastAPI:
    """A small API with each kind of answer."""
    app = FastAPI()
    install_problems(app)

    @app.get("/who")
    def who(me: Annotated[Principal, Depends(principal)]) -> str:
        return f"{me.name}:{me.role}"

    @app.post("/meals")
    def cook(meal: Meal, _: Annotated[Principal, Depends(Guard("test").requires(Permission.OPERATE))]) -> int:
        return meal.servings

    @app.get("/teapot")
    def teapot() -> None:
        raise Problem(
            409,
            "E_TEAPOT",
            Phrase("C'est une théière", "It is a teapot"),
            WayOut("Demandez du thé.", "Ask for tea."),
            pots=2,
        )

    @app.get("/broken")
    def broken() -> None:
        raise ZeroDivisionError("secret inner workings")

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def forever() -> AsyncIterator[bytes]:
            yield b"data: 1\n\n"
            await asyncio.Event().wait()

        return StreamingResponse(forever(), media_type="text/event-stream")

    @app.post("/length")
    async def length(request: Request) -> int:
        return len(await request.body())

    @app.websocket("/echo")
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        async for message in websocket.iter_text():
            await websocket.send_text(message)

    @app.websocket("/live")
    async def live(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(principal(websocket).name)
        await websocket.close()

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app


@pytest.fixture
async def access(database: Database, clock: ManualClock, chance: SeededChance) -> AccessControl:
    """Access with a manager who has a password."""
    opened = AccessControl(database, clock, chance)
    await opened.add_person("Maude", "tarte au sucre", Role.MANAGER)
    return opened


@pytest.fixture
async def server(access: AccessControl) -> AsyncIterator[HttpServer]:
    """The API behind authentication."""
    running = await serve(Authentication(build_app(), access), "127.0.0.1", 0)
    yield running
    await running.stop()


@pytest.fixture
async def client(server: HttpServer) -> AsyncIterator[httpx.AsyncClient]:
    """A client without credentials."""
    async with patient_http(base_url=f"http://127.0.0.1:{server.port}") as made:
        yield made


async def bearer(access: AccessControl, role: Role) -> dict[str, str]:
    """The header of a new token."""
    return {"Authorization": f"Bearer {await access.add_token(f'test-{role}', role)}"}


async def log_in(client: httpx.AsyncClient, name: str, password: str, **options: str) -> httpx.Response:
    """Post the login form."""
    return await client.post("/login", data={"name": name, "password": password}, headers=options)


async def test_without_credentials_nothing_but_health(client: httpx.AsyncClient) -> None:
    """Everything asks for a token, also what does not exist; the answer says how to get one."""
    for path in ("/who", "/nothing", "/docs", "/openapi.json", "/teapot"):
        answer = await client.get(path)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "var/token" in answer.json()["way_out"]
    assert (await client.get("/healthz")).json() == "ok"


@pytest.mark.parametrize(
    "header", [b"", b"Bearer", b"Bearer wrong", b"Basic borne_x", b"bearer \xff", b"Bearer borne_"]
)
async def test_wrong_tokens(client: httpx.AsyncClient, header: bytes) -> None:
    """None of them passes and none breaks anything."""
    answer = await client.get("/who", headers=[(b"Authorization", header)])
    assert answer.status_code == 401


async def test_a_token_opens_the_door_until_it_is_removed(
    client: httpx.AsyncClient, access: AccessControl
) -> None:
    """The principal carries its name and role; removing takes effect at once."""
    headers = await bearer(access, Role.VIEWER)
    answer = await client.get("/who", headers=headers)
    assert answer.json() == "test-viewer:viewer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    await access.remove_token("test-viewer")
    assert (await client.get("/who", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMIN, 200), (Role.MANAGER, 200), (Role.INSTALLER, 403), (Role.VIEWER, 403)]
)
async def test_roles(client: httpx.AsyncClient, access: AccessControl, role: Role, status: int) -> None:
    """A route names its roles; the administrator passes everywhere; the refusal names who may."""
    answer = await client.post("/meals", json={"servings": 2}, headers=await bearer(access, role))
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "role_required"
        assert "manager" in answer.json()["way_out"]


async def test_problems_are_documents(client: httpx.AsyncClient, access: AccessControl) -> None:
    """What routes raise, what validation finds, what does not exist and what breaks: all RFC 9457,
    none leaks.
    """
    client.headers.update(await bearer(access, Role.ADMIN))
    teapot = await client.get("/teapot")
    assert (teapot.status_code, teapot.json()["code"], teapot.json()["pots"]) == (409, "E_TEAPOT", 2)
    invalid = await client.post("/meals", json={"servings": "many"})
    assert (invalid.status_code, invalid.json()["errors"][0]["field"]) == (422, "body.servings")
    assert (await client.get("/nothing")).json()["code"] == "not_found"
    assert (await client.get("/meals")).json()["code"] == "method_not_allowed"
    broken = await client.get("/broken")
    assert (broken.status_code, broken.json()["code"]) == (500, "internal_error")
    assert "secret" not in broken.text


async def test_bodies_have_a_limit(client: httpx.AsyncClient, access: AccessControl) -> None:
    """A megabyte passes, more does not, with or without a length in the header."""
    client.headers.update(await bearer(access, Role.ADMIN))
    assert (await client.post("/length", content=b"x" * (1 << 20))).json() == 1 << 20
    assert (await client.post("/length", content=b"x" * ((1 << 20) + 1))).status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65536

    try:
        answer = await client.post("/length", content=pieces())
        assert answer.status_code >= 400
    except httpx.TransportError:
        pass  # cut off while sending is as good


async def test_people_log_in_and_out(client: httpx.AsyncClient) -> None:
    """A page sends to the login, which sends back; the cookie is the browser's alone; logging out ends it."""
    page = await client.get("/who?a=1", headers={"Accept": "text/html", "Accept-Language": "fr-CA,en;q=0.5"})
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=%2Fwho%3Fa%3D1")
    form = await client.get(page.headers["location"], headers={"Accept-Language": "fr-CA,en;q=0.5"})
    assert "Se connecter" in form.text
    done = await client.post(page.headers["location"], data={"name": "Maude", "password": "tarte au sucre"})
    assert (done.status_code, done.headers["location"]) == (303, "/who?a=1")
    assert "HttpOnly" in done.headers["set-cookie"]
    assert "SameSite=lax" in done.headers["set-cookie"]
    assert (await client.get("/who")).json() == "Maude:manager"
    cookie = client.cookies["borne_session"]
    await client.post("/logout", headers={"Origin": str(client.base_url).rstrip("/")})
    assert (await client.get("/who", headers={"Cookie": f"borne_session={cookie}"})).status_code == 401


async def test_the_first_token_logs_in_too(
    client: httpx.AsyncClient, access: AccessControl, tmp_path: Path
) -> None:
    """Before there are people, the token of the first run does, without a name."""
    await log_in(client, "", await access.first_token(tmp_path / "token"))
    assert (await client.get("/who")).json() == "first:admin"


@pytest.mark.parametrize(
    ("is_further", "start"),
    [(False, b""), (False, b"GET /healthz HT"), (True, b"G")],
    ids=["nothing", "half a request", "half a further request"],
)
async def test_a_request_that_never_ends_is_cut_off(
    server: HttpServer, monkeypatch: pytest.MonkeyPatch, is_further: bool, start: bytes
) -> None:
    """Five thousand of them would be all the file descriptors that stations need."""
    monkeypatch.setattr(serving, "REQUEST_WITHIN_S", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(PATIENCE_S):  # before uvicorn ends an idle connection
        if is_further:
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert await reader.readuntil(b'"ok"')
        writer.write(start)
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    writer.close()


async def test_a_request_that_takes_long_to_answer_is_not_cut_off(
    client: httpx.AsyncClient, access: AccessControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline is for the request, not for us."""
    monkeypatch.setattr(serving, "REQUEST_WITHIN_S", 0.3)
    headers = await bearer(access, Role.ADMIN)
    async with client.stream("GET", "/stream", headers=headers) as answer:
        lines = answer.aiter_lines()
        assert await anext(lines)
        loop = asyncio.get_running_loop()
        passed = loop.create_future()
        loop.call_later(0.4, passed.set_result, None)
        await passed
        assert answer.status_code == 200


async def test_connections_have_a_limit(
    client: httpx.AsyncClient, server: HttpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more is ended at once, and those that are there are served."""
    assert (await client.get("/healthz")).status_code == 200
    monkeypatch.setattr(serving, "CONNECTIONS_MOST", 1)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(PATIENCE_S):
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    writer.close()
    assert (await client.get("/healthz")).status_code == 200


async def test_sessions_end(client: httpx.AsyncClient, clock: ManualClock) -> None:
    """Half an hour without a request ends one; use keeps it for twelve hours at most."""
    await log_in(client, "Maude", "tarte au sucre")
    for _ in range(24):
        await clock.advance(SESSION_IDLE_S - 1)
        assert (await client.get("/who")).status_code == 200
    await clock.advance(60)
    assert (await client.get("/who")).status_code == 401
    await log_in(client, "Maude", "tarte au sucre")
    await clock.advance(SESSION_IDLE_S + 1)
    assert (await client.get("/who")).status_code == 401


async def test_where_nobody_can_be_looked_up_it_is_said(
    client: httpx.AsyncClient, server: HttpServer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is away is not a wrong token: whoever asks tries again, and does not log in anew."""

    async def refused(_: object) -> None:
        raise DatabaseRefused(Phrase("absente", "away"))

    monkeypatch.setattr(database, "run_read", refused)
    headers = {"Authorization": "Bearer borne_x"}
    answer = await client.get("/who", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    with pytest.raises(InvalidStatus, match="403"):
        await connect(f"ws://127.0.0.1:{server.port}/live", additional_headers=headers)


async def test_other_sites_cannot_act_through_a_browser(client: httpx.AsyncClient) -> None:
    """With a cookie, changing something needs this host's Origin; a token is no cookie and needs none."""
    await log_in(client, "Maude", "tarte au sucre")
    own = str(client.base_url).rstrip("/")
    body = {"servings": 1}
    assert (await client.post("/meals", json=body, headers={"Origin": own})).status_code == 200
    assert (await client.post("/meals", json=body)).status_code == 403
    for origin in ("https://evil.example", "null", own + "0", "http://["):
        answer = await client.post("/meals", json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert (await log_in(client, "Maude", "x", Origin="https://evil.example")).status_code == 403


async def test_sockets_are_guarded_too(
    server: HttpServer, client: httpx.AsyncClient, access: AccessControl
) -> None:
    """No credentials or a foreign page: refused before it opens; a token or the own page: open."""
    url = f"ws://127.0.0.1:{server.port}/live"
    headers = await bearer(access, Role.VIEWER)
    async with connect(url, additional_headers=headers) as websocket:
        assert await websocket.recv() == "test-viewer"
    with pytest.raises(InvalidStatus, match="403"):
        await connect(url)
    await log_in(client, "Maude", "tarte au sucre")
    cookie = {"Cookie": f"borne_session={client.cookies['borne_session']}"}
    with pytest.raises(InvalidStatus, match="403"):
        await connect(url, additional_headers=cookie, origin=Origin("https://evil.example"))
    own = Origin(f"http://127.0.0.1:{server.port}")
    async with connect(url, additional_headers=cookie, origin=own) as websocket:
        assert await websocket.recv() == "Maude"


async def test_who_was_removed_does_nothing_more_with_an_open_socket(
    server: HttpServer, client: httpx.AsyncClient, access: AccessControl, clock: ManualClock
) -> None:
    """A page that is open acts over its socket: a second later, what it sends is not taken any more."""
    await log_in(client, "Maude", "tarte au sucre")
    cookie = {"Cookie": f"borne_session={client.cookies['borne_session']}"}
    own = Origin(f"http://127.0.0.1:{server.port}")
    url = f"ws://127.0.0.1:{server.port}/echo"
    async with connect(url, additional_headers=cookie, origin=own) as websocket:
        await websocket.send("reset")
        assert await websocket.recv() == "reset"
        await clock.advance(LOOK_AGAIN_S)
        await websocket.send("reset")  # still Maude
        assert await websocket.recv() == "reset"
        await access.remove_person("Maude")
        await clock.advance(LOOK_AGAIN_S)
        await websocket.send("reset")
        with pytest.raises(ConnectionClosed) as closed:
            await websocket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


async def test_open_streams_do_not_delay_the_stop(access: AccessControl) -> None:
    """An endless stream ends with the server, within its few seconds."""
    server = await serve(Authentication(build_app(), access), "127.0.0.1", 0)
    headers = await bearer(access, Role.VIEWER)
    url = f"http://127.0.0.1:{server.port}/stream"
    async with (
        patient_http(headers=headers) as client,
        client.stream("GET", url) as stream,
    ):
        assert await anext(stream.aiter_bytes()) == b"data: 1\n\n"
        async with asyncio.timeout(PATIENCE_S):
            await server.stop()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", server.port)


async def test_a_taken_port_is_one_line() -> None:
    """Which port, and what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortInUse, match="is taken by another program"):
            await serve(build_app(), "127.0.0.1", other.getsockname()[1])


@pytest.mark.parametrize("host", ["203.0.113.9", "no.such.host.invalid"])
def test_a_foreign_address_is_one_line(host: str) -> None:
    """An address of another machine, a name of none."""
    with pytest.raises(AddressUnavailable, match=r"127\.0\.0\.1 always works"):
        listen(host, 0)


async def test_an_app_that_cannot_start() -> None:
    """A failing start-up of the app is told to the caller."""

    async def lifespan(scope, receive, send):  # type: ignore[no-untyped-def]  # ASGI by hand
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no kitchen"})

    with pytest.raises(RuntimeProblem, match="could not start"):
        await serve(lifespan, "127.0.0.1", 0)


async def test_what_lasts_asks_whether_it_may_go_on(
    access: AccessControl, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream ends with the role that it was opened with; while nobody can be looked up, it goes on."""
    scopes: list[Scope] = []

    async def lasting(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await PlainTextResponse("begun")(scope, receive, send)

    async def refused(_: object) -> None:
        raise DatabaseRefused(Phrase("absente", "away"))

    transport = httpx.ASGITransport(Authentication(lasting, access))
    async with httpx.AsyncClient(transport=transport, base_url="http://borne.test") as client:
        assert (await client.get("/who", headers=await bearer(access, Role.VIEWER))).text == "begun"
    is_kept = scopes[0]["access_kept"]
    assert await is_kept()
    with monkeypatch.context() as patch:
        patch.setattr(database, "run_read", refused)
        assert await is_kept()
    organisations = Organisations(database, access.clock, StoredOwned())
    await organisations.save_member(
        Account(AccountKind.PROGRAM, "test-viewer"), Membership(Role.MANAGER), "root"
    )
    assert not await is_kept()
    await access.remove_token("test-viewer")
    assert not await is_kept()


@pytest.mark.parametrize(
    ("cookie", "secret"),
    [
        ("", ""),
        ("other=1", ""),
        ("other=1; borne_session=x", "x"),
        ("bad,name=1; borne_session=x", ""),
    ],
)
async def test_a_cookie_header_that_cannot_be_read_holds_no_session(
    client: httpx.AsyncClient, cookie: str, secret: str
) -> None:
    """It opens nothing, and breaks nothing."""
    assert session_secret(Headers({"cookie": cookie})) == secret
    assert (await client.get("/who", headers={"Cookie": cookie})).status_code == 401


@pytest.mark.parametrize("path", ["/language", "/invitation"])
async def test_what_needs_no_login_is_still_not_for_other_sites(client: httpx.AsyncClient, path: str) -> None:
    """Choosing a language, opening an invitation: refused to a page of another origin before it is read."""
    answer = await client.post(path, headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert (await client.post(path)).status_code == 404, "the app behind has no such page"
