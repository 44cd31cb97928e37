"""Which CALLs give a station another password to connect with (2.0.1 A01, 1.6 security white paper A01)."""

from collections.abc import Iterator
from typing import Any

_NAMES = frozenset({"authorizationkey", "basicauthpassword"})
"""Configuration keys have no case (1.6 §9.1); nor have the names of variables (2.x identifierString)."""
_TAKEN_EFFECT = frozenset({"Accepted", "RebootRequired"})


def passwords_in(action: str, payload: dict[str, Any]) -> tuple[str, ...]:
    """The passwords that this CALL would give the station, each once; nearly always none."""
    match action:
        case "ChangeConfiguration":
            found = [payload.get("value")] if _is_password(payload.get("key")) else []
        case "SetVariables":
            found = [each.get("attributeValue") for each in _passwords(payload.get("setVariableData"))]
        case "SetNetworkProfile":  # 2.1: a profile may carry one
            profile = payload.get("connectionData")
            found = [profile.get("basicAuthPassword")] if isinstance(profile, dict) else []
        case _:
            return ()
    return tuple(dict.fromkeys(each for each in found if isinstance(each, str)))


def is_refused(action: str, answer: Any) -> bool:
    """Whether the station says that it did not take the password (A01.FR.04)."""
    if not isinstance(answer, dict):
        return False
    if action == "SetVariables":
        statuses = [each.get("attributeStatus") for each in _passwords(answer.get("setVariableResult"))]
    else:
        statuses = [answer.get("status")]
    return any(status not in _TAKEN_EFFECT for status in statuses)


def _passwords(entries: Any) -> Iterator[dict[str, Any]]:
    """Those of a list of variables that are a password's actual value."""
    for each in entries if isinstance(entries, list) else ():
        variable = each.get("variable") if isinstance(each, dict) else None
        is_actual = isinstance(each, dict) and each.get("attributeType") in (None, "Actual")
        if is_actual and isinstance(variable, dict) and _is_password(variable.get("name")):
            yield each


def _is_password(name: Any) -> bool:
    return isinstance(name, str) and name.lower() in _NAMES
