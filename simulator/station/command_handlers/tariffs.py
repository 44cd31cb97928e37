"""What a station does when it is told what charging costs."""

from ocppj.errors import ErrorKind, ViolationError
from ocppj.model.tariffs import CostUpdated
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, accepted


def _show(station: CommandContext, c: CostUpdated) -> Handled:
    """I02.FR.02, .03. The answer has no word for a refusal: who shows no cost does not do it."""
    if not station.cost_display.is_there:
        raise ViolationError(ErrorKind.NOT_SUPPORTED, "this station shows no cost")
    return accepted(c, lambda: station.cost_display.show_running(c.transaction_id, c.cost_micro))


HANDLERS: dict[type, Handler] = {CostUpdated: _show}
