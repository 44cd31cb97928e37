"""A bench of which nobody has a station, for parts that only ask whether somebody does."""

from typing import cast

from csms.central.leases import Leases
from ocppj.vocabulary import StationId


class _FreeBench:
    async def of_station(self, station_id: StationId) -> None:
        """As if no lease was open."""

    async def bench(self, *_: object) -> tuple[()]:
        """As if no station was of the bench."""
        return ()

    async def find(self, *_: object) -> tuple[()]:
        """As if nobody had had one."""
        return ()


def nothing_lent() -> Leases:
    """Leases of which there are none."""
    return cast("Leases", _FreeBench())
