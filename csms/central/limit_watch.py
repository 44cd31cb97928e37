"""Compares what flows with what may flow: looks at what is stored, twice a minute."""

from sqlalchemy import Connection

from csms.central.stored_looks import StoredLooks
from csms.rules.exceeded_limits import limits_checked
from csms.rules.state import Decision
from csms.storage.charging_pictures import charging_picture
from csms.storage.exceeded_limits import LOOKED_AT_MOST, exceeded_of, limited_stations, powers_at
from ocppj.vocabulary import StationId


class LimitWatch(StoredLooks):
    """Finds stations that take limits and do not keep to them, and those that do again."""

    event = "limits_not_compared"
    every_s = 30.0

    async def look(self) -> int:
        """Compare at every station where something goes on under a limit; how many moved."""
        moved, after = 0, ""
        while True:
            stations = await self._database.run_read(
                lambda connection, after=after: limited_stations(connection, after)  # type: ignore[misc] # bound now
            )
            for station_id in stations:
                decision = await self._database.run_read(
                    lambda connection, station_id=station_id: self._compared(connection, station_id)  # type: ignore[misc]
                )
                if decision.rows:
                    await self._message_writer.store(decision)
                    moved += 1
            if len(stations) < LOOKED_AT_MOST:
                return moved
            after = stations[-1]

    def _compared(self, connection: Connection, station_id: StationId) -> Decision:
        picture, powers = charging_picture(connection, station_id), powers_at(connection, station_id)
        before = exceeded_of(connection, station_id)
        return limits_checked(station_id, picture, powers, before, self._clock.now())
