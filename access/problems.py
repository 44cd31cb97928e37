"""What routes refuse with where an account, a role or an organisation is not there, or is in use."""

from collections.abc import Sequence

from access.organisations import Holding
from access.principals import DEFAULT, Account, AccountKind, Membership
from runtime.http import Problem
from runtime.wording import Phrase, WayOut, counted

NAMED = 3
"""Of what an organisation still has, of each kind."""


def account_unknown(account: Account, way_out: WayOut | None = None) -> Problem:
    """Nobody and nothing has this name."""
    if account.kind is AccountKind.PERSON:
        text = Phrase(
            f"Personne ne se connecte sous le nom {account.name}", f"Nobody logs in as {account.name}"
        )
        see = WayOut(
            "Voyez qui a un accès.",
            "Look at who has access.",
            "",
            "ctl get /access/people",
            "GET /api/v1/access/people",
        )
        return Problem(404, "person_unknown", text, way_out or see)
    text = Phrase(f"Aucun programme ne s'appelle {account.name}", f"No program is called {account.name}")
    see = WayOut(
        "Voyez ceux qui ont un jeton.",
        "Look at those that have a token.",
        "",
        "ctl get /access/programs",
        "GET /api/v1/access/programs",
    )
    return Problem(404, "program_unknown", text, way_out or see)


def member_unknown(account: Account, wanted: Membership) -> Problem:
    """A role is given to who has a login or a token: that can be made with the role."""
    word, path = ("person", "people") if account.kind is AccountKind.PERSON else ("program", "programs")
    way_out = WayOut(
        "Corrigez le nom; ou qu'un administrateur du serveur lui donne d'abord un accès, avec ce rôle.",
        "Correct the name; or have an administrator of the server let it in first, with this role.",
        "",
        f"ctl {word} {{name}} {wanted.role} --organisation {{organisation}}",
        f"PUT /api/v1/access/{path}/{{name}}",
    ).filled({"name": account.name, "organisation": wanted.organisation_id})
    return account_unknown(account, way_out)


def membership_unknown(account: Account, organisation_id: str) -> Problem:
    """They have no role there."""
    text = Phrase(f"{account.name} n'a pas de rôle là", f"{account.name} has no role there")
    return Problem(404, "membership_unknown", text, _see_members(organisation_id, SEE_ROLES))


def organisation_unknown() -> Problem:
    """There is none of this id, or it is none of who asks."""
    text = Phrase("Il n'y a pas d'organisation de ce nom", "There is no organisation of this id")
    way_out = WayOut(
        "Voyez celles qui existent.",
        "Look at those that exist.",
        "",
        "ctl get /organisations",
        "GET /api/v1/organisations",
    )
    return Problem(404, "organisation_unknown", text, way_out)


def organisation_in_use(organisation_id: str, holdings: Sequence[Holding]) -> Problem:
    """Only an empty one can be removed, and never the default one."""
    if organisation_id == DEFAULT:
        text = Phrase(
            "L'organisation default est celle de qui gère le serveur : elle reste",
            "The organisation default is that of who runs the server: it stays",
        )
        return Problem(409, "organisation_in_use", text, KEEP_IT)
    held = [_named(each) for each in holdings]
    text = Phrase(
        f"L'organisation {organisation_id} a encore {', '.join(each.fr for each in held)}",
        f"The organisation {organisation_id} still has {', '.join(each.en for each in held)}",
    )
    return Problem(409, "organisation_in_use", text, _see_members(organisation_id, REMOVE_THEM))


SEE_ROLES = Phrase(
    "Voyez qui a quel rôle, et sur quel site.", "Look at who has which role, and on which site."
)
REMOVE_THEM = Phrase(
    "Enlevez ses membres. Les sites et les tarifs ne s'enlèvent pas : une organisation qui en a reste.",
    "Take its members away. Sites and tariffs cannot be removed: an organisation that has any stays.",
)
KEEP_IT = WayOut(
    "Donnez-lui un autre nom, si c'est le nom qui gêne.",
    "Give it another name, if it is the name that is wrong.",
    "",
    "ctl organisation default NAME",
    "PUT /api/v1/organisations/default",
)


def _see_members(organisation_id: str, words: Phrase) -> WayOut:
    return WayOut(
        words.fr,
        words.en,
        "",
        "ctl members {organisation}",
        "GET /api/v1/organisations/{organisation}/members",
    ).filled({"organisation": organisation_id})


def _named(holding: Holding) -> Phrase:
    """How many, and the first of them."""
    count = counted(len(holding.names), holding.one, holding.many)
    names = ", ".join(holding.names[:NAMED]) + (", …" if len(holding.names) > NAMED else "")
    return Phrase(f"{count.fr} ({names})", f"{count.en} ({names})")
