"""All commands by their name outside, in the order of the blocks."""

from collections.abc import Iterator
from types import MappingProxyType, ModuleType

from ocppj.model import (
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
from ocppj.model.command import Command

BLOCKS: tuple[ModuleType, ...] = (
    boot,
    availability,
    remote_control,
    transactions,
    variables,
    monitoring,
    local_list,
    authorization,
    reservations,
    smart_charging,
    firmware,
    diagnostics,
    customers,
    tariffs,
    display,
    data_transfer,
)


def _commands_of(block: ModuleType) -> Iterator[type[Command]]:
    for each in vars(block).values():
        if isinstance(each, type) and issubclass(each, Command) and each.__module__ == block.__name__:
            yield each


COMMANDS: MappingProxyType[str, type[Command]] = MappingProxyType(
    {command.name: command for block in BLOCKS for command in _commands_of(block)}
)
