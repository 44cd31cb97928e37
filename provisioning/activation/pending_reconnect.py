"""Sending a station away and waiting for it: to come back with its new secret, or from a restart.

What it was sent away for is stored before it goes. However late it comes back, and whatever stopped here in
between, the step then goes on instead of sending it away again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from csms.commands import StationCommands
from csms.domain.links import LinkView
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun, Errand, SentAway
from provisioning.station_cache import StationCache
from runtime.wakeup import Wakeup

LOOK_AGAIN_S = 0.25
"""News of a link and the link itself may be a moment apart."""
SERVICE_RESTART = 1012


class Ending(Enum):
    """How waiting for a station ended."""

    BACK = "back"
    """It is there on a newer connection, or booted on the one it was sent away on."""
    STAYED = "stayed"
    """It is still on that connection, and did nothing."""
    AWAY = "away"
    """It went, and did not come back in time."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long one waits, in seconds: for a station to go, and for one that went to be back."""

    left_alone_s: float
    """With a new secret, before anything else is tried."""
    obeys_s: float
    """After it agreed to boot or to restart."""
    back_s: float


class PendingReconnect:
    """One station's comings and goings during a run. `wakeup` is rung on every event of its link."""

    def __init__(
        self,
        station_cache: StationCache,
        commands: StationCommands,
        run: ActivationRun,
        wakeup: Wakeup,
        bounds: Bounds,
    ) -> None:
        self._station_cache, self._commands, self._run = station_cache, commands, run
        self._station_id: StationId = run.station_id
        self._wakeup, self.bounds = wakeup, bounds
        self._began_at: float | None = None

    @property
    def errand(self) -> SentAway | None:
        """What the station was last sent away for in this step."""
        run = self._station_cache.runs.get(self._station_id)
        return run.sent_away if run is not None and run.run_id == self._run.run_id else None

    @property
    def after(self) -> str:
        """How long ago it was sent away, in words; that is not known where another try did it."""
        if self._began_at is None:
            return "meanwhile"
        return f"after {self._station_cache.clock.monotonic() - self._began_at:.1f} s"

    async def begin(self, errand: Errand, link: LinkView) -> SentAway:
        """Store that the station is about to leave this link."""
        sent_away = SentAway(errand, link.epoch, link.boots)

        def noted(stored: ActivationRun) -> ActivationRun | None:
            return replace(stored, sent_away=sent_away) if stored.run_id == self._run.run_id else None

        self._began_at = self._station_cache.clock.monotonic()
        await self._station_cache.change_run(self._station_id, noted, cause="sent away")
        return sent_away

    async def awaited(self, sent_away: SentAway, stays_s: float, *, counts_boots: bool = False) -> Ending:
        """Wait for it to go, at most `stays_s`, and for one that went to be back.

        `counts_boots`: one that boots on the same connection is back too, as after a soft restart.
        """

        def is_back(link: LinkView | None) -> bool:
            return link is not None and sent_away.is_back(link, counts_boots=counts_boots)

        if await self.until(lambda: self.link is None or is_back(self.link), stays_s):
            if is_back(self.link) or await self.until(lambda: is_back(self.link), self.bounds.back_s):
                return Ending.BACK
            return Ending.AWAY
        return Ending.STAYED

    async def registered(self, sent_away: SentAway) -> bool:
        """Whether it is back and its boot there is answered, or its registration restored, in time."""

        def is_registered() -> bool:
            link = self.link
            return (
                link is not None
                and sent_away.is_back(link, counts_boots=True)
                and link.registration is not None
            )

        return await self.until(is_registered, self.bounds.back_s)

    @property
    def link(self) -> LinkView | None:
        """The link now."""
        return self._commands.link(self._station_id)

    async def disconnect(self, link: LinkView) -> None:
        """Close the station's socket, if it is still that one: stations connect again by themselves."""
        current = self.link
        if current is not None and current.epoch == link.epoch:
            await self._commands.disconnect(
                self._station_id, code=SERVICE_RESTART, reason="please connect again"
            )

    async def until(self, is_it: Callable[[], bool], within_s: float) -> bool:
        """Whether it becomes so in time."""
        clock = self._station_cache.clock
        deadline = clock.monotonic() + within_s
        while not is_it():
            left = deadline - clock.monotonic()
            if left <= 0:
                return False
            await self._wakeup.wait(min(left, LOOK_AGAIN_S))
        return True
