"""What routes refuse with where an account or an organisation is not there, or is none of who asks."""

from access.principals import AccountKind
from runtime.http import Problem
from runtime.wording import Phrase, WayOut


def account_unknown(kind: AccountKind, name: str) -> Problem:
    """Nobody and nothing has this name."""
    if kind is AccountKind.PERSON:
        text = Phrase(f"Personne ne se connecte sous le nom {name}", f"Nobody logs in as {name}")
        way_out = WayOut(
            "Voyez qui a un accès.",
            "Look at who has access.",
            "",
            "ctl get /access/people",
            "GET /api/v1/access/people",
        )
        return Problem(404, "person_unknown", text, way_out)
    text = Phrase(f"Aucun programme ne s'appelle {name}", f"No program is called {name}")
    way_out = WayOut(
        "Voyez ceux qui ont un jeton.",
        "Look at those that have a token.",
        "",
        "ctl get /access/programs",
        "GET /api/v1/access/programs",
    )
    return Problem(404, "program_unknown", text, way_out)


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
