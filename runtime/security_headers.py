"""What browsers are told to forbid themselves, for each kind of answer."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_OWN = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; "
)
DATA_POLICY = _NOTHING
"""Of what no browser shows: the API, metrics, probes."""
DOCS_POLICY = f"{_OWN}script-src 'self' 'unsafe-inline'"
"""/api/docs starts itself with an inline script."""
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of the console: no inline script or style, no `eval`, nothing from other hosts."""
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()",
}
"""Of every answer. No Strict-Transport-Security: it would hold for all ports of the host, the plain ones that
stations and probes use included; a proxy that serves the console alone may add it."""
DOCS = ("/api/docs", "/api/static/")
DATA = ("/api/", "/metrics", "/healthz", "/readyz")


def content_policy(path: str) -> str:
    """The Content-Security-Policy of an answer for `path` that brings none of its own."""
    if path.startswith(DOCS):
        return DOCS_POLICY
    return DATA_POLICY if path.startswith(DATA) else PAGE_POLICY


def secured(scope: Scope, send: Send) -> Send:
    """`send` that adds what an answer does not say itself."""
    path = str(scope["path"])

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", content_policy(path))
            if path.startswith("/api/v1/"):
                headers.setdefault("cache-control", "no-store")
        await send(message)

    return with_headers
