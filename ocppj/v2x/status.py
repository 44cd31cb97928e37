"""OCPP 2.x: the status that nearly every answer has, and the statusInfo beside it."""

from collections.abc import Callable
from typing import Any

from ocppj.model.command import Command, CommandAnswer
from ocppj.translator import CommandTranslator


def status_to_v2x(answer: CommandAnswer) -> dict[str, Any]:
    """`{"status": …, "statusInfo": …}`."""
    return {"status": answer.status} | status_info_to_v2x(answer.reason_code, answer.additional_info)


def status_info_to_v2x(
    reason_code: str | None, additional_info: str | None, name: str = "statusInfo"
) -> dict[str, Any]:
    """`{"statusInfo": …}`, or nothing where there is no reason code: the standard requires it there."""
    if reason_code is None:
        return {}
    more = {"additionalInfo": additional_info} if additional_info is not None else {}
    return {name: {"reasonCode": reason_code} | more}


def status_info_from_v2x(status_info: Any) -> tuple[str | None, str | None]:
    """(reason code, additional info) of a `statusInfo` struct."""
    return (status_info.reason_code, status_info.additional_info) if status_info is not None else (None, None)


def answered_by_status(
    command: type[Command],
    action: str,
    *,
    request_to_wire: Callable[[Any], dict[str, Any]],
    request_from_wire: Callable[[Any], Command],
    **more: Any,
) -> CommandTranslator:
    """The row of a command whose answer is a status."""

    def from_wire(m: Any) -> CommandAnswer:
        return command.answer(str(m.status), *status_info_from_v2x(m.status_info))

    return CommandTranslator(
        command=command,
        action=action,
        request_to_wire=request_to_wire,
        request_from_wire=request_from_wire,
        answer_to_wire=status_to_v2x,
        answer_from_wire=from_wire,
        **more,
    )
