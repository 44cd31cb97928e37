"""Style, scripts and pictures: served by us below a path that changes with their content, kept for a year."""

import gzip
import hashlib
import mimetypes
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

FOLDER = "/static/"
"""What is below needs no login: the login page shows it, and it tells nothing of stations."""
FOREVER = "public, max-age=31536000, immutable"
SMALL = 600
"""Bytes that are not worth compressing."""
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}


@cache
def all_assets() -> dict[str, bytes]:
    """Each by its path below `console/static`."""
    return dict(_below(files("console") / "static", ""))


def _below(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in folder.iterdir():
        if each.is_dir():
            found += _below(each, f"{path}{each.name}/")
        else:
            found.append((f"{path}{each.name}", each.read_bytes()))
    return found


@cache
def assets_version() -> str:
    """Of all together: modules name each other by relative paths, so they change their folder together."""
    digest = hashlib.sha256()
    for path, content in sorted(all_assets().items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """The URL of a file. Raises KeyError where there is none."""
    if path not in all_assets():
        raise KeyError(f"console/static has no {path}")
    return f"{FOLDER}{assets_version()}/{path}"


@cache
def _compressed(path: str) -> bytes:
    return gzip.compress(all_assets()[path], 9, mtime=0)


async def serve_asset(request: Request) -> Response:
    """A file; of another version of the console, what this one has, and then it is not kept."""
    path = request.path_params["path"]
    content = all_assets().get(path)
    if content is None:
        return Response(status_code=404)
    is_current = request.path_params["version"] == assets_version()
    headers = {"cache-control": FOREVER if is_current else "no-cache", "vary": "accept-encoding"}
    if len(content) > SMALL and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        content = _compressed(path)
    ending = path[path.rfind(".") :]
    kind = _TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Response(content, media_type=kind, headers=headers)
