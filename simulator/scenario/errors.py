"""What can go wrong before a scenario is played.

ScenarioError
├── ScenarioFileError    the file cannot be read or breaks a rule: file, line, column, rule, what to do
├── BindingError         a role is bound to nothing that exists
└── CannotRunError       the surroundings are not as they must be: no server, no token
"""

from collections.abc import Sequence
from dataclasses import dataclass


class ScenarioError(Exception):
    """The tree's root."""


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """One rule that a file breaks; line and column count from 1."""

    line: int
    column: int
    rule: str


class ScenarioFileError(ScenarioError):
    """A scenario file that cannot be read or breaks a rule; one line per flaw."""

    def __init__(self, where: str, flaws: Sequence[Flaw]) -> None:
        self.where = where
        self.flaws = tuple(sorted(flaws))
        super().__init__("\n".join(f"{where}:{one.line}:{one.column}: {one.rule}" for one in self.flaws))


class BindingError(ScenarioError):
    """A role that is not there, or is bound to nothing that exists."""


class CannotRunError(ScenarioError):
    """The surroundings are not as they must be."""
