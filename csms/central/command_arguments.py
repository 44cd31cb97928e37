"""A command's arguments as JSON for its row, without any secret."""

import dataclasses
from typing import Any

import msgspec

from csms.domain.commands import Command, RawCall, SetVariables, VariableAssignment
from csms.domain.secrets import is_secret, mask_payload
from runtime.secrets import HIDDEN

_encode = msgspec.json.Encoder().encode


def arguments_text(command: Command | RawCall) -> str:
    """The fields of the command, or the payload of a raw call."""
    if isinstance(command, RawCall):
        return _encode(mask_payload(command.payload)).decode()
    if isinstance(command, SetVariables):
        shown: Any = {"assignments": [_masked(each) for each in command.assignments]}
    else:
        shown = command
    return _encode(mask_payload(_told(msgspec.to_builtins(shown)))).decode()


def _told(value: Any) -> Any:
    """Without what only the program itself needs to know of an id token: whether its type was said."""
    if isinstance(value, dict):
        return {name: _told(each) for name, each in value.items() if name != "has_type"}
    return [_told(each) for each in value] if isinstance(value, list) else value


def _masked(assignment: VariableAssignment) -> VariableAssignment:
    if assignment.is_secret or is_secret(assignment.ref):
        return dataclasses.replace(assignment, value=HIDDEN)
    return assignment
