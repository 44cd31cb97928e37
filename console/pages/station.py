"""One station: what it is doing, what is in the way, and what one can ask of it."""

from collections.abc import Sequence
from typing import TypedDict

from access.actions import Permission, may_wherever
from access.principals import Principal
from console.command_forms import FIELDS, GROUP_ORDER, RAW, group_of
from console.limit_values import exceeded_line
from console.page_routes import PageRoute
from console.power_curve import PowerCurve, power_curve
from console.rendering import Shown
from console.setting_values import setting_lines
from console.station_past import past_line
from console.station_values import (
    blocker_lines,
    connector_row,
    facts,
    message_line,
    place_name,
    remark_lines,
    station_href,
    station_row,
    step_row,
)
from console.transaction_values import transaction_href, transaction_row
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from csms.api.inventory_views import ConnectorAnswer
from csms.api.outcome_views import OfferedCommandAnswer
from csms.api.transaction_views import TransactionAnswer
from csms.rules.command_rules import rule_of

OVER, OFF = ("done", "skipped"), ("differs", "refused")
"""The steps of an activation that nobody waits for; the settings that are not as they should be."""
PAST_SHOWN, CURVES_MOST = 8, 8


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
    messages = await views.shown_messages(station_id)
    activation = views.activation(station_id)
    steps = activation.steps if activation is not None else ()
    over = sum(each.state in OVER for each in steps)
    row = station_row(found, words, may_adopt=views.may_adopt(who))
    transactions = await views.transactions(station_id, who)
    settings = setting_lines(steps, words)
    may_see_past = may_wherever(who, Permission.READ_AUDIT)
    past, _ = await views.past(station_id, who, PAST_SHOWN) if may_see_past else ((), None)
    limits = await views.limits.of_station(station_id, words)
    values = {
        "row": row,
        "station": found,
        "blockers": blocker_lines(found, words),
        "remarks": remark_lines(found, words),
        "limits": limits,
        "exceeded": [exceeded_line(each, words) for each in await views.limits.exceeded(station_id)],
        "facts": facts(found, words),
        "connectors": [connector_row(each, words, held) for each in found.connectors],
        "charges": await _charges(found.connectors, transactions, views, words),
        "transactions": [transaction_row(each, words) for each in transactions],
        "messages": [message_line(each, words) for each in messages],
        "settings": settings,
        "settings_off": sum(each["state"] in OFF for each in settings),
        "past": [past_line(each, station_id, words) for each in past],
        "may_see_past": may_see_past,
        "steps": [step_row(each, words) for each in steps],
        "steps_over": over,
        "is_activated": over == len(steps),
        "commands": command_groups(await views.commands(station_id), who, station_id, words),
        "may_see_frames": may_wherever(who, Permission.READ_FRAMES),
        "href": station_href(station_id),
    }
    return Shown("station.html", "stations.title", values, heading=place_name(found))


class Charge(TypedDict):
    """What an EVSE is doing: the transaction that goes on there, and its power over time."""

    href: str
    energy: str
    curve: PowerCurve | None


async def _charges(
    connectors: Sequence[ConnectorAnswer],
    transactions: Sequence[TransactionAnswer],
    views: ConsoleViews,
    words: Words,
) -> list[Charge | None]:
    """One for each connector; None where nothing goes on. Of an EVSE with several, it is at the first."""
    running = {each.evse_id: each for each in reversed(transactions) if each.is_open}
    found: list[Charge | None] = []
    for connector in connectors:
        one = running.pop(connector.evse_id, None)
        if one is None or len(running) > CURVES_MOST:
            found.append(None)
            continue
        curve = power_curve(await views.power_samples(one), words)
        found.append({"href": transaction_href(one), "energy": words.energy(one.energy_wh), "curve": curve})
    return found


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
