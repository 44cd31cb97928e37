"""What `borne ctl` does about who may do what: logins and tokens, organisations, and who is what in them."""

import asyncio
import sys
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich import box
from rich.table import Table

from access.principals import DEFAULT
from borne.ctl import (
    CANNOT_RUN,
    FAILED,
    JsonOption,
    LanguageOption,
    RoleArgument,
    print_done,
    run_request,
    speech_of,
)
from borne.terminal import complain, here, here_of, one_line, print_json, print_text, show_table
from runtime.client import ApiError, ApiRefused, api_url, log_in
from runtime.logins import forget_login, logins_file, save_login
from runtime.wording import Phrase

OrganisationArgument = Annotated[str, typer.Argument(help="Its id: small letters, digits and hyphens.")]
SiteOption = Annotated[str | None, typer.Option(help="Only on this site of it, by the site's id.")]
ProgramOption = Annotated[bool, typer.Option("--program", help="A program, not a person.")]
WhereOption = Annotated[
    str, typer.Option("--organisation", help="In this organisation, by its id; in others nothing changes.")
]
_COLUMNS = (
    Phrase("genre", "kind"),
    Phrase("nom", "name"),
    Phrase("rôle", "role"),
    Phrase("site", "site"),
)
NO_MEMBERS = Phrase(
    "Rien : qui a un rôle dans cette organisation serait ici. « borne ctl member » en donne un.",
    "Nothing: who has a role in this organisation would be here. borne ctl member gives one.",
)
_KINDS = {"person": Phrase("personne", "person"), "program": Phrase("programme", "program")}


def login(name: Annotated[str, typer.Argument(help="Your name, as an administrator gave it.")]) -> None:
    """Log in with name and password; until the session ends, what this terminal asks is asked by you."""
    url = api_url()
    password = _hidden(here("Mot de passe", "Password"))
    try:
        secret = asyncio.run(log_in(url, name, password))
        save_login(url, secret)
    except ApiError as error:
        complain(here_of(error.words))
        raise typer.Exit(FAILED if isinstance(error, ApiRefused) else CANNOT_RUN) from None
    except OSError as error:
        file, why = logins_file(), error.strerror or error
        complain(
            here(
                f"la connexion ne peut pas être gardée dans {file} : {why}",
                f"the login cannot be kept in {file}: {why}",
            )
        )
        raise typer.Exit(CANNOT_RUN) from None
    print_text(
        here(
            f"Connexion à {url} comme {name}. « borne ctl logout » y met fin.",
            f"Logged in at {url} as {name}. borne ctl logout ends it.",
        )
    )


def logout() -> None:
    """Forget the login at this server."""
    url = api_url()
    if forget_login(url):
        print_text(here(f"Connexion à {url} oubliée.", f"Logged out at {url}."))
    else:
        print_text(here(f"Personne n'était connecté à {url}.", f"Nobody was logged in at {url}."))


def person(
    name: Annotated[str, typer.Argument(help="Login of the person; an installer's is their account.")],
    role: RoleArgument,
    *,
    where: WhereOption = DEFAULT,
) -> None:
    """Let a person log in, or give them another password and role. Asks for the password."""
    password = _hidden(
        here("Mot de passe (au moins 10 caractères)", "Password (at least 10 characters)"), is_new=True
    )
    path = f"/access/people/{quote(name, safe='')}"
    body = {"role": role, "password": password, "organisation_id": where}
    made = run_request(lambda api: api.put(path, body))["name"]
    place = "" if where == DEFAULT else f" ({where})"
    print_text(
        here(f"{made} peut se connecter, avec le rôle {role}{place}.", f"{made} can log in as {role}{place}.")
    )


def program(
    name: Annotated[str, typer.Argument(help="Name of the program, for the audit trail.")],
    role: RoleArgument,
    *,
    where: WhereOption = DEFAULT,
) -> None:
    """Make an API token for a program, replacing the one it had, and print it: it is shown this once."""
    path = f"/access/programs/{quote(name, safe='')}"
    print_text(run_request(lambda api: api.put(path, {"role": role, "organisation_id": where}))["token"])


def organisation(
    organisation_id: OrganisationArgument,
    name: Annotated[str, typer.Argument(help="What it is called.")],
) -> None:
    """Make an organisation with sites of its own on this server, or give it another name."""
    made = run_request(
        lambda api: api.put(f"/organisations/{quote(organisation_id, safe='')}", {"name": name})
    )
    print_text(f"{made['organisation_id']}: {made['name']}")


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
    made = run_request(lambda api: api.put(_member_path(organisation_id, name, is_program=is_program), body))
    place = f"{made['organisation_id']}, site {made['site_id']}" if made["site_id"] else organisation_id
    print_text(here(f"{name} a le rôle {role} dans {place}.", f"{name} is {role} in {place}."))


def no_member(
    organisation_id: OrganisationArgument,
    name: Annotated[str, typer.Argument(help="Login of the person, or name of the program.")],
    *,
    site: SiteOption = None,
    is_program: ProgramOption = False,
) -> None:
    """Take a role in an organisation or on one site of it away; it counts from the next request on."""
    query = f"?site={quote(site, safe='')}" if site is not None else ""
    run_request(lambda api: api.delete(_member_path(organisation_id, name, is_program=is_program) + query))
    print_done()


def members(
    organisation_id: OrganisationArgument, *, as_json: JsonOption = False, lang: LanguageOption = None
) -> None:
    """List who has which role in an organisation, and on which site."""
    found = run_request(lambda api: api.get(f"/organisations/{quote(organisation_id, safe='')}/members"))
    if as_json:
        print_json(found)
        return
    language = speech_of(lang).language
    table = Table(*(column.in_(language) for column in _COLUMNS), box=box.SIMPLE_HEAD)
    for each in found:
        kind = _KINDS[each["kind"]].in_(language)
        cells = (kind, each["name"], each["role"], each["site_id"] or "")
        table.add_row(*map(one_line, cells))
    show_table(table, NO_MEMBERS, language)


def _member_path(organisation_id: str, name: str, *, is_program: bool) -> str:
    kind = "programs" if is_program else "people"
    return f"/organisations/{quote(organisation_id, safe='')}/{kind}/{quote(name, safe='')}"


def _hidden(prompt: str, *, is_new: bool = False) -> str:
    """A password, typed without being shown, and twice where it `is_new`; of a program, its first line."""
    if sys.stdin.isatty():
        return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=is_new))
    return sys.stdin.readline().rstrip("\n")
