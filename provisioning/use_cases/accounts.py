"""Setting up the account of an organisation, before its stations charge."""

from collections.abc import Callable

from sqlalchemy import Connection

from access.organisations import has_organisation
from access.principals import AccessScope, Resource
from ocppj.vocabulary import StationId
from provisioning.accounts import AccountSetUp, BillingState, Contact, DoneBy
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.rules.accounts import (
    SetUpFacts,
    account_confirmed,
    billing_moved,
    closed,
    contacts_named,
    opened,
    organisation_confirmed,
)
from provisioning.station_cache import StationCache
from provisioning.storage.accounts import is_managed, load_set_up


class Accounts:
    """The four steps; the set-ups themselves are in memory."""

    def __init__(self, station_cache: StationCache) -> None:
        self._station_cache = station_cache

    async def exists(self, organisation_id: str) -> bool:
        """Whether there is such an organisation."""
        read = self._station_cache.database.run_read
        return await read(lambda connection: has_organisation(connection, organisation_id))

    async def open(self, organisation_id: str, by: str) -> AccountSetUp:
        """From now on its stations wait for the four steps, but for those that are active already."""
        done = self._done(by)
        return await self._change(organisation_id, lambda facts: opened(facts, done))

    async def confirm_account(self, organisation_id: str, by: str) -> AccountSetUp:
        """Step 1. Raises ProvisioningProblem: E_SET_UP_UNKNOWN, E_NO_MANAGER."""
        done = self._done(by)
        return await self._change(organisation_id, lambda facts: account_confirmed(facts, done))

    async def confirm_organisation(
        self, organisation_id: str, legal_name: str, address: str, by: str
    ) -> AccountSetUp:
        """Step 2. Raises ProvisioningProblem: E_SET_UP_UNKNOWN."""
        done = self._done(by)
        return await self._change(
            organisation_id, lambda facts: organisation_confirmed(facts, legal_name, address, done)
        )

    async def move_billing(
        self, organisation_id: str, state: BillingState, by: str, *, is_team: bool
    ) -> AccountSetUp:
        """Step 3. Raises ProvisioningProblem: E_SET_UP_UNKNOWN, E_SET_UP_OF_THE_TEAM."""
        done = self._done(by)
        return await self._change(
            organisation_id, lambda facts: billing_moved(facts, state, done, is_team=is_team)
        )

    async def name_contacts(
        self, organisation_id: str, contacts: tuple[Contact, ...], by: str
    ) -> AccountSetUp:
        """Step 4. Raises ProvisioningProblem: E_SET_UP_UNKNOWN."""
        done = self._done(by)
        return await self._change(organisation_id, lambda facts: contacts_named(facts, contacts, done))

    async def close(self, organisation_id: str, by: str, *, is_team: bool) -> None:
        """Its stations wait for nothing of it. Raises ProvisioningProblem: E_SET_UP_UNKNOWN,
        E_SET_UP_OF_THE_TEAM.
        """
        done = self._done(by)
        await self._written(organisation_id, lambda facts: closed(facts, done, is_team=is_team))

    def one(self, organisation_id: str) -> AccountSetUp:
        """That of an organisation. Raises ProvisioningProblem: E_SET_UP_UNKNOWN."""
        set_up = self._station_cache.set_ups.get(organisation_id)
        if set_up is None:
            raise ProvisioningProblem(Code.SET_UP_UNKNOWN, organisation=organisation_id)
        return set_up

    def every(self, scope: AccessScope) -> list[AccountSetUp]:
        """Those of these organisations."""
        found = self._station_cache.set_ups.values()
        return [each for each in found if scope.covers(Resource(each.organisation_id))]

    def stations(self, organisation_id: str) -> list[StationId]:
        """Those at places of the organisation."""
        return self._station_cache.stations_of(organisation_id)

    async def _change(self, organisation_id: str, decide: Callable[[SetUpFacts], ChangeSet]) -> AccountSetUp:
        await self._written(organisation_id, decide)
        return self.one(organisation_id)

    async def _written(self, organisation_id: str, decide: Callable[[SetUpFacts], ChangeSet]) -> None:
        stations = self.stations(organisation_id)

        def load(connection: Connection) -> SetUpFacts:
            found = load_set_up(connection, organisation_id)
            return SetUpFacts(organisation_id, found, is_managed(connection, organisation_id), stations)

        await self._station_cache.change(load, decide)

    def _done(self, by: str) -> DoneBy:
        return DoneBy(self._station_cache.clock.now(), by)
