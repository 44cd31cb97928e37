"""What can be wrong before a case is played."""

from simulator.scenario.errors import ScenarioError


class ConformError(ScenarioError):
    """What was asked for cannot be played: no such case, a bad configuration, no way to the other side."""
