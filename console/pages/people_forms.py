"""Forms of people: invite somebody, let a person in, give a program its token, give and take roles."""

import re
from collections.abc import Mapping

from starlette.responses import Response

from access.actions import Permission
from access.api import PersonBody, ProgramBody
from access.invitations_api import InvitationBody
from access.principals import LONGEST_NAME, RANKS, Account, AccountKind, Membership, Role
from console.forms import WHOLE, FieldsWrong, TypedField, read_body, refusals_at_fields
from console.navigation import PEOPLE
from console.page_routes import POST, PageRoute, see_other
from console.pages.people import (
    ONE,
    account,
    account_href,
    account_shown,
    kind_of,
    link_shown,
    place_from,
    place_text,
    place_value,
    role_choices,
)
from console.rendering import Shown
from console.views import ConsoleViews
from console.visit import PageVisit
from runtime.field_rules import NAME_PATTERN
from runtime.http import Problem

INVITE, NEW_PERSON, NEW_PROGRAM = f"{PEOPLE}/invite", f"{PEOPLE}/new-person", f"{PEOPLE}/new-program"
INVITED_ROLES = (Role.INSTALLER, Role.VIEWER)
VALID_HOURS = ("24", "72", "168", "336")
USUAL_HOURS = "72"


async def invite_form(visit: PageVisit, views: ConsoleViews) -> Shown:
    """An empty form."""
    views.of_people.check_may_invite(visit.who)
    return await _invite_shown(visit, views, {"role": Role.INSTALLER.value, "valid_hours": USUAL_HOURS})


async def invite(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The link is shown by this answer alone: it is kept nowhere."""
    views.of_people.check_may_invite(visit.who)
    typed = await visit.form()
    place = place_from(typed.get("place", ""))
    fields = {
        "label": typed.get("label", "").strip(),
        "role": typed.get("role", ""),
        "valid_hours": typed.get("valid_hours", ""),
        "email": typed.get("email", "").strip() or None,
        "organisation_id": place.organisation_id,
        "site_id": place.site_id,
    }
    try:
        body = read_body(InvitationBody, fields, visit.words)
        with refusals_at_fields(visit.words, "place"):
            made = await views.of_people.invite(visit.who, body)
    except FieldsWrong as wrong:
        return await _invite_shown(visit, views, typed, wrong.faults, wrong.status)
    return link_shown(made, visit)


async def _invite_shown(
    visit: PageVisit,
    views: ConsoleViews,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> Shown:
    words, wrong = visit.words, faults or {}
    titles = await views.of_people.organisation_names()
    places = await views.of_people.places(visit.who, Permission.INVITE)
    choices: dict[str, list[tuple[str, str]]] = {
        "place": [(place_value(each), place_text(org, site, titles, words)) for each, org, site in places],
        "role": [(each.value, words.of("role", each.value)) for each in INVITED_ROLES],
        "valid_hours": [(each, words("people.hours", count=each)) for each in VALID_HOURS],
    }
    fields = [
        TypedField(
            name,
            words.of("people_field", name),
            typed.get(name, ""),
            wrong.get(name, "") or (wrong.get("organisation_id", "") if name == "place" else ""),
            hint=words.find("people_hint", name) or "",
            kind="choice" if name in choices else "text",
            is_required=name == "label",
            choices=choices.get(name, ()),
        )
        for name in ("label", "email", "role", "place", "valid_hours")
    ]
    return _form_shown(visit, "people.invite", fields, wrong, status)


async def new_person(visit: PageVisit, views: ConsoleViews) -> Shown:
    """An empty form."""
    views.of_people.check_runs_server(visit.who)
    return await _account_form(visit, views, AccountKind.PERSON, {"role": Role.MANAGER.value})


async def make_person(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Let in."""
    views.of_people.check_runs_server(visit.who)
    typed = await visit.form()
    try:
        name = _name_of(typed, visit)
        body = read_body(PersonBody, _given(typed) | {"password": typed.get("password", "")}, visit.words)
        with refusals_at_fields(visit.words):
            await views.of_people.let_in(visit.who, name, body)
    except FieldsWrong as wrong:
        return await _account_form(visit, views, AccountKind.PERSON, typed, wrong)
    return see_other(f"{account_href(AccountKind.PERSON, name)}?done=saved")


async def new_program(visit: PageVisit, views: ConsoleViews) -> Shown:
    """An empty form."""
    views.of_people.check_runs_server(visit.who)
    return await _account_form(visit, views, AccountKind.PROGRAM, {"role": Role.VIEWER.value})


async def make_program(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Its token is shown by this answer alone."""
    views.of_people.check_runs_server(visit.who)
    typed = await visit.form()
    try:
        name = _name_of(typed, visit)
        body = read_body(ProgramBody, _given(typed), visit.words)
        with refusals_at_fields(visit.words):
            token = await views.of_people.make_token(visit.who, name, body)
    except FieldsWrong as wrong:
        return await _account_form(visit, views, AccountKind.PROGRAM, typed, wrong)
    return _token_shown(visit, name, token)


def _token_shown(visit: PageVisit, name: str, token: str) -> Shown:
    values = {"token": token, "href": account_href(AccountKind.PROGRAM, name)}
    return Shown(
        "token_made.html", "people.title", values, heading=visit.words("people.token_made", name=name)
    )


def _given(typed: Mapping[str, str]) -> dict[str, object]:
    return {"role": typed.get("role", ""), "organisation_id": typed.get("organisation", "") or "default"}


def _name_of(typed: Mapping[str, str], visit: PageVisit) -> str:
    """Raises FieldsWrong."""
    name = typed.get("name", "").strip()
    if not re.fullmatch(NAME_PATTERN, name) or len(name) > LONGEST_NAME:
        raise FieldsWrong({"name": visit.words("people.no_name", most=LONGEST_NAME)})
    return name


async def _account_form(
    visit: PageVisit,
    views: ConsoleViews,
    kind: AccountKind,
    typed: Mapping[str, str],
    refused: FieldsWrong | None = None,
) -> Shown:
    words, wrong = visit.words, refused.faults if refused is not None else {}
    titles = await views.of_people.organisation_names()
    names = ["name", "role"] + (["organisation"] if len(titles) > 1 else [])
    names += ["password"] if kind is AccountKind.PERSON else []
    choices = {"role": role_choices(words), "organisation": list(titles.items())}
    fields = [
        TypedField(
            name,
            words.of("people_field", name),
            "" if name == "password" else typed.get(name, ""),
            wrong.get(name, ""),
            hint=words.find("people_hint", name) or "",
            kind="choice" if name in choices else "password" if name == "password" else "text",
            is_required=name in ("name", "password"),
            choices=choices.get(name, ()),
        )
        for name in names
    ]
    title = "people.let_in" if kind is AccountKind.PERSON else "people.new_program"
    return _form_shown(visit, title, fields, wrong, refused.status if refused is not None else 200)


def _form_shown(
    visit: PageVisit, title: str, fields: list[TypedField], wrong: Mapping[str, str], status: int
) -> Shown:
    values = {
        "back": PEOPLE,
        "fields": fields,
        "fault": wrong.get(WHOLE, ""),
        "button_text": visit.words(title),
    }
    return Shown("people_form.html", title, values, status=status)


async def change(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Give or take a role, end the access, or make another token; the button says which."""
    of_people, words, typed = views.of_people, visit.words, await visit.form()
    kind, name = kind_of(visit), visit.request.path_params["name"]
    row = await of_people.account(visit.who, kind, name)
    known, act = Account(kind, name), typed.get("act", "")
    try:
        if act == "remove":
            await of_people.remove_role_of(visit.who, known, place_from(typed.get("place", "")))
        elif act == "give" and typed.get("role") in RANKS:
            place = place_from(typed.get("place", ""))
            given = Membership(Role(typed["role"]), place.organisation_id, place.site_id)
            await of_people.give_role_to(visit.who, known, given)
        elif not typed.get("confirmed"):
            return await account_shown(visit, of_people, row, words("people.confirm_first"), 422)
        elif act == "end":
            await of_people.end_access(visit.who, kind, name)
            return see_other(f"{PEOPLE}?done=ended")
        elif act == "token" and kind is AccountKind.PROGRAM:
            everywhere = next((each for each in row.account.memberships if each.site_id is None), None)
            if everywhere is not None:
                body = ProgramBody(role=everywhere.role, organisation_id=everywhere.organisation_id)
                return _token_shown(visit, name, await of_people.make_token(visit.who, name, body))
    except Problem as problem:
        return await account_shown(visit, of_people, row, words.problem(problem), problem.status)
    done = "removed" if act == "remove" else "given"
    return see_other(f"{account_href(kind, name)}?done={done}")


ROUTES = (
    PageRoute(INVITE, invite_form),
    PageRoute(INVITE, invite, POST),
    PageRoute(NEW_PERSON, new_person),
    PageRoute(NEW_PERSON, make_person, POST),
    PageRoute(NEW_PROGRAM, new_program),
    PageRoute(NEW_PROGRAM, make_program, POST),
    PageRoute(ONE, account),
    PageRoute(ONE, change, POST),
)
