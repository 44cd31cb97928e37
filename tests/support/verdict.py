"""The official schemas as the `ocpp` package ships them: an opinion on payloads that is not our codec's."""

import json
from decimal import Decimal
from typing import Any

import jsonschema
from ocpp.messages import get_validator

CALL, RESULT = 2, 3


def schema_fault(version: str, kind: int, action: str, payload: Any) -> str | None:
    """What the schema says against a payload; None: nothing. `version` is a label such as `2.0.1`.

    Numbers are compared as decimals: in binary, 21.4 is no multiple of 0.1.
    """
    validator = get_validator(kind, action, version, parse_float=Decimal)
    exact = json.loads(json.dumps(payload), parse_float=Decimal)
    fault: jsonschema.ValidationError | None = next(iter(validator.iter_errors(exact)), None)
    return None if fault is None else f"{action} {fault.json_path}: {fault.message}"


def assert_valid(version: str, kind: int, action: str, payload: Any) -> None:
    """The payload is what the standard's schema wants."""
    assert schema_fault(version, kind, action, payload) is None
