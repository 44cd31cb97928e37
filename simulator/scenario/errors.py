"""What can go wrong before a scenario is played.

ScenarioError
├── ScenarioFileError    the file cannot be read or breaks a rule: file, line, column, rule, what to do
├── BindingError         a role is bound to nothing that exists
└── CannotRunError       the surroundings are not as they must be: no server, no token
"""

from runtime.yaml_source import FileFlawed


class ScenarioError(Exception):
    """The tree's root."""


class ScenarioFileError(ScenarioError, FileFlawed):
    """A scenario file that cannot be read or breaks a rule; one line per flaw."""


class BindingError(ScenarioError):
    """A role that is not there, or is bound to nothing that exists."""


class CannotRunError(ScenarioError):
    """The surroundings are not as they must be."""
