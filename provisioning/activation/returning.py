"""Sending a station away and waiting for it: to come back with its new secret, or from a restart.

What it was sent away for is stored before it goes. However late it comes back, and whatever stopped here in
between, the step then goes on instead of sending it away again.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from csms.commands import StationCommands
from csms.domain.links import LinkView
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun, Errand, SentAway
from provisioning.alarm import Alarm
from provisioning.directory import Directory

LOOK_AGAIN_S = 1.0
"""News of a link and the link itself may be a moment apart."""
SERVICE_RESTART = 1012


class Absence:
    """One station's comings and goings during a run. `alarm` is rung on every piece of news of its link."""

    def __init__(
        self,
        directory: Directory,
        commands: StationCommands,
        run: ActivationRun,
        alarm: Alarm,
        within_s: float,
    ) -> None:
        self._directory, self._commands, self._run = directory, commands, run
        self._station_id: StationId = run.station_id
        self._alarm, self._within_s = alarm, within_s

    @property
    def errand(self) -> SentAway | None:
        """What the station was last sent away for in this step."""
        run = self._directory.runs.get(self._station_id)
        return run.sent_away if run is not None and run.run_id == self._run.run_id else None

    async def begin(self, errand: Errand, link: LinkView) -> None:
        """Store that the station is about to leave this link."""
        sent_away = SentAway(errand, link.epoch)

        def noted(_: Connection, stored: ActivationRun) -> ActivationRun | None:
            return replace(stored, sent_away=sent_away) if stored.run_id == self._run.run_id else None

        await self._directory.change_run(self._station_id, noted, cause="sent away")

    async def returned(self, sent_away: SentAway) -> LinkView | None:
        """The link it came back on, as soon as it has one; None if it did not come in time."""
        return await self._when(lambda link: link.epoch > sent_away.epoch)

    async def registered(self, sent_away: SentAway) -> LinkView | None:
        """The same, as soon as its boot there was answered."""
        return await self._when(lambda link: link.epoch > sent_away.epoch and link.registration is not None)

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

    async def _when(self, is_it: Callable[[LinkView], bool]) -> LinkView | None:
        clock = self._directory.clock
        deadline = clock.monotonic() + self._within_s
        while True:
            link = self.link
            if link is not None and is_it(link):
                return link
            left = deadline - clock.monotonic()
            if left <= 0:
                return None
            await self._alarm.wait(min(left, LOOK_AGAIN_S))
