"""What is secret in a message: by the field of its schema, by the name beside it, by its place in a URL, and
because it is known already. It is neither stored nor told nor logged.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from ocppj.model.command import CommandAnswer
from ocppj.model.variables import VariablesAnswer
from ocppj.vocabulary import VariableRef
from runtime.secrets import HIDDEN, is_secret_name, mask_text

NOT_SECRET_FIELDS = {
    "key": "the name of a configuration key (1.6); VPNType.key is told apart by its parent",
    "configurationKey": "the list of configuration keys (1.6)",
    "unknownKey": "the list of unknown configuration keys (1.6)",
    "publicKey": "public",
    "issuerKeyHash": "the hash of a public key",
    "idToken": "who charges: personal, and kept from viewers by role, but no credential of the station",
    "idTokens": "as idToken",
    "additionalIdToken": "as idToken",
    "groupIdToken": "as idToken",
    "idTokenInfo": "the verdict on a token",
    "user": "a user name: one has to see which one is wrong",
    "apnUserName": "as user",
}
"""Fields whose names sound secret, and why they are none. Everything else goes by its name."""
PERSONAL_FIELDS: Mapping[str, frozenset[str]] = {"NotifyCustomerInformation": frozenset({"data"})}
"""By action: what may say who charges, where and when (2.0.1 N09, N10). Managers read it where it is kept; it
stands nowhere else: not in the wire log, not in an event.
"""
NESTED_MOST = 64 * 1024
"""A longer text is not looked at as JSON."""
VALUE_FIELDS = frozenset({"value", "attributeValue", "actualValue"})
NAME_FIELDS = ("key", "name")
"""Where a message has the value of a variable or key, and beside it the name."""


def is_secret(ref: VariableRef) -> bool:
    """Whether the value of a variable (2.x) or of a configuration key (1.6) is a secret."""
    return _names_secret(ref.variable) or (ref.variable.lower() == "key" and "vpn" in ref.component.lower())


def secrets_in(payload: Any) -> tuple[str, ...]:
    """The secrets anywhere in a decoded JSON value, as texts."""
    found: list[str] = []
    _Masking((), found.append).node(payload)
    return tuple(dict.fromkeys(found))


def mask_payload(payload: Any, known: Iterable[str] = ()) -> Any:
    """A decoded JSON value without secrets: the same object where it holds none."""
    return _Masking(tuple(known), None).node(payload)


def mask_answer(answer: CommandAnswer, known: tuple[str, ...]) -> CommandAnswer:
    """An answer as it may be shown and stored."""

    def shown(ref: VariableRef, value: str | None) -> str | None:
        if value is None:
            return None
        return HIDDEN if is_secret(ref) else str(mask_payload(value, known))

    texts = {name: getattr(answer, name) for name in answer.__struct_fields__ if name != "status"}
    masked = {name: mask_payload(text, known) for name, text in texts.items() if isinstance(text, str)}
    if isinstance(answer, VariablesAnswer):
        for name, results in (("variables", answer.variables), ("inventory", answer.inventory)):
            masked[name] = tuple(replace(each, value=shown(each.ref, each.value)) for each in results)
    return replace(answer, **masked)


def _names_secret(name: str) -> bool:
    return name not in NOT_SECRET_FIELDS and is_secret_name(name)


class _Masking:
    """Walks a decoded JSON value. `found` hears of each secret."""

    __slots__ = ("_found", "_known")

    def __init__(self, known: tuple[str, ...], found: Callable[[str], object] | None) -> None:
        self._known = known
        self._found = found

    def node(self, node: Any, field: str = "") -> Any:
        """The value of `field` without secrets."""
        if isinstance(node, str):
            return self._text(node)
        if isinstance(node, dict):
            return self._members(node, field)
        if isinstance(node, list):
            items = [self.node(each, field) for each in node]
            return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
        return node

    def _text(self, text: str) -> str:
        """A text, which may be JSON of a vendor's own (DataTransfer)."""
        if text[:1] in ("{", "[") and len(text) <= NESTED_MOST:
            try:
                inner = json.loads(text)
                shown = self.node(inner)
            except (ValueError, RecursionError):
                pass  # then it is a text like any other
            else:
                if shown is not inner:
                    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
        shown = mask_text(text, self._known, self._found)
        return text if shown == text else shown

    def _members(self, node: dict[str, Any], field: str) -> dict[str, Any]:
        values = _named_secrets(node)
        is_vpn = field.lower() == "vpn"
        members = {
            name: self._hidden(value)
            if name in values or _names_secret(name) or (is_vpn and name == "key")
            else self._attributes(value)
            if values and name == "variableAttribute"
            else self.node(value, name)
            for name, value in node.items()
        }
        return members if any(members[name] is not value for name, value in node.items()) else node

    def _attributes(self, attributes: Any) -> Any:
        """The values of a secret variable (2.x VariableAttributeType); what they are stays readable."""
        if not isinstance(attributes, list):
            return self._hidden(attributes)
        return [
            each | {"value": self._hidden(each["value"])}
            if isinstance(each, dict) and "value" in each
            else each
            for each in attributes
        ]

    def _hidden(self, value: Any) -> Any:
        """A secret. Texts and numbers are hidden, and what is below; absent and yes or no stay."""
        if isinstance(value, dict):
            return {name: self._hidden(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._hidden(each) for each in value]
        if value is None or isinstance(value, bool) or value in ("", HIDDEN):
            return value
        if self._found is not None:
            self._found(str(value))
        return HIDDEN


def _named_secrets(node: dict[str, Any]) -> frozenset[str]:
    """The members that hold the value of what a secret name stands beside, in the shapes of all versions."""
    for name in NAME_FIELDS:
        said = node.get(name)
        if isinstance(said, str) and _names_secret(said):
            return VALUE_FIELDS
    variable = node.get("variable")
    said = variable.get("name") if isinstance(variable, dict) else None
    if isinstance(said, str) and (_names_secret(said) or _is_vpn_key(node, said)):
        return VALUE_FIELDS
    return frozenset()


def _is_vpn_key(node: dict[str, Any], variable: str) -> bool:
    component = node.get("component")
    name = component.get("name") if isinstance(component, dict) else None
    return isinstance(name, str) and "vpn" in name.lower() and variable.lower() == "key"
