"""Sites, places, tariffs, hours and lists: what belongs to the place and stays when a box is swapped."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from access.principals import DEFAULT
from charging.calendar import HoursInvalid, OpeningHours, Period
from charging.tariff import Tariff
from csms.domain.audit import Change
from csms.ports import ChangePart
from ocppj.vocabulary import IdToken, StationId
from provisioning.activation.runs import StepName
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet, NewHours
from provisioning.errors import ProvisioningProblem
from provisioning.records import NamedTariff, Place, Site
from provisioning.rules.accounts import needs_billing
from provisioning.rules.sites import (
    SiteFacts,
    Stations,
    added,
    changed,
    listed,
    request_activations,
    zone_named,
)
from provisioning.station_cache import StationCache
from provisioning.storage.accounts import load_set_up
from provisioning.storage.devices import device_at, load_devices, station_ids_on
from provisioning.storage.orders import is_tariff_name_taken, load_tariffs
from provisioning.storage.runs import load_runs
from provisioning.storage.sites import is_site_name_taken, load_place, load_site, place_named, sites_listing
from provisioning.use_cases.operation import Operation

MANY = 50
"""Stations of a site of which a change is big."""
Weekly = tuple[tuple[Period, ...], ...]


class Sites:
    """What a manager sets up before, and changes after."""

    def __init__(self, station_cache: StationCache, operation: Operation) -> None:
        self._station_cache, self._operation = station_cache, operation

    async def add_site(self, site: Site) -> Site:
        """Store a new site. Raises ProvisioningProblem: E_NAME_TAKEN, E_ZONE_UNKNOWN, E_TARIFF_UNKNOWN."""
        zone_named(site.zone)
        new = replace(site, site_id=str(self._station_cache.chance.uuid()))

        def load(connection: Connection) -> SiteFacts:
            is_taken = is_site_name_taken(connection, new.name)
            return SiteFacts(
                None,
                is_taken,
                _is_tariff_known(connection, new.tariff_id, new.organisation_id),
                _waits_for_billing(connection, new.tariff_id, new.organisation_id),
            )

        await self._station_cache.change(load, lambda facts: added(facts, new))
        return new

    async def change_site(self, site_id: str, by: str, **fields: object) -> Site:
        """Change a site's own fields; a new tariff or zone goes to its stations. Raises the same problems."""
        activation = self._operation.activation_request(by, is_requested_here=False)
        goes_out = bool(fields.keys() & {"zone", "tariff_id"})

        def load(connection: Connection) -> SiteFacts:
            site = load_site(connection, site_id)
            name = fields.get("name", site.name if site is not None else "")
            wanted = fields.get("tariff_id")
            tariff_id = wanted if isinstance(wanted, str) else None
            whose = site.organisation_id if site is not None else DEFAULT
            return SiteFacts(
                site,
                is_site_name_taken(connection, str(name), but=site_id),
                _is_tariff_known(connection, tariff_id, whose),
                _waits_for_billing(connection, tariff_id, whose),
                self._stations(connection, site_id) if goes_out else (),
            )

        everybody = self._station_cache.stations_on(site_id)

        def decide(facts: SiteFacts) -> ChangeSet:
            change = changed(facts, site_id, fields, activation)
            change.about |= set(everybody)
            return change

        change = await self._station_cache.change(load, decide, is_big=goes_out and len(everybody) > MANY)
        return change.sites[site_id].after

    async def set_hours(
        self, site_id: str, weekly: Weekly | None, exceptions: dict[str, tuple[Period, ...]], by: str
    ) -> OpeningHours:
        """Replace a site's opening hours; they hold at once. Raises ProvisioningProblem: E_HOURS_INVALID."""
        hours = opening_hours(self.site(site_id).zone, weekly, exceptions)
        new = NewHours(hours, self._station_cache.clock.now(), by)
        everybody = set(self._station_cache.stations_on(site_id))

        def decide(site: Site | None) -> ChangeSet:
            if site is None:
                raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
            in_zone = replace(new, hours=replace(hours, zone=zone_named(site.zone)))
            change = ChangeSet(f"hours changed by {by}", hours={site_id: in_zone}, about=everybody)
            change.put_site(site, replace(site, hours=in_zone.hours))
            return change

        await self._station_cache.change(lambda connection: load_site(connection, site_id), decide)
        return hours

    async def set_tokens(self, site_id: str, tokens: tuple[IdToken, ...], by: str) -> int:
        """Replace a site's authorization list and send it; how many stations get it."""
        self.site(site_id)
        activation = self._operation.activation_request(by, (StepName.ACCESS_LIST,), is_requested_here=False)

        def load(connection: Connection) -> SiteFacts:
            return SiteFacts(load_site(connection, site_id), stations=self._stations(connection, site_id))

        is_big = len(self._station_cache.stations_on(site_id)) > MANY
        change = await self._station_cache.change(
            load, lambda facts: listed(facts, site_id, tokens, activation), is_big=is_big
        )
        return len(change.runs)

    async def token_changed(self, id_token: IdToken, by: str, stored: ChangePart) -> int:
        """The verdict on a token is another: the lists that hold it go out again; to how many stations.

        What the central system has `stored` of it is part of the same transaction.
        """
        activation = self._operation.activation_request(by, (StepName.ACCESS_LIST,), is_requested_here=False)

        def load(connection: Connection) -> Stations:
            site_ids = sites_listing(connection, id_token)
            return [each for site_id in site_ids for each in self._stations(connection, site_id)]

        def decide(stations: Stations) -> ChangeSet:
            change = ChangeSet(f"changed by {by}", parts=[stored])
            request_activations(change, stations, activation)
            return change

        return len((await self._station_cache.change(load, decide)).runs)

    async def add_place(self, place: Place) -> Place:
        """Store a new place under a new id. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_NAME_TAKEN."""
        self.site(place.site_id)
        new = replace(place, place_id=str(self._station_cache.chance.uuid()))

        def decide(same: str | None) -> ChangeSet:
            change = ChangeSet("place added")
            change.put_place(None, _free(new, same))
            return change

        await self._station_cache.change(
            lambda connection: place_named(connection, new.site_id, new.name), decide
        )
        return new

    async def change_place(self, place_id: str, by: str, **fields: object) -> Place:
        """Rename a place, or move its pin. Raises ProvisioningProblem: E_PLACE_UNKNOWN, E_NAME_TAKEN."""
        act = self._station_cache.act

        def load(connection: Connection) -> tuple[Place, StationId | None, str | None]:
            known = load_place(connection, place_id)
            if known is None:
                raise ProvisioningProblem(Code.PLACE_UNKNOWN, id=place_id)
            name = str(fields.get("name", known.name))
            return known, device_at(connection, place_id), place_named(connection, known.site_id, name)

        def decide(facts: tuple[Place, StationId | None, str | None]) -> ChangeSet:
            known, station_id, same = facts
            after = replace(known, **fields)  # type: ignore[arg-type] # the API gives Place's own fields
            change = ChangeSet(f"place changed by {by}")
            change.put_place(known, _free(after, same))
            if station_id is not None:
                more = {"result": after.name, "reference": place_id}
                change.acts.append(act(station_id, by, Change.PLACE_CHANGED, **more))
                change.about.add(station_id)
            return change

        return (await self._station_cache.change(load, decide)).places[place_id].after

    async def add_tariff(self, name: str, tariff: Tariff, organisation_id: str = DEFAULT) -> NamedTariff:
        """Store a new tariff under a new id. Raises ProvisioningProblem: E_NAME_TAKEN."""
        station_cache = self._station_cache
        now = station_cache.clock.now()
        stored = replace(tariff, tariff_id=str(station_cache.chance.uuid()))
        named = NamedTariff(name, stored, organisation_id, now)

        def decide(is_taken: bool) -> ChangeSet:  # noqa: FBT001 - the one fact
            if is_taken:
                raise ProvisioningProblem(Code.NAME_TAKEN, name=name)
            return ChangeSet("tariff added", tariffs=[(named, now)])

        await station_cache.change(lambda connection: is_tariff_name_taken(connection, name), decide)
        return named

    def site(self, site_id: str) -> Site:
        """A site. Raises ProvisioningProblem: E_SITE_UNKNOWN."""
        site = self._station_cache.sites.get(site_id)
        if site is None:
            raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
        return site

    def tariff(self, tariff_id: str) -> NamedTariff:
        """A tariff. Raises ProvisioningProblem: E_TARIFF_UNKNOWN."""
        named = self._station_cache.tariffs.get(tariff_id)
        if named is None:
            raise ProvisioningProblem(Code.TARIFF_UNKNOWN, id=tariff_id)
        return named

    def _stations(self, connection: Connection, site_id: str) -> Stations:
        """Those on a site that take what changes there: not those under test, until somebody asks."""
        found = [each for each in station_ids_on(connection, site_id) if not self._operation.is_quiet(each)]
        runs = load_runs(connection, found)
        return [(device, runs.get(device.station_id)) for device in load_devices(connection, found)]


def _is_tariff_known(connection: Connection, tariff_id: str | None, organisation_id: str) -> bool:
    """Whether there is one, of the site's own organisation."""
    found = load_tariffs(connection, [tariff_id]) if tariff_id is not None else []
    return tariff_id is None or any(each.organisation_id == organisation_id for each in found)


def _waits_for_billing(connection: Connection, tariff_id: str | None, organisation_id: str) -> bool:
    """Whether it has a price, and Flex billing is not approved where a set-up asks for it."""
    found = load_tariffs(connection, [tariff_id]) if tariff_id is not None else []
    set_up = load_set_up(connection, organisation_id) if found else None
    return any(needs_billing(set_up, each.tariff) for each in found)


def _free(place: Place, same: str | None) -> Place:
    """The place, if no other has its name."""
    if same not in (None, place.place_id):
        raise ProvisioningProblem(Code.NAME_TAKEN, name=place.name)
    return place


def opening_hours(
    zone: str, weekly: Weekly | None, exceptions: dict[str, tuple[Period, ...]]
) -> OpeningHours:
    """Opening hours from parsed parts. Raises ProvisioningProblem: E_HOURS_INVALID."""
    try:
        days = tuple((date.fromisoformat(day), periods) for day, periods in sorted(exceptions.items()))
        return OpeningHours(zone_named(zone), weekly, days)
    except (HoursInvalid, ValueError) as error:
        raise ProvisioningProblem(Code.HOURS_INVALID, reason=error) from error
