"""/files/…: where stations fetch firmware and send logs, by URLs that are good for one transfer.

In front of the authentication, which stations have no way through: the secret of the URL says what may be
done by it, and nothing else of the URL counts. GET with Range for a download that was cut off (RFC 9110 §14),
PUT or POST for an upload (2.x N01.FR.18, .19).
"""

import re
from collections.abc import AsyncIterator

from starlette.datastructures import QueryParams, UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from csms.central.station_files import ENDPOINT, TOKEN, FileTooLong, StationFiles
from csms.domain.files import LOG_BYTES_MOST, FileGrant
from runtime.logs import get_logger

log = get_logger("csms.files")

UPLOADS_AT_ONCE = 16
"""More are told to come again: each holds a part of the disk."""
AGAIN_AFTER_S = 30
LONGEST_SECRET = 200
_FILENAME = re.compile(r'filename="?([^";]+)"?', re.IGNORECASE)
_FORM = "multipart/form-data"


class FileEndpoint:
    """Wraps the server's ASGI app."""

    def __init__(self, app: ASGIApp, files: StationFiles) -> None:
        self._app, self._files = app, files
        self._uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or not scope["path"].startswith(ENDPOINT):
            await self._app(scope, receive, send)
            return
        response = await self._answer(Request(scope, receive))
        response.headers["cache-control"] = "no-store"
        response.headers["x-content-type-options"] = "nosniff"
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        secret = QueryParams(request.scope["query_string"]).get(TOKEN, "")
        grant = await self._files.use(secret) if 0 < len(secret) <= LONGEST_SECRET else None
        if grant is None:
            return _text(404, "This address is good for nothing, or no longer.")
        if grant.file_id is not None:
            if request.method not in ("GET", "HEAD"):
                return _text(405, "This address is for a download.", allow="GET, HEAD")
            return await self._download(grant.file_id)
        if request.method not in ("PUT", "POST"):
            return _text(405, "This address is for an upload.", allow="PUT, POST")
        if self._uploads >= UPLOADS_AT_ONCE:
            return _text(503, "Too many uploads at once.", **{"retry-after": str(AGAIN_AFTER_S)})
        self._uploads += 1
        try:
            return await self._upload(request, grant)
        finally:
            self._uploads -= 1

    async def _download(self, file_id: str) -> Response:
        path, stored = self._files.path_of(file_id), await self._files.one(file_id)
        if stored is None or not path.is_file():
            return _text(404, "The file is not here any more.")
        etag = {"etag": f'"{stored.sha256}"'}
        return FileResponse(path, media_type="application/octet-stream", filename=stored.name, headers=etag)

    async def _upload(self, request: Request, grant: FileGrant) -> Response:
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LOG_BYTES_MOST + (1 << 16):
            return _text(413, f"At most {LOG_BYTES_MOST} bytes.")
        try:
            if request.headers.get("content-type", "").lower().startswith(_FORM):
                name, chunks = await _form_file(request)
            else:
                found = _FILENAME.search(request.headers.get("content-disposition", ""))
                name, chunks = found[1] if found else None, request.stream()
            written = await self._files.write(chunks, LOG_BYTES_MOST)
        except FileTooLong:
            return _text(413, f"At most {LOG_BYTES_MOST} bytes.")
        except (ClientDisconnect, ValueError) as error:
            return _text(400, f"The file did not come whole: {error}")
        except OSError as error:
            log.warning("upload_not_stored", station_id=grant.station_id, error=str(error))
            return _text(507, "The file cannot be stored now.", **{"retry-after": str(AGAIN_AFTER_S)})
        finally:
            await request.close()
        stored = await self._files.receive(grant, written, name)
        log.info("upload_received", station_id=grant.station_id, number=grant.number, bytes=stored.size)
        return _text(201, f"{stored.size} bytes, SHA-256 {stored.sha256}")


async def _form_file(request: Request) -> tuple[str | None, AsyncIterator[bytes]]:
    """The first file of a form. Raises ValueError."""
    form = await request.form(max_files=1, max_fields=10)
    upload = next((each for each in form.values() if not isinstance(each, str)), None)
    if upload is None:
        raise ValueError("the form has no file")
    return upload.filename, _chunks(upload)


async def _chunks(upload: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await upload.read(1 << 16):
        yield chunk


def _text(status: int, text: str, **headers: str) -> Response:
    return PlainTextResponse(text + "\n", status, headers)
