"""Exchanging two boxes that were claimed the wrong way round, and swapping a defective one."""

from sqlalchemy import Connection

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.claimant import Claimant
from provisioning.errors import ProvisioningProblem
from provisioning.rules.exchanging import PlacedBox, exchanged
from provisioning.rules.localization import Claim
from provisioning.rules.positions import Position
from provisioning.station_cache import StationCache
from provisioning.storage.devices import load_device
from provisioning.storage.runs import load_run
from provisioning.storage.sites import last_place, load_place, load_site
from provisioning.use_cases.localization import Localization
from provisioning.use_cases.operation import Operation


class Exchanging:
    """Boxes change places; places keep what is theirs."""

    def __init__(self, station_cache: StationCache, operation: Operation, localization: Localization) -> None:
        self._station_cache, self._operation, self._localization = station_cache, operation, localization

    async def exchange(self, one: StationId, other: StationId, by: str) -> None:
        """Each goes to the other's place, and is told what is different there, as durable work.

        Raises ProvisioningProblem: E_STATION_UNKNOWN, E_SAME_STATION, E_NOT_LOCALIZED.
        """
        for each in (one, other):
            self._operation.known(each)
        activation = self._operation.activation_request(by, is_requested_here=False)
        chance = self._station_cache.chance
        ids = str(chance.uuid()), str(chance.uuid())

        def load(connection: Connection) -> tuple[PlacedBox, PlacedBox]:
            return _placed(connection, one), _placed(connection, other)

        await self._station_cache.change(load, lambda boxes: exchanged(*boxes, activation, ids))

    async def swap(
        self,
        old: StationId,
        mac: str,
        claim_code: str,
        by: Claimant,
        *,
        key: str | None = None,
    ) -> StationId:
        """Claim a box for the place of another one, which leaves it. Place, price, hours, access stay.

        It is a claim in all else, and raises what `Localization.claim` raises; E_NOT_LOCALIZED where the old
        one is and was nowhere, E_PLACE_LEFT where it was taken away from its last place, which is free.
        """
        place_id = await self._station_cache.database.run_read(lambda c: last_place(c, old))
        if place_id is None:
            raise ProvisioningProblem(Code.NOT_LOCALIZED, id=old)
        return await self._localization.claim(
            Claim(mac, claim_code, Position(place_id=place_id)), by, key=key, replaces=old
        )


def _placed(connection: Connection, station_id: StationId) -> PlacedBox:
    device, run = load_device(connection, station_id), load_run(connection, station_id)
    place_id = device.place_id if device is not None else None
    place = load_place(connection, place_id) if place_id is not None else None
    site = load_site(connection, place.site_id) if place is not None else None
    return PlacedBox(station_id, device, run, place, site)
