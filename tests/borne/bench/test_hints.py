"""What a person reads who cannot connect."""

import pytest

from borne.bench.hints import hint_for
from ocppj.aio import errors


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
