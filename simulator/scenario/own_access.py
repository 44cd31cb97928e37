"""What the central system lets a run do, looked at before its first step: a role that lacks a step would stop
a station halfway.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.client import ApiClient, ApiRefused, ApiUnreachable
from simulator.scenario.document import Scenario
from simulator.scenario.model import GroupStep, Step
from simulator.scenario.values import VARIABLE

NOT_THERE = frozenset({404, 405})
"""What a server of before says, and another program's."""
ANY = "x"
"""What stands for a value that is not known yet, in a path."""


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """Who asks, and what is refused to them: the roles that a request is for, by its method and path."""

    name: str
    role: str
    refused: Mapping[str, Sequence[str]]
    """By `METHOD /path/{parameter}`, as the server names it."""
    allowed: frozenset[str] = frozenset()

    def roles_lacking(self, request: str) -> Sequence[str]:
        """The roles that may do it, where whoever asks may not; none where they may, or nobody knows."""
        method, _, path = VARIABLE.sub(ANY, request).partition(" ")
        wanted = [method, *path.partition("?")[0].split("/")]
        known = [each for each in (*self.refused, *self.allowed) if _fits(each, wanted)]
        route = min(known, key=lambda each: each.count("{"), default=None)
        return self.refused.get(route, ()) if route is not None else ()


def _fits(route: str, wanted: Sequence[str]) -> bool:
    method, _, path = route.partition(" ")
    parts = [method, *path.split("/")]
    pairs = zip(parts, wanted, strict=False)
    return len(parts) == len(wanted) and all(part == each or part.startswith("{") for part, each in pairs)


async def read_own_access(api: ApiClient) -> OwnAccess | None:
    """What a token may do; None where the server does not say, or is not there: each step tells of that.

    Raises ApiError.
    """
    try:
        told: dict[str, Any] = await api.get("/access/me")
    except ApiUnreachable:
        return None
    except ApiRefused as error:
        if error.status in NOT_THERE:
            return None
        raise
    actions = told["actions"]
    refused = {route: each["roles"] for each in actions if not each["is_allowed"] for route in each["routes"]}
    allowed = frozenset(route for each in actions if each["is_allowed"] for route in each["routes"])
    return OwnAccess(told["name"], told["role"] or "", refused, allowed)


def api_steps(scenario: Scenario) -> Iterator[tuple[str, Step]]:
    """Every step that asks the central system for something, with its number; those of a failure, too."""
    yield from _api_steps(scenario.steps, "")
    yield from _api_steps(scenario.on_failure, "↩ ")


def _api_steps(steps: Sequence[Step], prefix: str) -> Iterator[tuple[str, Step]]:
    for index, step in enumerate(steps, 1):
        if isinstance(step, GroupStep):
            yield from _api_steps(step.steps, f"{prefix}{index}.")
        elif step.requests:
            yield f"{prefix}{index}", step
