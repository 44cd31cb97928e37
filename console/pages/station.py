"""One station: what it is doing, what is in the way, and what one can ask of it."""

from collections.abc import Sequence
from typing import TypedDict

from access.actions import Permission, may_wherever
from access.principals import Principal
from console.command_forms import FIELDS, GROUP_ORDER, RAW, group_of
from console.page_routes import PageRoute
from console.rendering import Shown
from console.station_values import (
    blocker_lines,
    connector_row,
    facts,
    place_name,
    remark_lines,
    station_href,
    station_row,
    step_row,
)
from console.transaction_values import transaction_row
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from csms.api.outcome_views import OfferedCommandAnswer
from csms.rules.command_rules import rule_of

OVER = ("done", "skipped")
"""The steps of an activation that nobody waits for."""


class CommandLink(TypedDict):
    """A command that may be asked; `reason` why not now, empty where nothing is in the way."""

    href: str
    text: str
    reason: str


async def station(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The page; for an unknown station, a sentence."""
    words, text = visit.words, visit.request.path_params["station_id"]
    found = await views.station(text, visit.who)
    if found is None:
        values: dict[str, object] = {"id": text, "may_see_attempts": views.may_see_attempts(visit.who)}
        return Shown("station_unknown.html", "stations.title", values, heading=text, status=404)
    station_id = found.station_id
    who = views.at(visit.who, station_id)
    held = await views.reservations(station_id, who)
    activation = views.activation(station_id)
    steps = activation.steps if activation is not None else ()
    over = sum(each.state in OVER for each in steps)
    row = station_row(found, words, may_adopt=views.may_adopt(who))
    values = {
        "row": row,
        "station": found,
        "blockers": blocker_lines(found, words),
        "remarks": remark_lines(found, words),
        "facts": facts(found, words),
        "connectors": [connector_row(each, words, held) for each in found.connectors],
        "transactions": [transaction_row(each, words) for each in await views.transactions(station_id, who)],
        "steps": [step_row(each, words) for each in steps],
        "steps_over": over,
        "is_activated": over == len(steps),
        "commands": command_groups(await views.commands(station_id), who, station_id, words),
        "may_see_frames": may_wherever(who, Permission.READ_FRAMES),
        "href": station_href(station_id),
    }
    return Shown("station.html", "stations.title", values, heading=place_name(found))


def command_groups(
    offered: Sequence[OfferedCommandAnswer], who: Principal, station_id: str, words: Words
) -> list[tuple[str, list[CommandLink]]]:
    """What this role may ask of a station of this version, by what it is about; empty groups are left out."""
    known = {each.command: each for each in offered}
    found: list[tuple[str, list[CommandLink]]] = []
    names = [each for each in (*FIELDS, RAW) if _is_offered(each, known, who)]
    for group in GROUP_ORDER:
        links = [_link(each, known, station_id, words) for each in names if group_of(each) == group]
        if links:
            found.append((words.of("command_group", group), links))
    return found


def _is_offered(name: str, known: dict[str, OfferedCommandAnswer], who: Principal) -> bool:
    if name == RAW:
        return may_wherever(who, Permission.OPERATE)
    return may_wherever(who, rule_of(name).action) and known[name].is_supported


def _link(name: str, known: dict[str, OfferedCommandAnswer], station_id: str, words: Words) -> CommandLink:
    is_away = all(each.reason is not None and each.is_supported for each in known.values())
    return {
        "href": f"{station_href(station_id)}/commands/{name}",
        "text": words(f"command.{name}"),
        "reason": words("dialog.offline") if is_away else "",
    }


ROUTES = (PageRoute("/stations/{station_id}", station),)
