"""Who plays which role: bindings as people write them, and the runs that they amount to."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.near import nearest
from simulator.scenario.document import Scenario
from simulator.scenario.errors import BindingError
from simulator.scenario.station_drivers.driver import Bound


@dataclass(frozen=True, slots=True)
class Binding:
    """`role=sim:<template>` or `role=wire:<station id>`."""

    role: str
    bound: Bound
    target: str

    def __str__(self) -> str:
        return f"{self.role}={self.bound}:{self.target}"


def parse_binding(text: str) -> Binding:
    """Raises BindingError."""
    role, is_there, rest = text.partition("=")
    bound, _, target = rest.partition(":")
    if not is_there or bound not in ("sim", "wire") or not target or not role:
        raise BindingError(f"{text!r} binds nothing: write a=sim:<template> or a=wire:<station id>")
    return Binding(role, "sim" if bound == "sim" else "wire", target)


def bind_roles(scenario: Scenario, bindings: Sequence[Binding]) -> list[dict[str, Binding]]:
    """One mapping of roles for each run: a role that is bound twice, or by nobody, makes several.

    Raises BindingError.
    """
    for binding in bindings:
        if binding.role not in scenario.roles:
            roles = ", ".join(scenario.roles)
            raise BindingError(f"{binding}: {scenario.scenario} has no role {binding.role}; it has {roles}")
    choices = []
    for role, wanted in scenario.roles.items():
        bound = [each for each in bindings if each.role == role]
        choices.append(bound or [Binding(role, "sim", template) for template in wanted.simulated])
    return [{each.role: each for each in chosen} for chosen in itertools.product(*choices)]


def given_values(scenario: Scenario, texts: Sequence[str]) -> dict[str, Any]:
    """The values of `--set name=value`; one that is a text in the file stays one. Raises BindingError."""
    given: dict[str, Any] = {}
    for text in texts:
        name, is_there, value = text.partition("=")
        if not is_there:
            raise BindingError(f"{text!r} sets nothing: write name=value")
        if name not in scenario.variables:
            near = nearest(name, scenario.variables)
            known = f"did you mean {near}?" if near else f"it has {_listed(scenario.variables)}"
            raise BindingError(f"{scenario.scenario} has no variable {name}; {known}")
        given[name] = value if isinstance(scenario.variables[name], str) else _value(value)
    return given


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _listed(variables: Mapping[str, Any]) -> str:
    return ", ".join(variables) or "none"
