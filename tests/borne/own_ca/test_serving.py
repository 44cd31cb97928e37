"""Anybody gets the authority's certificate, in the form that phones install."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography import x509
from fastapi import FastAPI

from access.public_paths import OWN_CA_PATH
from borne.own_ca.authority import certify
from borne.own_ca.serving import serve_authority


async def test_the_authority_is_there_once_it_was_made(tmp_path: Path) -> None:
    """While the server runs; its key is nowhere to be had."""
    app = FastAPI()
    serve_authority(app, tmp_path)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://garage.lan") as phone:
        assert (await phone.get(OWN_CA_PATH)).status_code == 404
        made = certify(tmp_path, ["garage.lan"], datetime(2026, 1, 5, tzinfo=UTC))
        answer = await phone.get(OWN_CA_PATH)
        assert answer.headers["content-type"] == "application/x-x509-ca-cert"
        found = x509.load_der_x509_certificate(answer.content)
        assert found == x509.load_pem_x509_certificate(made.authority.read_bytes())
