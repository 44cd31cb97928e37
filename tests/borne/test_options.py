"""One table of settings: command line over environment over default; a wrong one is named as it was given."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from borne.cli import app
from borne.options import load_settings, with_settings
from borne.settings import ServerSettings


def chosen(*arguments: str, **environment: str) -> ServerSettings:
    """What a command receives."""
    found: list[ServerSettings] = []

    @with_settings
    def command(*, settings: ServerSettings) -> None:
        found.append(settings)

    program = typer.Typer()
    program.command()(command)
    done = CliRunner().invoke(program, list(arguments), env=environment)
    assert done.exit_code == 0, done.output
    return found[0]


def test_the_command_line_wins_over_the_environment_and_that_over_the_default() -> None:
    """Each setting by itself."""
    settings = chosen("--ocpp-port", "9100", BORNE_OCPP_PORT="9200", BORNE_HTTP_PORT="8200")
    assert (settings.ocpp_port, settings.http_port, settings.tls_port) == (9100, 8200, 9443)


def test_what_was_chosen_is_known() -> None:
    """The demo leaves it alone."""
    settings = chosen("--unknown", "refuse", BORNE_PENDING_INTERVAL_S="9")
    assert {"unknown", "pending_interval_s"} <= settings.model_fields_set
    assert "log_level" not in settings.model_fields_set


def test_every_kind_of_setting_can_be_given() -> None:
    """Paths, words, numbers and secrets."""
    settings = chosen(
        "--var", "/srv/b", "--wire-log", "off", "--ping-interval-s", "1.5", "--mqtt", "mqtt://u:p@h"
    )
    assert (settings.var, settings.wire_log, settings.ping_interval_s) == (Path("/srv/b"), "off", 1.5)
    assert settings.mqtt is not None
    assert settings.mqtt.get_secret_value() == "mqtt://u:p@h"
    assert "u:p" not in repr(settings)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--ocpp-port", "99999"], "--ocpp-port (BORNE_OCPP_PORT)"),
        (["--ocpp-port", "many"], "--ocpp-port"),
        (["--unknown", "maybe"], "--unknown"),
        (["--tls-certificate", "a.pem"], "belong together"),
    ],
)
def test_a_wrong_setting_is_named_as_it_was_given(arguments: list[str], words: str) -> None:
    """Exit code 2, no traceback."""
    done = CliRunner().invoke(app, ["up", *arguments], env={"COLUMNS": "200"})
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_secret_never_stands_in_an_error() -> None:
    """Nor in what caused it."""
    with pytest.raises(typer.BadParameter) as wrong:
        load_settings({"mqtt": "mqtt://u:hidden@h", "ocpp_port": -1})
    assert "hidden" not in str(wrong.value)
    assert wrong.value.__cause__ is None
