"""runtime.logs: no secret in any line, no forged line, no endless one."""

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest
import structlog

from runtime.logs import FloodGate, configure_logs, get_logger, is_secret_key, report_error
from runtime.secrets import mask_text


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging as it was before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    sys.excepthook = sys.__excepthook__


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was logged as JSON."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_lines_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object per line with time, level, source, event and facts; below the level nothing."""
    configure_logs("info", "json")
    log = get_logger("test", station_id="CP1")
    log.info("link_opened", epoch=3)
    log.debug("too_much_detail")
    [line] = lines(capsys)
    assert line.pop("timestamp")
    assert line == {
        "level": "info",
        "source": "test",
        "event": "link_opened",
        "station_id": "CP1",
        "epoch": 3,
    }


SECRETS = {
    "password": "s1-canary",
    "api_token": "s2-canary",
    "BasicAuthPassword": "s3-canary",
    "AuthorizationKey": "s4-canary",
    "headers": {"Authorization": "s5-canary", "Cookie": "s6-canary"},
    "steps": [{"claim_code": "s7-canary"}],
    "url": "mqtt://user:s8-canary@broker/x and ftp://a:s9-canary@b",
}


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_no_secret_shows(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By key at any depth, in URLs, in tracebacks; what is no secret stays."""
    configure_logs("info", "json" if log_format == "json" else "console")
    log = get_logger("test")
    log.info("pushed", id_token="04A1B2C3", **SECRETS)
    local_password = "s11-canary"
    try:
        int("cannot reach mqtt://u:s12-canary@h")
    except ValueError:
        log.exception("failed", length=len(local_password))
    logging.getLogger("foreign").error("lost http://u:%s@h/", "s13-canary")
    shown = capsys.readouterr().err
    assert "canary" not in shown
    assert "04A1B2C3" in shown
    assert "cannot reach" in shown
    assert "lost http://u" in shown


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_nobody_can_forge_a_line(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a station sends cannot begin a line, colour the terminal, or fill the disk."""
    configure_logs("info", "json" if log_format == "json" else "console")
    get_logger("test").info(
        "booted", vendor="x\r\n2026 [info] all is well\x1b[2J\u2028", model=b"\xff\x00", big="y" * 99999
    )
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 1
    assert "\x1b[2J" not in shown
    assert len(shown) < 8192


@pytest.mark.parametrize(
    ("key", "is_secret"),
    [
        ("password", True),
        ("db_password", True),
        ("authorizationKey", True),
        ("token", True),
        ("claim_code", True),
        ("id_token", False),
        ("station_id", False),
        ("authorized", False),
        ("keys", False),
    ],
)
def test_which_keys_are_secret(key: str, is_secret: bool) -> None:
    """By whole words, so that ordinary facts stay readable."""
    assert is_secret_key(key) is is_secret


def test_passwords_of_urls_are_hidden() -> None:
    """Who connects where stays readable."""
    assert mask_text("postgresql://u:canary@h/d") == "postgresql://u:***@h/d"


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_lines_go_to_the_stderr_of_now(log_format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that was there at set-up and is closed since must not turn a warning into a failure."""
    then, now = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", then)
    configure_logs("info", "json" if log_format == "json" else "console")
    then.close()
    monkeypatch.setattr(sys, "stderr", now)
    get_logger("t").warning("link_lost")
    logging.getLogger("library").warning("told")
    assert "link_lost" in now.getvalue()
    assert "told" in now.getvalue()


def test_a_terminal_that_is_gone_costs_only_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """`borne up | head`: the server goes on."""
    gone = io.StringIO()
    monkeypatch.setattr(sys, "stderr", gone)
    configure_logs("info", "console")
    gone.close()
    get_logger("t").error("not_stored")


def test_nothing_but_json_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings, what libraries log, what the process ends with: one object a line."""
    configure_logs("info", "json")
    logging.getLogger("uvicorn.error").error("a library's %s", "error")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("deprecated\nsomehow", stacklevel=1)
    report_error("Port 9000 is taken.")
    sys.excepthook(ValueError, ValueError("broken"), None)
    told = lines(capsys)
    assert [line["event"] for line in told][::2] == ["a library's error", "cannot_run"]
    assert "deprecated" in str(told[1]["event"])
    assert "ValueError: broken" in str(told[3]["exception"])


def test_what_ends_the_process_is_plain_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """As ever."""
    configure_logs("info", "console")
    report_error("Port 9000 is taken.")
    assert capsys.readouterr().err == "error: Port 9000 is taken.\n"


def test_a_flood_of_one_kind_is_cut_short_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Of each kind so many in a while; the rest is one number; other kinds are not held up."""
    now = [0.0]
    gate = FloodGate(lambda: now[0], most=3, within_s=60.0)
    structlog.configure(processors=[gate, structlog.processors.JSONRenderer()], logger_factory=_stderr)
    log = structlog.get_logger()
    for number in range(1000):
        log.info("station_connected", number=number)
    log.info("station_refused")
    now[0] = 60.0
    log.info("station_connected", number=1000)
    told = lines(capsys)
    assert [line["event"] for line in told] == [
        *["station_connected"] * 3,
        "station_refused",
        "more_of_the_same",
        "station_connected",
    ]
    assert (told[4]["of"], told[4]["count"]) == ("station_connected", 997)
    assert gate.overdue(200.0) == []


def _stderr(*_: object) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)
