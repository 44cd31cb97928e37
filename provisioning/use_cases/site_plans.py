"""`SitePlans`: the drawn floors of sites."""

from io import BytesIO

from PIL import Image, UnidentifiedImageError
from sqlalchemy import Connection

from provisioning.records import SitePlan
from provisioning.rules.photos import kind_of
from provisioning.rules.site_plans import NO_PICTURE, may_put, plan_named, plan_refused, plan_unknown
from provisioning.station_cache import StationCache
from provisioning.storage.site_plans import plan_content, plans_of, put_plan, remove_plan

PIXELS_MOST = 25_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")


class SitePlans:
    """What is done with them. That the site is there has been looked at before."""

    def __init__(self, station_cache: StationCache) -> None:
        self._station_cache = station_cache

    async def of_site(self, site_id: str) -> list[SitePlan]:
        """All of a site, by floor."""
        return await self._station_cache.database.run_read(lambda connection: plans_of(connection, site_id))

    async def put(self, site_id: str, floor: str, content: bytes, by: str) -> SitePlan:
        """The picture of a floor from now on. Raises ProvisioningProblem: E_PLAN_REFUSED."""
        cache, floor = self._station_cache, floor.strip()
        kind, (width, height) = kind_of(content), picture_size(content) or (0, 0)
        if kind is None or not width:
            raise plan_refused(site_id, NO_PICTURE)
        plan = SitePlan(str(cache.chance.uuid()), site_id, floor, kind, width, height, cache.clock.now(), by)

        def write(connection: Connection) -> None:
            may_put(plans_of(connection, site_id), plan, content)
            put_plan(connection, plan, content)

        await cache.database.run_write(write)
        return plan

    async def remove(self, site_id: str, plan_id: str) -> None:
        """Take one away. Raises ProvisioningProblem: E_PLAN_UNKNOWN."""

        def write(connection: Connection) -> None:
            remove_plan(connection, plan_named(plans_of(connection, site_id), site_id, plan_id))

        await self._station_cache.database.run_write(write)

    async def picture(self, site_id: str, plan_id: str) -> tuple[str, bytes]:
        """Media type and bytes. Raises ProvisioningProblem: E_PLAN_UNKNOWN."""
        found = await self._station_cache.database.run_read(
            lambda connection: plan_content(connection, site_id, plan_id)
        )
        if found is None:
            raise plan_unknown(site_id, plan_id)
        return found


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Its pixels, by the head of the file: nothing is decoded. None: no picture, or of too many pixels."""
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            width, height = opened.size
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        return None
    return (width, height) if width * height <= PIXELS_MOST else None
