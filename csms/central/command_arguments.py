"""A command's arguments as JSON for its row, without any secret."""

from typing import Any

import msgspec
from msgspec.structs import replace

from csms.domain.commands import RawCall
from csms.domain.secrets import is_secret, mask_payload
from ocppj.model.command import Command
from ocppj.model.variables import ACTUAL, SetVariables, VariableAssignment
from runtime.secrets import HIDDEN

_INSIDE = "has_type"
"""What only the program itself needs to know: whether an id token's type was said."""
_UNSAID: dict[str, Any] = {"attribute": ACTUAL, "attributes": ()}
"""What everybody means who says nothing of it."""
_encode = msgspec.json.Encoder().encode


def arguments_text(command: Command | RawCall) -> str:
    """The fields of the command, or the payload of a raw call."""
    if isinstance(command, RawCall):
        return _encode(mask_payload(command.payload)).decode()
    if isinstance(command, SetVariables):
        shown: Any = {"assignments": [_masked(each) for each in command.assignments]}
    else:
        shown = command
    return _encode(mask_payload(_plain(msgspec.to_builtins(shown)))).decode()


def _plain(value: Any) -> Any:
    """Without what nobody gave."""
    if isinstance(value, dict):
        return {
            name: _plain(each)
            for name, each in value.items()
            if name != _INSIDE and (name not in _UNSAID or each != _UNSAID[name])
        }
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _masked(assignment: VariableAssignment) -> VariableAssignment:
    if assignment.is_secret or is_secret(assignment.ref):
        return replace(assignment, value=HIDDEN)
    return assignment
