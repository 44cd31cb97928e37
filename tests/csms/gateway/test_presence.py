"""Which stations are connected: what is held here, and what other nodes hold."""

from csms.domain.links import LinkSecurity, LinkView
from csms.gateway.presence import KnownLinks
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, StationId
from tests.support.gateway import GatewaySite
from tests.support.inbound import CP1, CP2, NOON

NOWHERE = StationId("cp3")


async def test_a_link_is_known_wherever_it_is(site: GatewaySite) -> None:
    """With its node; of who holds none here the others are asked, where there are any."""
    security = LinkSecurity.BASIC_AUTH
    there = LinkView(CP2, Epoch(9), OcppVersion.V201, "p", security, NOON, NOON, None, node="there")
    site.whereabouts.links = {CP1: there, CP2: there}
    known = KnownLinks(site.gateway, site.whereabouts)
    async with site.station("CP1"):
        found = await known.links([CP1, CP2, NOWHERE])
        assert {each: link.node for each, link in found.items()} == {CP1: "here", CP2: "there"}
        assert (await KnownLinks(site.gateway).links([CP1, CP2])).keys() == {CP1}
    assert await known.link(CP2) == there
    assert await known.link(NOWHERE) is None
