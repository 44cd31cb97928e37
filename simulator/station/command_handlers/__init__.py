"""What a station does with each command of its central system: a module for each block, and one table."""

from collections.abc import Mapping
from functools import partial

from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command
from simulator.station.command_handlers import (
    authorization,
    availability,
    boot,
    customers,
    data_transfer,
    diagnostics,
    display,
    firmware,
    local_list,
    monitoring,
    remote_control,
    reservations,
    smart_charging,
    tariffs,
    transactions,
    variables,
)
from simulator.station.command_handlers.boot import restart_when_idle
from simulator.station.command_handlers.context import CommandContext, Handled, Handler

HANDLERS: Mapping[type, Handler] = {
    **boot.HANDLERS,
    **availability.HANDLERS,
    **remote_control.HANDLERS,
    **transactions.HANDLERS,
    **variables.HANDLERS,
    **monitoring.HANDLERS,
    **local_list.HANDLERS,
    **authorization.HANDLERS,
    **customers.HANDLERS,
    **reservations.HANDLERS,
    **smart_charging.HANDLERS,
    **firmware.HANDLERS,
    **diagnostics.HANDLERS,
    **tariffs.HANDLERS,
    **display.HANDLERS,
    **data_transfer.HANDLERS,
}


def check_handlers(handlers: Mapping[type, Handler]) -> None:
    """Raises TypeError for a command that stations here do not know."""
    lacking = [name for name, command in COMMANDS.items() if command not in handlers]
    if lacking:
        raise TypeError(f"simulator/station/command_handlers lacks: {', '.join(lacking)}")


check_handlers(HANDLERS)


class CommandHandlers:
    """One station's answers to commands."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context
        context.transactions.idle = partial(restart_when_idle, context)

    def handle(self, command: Command) -> Handled:
        """Do what can be done at once, and say what `then` follows."""
        return HANDLERS[type(command)](self._context, command)
