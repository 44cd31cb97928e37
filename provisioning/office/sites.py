"""Sites, places, tariffs, hours and lists: what belongs to the place and stays when a box is swapped."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from charging.calendar import HoursInvalid, OpeningHours, Period
from charging.tariff import Tariff
from ocppj.vocabulary import IdToken
from provisioning.activation.runs import StepName
from provisioning.catalogue import Code
from provisioning.directory import Directory
from provisioning.errors import ProvisioningProblem
from provisioning.office.operation import Operation
from provisioning.records import NamedTariff, Place, Site
from provisioning.storage.orders import load_tariffs, save_tariff
from provisioning.storage.sites import (
    load_places,
    load_sites,
    save_hours,
    save_place,
    save_site,
    save_tokens,
)

Weekly = tuple[tuple[Period, ...], ...]


class Sites:
    """What a manager sets up before, and changes after."""

    def __init__(self, directory: Directory, operation: Operation) -> None:
        self._directory, self._operation = directory, operation
        self.on_hours_changed: Callable[[], None] = lambda: None

    async def add_site(self, site: Site) -> Site:
        """Store a new site. Raises ProvisioningProblem: E_NAME_TAKEN, E_ZONE_UNKNOWN, E_TARIFF_UNKNOWN."""
        zone_named(site.zone)
        self._assert_tariff(site.tariff_id)
        added = replace(site, site_id=str(self._directory.chance.uuid()))

        def store(connection: Connection) -> None:
            _assert_free(added.name, (known.name for known in load_sites(connection)))
            save_site(connection, added)

        await self._directory.change(store, cause="site added")
        return added

    async def change_site(self, site_id: str, by: str, **changes: object) -> Site:
        """Change a site's own fields; a new tariff goes to its stations. Raises ProvisioningProblem."""
        before = self.site(site_id)
        after = replace(before, **changes)  # type: ignore[arg-type] # the API's model gives Site's own fields
        zone_named(after.zone)
        self._assert_tariff(after.tariff_id)

        def store(connection: Connection) -> None:
            names = (known.name for known in load_sites(connection) if known.site_id != site_id)
            _assert_free(after.name, names)
            save_site(connection, after)

        stations = self._directory.stations_on(site_id)
        await self._directory.change(store, stations=stations, cause="site changed")
        if after.tariff_id != before.tariff_id:
            await self._operation.refresh_site(site_id, StepName.TARIFF, by)
        if after.zone != before.zone:
            self.on_hours_changed()
        return self.site(site_id)

    async def set_hours(
        self, site_id: str, weekly: Weekly | None, exceptions: dict[str, tuple[Period, ...]], by: str
    ) -> OpeningHours:
        """Replace a site's opening hours; they hold at once. Raises ProvisioningProblem: E_HOURS_INVALID."""
        site = self.site(site_id)
        hours = opening_hours(site.zone, weekly, exceptions)
        now = self._directory.clock.now()
        await self._directory.change(
            lambda connection: save_hours(connection, site_id, hours, now, by),
            stations=self._directory.stations_on(site_id),
            cause="hours changed",
        )
        self.on_hours_changed()
        return hours

    async def set_tokens(self, site_id: str, tokens: tuple[IdToken, ...], by: str) -> int:
        """Replace a site's authorization list and send it; how many stations get it."""
        self.site(site_id)
        distinct = tuple({token.key: token for token in tokens}.values())
        await self._directory.change(
            lambda connection: save_tokens(connection, site_id, distinct), cause="list changed"
        )
        return await self._operation.refresh_site(site_id, StepName.ACCESS_LIST, by)

    async def add_place(self, place: Place) -> Place:
        """Store a new place under a new id. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_NAME_TAKEN."""
        self.site(place.site_id)
        added = replace(place, place_id=str(self._directory.chance.uuid()))

        def store(connection: Connection) -> None:
            taken = (known.name for known in load_places(connection) if known.site_id == place.site_id)
            _assert_free(added.name, taken)
            save_place(connection, added)

        await self._directory.change(store, cause="place added")
        return added

    async def add_tariff(self, name: str, tariff: Tariff) -> NamedTariff:
        """Store a new tariff under a new id. Raises ProvisioningProblem: E_NAME_TAKEN."""
        directory = self._directory
        named = NamedTariff(name, replace(tariff, tariff_id=str(directory.chance.uuid())))
        now = directory.clock.now()

        def store(connection: Connection) -> None:
            _assert_free(name, (known.name for known in load_tariffs(connection)))
            save_tariff(connection, named, now)

        await directory.change(store, cause="tariff added")
        return named

    def site(self, site_id: str) -> Site:
        """A site. Raises ProvisioningProblem: E_SITE_UNKNOWN."""
        site = self._directory.sites.get(site_id)
        if site is None:
            raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
        return site

    def _assert_tariff(self, tariff_id: str | None) -> None:
        if tariff_id is not None and tariff_id not in self._directory.tariffs:
            raise ProvisioningProblem(Code.TARIFF_UNKNOWN, id=tariff_id)


def zone_named(name: str) -> ZoneInfo:
    """A time zone. Raises ProvisioningProblem: E_ZONE_UNKNOWN."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ProvisioningProblem(Code.ZONE_UNKNOWN, zone=name) from error


def opening_hours(
    zone: str, weekly: Weekly | None, exceptions: dict[str, tuple[Period, ...]]
) -> OpeningHours:
    """Opening hours from parsed parts. Raises ProvisioningProblem: E_HOURS_INVALID."""
    try:
        days = tuple((date.fromisoformat(day), periods) for day, periods in sorted(exceptions.items()))
        return OpeningHours(zone_named(zone), weekly, days)
    except (HoursInvalid, ValueError) as error:
        raise ProvisioningProblem(Code.HOURS_INVALID, reason=error) from error


def _assert_free(name: str, taken: Iterable[str]) -> None:
    if any(other.casefold() == name.casefold() for other in taken):
        raise ProvisioningProblem(Code.NAME_TAKEN, name=name)
