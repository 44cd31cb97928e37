"""What the pages of people show and do: who has which role where, invitations, and tokens of programs."""

from collections.abc import Iterable
from dataclasses import dataclass

from access.actions import Permission, may, scope_of
from access.api import PersonBody, ProgramBody, one_account, saved
from access.control import AccessControl
from access.guard import checked, scope_checked
from access.invitations import Invitations
from access.invitations_api import (
    InvitationBody,
    InvitationLinkView,
    InvitationView,
    invitation_link_view,
    invitation_view,
    invite,
    refusing_invitations,
)
from access.invited import invitation_unknown
from access.organisations import Organisations
from access.organisations_api import give_role, remove_role
from access.principals import SERVER, Account, AccountKind, Membership, Principal, Resource
from access.problems import account_unknown, organisation_unknown
from access.views import MembershipAnswer, PersonAnswer, account_view, membership_view
from provisioning.app import Provisioning

INVITATIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A person or a program, with the roles that its reader may see."""

    kind: AccountKind
    account: PersonAnswer


class PeopleViews:
    """Functions for pages; each asks whether its reader may. Refusals are raised as Problem."""

    def __init__(
        self,
        access: AccessControl,
        organisations: Organisations,
        invitations: Invitations,
        provisioning: Provisioning,
    ) -> None:
        self._access, self._organisations, self._invitations = access, organisations, invitations
        self._known, self._jobs = provisioning.station_cache, provisioning.use_cases.jobs

    @staticmethod
    def runs_server(who: Principal) -> bool:
        """Whether they may let people and programs in, and end their access."""
        return may(who, Permission.MANAGE_ACCESS, SERVER)

    @staticmethod
    def may_manage(who: Principal, organisation_id: str) -> bool:
        """Whether they may give and take roles there."""
        return may(who, Permission.MANAGE_MEMBERS, Resource(organisation_id))

    @staticmethod
    def check_may_invite(who: Principal) -> None:
        """Raises Problem 403."""
        scope_checked(who, Permission.INVITE)

    @staticmethod
    def check_runs_server(who: Principal) -> None:
        """Raises Problem 403."""
        checked(who, Permission.MANAGE_ACCESS, SERVER)

    async def accounts(self, who: Principal) -> list[AccountRow]:
        """Those that they may see: all, or who is a member where they give roles."""
        if self.runs_server(who):
            people, programs = await self._access.people(), await self._access.programs()
            return [
                *(AccountRow(AccountKind.PERSON, account_view(each)) for each in people),
                *(AccountRow(AccountKind.PROGRAM, account_view(each)) for each in programs),
            ]
        found: dict[Account, list[MembershipAnswer]] = {}
        for organisation_id in sorted(scope_of(who, Permission.MANAGE_MEMBERS).organisations):
            for account, membership in await self._organisations.members(organisation_id):
                found.setdefault(account, []).append(membership_view(membership))
        return [_row(account, memberships) for account, memberships in found.items()]

    async def account(self, who: Principal, kind: AccountKind, name: str) -> AccountRow:
        """One of those. Raises Problem 404."""
        every = await self.accounts(who)
        one = next((each for each in every if each.kind is kind and each.account.name == name), None)
        if one is None:
            raise account_unknown(Account(kind, name))
        return one

    async def places(self, who: Principal, action: Permission) -> list[tuple[Resource, str, str]]:
        """Where they may do this: an organisation or a site of it, with the names of both."""
        titles = {each.organisation_id: each.name for each in await self._organisations.every()}
        every = [(Resource(each), title, "") for each, title in titles.items()]
        sites = sorted(self._known.sites.values(), key=lambda each: each.name.casefold())
        every += [
            (Resource(each.organisation_id, each.site_id), titles.get(each.organisation_id, ""), each.name)
            for each in sites
        ]
        return [each for each in every if may(who, action, each[0])]

    def site_name(self, site_id: str) -> str:
        """Its name; of one that is gone its id."""
        known = self._known.sites.get(site_id)
        return known.name if known is not None else site_id

    async def organisation_names(self) -> dict[str, str]:
        """By id."""
        return {each.organisation_id: each.name for each in await self._organisations.every()}

    async def invitations(self, who: Principal) -> list[InvitationView]:
        """Those of where they may invite, newest first."""
        scope = scope_checked(who, Permission.INVITE)
        found = await self._invitations.every(scope, INVITATIONS_SHOWN, None)
        return [invitation_view(each, self._known.clock.now()) for each in found]

    async def invite(self, who: Principal, body: InvitationBody) -> InvitationLinkView:
        """Its link is told this once."""
        made = await invite(self._invitations, body, who)
        return invitation_link_view(made, self._known.clock.now(), self._jobs.settings.public_url)

    async def remake(self, who: Principal, invitation_id: str) -> InvitationLinkView:
        """Another link; the one before lets nobody in."""
        await self._check_theirs(who, invitation_id)
        with refusing_invitations():
            made = await self._invitations.remake(invitation_id, who.name)
        return invitation_link_view(made, self._known.clock.now(), self._jobs.settings.public_url)

    async def revoke(self, who: Principal, invitation_id: str) -> None:
        """Its link lets nobody in."""
        await self._check_theirs(who, invitation_id)
        with refusing_invitations():
            await self._invitations.revoke(invitation_id, who.name)

    async def _check_theirs(self, who: Principal, invitation_id: str) -> None:
        found = await self._invitations.one(invitation_id)
        if found is None:
            raise invitation_unknown()
        checked(who, Permission.INVITE, found.resource, invitation_unknown)

    async def let_in(self, who: Principal, name: str, body: PersonBody) -> None:
        """A person, by a password that they are told; of one who is there, both are new."""
        self.check_runs_server(who)
        password = body.password.get_secret_value()
        added = self._access.add_person(name, password, body.role, body.organisation_id, by=who.name)
        await saved(added)

    async def make_token(self, who: Principal, name: str, body: ProgramBody) -> str:
        """Of a program: told this once, the one before counts no more."""
        self.check_runs_server(who)
        added = self._access.add_token(name, body.role, body.organisation_id, by=who.name)
        return str(await saved(added))

    async def end_access(self, who: Principal, kind: AccountKind, name: str) -> None:
        """At once, everywhere."""
        self.check_runs_server(who)
        await one_account(self._access, kind, name)
        if kind is AccountKind.PERSON:
            await self._access.remove_person(name, by=who.name)
        else:
            await self._access.remove_token(name, by=who.name)

    async def give_role_to(self, who: Principal, account: Account, given: Membership) -> None:
        """A role, in place of the one they have there."""
        checked(who, Permission.MANAGE_MEMBERS, Resource(given.organisation_id), organisation_unknown)
        await give_role(self._organisations, account, given, who)

    async def remove_role_of(self, who: Principal, account: Account, place: Resource) -> None:
        """The role that they have there."""
        checked(who, Permission.MANAGE_MEMBERS, Resource(place.organisation_id), organisation_unknown)
        await remove_role(self._organisations, account, place, who)


def _row(account: Account, memberships: Iterable[MembershipAnswer]) -> AccountRow:
    known = tuple(memberships)
    return AccountRow(account.kind, PersonAnswer(name=account.name, role=None, memberships=known))
