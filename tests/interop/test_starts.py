"""A server that cannot run here says so in one line that tells what to do, and leaves with 3."""

import asyncio
import os
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer

from borne.app import running_server
from borne.options import load_settings
from borne.settings import ServerSettings
from runtime.errors import RuntimeProblem
from tests.interop.bad_input import STARTS, BadStart
from tests.support.server import live_server
from tests.support.tls_files import self_signed
from tests.support.waiting import PATIENCE_S

CANNOT_RUN = 3


@contextmanager
def taken_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


@contextmanager
def a_reason_not_to_run(slug: str, folder: Path) -> Iterator[dict[str, Any]]:
    """Make the world as the row says; the settings of a start in it."""
    var = folder / "var"
    var.mkdir()
    found: dict[str, Any] = {"var": var, "ocpp_port": 0, "http_port": 0}
    with taken_port() as taken:
        match slug:
            case "ocpp-port-taken":
                found["ocpp_port"] = taken
            case "http-port-taken":
                found["http_port"] = taken
            case "foreign-address":
                found["listen"] = "203.0.113.7"
            case "newer-database":
                with closing(sqlite3.connect(var / "borne.db", isolation_level=None)) as database:
                    database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
                    database.execute("INSERT INTO alembic_version VALUES ('9999_from_the_future')")
            case "no-database":
                (var / "borne.db").write_bytes(b"this is a shopping list, not a database" * 100)
            case "unwritable-folder":  # also for root: below a file nobody can make a folder
                (folder / "file").write_text("")
                found["var"] = folder / "file" / "var"
            case "bad-certificate":
                files = self_signed(folder)
                files.key.write_text("-----BEGIN PRIVATE KEY-----\nbm9wZQ==\n-----END PRIVATE KEY-----\n")
                found |= {"tls_certificate": files.certificate, "tls_key": files.key}
            case "missing-certificate":
                found |= {"tls_certificate": folder / "none.pem", "tls_key": folder / "none.key"}
            case "bad-broker":
                found["mqtt"] = "http://user:canary@broker"
        yield found


def options(settings: dict[str, Any]) -> list[str]:
    """The settings as one types them."""
    return [text for name, value in settings.items() for text in (f"--{name.replace('_', '-')}", str(value))]


async def start(given: list[str]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a `borne up` that ends by itself."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "borne", "up", *given),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"COLUMNS": "200"},
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("bad", [bad for bad in STARTS if not bad.in_process], ids=lambda bad: bad.slug)
async def test_a_start_that_cannot_be_ends_in_one_line(bad: BadStart, tmp_path: Path) -> None:
    """DUR-03, DUR-10: exit code 3, one line on stderr with the way out, no traceback, no secret."""
    with a_reason_not_to_run(bad.slug, tmp_path) as settings:
        code, out, err = await start(options(settings))
    assert code == CANNOT_RUN, (out, err)
    assert err.startswith("error: ")
    assert err.count("\n") == 1, err
    assert bad.hint in err
    assert "Traceback" not in out + err
    assert "is running" not in out


@pytest.mark.parametrize("bad", [bad for bad in STARTS if bad.in_process], ids=lambda bad: bad.slug)
async def test_each_reason_is_a_problem_in_words(bad: BadStart, tmp_path: Path) -> None:
    """What the command prints as its one line: what is wrong and the way out; nothing stays open."""
    async with AsyncExitStack() as stack:
        settings = stack.enter_context(a_reason_not_to_run(bad.slug, tmp_path))
        if bad.slug == "database-in-use":
            await stack.enter_async_context(live_server(settings["var"]))
        with pytest.raises(RuntimeProblem) as problem:
            async with running_server(ServerSettings(**settings), has_console=False):
                pass
    text = str(problem.value)
    assert bad.hint in text
    assert "\n" not in text
    assert "canary" not in text


async def test_half_of_a_certificate_is_wrong_usage() -> None:
    """A setting that makes no sense is told like any wrong option."""
    with pytest.raises(typer.BadParameter, match="give both, or neither"):
        load_settings({"tls_certificate": "c.pem"})
