"""OCPP 1.6, the local list: the wire and the model."""

from typing import Any

from ocppj.model.local_list import GetLocalListVersion, ListVersionAnswer, SendLocalList
from ocppj.translator import CommandTranslator, no_arguments
from ocppj.v16 import convert
from ocppj.v16.status import answered_by_status
from ocppj.vocabulary import LocalListUpdate


def _send_to_v16(c: SendLocalList) -> dict[str, Any]:
    payload: dict[str, Any] = {"listVersion": c.version, "updateType": c.update.value}
    if c.entries:
        payload["localAuthorizationList"] = [convert.local_list_entry_to_v16(entry) for entry in c.entries]
    return payload


def _send_from_v16(m: Any) -> SendLocalList:
    entries = tuple(convert.local_list_entry_from_v16(entry) for entry in m.local_authorization_list or ())
    return SendLocalList(m.list_version, LocalListUpdate(m.update_type), entries)


def _send_refusal(c: SendLocalList) -> str | None:
    # §5.10. The errata (§3.52) keep 0 out of SendLocalList; stations know it all the same.
    if c.version == 0 and (c.entries or c.update is not LocalListUpdate.FULL):
        return "version 0 is the empty list: send it as a full update without entries"
    return None


def _version_from_v16(m: Any) -> GetLocalListVersion:  # noqa: ARG001 - it has no arguments
    return GetLocalListVersion()


def _version_answer_to_v16(answer: ListVersionAnswer) -> dict[str, Any]:
    return {"listVersion": answer.local_list_version}


def _version_answer_from_v16(m: Any) -> ListVersionAnswer:
    return ListVersionAnswer(local_list_version=m.list_version)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        SendLocalList,
        "SendLocalList",
        request_to_wire=_send_to_v16,
        request_from_wire=_send_from_v16,
        refusal=_send_refusal,
        fields={
            "listVersion": "version",
            "idTag": "id_token",
            "parentIdTag": "group_id_token",
            "localAuthorizationList": "entries",
        },
    ),
    CommandTranslator(
        command=GetLocalListVersion,
        action="GetLocalListVersion",
        request_to_wire=no_arguments,
        request_from_wire=_version_from_v16,
        answer_to_wire=_version_answer_to_v16,
        answer_from_wire=_version_answer_from_v16,
    ),
)
