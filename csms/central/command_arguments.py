"""A command's arguments as JSON for its row, without any secret."""

import dataclasses
from typing import Any

import msgspec

from csms.domain.commands import Command, SetVariables, VariableAssignment
from csms.domain.secrets import is_secret

STARS = "***"
_encode = msgspec.json.Encoder().encode


def arguments_text(command: Command) -> str:
    """The fields of the command."""
    if isinstance(command, SetVariables):
        shown: list[Any] = [_masked(each) for each in command.assignments]
        return _encode({"assignments": shown}).decode()
    return _encode(command).decode()


def _masked(assignment: VariableAssignment) -> VariableAssignment:
    if assignment.is_secret or is_secret(assignment.ref):
        return dataclasses.replace(assignment, value=STARS)
    return assignment
