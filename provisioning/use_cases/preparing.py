"""Making a site ready for the stations that are to be mounted there."""

from collections.abc import Callable, Collection

from sqlalchemy import Connection

from access.principals import AccessScope
from provisioning.accounts import DoneBy
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.gates.facts import PreparedFacts
from provisioning.owners import site_resource
from provisioning.preparation import (
    GuideReceipt,
    InstallPath,
    SitePreparation,
    SiteSignal,
    SiteVerdict,
)
from provisioning.products.product import GuideKind
from provisioning.rules.preparing import (
    PreparingFacts,
    guide_read,
    item_answered,
    path_chosen,
    preparation_ended,
    signal_measured,
    site_decided,
    site_facts,
)
from provisioning.station_cache import StationCache
from provisioning.storage.preparations import load_preparation
from provisioning.storage.sites import load_site


class Preparing:
    """The preparations of sites; they are in memory."""

    def __init__(self, station_cache: StationCache) -> None:
        self._station_cache = station_cache

    async def choose(
        self, site_id: str, path: InstallPath, products: Collection[str], by: str
    ) -> SitePreparation:
        """Who installs what; from now on stations there wait for what that asks for, but for those that are
        active already. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_PRODUCT_UNKNOWN.
        """
        done = self._done(by)
        return await self._change(site_id, lambda facts: path_chosen(facts, path, products, done))

    async def answer(  # noqa: PLR0917 - what there is to say of it
        self, site_id: str, product: str, item: str, verdict: SiteVerdict, note: str | None, by: str
    ) -> SitePreparation:
        """What somebody found. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_PREPARATION_UNKNOWN,
        E_SITE_ITEM_UNKNOWN.
        """
        done = self._done(by)
        return await self._change(
            site_id, lambda facts: item_answered(facts, product, item, verdict, note, done)
        )

    async def measure(  # noqa: PLR0917 - what there is to say of it
        self, site_id: str, product: str, dbm: int, carrier: str | None, band: str | None, by: str
    ) -> SitePreparation:
        """A signal. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_PREPARATION_UNKNOWN,
        E_SITE_ITEM_UNKNOWN.
        """
        signal = SiteSignal(product, dbm, carrier, band, self._done(by))
        return await self._change(site_id, lambda facts: signal_measured(facts, signal))

    async def read(
        self, site_id: str, product: str, guide: GuideKind, version: int, by: str
    ) -> SitePreparation:
        """A guide was read. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_PREPARATION_UNKNOWN,
        E_SITE_ITEM_UNKNOWN, E_GUIDE_UNKNOWN.
        """
        receipt = GuideReceipt(product, guide, version, self._done(by))
        return await self._change(site_id, lambda facts: guide_read(facts, receipt))

    async def decide(
        self, site_id: str, by: str, *, is_approved: bool, note: str | None, is_team: bool
    ) -> SitePreparation:
        """The team says whether the site is ready. Raises ProvisioningProblem: E_SITE_UNKNOWN,
        E_PREPARATION_UNKNOWN, E_PREPARATION_OF_THE_TEAM, and what is not ready of it.
        """
        done = self._done(by)
        return await self._change(
            site_id,
            lambda facts: site_decided(facts, is_approved=is_approved, note=note, done=done, is_team=is_team),
        )

    async def end(self, site_id: str, by: str, *, is_team: bool) -> None:
        """Its stations wait for nothing of it. Raises ProvisioningProblem: E_SITE_UNKNOWN,
        E_PREPARATION_UNKNOWN, E_PREPARATION_OF_THE_TEAM.
        """
        done = self._done(by)
        await self._written(site_id, lambda facts: preparation_ended(facts, done, is_team=is_team))

    def one(self, site_id: str) -> SitePreparation:
        """That of a site. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_PREPARATION_UNKNOWN."""
        known = self._station_cache
        if site_id not in known.sites:
            raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
        preparation = known.preparations.get(site_id)
        if preparation is None:
            site = known.sites[site_id].name
            raise ProvisioningProblem(Code.PREPARATION_UNKNOWN, site=site, site_id=site_id)
        return preparation

    def every(self, scope: AccessScope) -> list[SitePreparation]:
        """Those of these sites."""
        known = self._station_cache
        return [
            each
            for each in known.preparations.values()
            if scope.covers(site_resource(known.sites[each.site_id]))
        ]

    def facts(self, preparation: SitePreparation) -> PreparedFacts | None:
        """What its stations are asked for. A service counts that was bought with an order of any of them."""
        known = self._station_cache
        orders = {known.devices[each].order_id for each in known.stations_on(preparation.site_id)}
        return site_facts(
            known.sites[preparation.site_id],
            preparation,
            known.product_named,
            is_serviced=not orders.isdisjoint(known.serviced_orders),
        )

    async def _change(self, site_id: str, decide: Callable[[PreparingFacts], ChangeSet]) -> SitePreparation:
        await self._written(site_id, decide)
        return self.one(site_id)

    async def _written(self, site_id: str, decide: Callable[[PreparingFacts], ChangeSet]) -> None:
        product_named = self._station_cache.product_named
        stations = self._station_cache.stations_on(site_id)

        def load(connection: Connection) -> PreparingFacts | None:
            site = load_site(connection, site_id)
            if site is None:
                return None
            return PreparingFacts(site, load_preparation(connection, site_id), product_named, stations)

        def decided(facts: PreparingFacts | None) -> ChangeSet:
            if facts is None:
                raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
            return decide(facts)

        await self._station_cache.change(load, decided)

    def _done(self, by: str) -> DoneBy:
        return DoneBy(self._station_cache.clock.now(), by)
