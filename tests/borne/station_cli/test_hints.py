"""What a person reads who cannot connect."""

import shlex

import pytest

from borne.station_cli.hints import hint_for, token_hint
from ocppj.aio import errors
from ocppj.vocabulary import AuthorizationStatus


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (errors.UnreachableError("x"), "borne up"),
        (errors.ConnectTimeoutError("x"), "firewall"),
        (errors.TlsFailedError("x"), "--ca"),
        (errors.UpgradeInvalidError("x"), "WebSocket"),
        (errors.SubprotocolRefusedError("x"), "--list"),
        (errors.UpgradeRefusedError(401, "x"), "--password"),
        (errors.UpgradeRefusedError(403, "x"), "borne doctor"),
        (errors.UpgradeRefusedError(404, "x"), "/ocpp"),
        (errors.UpgradeRefusedError(503, "x"), "trying"),
        (errors.UpgradeRefusedError(418, "x"), None),
    ],
)
def test_each_error_has_its_way_out(error: errors.ConnectError, word: str | None) -> None:
    """Where there is one to name."""
    hint = hint_for(error)
    assert (hint is None) if word is None else (hint is not None and word in hint)


def test_a_plain_port_comes_to_mind_before_a_certificate() -> None:
    """`wss://` against a `ws://` port is the commoner slip."""
    hint = hint_for(errors.TlsFailedError("x")) or ""
    assert 0 <= hint.find("ws://") < hint.find("--ca")


@pytest.mark.parametrize("status", [AuthorizationStatus.INVALID, AuthorizationStatus.UNKNOWN])
def test_an_unknown_token_can_be_made_known(status: AuthorizationStatus) -> None:
    """The command can be copied into a shell, whatever the token."""
    assert (token_hint("FLEET", status) or "").endswith('borne ctl post /tokens \'{"value": "FLEET"}\'')
    command = (token_hint("it's", status) or "").partition(": ")[2]
    assert shlex.split(command)[-1] == '{"value": "it\'s"}'


@pytest.mark.parametrize("status", [None, AuthorizationStatus.ACCEPTED, AuthorizationStatus.BLOCKED])
def test_a_token_that_is_known_needs_no_such_command(status: AuthorizationStatus | None) -> None:
    """It would not help."""
    assert token_hint("FLEET", status) is None
