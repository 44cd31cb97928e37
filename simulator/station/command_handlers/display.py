"""What a station does with messages for its display."""

from functools import partial

from ocppj.errors import ErrorKind, ViolationError
from ocppj.model.display import ClearDisplayMessage, GetDisplayMessages, SetDisplayMessage
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, accepted, answered
from simulator.station.message_display import MessageDisplay


def _display(station: CommandContext) -> MessageDisplay:
    """Raises ViolationError where there is none: the block is not there (part 4 §4.3)."""
    if not station.display.is_there:
        raise ViolationError(ErrorKind.NOT_SUPPORTED, "this station shows no messages")
    return station.display


def _set(station: CommandContext, c: SetDisplayMessage) -> Handled:
    display = _display(station)
    return answered(c, display.put(c.message), display.settle)


def _get(station: CommandContext, c: GetDisplayMessages) -> Handled:
    display = _display(station)
    found = display.find(c.message_ids, c.priority, c.state)
    if not found:
        return answered(c, "Unknown")
    return accepted(c, partial(display.report, c.request_id, found))


def _clear(station: CommandContext, c: ClearDisplayMessage) -> Handled:
    display = _display(station)
    return answered(c, "Accepted" if display.remove(c.message_id) else "Unknown", display.settle)


HANDLERS: dict[type, Handler] = {
    SetDisplayMessage: _set,
    GetDisplayMessages: _get,
    ClearDisplayMessage: _clear,
}
