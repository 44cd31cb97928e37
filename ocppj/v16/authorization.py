"""OCPP 1.6, authorization: the wire and the model."""

from typing import Any

from ocppj.model.authorization import Authorize, AuthorizeResponse, ClearCache
from ocppj.model.messages import Reply, StationMessage
from ocppj.translator import CommandTranslator, MessageTranslator, no_arguments
from ocppj.v16 import convert
from ocppj.v16.status import answered_by_status


def _authorize(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return Authorize(convert.id_token_from_v16(m.id_tag))


def _authorize_to_wire(m: Authorize) -> dict[str, Any]:
    return {"idTag": convert.id_token_to_v16(m.id_token)}


def _verdict(m: Any) -> Reply:
    return AuthorizeResponse(convert.id_token_info_from_v16(m.id_tag_info))


def _verdict_to_wire(reply: AuthorizeResponse) -> dict[str, Any]:
    return {"idTagInfo": convert.id_token_info_to_v16(reply.info)}


def _clear_cache(m: Any) -> ClearCache:  # noqa: ARG001 - it has no arguments
    return ClearCache()


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=Authorize,
        action="Authorize",
        carries=lambda m: m.contract is None,
        request_from_wire=_authorize,
        request_to_wire=_authorize_to_wire,
        response_from_wire=_verdict,
        response_to_wire=_verdict_to_wire,
    ),
)
COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        ClearCache, "ClearCache", request_to_wire=no_arguments, request_from_wire=_clear_cache
    ),
)
