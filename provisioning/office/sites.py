"""Sites, places, tariffs, hours and lists: what belongs to the place and stays when a box is swapped."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from charging.calendar import HoursInvalid, OpeningHours, Period
from charging.tariff import Tariff
from csms.domain.audit import Change
from ocppj.vocabulary import IdToken
from provisioning.activation.runs import StepName
from provisioning.blockers import Code
from provisioning.directory import Directory, Touched
from provisioning.errors import ProvisioningProblem
from provisioning.office.operation import Operation
from provisioning.records import NamedTariff, Place, Site
from provisioning.storage.orders import is_tariff_name_taken, load_tariffs, save_tariff
from provisioning.storage.sites import (
    is_site_name_taken,
    load_site,
    place_named,
    save_hours,
    save_place,
    save_site,
    save_tokens,
)
from runtime.audit import Act

Weekly = tuple[tuple[Period, ...], ...]


class Sites:
    """What a manager sets up before, and changes after."""

    def __init__(self, directory: Directory, operation: Operation) -> None:
        self._directory, self._operation = directory, operation
        self.on_hours_changed: Callable[[], None] = lambda: None

    async def add_site(self, site: Site) -> Site:
        """Store a new site. Raises ProvisioningProblem: E_NAME_TAKEN, E_ZONE_UNKNOWN, E_TARIFF_UNKNOWN."""
        zone_named(site.zone)
        added = replace(site, site_id=str(self._directory.chance.uuid()))

        def store(connection: Connection) -> None:
            _assert_tariff(connection, added.tariff_id)
            if is_site_name_taken(connection, added.name):
                raise ProvisioningProblem(Code.NAME_TAKEN, name=added.name)
            save_site(connection, added)

        await self._directory.change(store, Touched(sites={added.site_id}), cause="site added")
        return added

    async def change_site(self, site_id: str, by: str, **changes: object) -> Site:
        """Change a site's own fields; a new tariff or zone goes to its stations. Raises the same problems."""
        touched = Touched(set(self._directory.stations_on(site_id)), sites={site_id})

        def store(connection: Connection) -> tuple[Site, Site]:
            before = load_site(connection, site_id)
            if before is None:
                raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
            after = replace(before, **changes)  # type: ignore[arg-type] # the API gives Site's own fields
            zone_named(after.zone)
            _assert_tariff(connection, after.tariff_id)
            if is_site_name_taken(connection, after.name, but=site_id):
                raise ProvisioningProblem(Code.NAME_TAKEN, name=after.name)
            save_site(connection, after)
            return before, after

        before, after = await self._directory.change(store, touched, cause=f"site changed by {by}")
        steps = []
        if after.zone != before.zone:
            steps.append(StepName.CLOCK)
            self.on_hours_changed()
        if after.tariff_id != before.tariff_id:
            steps.append(StepName.TARIFF)
        if steps:
            await self._operation.refresh_site(site_id, tuple(steps), by)
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
            Touched(set(self._directory.stations_on(site_id)), sites={site_id}),
            cause=f"hours changed by {by}",
        )
        self.on_hours_changed()
        return hours

    async def set_tokens(self, site_id: str, tokens: tuple[IdToken, ...], by: str) -> int:
        """Replace a site's authorization list and send it; how many stations get it."""
        self.site(site_id)
        distinct = tuple({token.key: token for token in tokens}.values())
        await self._directory.change(
            lambda connection: save_tokens(connection, site_id, distinct),
            Touched(sites={site_id}),
            cause="list changed",
        )
        return await self._operation.refresh_site(site_id, (StepName.ACCESS_LIST,), by)

    async def token_changed(self, id_token: IdToken, by: str) -> int:
        """The verdict on a token is another: the lists that hold it go out again; to how many stations."""
        listing = [
            site.site_id
            for site in self._directory.sites.values()
            if any(listed.value_key == id_token.value_key for listed in site.tokens)
        ]
        return sum(
            [await self._operation.refresh_site(each, (StepName.ACCESS_LIST,), by) for each in listing]
        )

    async def add_place(self, place: Place) -> Place:
        """Store a new place under a new id. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_NAME_TAKEN."""
        self.site(place.site_id)
        added = replace(place, place_id=str(self._directory.chance.uuid()))
        await self._keep_place(added, "place added")
        return added

    async def change_place(self, place_id: str, by: str, **changes: object) -> Place:
        """Rename a place, or move its pin. Raises ProvisioningProblem: E_PLACE_UNKNOWN, E_NAME_TAKEN."""
        known = self._directory.places.get(place_id)
        if known is None:
            raise ProvisioningProblem(Code.PLACE_UNKNOWN, id=place_id)
        changed = replace(known, **changes)  # type: ignore[arg-type] # the API gives Place's own fields
        station_id, act = self._directory.station_at(place_id), self._directory.act
        more = {"result": changed.name, "reference": place_id}
        acts = [act(station_id, by, Change.PLACE_CHANGED, **more)] if station_id is not None else []
        await self._keep_place(changed, f"place changed by {by}", acts)
        return changed

    async def add_tariff(self, name: str, tariff: Tariff) -> NamedTariff:
        """Store a new tariff under a new id. Raises ProvisioningProblem: E_NAME_TAKEN."""
        directory = self._directory
        named = NamedTariff(name, replace(tariff, tariff_id=str(directory.chance.uuid())))
        now = directory.clock.now()

        def store(connection: Connection) -> None:
            if is_tariff_name_taken(connection, name):
                raise ProvisioningProblem(Code.NAME_TAKEN, name=name)
            save_tariff(connection, named, now)

        await directory.change(store, Touched(tariffs={named.tariff.tariff_id}), cause="tariff added")
        return named

    def site(self, site_id: str) -> Site:
        """A site. Raises ProvisioningProblem: E_SITE_UNKNOWN."""
        site = self._directory.sites.get(site_id)
        if site is None:
            raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
        return site

    def tariff(self, tariff_id: str) -> NamedTariff:
        """A tariff. Raises ProvisioningProblem: E_TARIFF_UNKNOWN."""
        named = self._directory.tariffs.get(tariff_id)
        if named is None:
            raise ProvisioningProblem(Code.TARIFF_UNKNOWN, id=tariff_id)
        return named

    async def _keep_place(self, place: Place, cause: str, acts: Iterable[Act] = ()) -> None:
        def store(connection: Connection) -> None:
            if place_named(connection, place.site_id, place.name) not in (None, place.place_id):
                raise ProvisioningProblem(Code.NAME_TAKEN, name=place.name)
            save_place(connection, place)

        touched = Touched(places={place.place_id}, acts=list(acts))
        await self._directory.change(store, touched, cause=cause)


def _assert_tariff(connection: Connection, tariff_id: str | None) -> None:
    if tariff_id is not None and not load_tariffs(connection, [tariff_id]):
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
