"""To whom things belong: a station to the site that it is at, a site to its organisation."""

from sqlalchemy import Connection, select

from access.organisations import Holding
from access.principals import DEFAULT, SERVER, Resource
from ocppj.vocabulary import StationId
from provisioning.known_facts import KnownFacts
from provisioning.records import NamedTariff, Place, Site
from provisioning.storage.delivery_tables import account_set_ups
from provisioning.storage.tables import sites, tariffs
from runtime.wording import Phrase

_OWNED = (
    (
        sites,
        Phrase("{count} site de recharge", "{count} site"),
        Phrase("{count} sites de recharge", "{count} sites"),
    ),
    (tariffs, Phrase("{count} tarif", "{count} tariff"), Phrase("{count} tarifs", "{count} tariffs")),
)
_SET_UP = (
    Phrase("{count} configuration de compte", "{count} set-up of an account"),
    Phrase("{count} configurations de compte", "{count} set-ups of accounts"),
)


class SiteOwners:
    """Fills `csms.ports.Owners`, from memory."""

    def __init__(self, known: KnownFacts) -> None:
        self._known = known

    def of_station(self, station_id: StationId) -> Resource:
        """Of its place's site; what is at no place belongs to who runs the server."""
        site = self._known.site_of(station_id)
        return site_resource(site) if site is not None else SERVER

    def of_site(self, site_id: str) -> Resource | None:
        """It is its own; None where there is none."""
        site = self._known.sites.get(site_id)
        return site_resource(site) if site is not None else None


class StoredOwned:
    """Fills `access.organisations.Owned`."""

    def has_site(self, connection: Connection, organisation_id: str, site_id: str) -> bool:
        """Whether an organisation has this site."""
        is_it = (sites.c.site_id == site_id, sites.c.organisation_id == organisation_id)
        return connection.execute(select(sites.c.site_id).where(*is_it)).first() is not None

    def holdings(self, connection: Connection, organisation_id: str) -> list[Holding]:
        """Its sites and tariffs, and its set-up."""
        found = []
        for table, one, many in _OWNED:
            names = select(table.c.name).where(table.c.organisation_id == organisation_id)
            if rows := connection.execute(names.order_by(table.c.name)).all():
                found.append(Holding(one, many, tuple(row.name for row in rows)))
        is_theirs = account_set_ups.c.organisation_id == organisation_id
        if connection.execute(select(account_set_ups.c.organisation_id).where(is_theirs)).first():
            found.append(Holding(*_SET_UP, (organisation_id,)))
        return found


def site_resource(site: Site) -> Resource:
    """A site is its own."""
    return Resource(site.organisation_id, site.site_id)


def place_resource(known: KnownFacts, place: Place) -> Resource:
    """A place is its site's."""
    site = known.sites.get(place.site_id)
    return site_resource(site) if site is not None else SERVER


def tariff_resource(named: NamedTariff) -> Resource:
    """A tariff is its organisation's: several sites have it."""
    return Resource(named.organisation_id or DEFAULT)
