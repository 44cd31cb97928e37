"""Every file of `var/` has a line that says whether a backup keeps it."""

from pathlib import Path

import pytest

from borne.backup.manifest import MANIFEST, files_in, kept_in, line_of, unknown_in
from tests.support.inbound import minutes
from tests.support.server import live_server


async def test_a_server_that_is_used_leaves_no_file_without_a_line(tmp_path: Path) -> None:
    """A new kind of file fails here: say in borne/backup/manifest.py whether a backup needs it."""
    var = tmp_path / "var"
    async with live_server(var, wire_log="all") as server:
        await server.add_token("T1")
        async with server.station("cp1") as station:
            start = {"connectorId": 1, "idTag": "T1", "meterStart": 0, "timestamp": minutes(0).isoformat()}
            await station.ask("StartTransaction", start)
            await server.messages("cp1")
            running = files_in(var)
            assert unknown_in(var) == []
    assert unknown_in(var) == []
    assert {"borne.db", "borne.db-wal", "wirelog.db", "pepper", "token"} <= {str(path) for path in running}
    assert {str(path) for path in kept_in(var)} == {"pepper", "token"}


@pytest.mark.parametrize(
    "path",
    [
        "demo/0024b10000029f81.json",
        "borne.db.lock",
        ".pepper.new",
        "borne.db.revision-0012",
        "certificate-key.pem",
        "certificate-key.public.json",
        ".certificate-key.pem.new",
    ],
)
def test_what_a_short_use_does_not_make_has_a_line_too(path: str) -> None:
    """The demo's stations, a lock, what a crash left."""
    assert line_of(path) is not None


def test_a_file_of_somebody_else_has_none() -> None:
    """It is named, and not copied."""
    assert line_of("holiday.jpg") is None
    assert len({line.pattern for line in MANIFEST}) == len(MANIFEST)
    assert all(line.why for line in MANIFEST)
