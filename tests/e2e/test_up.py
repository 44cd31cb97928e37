"""`borne up` as a process: what it leaves on the disk, and what it shows without the internet."""

import re
import stat
from pathlib import Path

import httpx

from tests.support.process import ServerProcess


async def test_nobody_else_reads_what_the_server_keeps(tmp_path: Path) -> None:
    """The database tells who charged where, the wire log too; the pepper and the token open doors."""
    async with ServerProcess(tmp_path / "kept" / "var") as server:
        await server.stop()
    kept = [path for path in (tmp_path / "kept" / "var").rglob("*") if path.name != "server.log"]
    assert {"borne.db", "wirelog.db", "pepper", "token"} <= {path.name for path in kept}
    open_to_others = [path.name for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == []


async def test_the_page_on_the_api_needs_no_internet(tmp_path: Path) -> None:
    """Everything that it loads comes from this server, for whoever is logged in."""
    async with ServerProcess(tmp_path / "var") as server:
        headers = {"Authorization": f"Bearer {server.token}"}
        async with httpx.AsyncClient(base_url=server.http_url, headers=headers, trust_env=False) as http:
            page = await http.get("/api/docs")
            assert page.status_code == 200
            loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
            assert len(loaded) >= 3
            for path in (*loaded, "/api/openapi.json"):
                assert path.startswith("/api/"), path
                assert (await http.get(path)).status_code == 200, path
