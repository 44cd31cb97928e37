"""An HTTP client for the REST API of a running server: the token is found, problems become sentences.

ApiError                the API refused, or could not be asked; the text says what to do
├── ApiUnreachable      nobody answers at that address
└── ApiRefused          the API answered with a problem (RFC 9457)
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from runtime.logins import SESSION_COOKIE, saved_login
from runtime.wording import Phrase

BORNE = "borne"
"""How the program is called in a terminal."""
DEFAULT_URL = "http://127.0.0.1:8080"
DEFAULT_TOKEN_FILE = Path("var/token")
WRONG_FIELDS = "invalid_request"
"""Its `detail` names the fields and what each must be: that to correct them is the way out goes without
saying.
"""
SILENCE_S = 60.0
"""The server says `: alive` every 15 s: a stream that is silent for so long is dead."""
DROPPED = "dropped"
"""The event that says how many were lost because the listener was too slow."""
PREFIX = "/api/v1"
PAGE_ROWS = 1000
"""Of a list, in one answer: as many as the API gives."""
LOGIN_WITHIN_S = 60.0
EVENTS_RETRY_S = 1.0
"""How long whoever follows events waits before they are asked for again."""


class ApiError(Exception):
    """The API could not do what was asked. `words` say why, for people in a terminal."""

    words: Phrase


class ApiUnreachable(ApiError):  # noqa: N818 - reads as the state it names
    """Nobody answers at the API's address."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"no server at {url} ({why}); start one with `borne up`, or set BORNE_API")
        self.url = url
        self.words = Phrase(
            f"aucun serveur à {url} ({why}); lancez-en un avec « borne up », ou donnez BORNE_API", str(self)
        )


class ApiRefused(ApiError):  # noqa: N818 - reads as the state it names
    """The API answered with a problem. `status` is the HTTP status, `code` the problem's stable name."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", f"http_{status}"))
        self.detail = str(problem.get("detail") or problem.get("title") or "no reason given")
        is_told = self.code != WRONG_FIELDS and problem.get("way_out")
        self.way_out = str(problem["way_out"]) if is_told else None
        self.way_out_fr = str(problem.get("way_out_fr") or self.way_out) if is_told else ""
        self.command = (problem.get("ways_out") or {}).get("command") or ""
        """What does it in a terminal, after the program's name."""
        super().__init__(f"{self.detail} ({self.code})" + (f" - {self.way_out}" if self.way_out else ""))
        french = str(problem.get("text_fr") or self.detail)
        end = f" - {self.way_out_fr}" if self.way_out_fr else ""
        command = f" ({BORNE} {self.command})" if self.command else ""
        self.words = Phrase(f"{french} ({self.code}){end}{command}", f"{self}{command}")


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event of a stream; `name` is its kind."""

    name: str
    content: Any


def api_url(url: str | None = None) -> str:
    """The server's address: what is named, else `BORNE_API`, else this machine's."""
    return (url or os.environ.get("BORNE_API") or DEFAULT_URL).rstrip("/")


def find_token(token_file: Path = DEFAULT_TOKEN_FILE, url: str | None = None) -> str | None:
    """`BORNE_TOKEN`, else who logged in at that server, else what it wrote on its first run, else None."""
    if token := os.environ.get("BORNE_TOKEN") or saved_login(api_url(url)):
        return token
    return token_in(token_file)


def token_in(token_file: Path) -> str | None:
    """What the server wrote on its first run, or None."""
    try:
        return token_file.read_text(encoding="utf-8").strip()
    except OSError:
        return None


def checks_certificate(url: str) -> bool:
    """Whether there will be one: whoever talks without TLS need not load those that this machine trusts."""
    return not url.startswith("http://")


async def log_in(url: str, name: str, password: str) -> str:
    """The secret of a new session, to be sent as a Bearer token. Raises ApiError."""
    try:
        async with httpx.AsyncClient(
            base_url=url, trust_env=False, timeout=LOGIN_WITHIN_S, verify=checks_certificate(url)
        ) as http:
            response = await http.post("/login", data={"name": name, "password": password})
    except httpx.TransportError as error:
        raise ApiUnreachable(url, _reason(error)) from error
    secret = response.cookies.get(SESSION_COOKIE)
    if secret:
        return secret
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        retry_s = response.headers.get("retry-after", "60")
        raise ApiRefused(429, {"code": "login_slowed", "detail": f"too many tries; again in {retry_s} s"})
    raise ApiRefused(response.status_code, {"code": "login_refused", "detail": "no such name and password"})


class ApiClient:
    """JSON in, JSON out, on `/api/v1`. Use as an async context manager.

    `url` is the server's address without a path; `token` goes into the Authorization header only.
    """

    def __init__(self, url: str | None = None, token: str | None = None, *, timeout_s: float = 60.0) -> None:
        self.url = api_url(url)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # trust_env off: a proxy in the environment must not see tokens for a machine next door
        self._http = httpx.AsyncClient(
            base_url=f"{self.url}{PREFIX}",
            headers=headers,
            timeout=timeout_s,
            trust_env=False,
            verify=checks_certificate(self.url),
        )

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    async def get(self, path: str, **query: Any) -> Any:
        """GET; query values that are None are left out. Raises ApiError."""
        return await self._read_json("GET", path, params={k: v for k, v in query.items() if v is not None})

    async def get_page(self, path: str, **query: Any) -> tuple[Any, str | None]:
        """GET, and below `/api/v1` the path where the list goes on; None at its end. Raises ApiError."""
        params = {k: v for k, v in query.items() if v is not None}
        response = await self._request("GET", path, params=params or None)
        following = response.links.get("next", {}).get("url")
        return response.json(), following.removeprefix(PREFIX) if following is not None else None

    async def get_all(self, path: str, **query: Any) -> list[Any]:
        """All rows of a list, page after page. Raises ApiError."""
        rows, following = await self.get_page(path, limit=PAGE_ROWS, **query)
        found = list(rows)
        while following is not None:
            rows, following = await self.get_page(following)
            found += rows
        return found

    async def post(self, path: str, body: Any = None, *, timeout_s: float | None = None) -> Any:
        """POST a JSON body. Raises ApiError."""
        return await self._read_json("POST", path, json={} if body is None else body, timeout_s=timeout_s)

    async def put(self, path: str, body: Any) -> Any:
        """PUT a JSON body. Raises ApiError."""
        return await self._read_json("PUT", path, json=body)

    async def patch(self, path: str, body: Any) -> Any:
        """PATCH. Raises ApiError."""
        return await self._read_json("PATCH", path, json=body)

    async def delete(self, path: str, **query: Any) -> Any:
        """DELETE. Raises ApiError."""
        return await self._read_json("DELETE", path, params=query or None)

    async def events(self, path: str, **query: Any) -> AsyncIterator[ServerEvent]:
        """Server-sent events as they come, until the server ends the stream.

        Raises ApiError where it does not start, breaks, or is silent for too long. To go on after that, ask
        again (`since` of the frames) after `EVENTS_RETRY_S`.
        """
        try:
            async with self._http.stream("GET", path, params=query, timeout=None) as response:
                if response.is_error:
                    await response.aread()
                    raise _refusal(response)
                lines, name = aiter(response.aiter_lines()), ""
                while (line := await _next_line(lines)) is not None:
                    if line.startswith("event:"):
                        name = line.removeprefix("event:").strip()
                    elif line.startswith("data:"):
                        yield ServerEvent(name, json.loads(line.removeprefix("data:")))
        except httpx.TransportError as error:
            raise ApiUnreachable(self.url, _reason(error)) from error
        except TimeoutError as error:
            raise ApiUnreachable(self.url, f"silent for {SILENCE_S:g} s") from error

    async def _read_json(self, method: str, path: str, *, timeout_s: float | None = None, **what: Any) -> Any:
        response = await self._request(method, path, timeout_s=timeout_s, **what)
        return response.json() if response.content else None

    async def _request(
        self, method: str, path: str, *, timeout_s: float | None = None, **what: Any
    ) -> httpx.Response:
        if timeout_s is not None:
            what["timeout"] = timeout_s
        try:
            response = await self._http.request(method, path, **what)
        except httpx.TransportError as error:
            raise ApiUnreachable(self.url, _reason(error)) from error
        if response.is_error:
            raise _refusal(response)
        return response


async def _next_line(lines: AsyncIterator[str]) -> str | None:
    """None at the end. Raises TimeoutError where not even a sign of life comes."""
    async with asyncio.timeout(SILENCE_S):
        return await anext(lines, None)


def _refusal(response: httpx.Response) -> ApiRefused:
    try:
        problem = response.json()
    except ValueError:
        problem = {"detail": response.text[:200] or response.reason_phrase}
    return ApiRefused(
        response.status_code, problem if isinstance(problem, dict) else {"detail": str(problem)}
    )


def _reason(error: httpx.TransportError) -> str:
    return str(error) or type(error).__name__
