"""What a station does when it is asked for its logs."""

from ocppj.model.diagnostics import GetDiagnostics, GetLog, LogStatusNotification
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, rejected

NOTHING_UPLOADS = LogStatusNotification("Idle")


def _upload(station: CommandContext, c: GetLog | GetDiagnostics) -> Handled:  # noqa: ARG001 - table
    """It keeps none (N01.FR.05)."""
    return rejected(c)


HANDLERS: dict[type, Handler] = {GetLog: _upload, GetDiagnostics: _upload}
