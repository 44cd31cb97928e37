"""OCPP 2.x, the local list: the wire and the model."""

from typing import Any

from ocppj.model.local_list import GetLocalListVersion, ListVersionAnswer, SendLocalList
from ocppj.translator import CommandTranslator, no_arguments
from ocppj.v2x import convert
from ocppj.v2x.status import answered_by_status
from ocppj.vocabulary import LocalListUpdate


def _send_to_v2x(c: SendLocalList) -> dict[str, Any]:
    payload: dict[str, Any] = {"versionNumber": c.version, "updateType": c.update.value}
    if c.entries:
        payload["localAuthorizationList"] = [convert.local_list_entry_to_v2x(entry) for entry in c.entries]
    return payload


def _send_from_v2x(m: Any) -> SendLocalList:
    entries = tuple(convert.local_list_entry_from_v2x(entry) for entry in m.local_authorization_list or ())
    return SendLocalList(m.version_number, LocalListUpdate(m.update_type), entries)


def _send_refusal(c: SendLocalList) -> str | None:
    if c.version == 0:
        return "OCPP 2.x has no list version 0: empty a list with any greater one"  # D01.FR.18
    return None


def _version_from_v2x(m: Any) -> GetLocalListVersion:  # noqa: ARG001 - it has no arguments
    return GetLocalListVersion()


def _version_answer_to_v2x(answer: ListVersionAnswer) -> dict[str, Any]:
    """No list is version 0 here (D02.FR.03)."""
    return {"versionNumber": max(answer.local_list_version, 0)}


def _version_answer_from_v2x(m: Any) -> ListVersionAnswer:
    return ListVersionAnswer(local_list_version=m.version_number)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        SendLocalList,
        "SendLocalList",
        request_to_wire=_send_to_v2x,
        request_from_wire=_send_from_v2x,
        refusal=_send_refusal,
        fields={
            "versionNumber": "version",
            "localAuthorizationList": "entries",
            "type": "id_token_type",
        },
    ),
    CommandTranslator(
        command=GetLocalListVersion,
        action="GetLocalListVersion",
        request_to_wire=no_arguments,
        request_from_wire=_version_from_v2x,
        answer_to_wire=_version_answer_to_v2x,
        answer_from_wire=_version_answer_from_v2x,
    ),
)
