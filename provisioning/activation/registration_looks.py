"""A station that is connected may not be registered yet: how one run of work waits for that, and how long."""

from collections.abc import Awaitable, Callable

from provisioning.activation.station_dialog import UNREGISTERED
from runtime.work.pieces import WorkWait

LOOK_EVERY_S = 1.0
"""The news of a boot is a moment ahead of its answer; who reconnects without one is registered in seconds."""
LOOKS = 30
"""How often a station is looked at in one run of work."""


class RegistrationLooks:
    """Of one run of work. `wait` sleeps for so many seconds, or until there is news of the station."""

    def __init__(self, wait: Callable[[float], Awaitable[object]]) -> None:
        self._wait, self._left = wait, LOOKS

    async def wait(self) -> WorkWait | None:
        """Until the next look; at the end of all looks at once, with what the work waits for from then on."""
        if self._left == 0:
            return WorkWait(UNREGISTERED)
        self._left -= 1
        await self._wait(LOOK_EVERY_S)
        return None
