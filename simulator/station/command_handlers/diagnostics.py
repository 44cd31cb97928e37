"""What a station does when it is asked for its logs."""

from functools import partial

from ocppj.model.diagnostics import GetDiagnostics, GetLog, LogAnswer
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, rejected


def _upload(station: CommandContext, c: GetLog | GetDiagnostics) -> Handled:
    """The answer names the file, then it is sent (N01.FR.01, .02)."""
    status, name = station.logs.request(c)
    if name is None:
        return rejected(c)
    return Handled(LogAnswer(status, filename=name), partial(station.logs.begin, name))


HANDLERS: dict[type, Handler] = {GetLog: _upload, GetDiagnostics: _upload}
