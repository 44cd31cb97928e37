"""How the tool answers what the other side calls: as a data file says, unless the case has prepared it.

A text of the data file in angle brackets stands for something of the moment: `<now>`, or a member of the
request by its path (`<request variable.name>`); `<token>` is what the tool knows of the token in the request.
A mapping with the only key `<each PATH>` makes one element for each of the request's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.scenario.strict_model import PreparedReply

ABSENT: Any = object()
"""A member that the answer does not have."""


@dataclass(slots=True)
class ReplyBook:
    """The usual answers by action, what the case has prepared, and the tokens by their text."""

    usual: Mapping[str, Any]
    tokens: Mapping[str, Mapping[str, Any]]
    now: Callable[[], str]
    _prepared: dict[str, PreparedReply] = field(default_factory=dict)
    _left: dict[str, int] = field(default_factory=dict)

    def prepare(self, reply: PreparedReply) -> None:
        """From now on, or for the next `times`."""
        self._prepared[reply.action] = reply
        self._left[reply.action] = reply.times or 0

    def reply(self, action: str, request: Mapping[str, Any]) -> PreparedReply:
        """What answers this request."""
        prepared = self._prepared.get(action)
        usual = self._filled(self.usual.get(action, {}), request)
        if prepared is None:
            return PreparedReply(action=action, payload=usual)
        if prepared.times is not None:
            self._left[action] -= 1
            if self._left[action] == 0:
                del self._prepared[action]
        given = self._filled(prepared.payload, request)
        return prepared.model_copy(update={"payload": _merged(usual, given)})

    def filled(self, value: Any, request: Any) -> Any:
        """A text of the data file with what it stands for in this request."""
        return self._filled(value, request)

    def _filled(self, value: Any, request: Any) -> Any:
        if isinstance(value, Mapping):
            each = next((key for key in value if key.startswith("<each ")), None)
            if each is not None:
                items = _at(request, each.removeprefix("<each ").removesuffix(">"))
                return [self._filled(value[each], one) for one in items if items is not ABSENT]
            filled = {key: self._filled(one, request) for key, one in value.items()}
            return {key: one for key, one in filled.items() if one is not ABSENT}
        if isinstance(value, list):
            return [self._filled(one, request) for one in value]
        return self._of_moment(value, request) if isinstance(value, str) else value

    def _of_moment(self, text: str, request: Any) -> Any:
        if text == "<now>":
            return self.now()
        if text == "<token>":
            return self._token(request)
        if text == "<absent>":
            return ABSENT
        if text.startswith("<request "):
            return _at(request, text.removeprefix("<request ").removesuffix(">"))
        return text

    def _token(self, request: Any) -> Any:
        token = request.get("idToken")
        if token is None:
            return ABSENT
        if token.get("type") == "NoAuthorization":
            return {"status": "Accepted"}
        return self.tokens.get(token.get("idToken", ""), {"status": "Invalid"})


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return ABSENT
        value = value[part]
    return value


def _merged(below: Any, above: Any) -> Any:
    """`above` over `below`, member by member; a list replaces."""
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    return dict(below) | {
        key: _merged(below[key], one) if key in below else one for key, one in above.items()
    }
