"""OCPP 1.6: commands whose answer is a status and nothing else."""

from collections.abc import Callable, Mapping
from typing import Any

from ocppj.model.command import Command, CommandAnswer
from ocppj.translator import CommandTranslator


def answered_by_status(
    command: type[Command],
    action: str,
    *,
    request_to_wire: Callable[[Any], dict[str, Any]],
    request_from_wire: Callable[[Any], Command],
    words: Mapping[str, str] | None = None,
    **more: Any,
) -> CommandTranslator:
    """The row of such a command. `words`: of the model, which 1.6 says otherwise."""
    said = words or {}

    def to_wire(answer: CommandAnswer) -> dict[str, Any]:
        return {"status": said.get(answer.status, answer.status)}

    def from_wire(m: Any) -> CommandAnswer:
        return command.answer(str(m.status))

    return CommandTranslator(
        command=command,
        action=action,
        request_to_wire=request_to_wire,
        request_from_wire=request_from_wire,
        answer_to_wire=to_wire,
        answer_from_wire=from_wire,
        **more,
    )
