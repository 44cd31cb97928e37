"""Pages from templates: nothing of a page stays in the process, so any node can answer any request."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from console.assets import SMALL, asset
from runtime.security_headers import PAGE_POLICY

COMPRESSION = 5
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says: its template, the words of its title (a key, or `heading` as it is), its values."""

    template: str
    title: str
    values: Mapping[str, object]
    heading: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@cache
def templates() -> Environment:
    """Whatever is filled into one is escaped; a value that is missing is an error."""
    environment = Environment(
        loader=PackageLoader("console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.globals["ui"] = environment.get_template("macros.html").module
    environment.globals["forms"] = environment.get_template("form_macros.html").module
    return environment


def page_text(template: str, values: Mapping[str, object]) -> str:
    """A whole page."""
    return templates().get_template(template).render(values)


def part_text(template: str, part: str, values: Mapping[str, object]) -> str | None:
    """One block of a page's template; None where it has no such block."""
    found = templates().get_template(template)
    block = found.blocks.get(part)
    return "".join(block(found.new_context(dict(values)))).strip() if block is not None else None


def html_response(
    request: Request, text: str, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Compressed where the browser takes it. A part that is as the browser has it already is not sent.

    Pages carry no token of forms, so that what is reflected in them beside a secret tells nothing of it.
    """
    content = text.encode("utf-8", "replace")
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    told = {
        "content-security-policy": PAGE_POLICY,
        "cache-control": "no-store",
        "vary": "accept-encoding, cookie, accept-language",
        "etag": tag,
        **(headers or {}),
    }
    if request.method == "GET" and request.headers.get("if-none-match") == tag:
        return Response(status_code=NOT_MODIFIED, headers=told)
    if len(content) > SMALL and "gzip" in request.headers.get("accept-encoding", ""):
        told["content-encoding"] = "gzip"
        content = gzip.compress(content, COMPRESSION, mtime=0)
    return Response(content, status, told, media_type="text/html")
