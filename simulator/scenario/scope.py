"""The variables of one run: given, captured, and those of the roles; filled into whatever a step says."""

import json
from collections.abc import Mapping
from typing import Any

from simulator.scenario.values import VARIABLE, WHOLE_VARIABLE


class NoValueError(Exception):
    """A variable that no step has captured yet, because the one that would have was not done."""

    def __init__(self, name: str) -> None:
        super().__init__(f"${{{name}}} has no value: the step that captures it was not done")
        self.name = name


class CaptureError(Exception):
    """What should be captured is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(f"there is no {path} to capture")
        self.path = path


class Scope:
    """Names and values."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def put(self, name: str, value: Any) -> None:
        """Give a variable its value."""
        self._values[name] = value

    def fill(self, value: Any) -> Any:
        """The value with every variable filled in. A text that is one variable becomes what that holds.

        Raises NoValueError.
        """
        if isinstance(value, dict):
            return {key: self.fill(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.fill(each) for each in value]
        if not isinstance(value, str):
            return value
        if (whole := WHOLE_VARIABLE.match(value)) is not None:
            return self._value(whole[1])
        return VARIABLE.sub(lambda found: _text(self._value(found[1])), value)

    def number(self, value: int | str) -> int:
        """A whole number, or the one that a variable holds. Raises NoValueError, ValueError."""
        filled = self.fill(value)
        if isinstance(filled, bool) or not isinstance(filled, int | str):
            raise ValueError(f"{value} is {_text(filled)}, which is no whole number")  # noqa: TRY004
        return int(filled)

    def capture(self, wanted: Mapping[str, str], found: Any) -> dict[str, Any]:
        """Take values out of what was found, by their paths (`a.b.0`; `a.b?` may be missing: null).

        Raises CaptureError.
        """
        taken = {
            name: _at(found, path.removesuffix("?"), path.endswith("?")) for name, path in wanted.items()
        }
        self._values |= taken
        return taken

    def _value(self, name: str) -> Any:
        if name not in self._values:
            raise NoValueError(name)
        return self._values[name]


def _at(found: Any, path: str, is_optional: bool) -> Any:  # noqa: FBT001 - one caller
    value = found
    for part in path.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isascii() and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif is_optional:
            return None
        else:
            raise CaptureError(path)
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
