"""Which values in a payload are secret, whoever sends it and whatever else is wrong with it."""

from collections.abc import Iterator
from typing import Any

from csms.domain.secrets import SECRET_VARIABLES

SECRET_WORDS = (b"basicauthpassword", b"authorizationkey")
"""What a frame must contain, case aside, to be worth a search."""


def secrets_in(payload: Any) -> tuple[str, ...]:
    """The values of secret variables anywhere in a decoded JSON value."""
    return tuple(value for value in _walk(payload) if isinstance(value, str) and value)


def _walk(node: Any) -> Iterator[Any]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif isinstance(node, dict):
        yield from _values_of(node)
        for item in node.values():
            yield from _walk(item)


def _values_of(node: dict[str, Any]) -> Iterator[Any]:
    """The value that stands beside a secret name, in the shapes of both versions."""
    if _is_secret(node.get("key")):
        yield node.get("value")
    variable = node.get("variable")
    if isinstance(variable, dict) and _is_secret(variable.get("name")):
        yield node.get("attributeValue")
        attributes = node.get("variableAttribute")
        for attribute in attributes if isinstance(attributes, list) else ():
            yield attribute.get("value") if isinstance(attribute, dict) else None


def _is_secret(name: object) -> bool:
    return isinstance(name, str) and name.lower() in SECRET_VARIABLES
