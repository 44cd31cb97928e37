"""Stations that nobody limits: what the records of the central system answer of limits."""

from collections.abc import Sequence

from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, ExceededLimitRow
from csms.rules.composites import ChargingPicture
from ocppj.vocabulary import StationId


class Unlimited:
    """The real ones are asked in `tests/csms/api`."""

    async def charging_profiles(self, *_: object, **__: object) -> Sequence[ChargingProfileRow]:
        """None, as of reservations."""
        return []

    async def charging_limits(self, *_: object, **__: object) -> Sequence[ChargingLimitRow]:
        """None, either."""
        return []

    async def charging_picture(self, _: StationId) -> ChargingPicture:
        """Nothing limits anything."""
        return ChargingPicture((), (), (), ())

    async def exceeded_limits(self, *_: object, **__: object) -> Sequence[ExceededLimitRow]:
        """None."""
        return []
