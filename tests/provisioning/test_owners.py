"""To whom things belong: a station to the site it is at, a site to its organisation."""

from access.principals import SERVER, Resource
from charging.tariff import Tariff
from ocppj.vocabulary import StationId
from provisioning.known_facts import KnownFacts
from provisioning.owners import SiteOwners, place_resource, site_resource, tariff_resource
from provisioning.records import Device, NamedTariff, Place, Site

A, B = StationId("a"), StationId("b")
PORT = Site("port", "Port", "UTC", organisation_id="autre")
QUAI = Place("quai", "port", "Quai")


def known() -> KnownFacts:
    """A station at a place of another organisation, and one at none."""
    facts = KnownFacts()
    facts.sites["port"], facts.places["quai"] = PORT, QUAI
    facts.devices |= {A: Device(A, place_id="quai"), B: Device(B)}
    return facts


def test_a_station_belongs_to_the_site_it_is_at() -> None:
    """One at no place, and one that nobody knows, to who runs the server."""
    owners = SiteOwners(known())
    assert owners.of_station(A) == site_resource(PORT) == Resource("autre", "port")
    assert [owners.of_station(each) for each in (B, StationId("x"))] == [SERVER, SERVER]


def test_a_place_is_its_sites_and_a_tariff_its_organisations() -> None:
    """What is of a site that is gone is the server's."""
    facts = known()
    assert place_resource(facts, QUAI) == site_resource(PORT)
    assert place_resource(facts, Place("p", "gone", "P")) == SERVER
    assert tariff_resource(NamedTariff("T", Tariff("t", "CAD"), "une")) == Resource("une")
