"""OCPP 2.x, authorization: the wire and the model."""

from typing import Any

from ocppj.model.authorization import ClearCache
from ocppj.translator import CommandTranslator, no_arguments
from ocppj.v2x.status import answered_by_status


def _clear_cache(m: Any) -> ClearCache:  # noqa: ARG001 - it has no arguments
    return ClearCache()


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        ClearCache, "ClearCache", request_to_wire=no_arguments, request_from_wire=_clear_cache
    ),
)
