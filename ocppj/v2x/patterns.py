"""OCPP 2.x: which variables a report is about (ComponentVariableType)."""

from collections.abc import Iterable
from typing import Any

from ocppj.model.variables import VariablePattern
from ocppj.v2x import convert
from ocppj.vocabulary import VariableRef


def pattern_to_v2x(pattern: VariablePattern) -> dict[str, Any]:
    """The variable may be missing: all of the component (B08.FR.20, N02.FR.16)."""
    found = convert.variable_to_v2x(
        VariableRef(
            pattern.component,
            pattern.variable or "",
            pattern.component_instance,
            pattern.variable_instance,
            pattern.evse_id,
            pattern.connector_id,
        )
    )
    return found if pattern.variable is not None else {"component": found["component"]}


def pattern_from_v2x(m: Any) -> VariablePattern:
    """What was left out may be anything."""
    evse, variable = m.component.evse, m.variable
    return VariablePattern(
        component=m.component.name,
        variable=variable.name if variable is not None else None,
        component_instance=m.component.instance,
        variable_instance=variable.instance if variable is not None else None,
        evse_id=evse.id if evse is not None else None,
        connector_id=evse.connector_id if evse is not None else None,
    )


def patterns_refusal(patterns: Iterable[VariablePattern]) -> str | None:
    """A variable's instance is of a variable, a connector of an EVSE."""
    known = tuple(patterns)
    if any(each.variable is None and each.variable_instance is not None for each in known):
        return "a variable_instance needs its variable"
    if any(each.evse_id is None and each.connector_id is not None for each in known):
        return "a connector_id needs its evse_id"
    return None
