"""Anybody gets the keys that certificates are verified with."""

from pathlib import Path

import httpx

from charging.certificate.signing import keys_from_file
from provisioning.issuer import ISSUER_KEY, IssuerKeys
from runtime.chance import SeededChance
from runtime.clock import SystemClock
from tests.support.server import live_server


async def test_anybody_reads_the_keys(tmp_path: Path) -> None:
    """Without a token; a key that was made while the server runs is there; a broken file is told."""
    var = tmp_path / "var"
    async with (
        live_server(var) as server,
        httpx.AsyncClient(base_url=server.api.base_url, timeout=None) as nobody,
    ):
        found = await nobody.get("/certificate-keys")
        assert (found.status_code, keys_from_file(found.content).keys) == (200, ())
        made = IssuerKeys(var / ISSUER_KEY, "x", SeededChance(1)).issuer(SystemClock().now())
        found = await nobody.get("/certificate-keys")
        assert keys_from_file(found.content) == made.keys
        (var / "certificate-key.public.json").write_text("{}")
        broken = await nobody.get("/certificate-keys")
        assert (broken.status_code, broken.json()["code"]) == (503, "certificate_keys_unusable")
        assert (await nobody.get("/stations")).status_code == 401
