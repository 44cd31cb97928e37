"""What we answer by our own choice, so that the version of whoever asked can say it.

Commands that do not fit are refused to whoever gives them. A station cannot be told so: it needs an answer.
"""

from dataclasses import replace
from typing import TypeVar

import msgspec

from ocppj.model.authorization import AuthorizeResponse
from ocppj.model.boot import BootNotificationResponse
from ocppj.model.messages import Reply
from ocppj.model.transactions import TransactionEventResponse
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdTokenInfo

LONGEST_GROUP = {OcppVersion.V16: 20, OcppVersion.V201: 36, OcppVersion.V21: 255}
"""Characters of an id token. A group whose name is longer has no meaning for the station: it is left out."""
LONGEST_TEXT = {OcppVersion.V16: 0, OcppVersion.V201: 512, OcppVersion.V21: 1024}
"""Characters of what is said beside a status; 1.6 has no place for it."""

R = TypeVar("R", AuthorizeResponse, TransactionEventResponse)


def fitting(reply: Reply, version: OcppVersion) -> Reply:
    """The reply as this version can say it."""
    if isinstance(reply, AuthorizeResponse):
        return _without_strange_group(reply, version)
    if isinstance(reply, TransactionEventResponse):
        return _without_strange_group(reply, version)
    if isinstance(reply, BootNotificationResponse) and reply.additional_info is not None:
        text = reply.additional_info[: LONGEST_TEXT[version]] or None
        return msgspec.structs.replace(reply, additional_info=text)
    return reply


def _without_strange_group(reply: R, version: OcppVersion) -> R:
    info: IdTokenInfo | None = reply.info
    if info is None or info.group_id_token is None or len(info.group_id_token) <= LONGEST_GROUP[version]:
        return reply
    return msgspec.structs.replace(reply, info=replace(info, group_id_token=None))
