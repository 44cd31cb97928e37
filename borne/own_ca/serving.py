"""GET /own-ca.crt: the authority of `borne own-ca`, for anybody who is to trust it."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from access.public_paths import OWN_CA_PATH
from borne.own_ca.authority import AUTHORITY
from runtime.http import SEE_WHAT_EXISTS, Problem
from runtime.wording import Phrase

MEDIA_TYPE = "application/x-x509-ca-cert"
"""By which phones know that it is to be installed."""


def serve_authority(app: FastAPI, folder: Path) -> None:
    """Add the route. Read each time: it may be made while the server runs."""

    async def authority(request: Request) -> Response:
        try:
            found = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        except (OSError, ValueError):
            path = request.url.path
            text = Phrase(f"Il n'y a pas de {path}", f"There is no {path}")
            return Problem(404, "not_found", text, SEE_WHAT_EXISTS).response()
        headers = {"content-disposition": 'attachment; filename="borne-ca.crt"'}
        return Response(found.public_bytes(Encoding.DER), media_type=MEDIA_TYPE, headers=headers)

    app.add_route(OWN_CA_PATH, authority, ["GET"], include_in_schema=False)
