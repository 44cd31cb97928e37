"""A scenario file as a whole; its steps are in `model`."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from simulator.scenario.model import VERSIONS, AnyStep, Version, scopes
from simulator.scenario.strict_model import StrictModel
from simulator.scenario.values import Name, Translated, Word


class ScenarioRole(StrictModel):
    """A station of the scenario, bound when it is run."""

    simulated: list[Word] = Field(default_factory=lambda: ["ac-16", "ac-201"], min_length=1)
    """Templates that stand in, one run each, when nobody binds the role."""
    admission: Literal["accept", "none"] = "accept"
    """Whether the central system is told beforehand to let a simulated station in."""
    may_be_wired: bool = True


class Scenario(StrictModel):
    """A scenario file."""

    scenario: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
    title: Translated
    about: Translated | None = None
    versions: Annotated[tuple[Version, ...], BeforeValidator(scopes)] = VERSIONS
    roles: dict[Name, ScenarioRole] = Field(default_factory=lambda: {"a": ScenarioRole()}, min_length=1)
    variables: dict[Name, Any] = Field(default_factory=dict)
    steps: Annotated[list[AnyStep], Field(min_length=1)]
    on_failure: list[AnyStep] = Field(default_factory=list)
    """Done when the steps did not all pass: what must be put back."""
