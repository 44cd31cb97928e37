"""A command that is shown can be copied and works."""

import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from borne.invocation import command_for, this_program, up_command
from borne.settings import ServerSettings


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """An installed `borne`."""
    path = tmp_path / "bin" / "borne"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_program_on_the_path_is_called_by_its_name(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one of the same name is not this one."""
    monkeypatch.setenv("PATH", str(program.parent))
    assert this_program(str(program)) == "borne"
    other = program.parent.parent / "borne"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert this_program(str(program)) == str(program)
    monkeypatch.setenv("PATH", "/nowhere")
    assert this_program(str(program)) == str(program)


def test_a_module_is_called_as_a_module() -> None:
    """`python -m borne` has no file of that name."""
    assert this_program("/x/borne/__main__.py") == f"{Path(sys.executable).name} -m borne"


def test_what_differs_from_the_usual_goes_before_it(program: Path) -> None:
    """The server's address and its folder."""
    assert command_for(ServerSettings(), str(program)) == str(program)
    settings = ServerSettings(http_port=8081, var=Path("/srv/borne"))
    assert command_for(settings, str(program)) == (
        f"BORNE_API=http://127.0.0.1:8081 BORNE_VAR=/srv/borne {program}"
    )


def test_the_same_server_on_another_address(program: Path) -> None:
    """Ports and folder stay; nothing that opens it further, and no secret, comes along."""
    usual = up_command(ServerSettings(), listen="0.0.0.0", program=str(program))
    assert usual == f"{program} up --listen 0.0.0.0"
    settings = ServerSettings(
        ocpp_port=9100,
        http_port=8081,
        var=Path("/srv/my borne"),
        unknown="accept",
        mqtt=SecretStr("mqtt://me:pw@host"),
    )
    assert up_command(settings, listen="0.0.0.0", program=str(program)) == (
        f"{program} up --listen 0.0.0.0 --ocpp-port 9100 --http-port 8081 --var '/srv/my borne'"
    )


def test_the_same_server_with_another_database(program: Path) -> None:
    """Its own, unless another one is named; the place of a password is shown, and not the password."""
    settings = ServerSettings(var=Path("/srv/b"), database_url=SecretStr("postgresql://me:pw@host/old"))
    start = f"{program} up --var /srv/b --database-url"
    assert up_command(settings, program=str(program)) == f"{start} 'postgresql://me:***@host/old'"
    behind = "postgresql://me@host/x?password=pw&sslmode=require"
    shown = up_command(settings, database_url=behind, program=str(program))
    assert shown == f"{start} 'postgresql://me@host/x?sslmode=require'"
    assert (
        up_command(settings, database_url="sqlite:///x.db", program=str(program)) == f"{start} sqlite:///x.db"
    )
