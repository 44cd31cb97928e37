"""Counts the fleet once a minute: what metrics show is gone with the process, this is there for a year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from csms.central.tallies import Tallies
from csms.domain.history import FleetCount
from csms.storage.fleet_counts import energy_before, power_of_connected, write_fleet_count
from runtime.clock import Clock
from runtime.database import Database
from runtime.surviving import survive

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetNeeds:
    """What is counted elsewhere; the wiring gives it."""

    known: Callable[[Connection], int]
    """All stations that are listed, also those that nobody has seen yet."""
    online: Callable[[], int]
    blocked: Callable[[], int]
    """Stations that something is in the way of."""


class FleetCounts:
    """One count at the beginning of each minute of our clock. One that is missed stays missing.

    Of several processes the first one's count of a minute stays; the energy that ended in another one goes
    into its next count.
    """

    def __init__(self, database: Database, tallies: Tallies, needs: FleetNeeds, clock: Clock) -> None:
        self._database, self._tallies, self._needs, self._clock = database, tallies, needs, clock
        self._counted_wh = tallies.energy_wh
        """Of the energy that ended in this process, what is in a count."""

    async def run(self) -> None:
        """Count until cancelled, whatever becomes of one of them."""
        while True:
            await self._clock.sleep(MINUTE_S - self._clock.now().timestamp() % MINUTE_S)
            await survive(self.count(), event="fleet_not_counted")

    async def count(self) -> bool:
        """Count this minute; False where it was counted already. Raises DatabaseProblem."""
        minute = minute_of(self._clock.now())
        needs, tallies, energy_wh = self._needs, self._tallies, self._tallies.energy_wh

        def read(connection: Connection) -> tuple[int, float]:
            return needs.known(connection), power_of_connected(connection)

        known, power_w = await self._database.run_read(read)
        online, blocked = needs.online(), needs.blocked()
        stations_faulted, connectors_faulted = tallies.stations_faulted, tallies.faulted
        charging, more_wh = tallies.charging, energy_wh - self._counted_wh

        def write(connection: Connection) -> bool:
            count = FleetCount(
                minute=minute,
                stations_known=known,
                stations_online=online,
                stations_faulted=stations_faulted,
                stations_blocked=blocked,
                connectors_faulted=connectors_faulted,
                charging=charging,
                power_w=power_w,
                energy_wh=energy_before(connection, minute) + more_wh,
            )
            return write_fleet_count(connection, count)

        is_first = await self._database.run_write(write)
        if is_first:
            self._counted_wh = energy_wh
        return is_first


def minute_of(at: datetime) -> datetime:
    """When its minute began."""
    return at - timedelta(seconds=at.second, microseconds=at.microsecond)
