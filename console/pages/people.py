"""People: who has which role where, who is invited, which programs have a token."""

from typing import TypedDict
from urllib.parse import quote

from starlette.responses import Response

from access.actions import Permission
from access.invitations_api import InvitationLinkView, InvitationView
from access.principals import RANKS, Account, AccountKind, Resource
from access.problems import account_unknown
from access.views import MembershipAnswer
from console.navigation import PEOPLE
from console.page_routes import POST, PageRoute, see_other
from console.people_views import AccountRow, PeopleViews
from console.rendering import Shown
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words

ONE = f"{PEOPLE}/{{kind}}/{{name}}"
OF_INVITATION = f"{PEOPLE}/invitations/{{invitation_id}}"


class RoleLine(TypedDict):
    """A role, and where it counts; `place` is what a form sends back to take it away."""

    role: str
    where: str
    place: str
    may_remove: bool


class AccountLine(TypedDict):
    """A person or a program as one of a list."""

    name: str
    href: str
    roles: list[RoleLine]


async def people(visit: PageVisit, views: ConsoleViews) -> Shown:
    """All that its reader may see."""
    of_people, who, words = views.of_people, visit.who, visit.words
    of_people.check_may_invite(who)
    titles = await of_people.organisation_names()
    accounts = await of_people.accounts(who)
    lines = {
        kind: [_line(each, visit, of_people, titles) for each in accounts if each.kind is kind]
        for kind in AccountKind
    }
    invited = await of_people.invitations(who)
    values = {
        "people": lines[AccountKind.PERSON],
        "programs": lines[AccountKind.PROGRAM],
        "invitations": [_invitation_line(each, words, of_people, titles) for each in invited],
        "runs_server": of_people.runs_server(who),
        "sees_accounts": bool(accounts),
        "done": words.of("people_done", visit.given("done")) if visit.given("done") in DONE else "",
    }
    return Shown("people.html", "people.title", values)


DONE = ("ended", "revoked", "saved", "given", "removed")
"""What was done on the page before."""


async def account(visit: PageVisit, views: ConsoleViews) -> Shown:
    """One of them, with what may be changed."""
    of_people = views.of_people
    row = await of_people.account(visit.who, kind_of(visit), visit.request.path_params["name"])
    return await account_shown(visit, of_people, row)


async def account_shown(
    visit: PageVisit, of_people: PeopleViews, row: AccountRow, fault: str = "", status: int = 200
) -> Shown:
    """Its page, where need be with what is wrong."""
    words = visit.words
    titles = await of_people.organisation_names()
    line = _line(row, visit, of_people, titles)
    is_self = row.account.name == visit.who.name and row.kind is visit.who.kind
    places = await of_people.places(visit.who, Permission.MANAGE_MEMBERS)
    values = {
        "line": line,
        "kind": row.kind.value,
        "is_self": is_self,
        "may_end": of_people.runs_server(visit.who) and not is_self,
        "may_remake": of_people.runs_server(visit.who)
        and row.kind is AccountKind.PROGRAM
        and any(each.site_id is None for each in row.account.memberships),
        "places": [(place_value(each), place_text(org, site, titles, words)) for each, org, site in places],
        "roles": role_choices(words),
        "fault": fault,
        "done": words.of("people_done", visit.given("done")) if visit.given("done") in DONE else "",
    }
    return Shown("account.html", "people.title", values, heading=row.account.name, status=status)


def kind_of(visit: PageVisit) -> AccountKind:
    """Raises Problem 404 where a path names neither people nor programs."""
    text = visit.request.path_params["kind"]
    try:
        return AccountKind(text)
    except ValueError:
        raise account_unknown(Account(AccountKind.PERSON, visit.request.path_params["name"])) from None


def account_href(kind: AccountKind, name: str) -> str:
    """Its page."""
    return f"{PEOPLE}/{kind.value}/{quote(name, safe='')}"


def role_choices(words: Words) -> list[tuple[str, str]]:
    """The least first."""
    return [(each.value, words.of("role", each.value)) for each in RANKS]


def place_value(place: Resource) -> str:
    """What a form sends for it: `organisation` or `organisation|site`."""
    return f"{place.organisation_id}|{place.site_id}" if place.site_id else place.organisation_id


def place_from(text: str) -> Resource:
    """Of what a form sent."""
    organisation_id, _, site_id = text.partition("|")
    return Resource(organisation_id, site_id or None)


def place_text(organisation: str, site: str, titles: dict[str, str], words: Words) -> str:
    """Where: with the organisation's name only where there are several."""
    if len(titles) <= 1:
        return site or words("people.everywhere")
    return f"{organisation} · {site}" if site else organisation


def _line(row: AccountRow, visit: PageVisit, of_people: PeopleViews, titles: dict[str, str]) -> AccountLine:
    roles = [_role_line(each, visit, of_people, titles) for each in row.account.memberships]
    return {"name": row.account.name, "href": account_href(row.kind, row.account.name), "roles": roles}


def _role_line(
    membership: MembershipAnswer, visit: PageVisit, of_people: PeopleViews, titles: dict[str, str]
) -> RoleLine:
    organisation_id, site_id = membership.organisation_id, membership.site_id
    site = of_people.site_name(site_id) if site_id else ""
    organisation = titles.get(organisation_id, organisation_id)
    return {
        "role": visit.words.of("role", membership.role.value),
        "where": place_text(organisation, site, titles, visit.words),
        "place": place_value(Resource(organisation_id, site_id)),
        "may_remove": of_people.may_manage(visit.who, organisation_id),
    }


def _invitation_line(
    invitation: InvitationView, words: Words, of_people: PeopleViews, titles: dict[str, str]
) -> dict[str, object]:
    site = of_people.site_name(invitation.site_id) if invitation.site_id else ""
    organisation = titles.get(invitation.organisation_id, invitation.organisation_id)
    return {
        "label": invitation.label,
        "href": f"{PEOPLE}/invitations/{invitation.invitation_id}",
        "role": words.of("role", invitation.role.value),
        "where": place_text(organisation, site, titles, words),
        "state": words.of("invitation_state", invitation.state),
        "look": {"open": "waiting", "used": "ready"}.get(invitation.state, ""),
        "may_revoke": invitation.state == "open",
        "may_remake": invitation.state != "used",
        "about": words("people.invited_by", name=invitation.made_by, when=words.instant(invitation.made_at))
        if invitation.used_by is None
        else words("people.came_as", name=invitation.used_by, when=words.instant(invitation.used_at)),
        "until": words("people.until", when=words.instant(invitation.expires_at)),
    }


def link_shown(made: InvitationLinkView, visit: PageVisit) -> Shown:
    """The link, told this once."""
    base = str(visit.request.base_url).rstrip("/")
    values = {
        "label": made.label,
        "link": made.link or f"{base}{made.path}",
        "until": visit.words.instant(made.expires_at),
    }
    return Shown(
        "invited.html", "people.title", values, heading=visit.words("people.link_made", name=made.label)
    )


async def remake(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Another link, told by this answer alone."""
    made = await views.of_people.remake(visit.who, visit.request.path_params["invitation_id"])
    return link_shown(made, visit)


async def revoke(visit: PageVisit, views: ConsoleViews) -> Response:
    """The link lets nobody in any more."""
    await views.of_people.revoke(visit.who, visit.request.path_params["invitation_id"])
    return see_other(f"{PEOPLE}?done=revoked")


ROUTES = (
    PageRoute(PEOPLE, people),
    PageRoute(f"{OF_INVITATION}/link", remake, POST),
    PageRoute(f"{OF_INVITATION}/revoke", revoke, POST),
)
