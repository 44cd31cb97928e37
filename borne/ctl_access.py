"""What `borne ctl` does about organisations and who is what in them."""

from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich import box
from rich.table import Table

from borne.ctl import JsonOption, LanguageOption, RoleArgument, ask, speech_of
from borne.terminal import Terminal, one_line, say, say_json
from runtime.wording import Phrase

OrganisationArgument = Annotated[str, typer.Argument(help="Its id: small letters, digits and hyphens.")]
SiteOption = Annotated[str | None, typer.Option(help="Only on this site of it, by the site's id.")]
ProgramOption = Annotated[bool, typer.Option("--program", help="A program, not a person.")]
_COLUMNS = (
    Phrase("genre", "kind"),
    Phrase("nom", "name"),
    Phrase("rôle", "role"),
    Phrase("site", "site"),
)


def organisation(
    organisation_id: OrganisationArgument,
    name: Annotated[str, typer.Argument(help="What it is called.")],
) -> None:
    """Make an organisation with sites of its own on this server, or give it another name."""
    made = ask(lambda api: api.put(f"/organisations/{quote(organisation_id, safe='')}", {"name": name}))
    say(f"{made['organisation_id']}: {made['name']}")


def member(
    organisation_id: OrganisationArgument,
    name: Annotated[str, typer.Argument(help="Login of the person, or name of the program.")],
    role: RoleArgument,
    *,
    site: SiteOption = None,
    is_program: ProgramOption = False,
) -> None:
    """Give a person or program a role in an organisation or on one site of it."""
    body: dict[str, Any] = {"role": role} | ({"site_id": site} if site is not None else {})
    made = ask(lambda api: api.put(_member_path(organisation_id, name, is_program=is_program), body))
    place = f"{made['organisation_id']}, site {made['site_id']}" if made["site_id"] else organisation_id
    say(f"{made['name']} is {made['role']} in {place}.")


def no_member(
    organisation_id: OrganisationArgument,
    name: Annotated[str, typer.Argument(help="Login of the person, or name of the program.")],
    *,
    site: SiteOption = None,
    is_program: ProgramOption = False,
) -> None:
    """Take a role in an organisation or on one site of it away; it counts from the next request on."""
    query = f"?site={quote(site, safe='')}" if site is not None else ""
    ask(lambda api: api.delete(_member_path(organisation_id, name, is_program=is_program) + query))
    say("Done.")


def members(
    organisation_id: OrganisationArgument, *, as_json: JsonOption = False, lang: LanguageOption = None
) -> None:
    """List who has which role in an organisation, and on which site."""
    found = ask(lambda api: api.get(f"/organisations/{quote(organisation_id, safe='')}/members"))
    if as_json:
        say_json(found)
        return
    language = speech_of(lang).language
    table = Table(*(column.in_(language) for column in _COLUMNS), box=box.SIMPLE_HEAD)
    for each in found:
        cells = (each["kind"], each["name"], each["role"], each["site_id"] or "")
        table.add_row(*map(one_line, cells))
    Terminal().print(table)


def _member_path(organisation_id: str, name: str, *, is_program: bool) -> str:
    kind = "programs" if is_program else "people"
    return f"/organisations/{quote(organisation_id, safe='')}/{kind}/{quote(name, safe='')}"
