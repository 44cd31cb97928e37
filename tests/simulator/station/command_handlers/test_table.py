"""A station of ours knows every command."""

import pytest

from ocppj.model.authorization import ClearCache
from simulator.station.command_handlers import HANDLERS, check_handlers


def test_every_command_has_a_handler() -> None:
    """One that lacks is named when the simulator is imported."""
    check_handlers(HANDLERS)
    with pytest.raises(TypeError, match="lacks: clear-cache"):
        check_handlers({each: handler for each, handler in HANDLERS.items() if each is not ClearCache})
