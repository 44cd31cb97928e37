"""Every answer tells browsers what to forbid themselves; console and API can speak TLS."""

import re
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from pydantic import ValidationError

from borne.app import running_server
from borne.settings import ServerSettings
from borne.usable_certificate import CertificateUnusable
from runtime.security_headers import DATA_POLICY, DOCS_POLICY, PAGE_POLICY, SECURITY_HEADERS, content_policy
from tests.support.server import LiveServer, live_server
from tests.support.tls_files import self_signed
from tests.support.waiting import patient_http

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def secured(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """A server with pages and TLS for people, behind a proxy that is this machine."""
    files = self_signed(tmp_path_factory.mktemp("tls"))
    async with live_server(
        tmp_path_factory.mktemp("var"),
        https_port=0,
        http_tls_certificate=files.certificate,
        http_tls_key=files.key,
        trusted_proxy="127.0.0.1",
        has_console=True,
    ) as live:
        yield live


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/api/v1/stations", DATA_POLICY),
        ("/api/v1/nothing", DATA_POLICY),
        ("/api/openapi.json", DATA_POLICY),
        ("/api/docs", DOCS_POLICY),
        ("/healthz", DATA_POLICY),
        ("/metrics", DATA_POLICY),
        ("/login", PAGE_POLICY),
        ("/", PAGE_POLICY),
        ("/nothing", PAGE_POLICY),
    ],
)
async def test_answers_carry_the_headers(secured: LiveServer, path: str, policy: str) -> None:
    """Right answers and refusals alike; no page of ours stands in another's frame."""
    answer = await secured.api.get(f"{secured.running.http_url}{path}")
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["content-security-policy"] == policy
    if path.startswith("/api/v1"):
        assert answer.headers["cache-control"] == "no-store"


async def test_no_policy_lets_anything_in_from_elsewhere() -> None:
    """Neither scripts nor frames, styles, pictures or connections; pages have nothing inline either."""
    for path in ("/", "/login", "/stations/x", "/api/docs", "/api/v1/stations"):
        policy = content_policy(path)
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"https?:|\*", policy)
    assert "unsafe" not in content_policy("/api/v1/stations") + PAGE_POLICY
    assert content_policy("/stations/x") == PAGE_POLICY
    assert "unsafe-eval" not in content_policy("/api/docs")


async def test_the_documentation_loads_only_what_its_policy_lets_in(secured: LiveServer) -> None:
    """Its files are this server's own."""
    page = (await secured.api.get(f"{secured.running.http_url}/api/docs")).text
    assert re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


async def test_api_and_login_speak_tls(secured: LiveServer) -> None:
    """On a port of their own; the cookie that they set then goes over TLS only."""
    url = secured.running.https_url
    assert url is not None
    assert url.startswith("https://")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    headers = {"Authorization": f"Bearer {secured.running.token}"}
    async with httpx.AsyncClient(base_url=url, verify=context, trust_env=False, timeout=None) as client:
        assert (await client.get("/api/v1/stations", headers=headers)).status_code == 200
        answer = await client.post("/login", data={"name": "", "password": secured.running.token})
        assert "Secure" in answer.headers["set-cookie"]
        assert (await client.get("/api/v1/stations")).status_code == 200


async def test_behind_a_proxy_the_cookie_is_secure_and_the_address_is_the_clients(
    secured: LiveServer,
) -> None:
    """As the example for nginx in docs/howto/open-to-the-network.md sends it."""
    told = {"X-Forwarded-For": "192.0.2.44", "X-Forwarded-Proto": "https"}
    async with patient_http(base_url=secured.running.http_url) as client:
        form = {"name": "", "password": secured.running.token}
        plain = await client.post("/login", data=form)
        assert "Secure" not in plain.headers["set-cookie"]
        proxied = await client.post("/login", data=form, headers=told)
        assert "Secure" in proxied.headers["set-cookie"]
        await client.post("/login", data={"name": "maude", "password": "guess"}, headers=told)
    failed = [line for line in secured.logs if line["event"] == "login_failed"]
    assert failed[-1]["address"] == "192.0.2.44"


async def test_without_the_setting_nobody_is_behind_a_proxy(server: LiveServer) -> None:
    """Anybody could claim any address otherwise."""
    told = {"X-Forwarded-For": "192.0.2.44", "X-Forwarded-Proto": "https"}
    async with patient_http(base_url=server.running.http_url) as client:
        await client.post("/login", data={"name": "maude", "password": "guess"}, headers=told)
    failed = [line for line in server.logs if line["event"] == "login_failed"]
    assert failed[-1]["address"] == "127.0.0.1"


async def test_settings_that_cannot_be_are_refused_at_the_start(tmp_path: Path) -> None:
    """A key without its certificate, a proxy that is no address, a certificate that is none."""
    with pytest.raises(ValidationError, match="http_tls_certificate and http_tls_key belong together"):
        ServerSettings(http_tls_key=tmp_path / "key.pem")
    with pytest.raises(ValidationError, match="trusted_proxy"):
        ServerSettings(trusted_proxy="proxy.example")
    (tmp_path / "x.pem").write_text("nothing")
    broken = ServerSettings(
        var=tmp_path, http_tls_certificate=tmp_path / "x.pem", http_tls_key=tmp_path / "x.pem"
    )
    with pytest.raises(CertificateUnusable, match=r"x\.pem"):
        async with running_server(broken):
            raise AssertionError
