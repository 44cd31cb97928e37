"""The way of a phone, on real ports: what is in the way is told, the first thing first."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from borne.app import running_server
from borne.doctor.phone import examine_phone
from borne.doctor.remarks import Level, Remark
from borne.own_ca.authority import FOLDER, OwnCa, certify
from borne.settings import ServerSettings


def told(remarks: list[Remark], level: Level) -> str:
    """All of one kind."""
    return " | ".join(each.text for each in remarks if each.level is level)


async def examined(var: Path, made: OwnCa, *, host: str = "127.0.0.1", looks_in: Path) -> list[Remark]:
    """A server with that certificate, looked at with the authority in another folder, or its own."""
    files: dict[str, Any] = {"http_tls_certificate": made.chain, "http_tls_key": made.key}
    ports: dict[str, Any] = {"ocpp_port": 0, "http_port": 0, "https_port": 0}
    async with running_server(ServerSettings(var=var, **files, **ports), has_console=False) as server:
        assert server.https_url is not None
        port = server.https_url.rpartition(":")[2]
        settings = ServerSettings(var=looks_in, public_url=f"https://{host}:{port}", **files)
        return await asyncio.to_thread(examine_phone, settings)


@pytest.mark.parametrize(
    ("names", "age_days", "knows", "why"),
    [
        (["127.0.0.1"], 0, True, ""),
        (["127.0.0.1"], 0, False, "is of no known authority"),
        (["192.0.2.1"], 0, True, "is for another address"),
        (["127.0.0.1"], 500, True, "has expired"),
    ],
)
async def test_a_certificate_is_held_against_what_phones_trust(
    tmp_path: Path, names: list[str], age_days: int, knows: bool, why: str
) -> None:
    """One of the own authority counts where that is installed; another name, or an old one, nowhere."""
    var = tmp_path / "var"
    made = certify(var / FOLDER, names, datetime.now(UTC) - timedelta(days=age_days))
    remarks = await examined(var, made, looks_in=var if knows else tmp_path / "other")
    trouble = told(remarks, Level.PROBLEM)
    if why:
        assert "A phone refuses" in trouble
    else:
        assert "of your own authority" in told(remarks, Level.NOTE)
        assert "borne answers | secure context" in told(remarks, Level.GOOD)
    assert "this very machine" in trouble


async def test_plain_http_is_told_with_what_remains(tmp_path: Path) -> None:
    """Nobody said how phones get there, and nobody answers either."""
    settings = ServerSettings(var=tmp_path, public_url="http://127.0.0.1:9")
    remarks = await asyncio.to_thread(examine_phone, settings)
    trouble = told(remarks, Level.PROBLEM)
    assert "This is not https" in trouble
    assert "Nobody answers at 127.0.0.1:9" in trouble
    unsaid = await asyncio.to_thread(
        examine_phone, ServerSettings(var=tmp_path, listen="no-such-host.invalid")
    )
    assert "Nobody said how phones get here" in told(unsaid, Level.NOTE)
    assert "leads nowhere" in told(unsaid, Level.PROBLEM)
