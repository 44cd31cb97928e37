"""One command for one station: its form, and how it ended.

The answer is shown where the form was sent to, as it is kept nowhere: a value that was read, what a station
said to a raw call. The page's script puts it under the form, so that nothing is sent again by a reload.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from access.actions import Permission
from access.principals import Principal
from console.command_forms import (
    DEFAULTS,
    FIELDS,
    NUMBERS,
    RAW,
    RAW_FIELDS,
    REQUIRED,
    Tone,
    body_of,
    field_fault,
    is_dangerous,
    outcome_text,
    outcome_tone,
    payload_of,
)
from console.page_routes import POST, PageRoute, no_such_page
from console.rendering import Shown
from console.station_values import place_name, station_href
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from csms.api.outcome_views import OutcomeAnswer
from csms.api.stations import unknown
from csms.api.views import StationAnswer
from csms.rules.command_rules import rule_of
from runtime.http import Problem

CONFIRMED = "confirmed"


class FormField(TypedDict):
    """A field of a form; `fault` is what is wrong with what was typed."""

    name: str
    label: str
    value: str
    choices: list[str]
    kind: str
    is_required: bool
    fault: str


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """What became of a form: the text that is shown below it, how it looks, what is wrong with its fields."""

    text: str = ""
    tone: Tone = "plain"
    faults: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


async def command_form(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The form, with what is mostly sent."""
    found = await _station(visit, views)
    typed = await _defaults(_name(visit), found.station_id, visit.who, views)
    return await _shown(visit, views, found, typed, FormOutcome())


async def send_command(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Send it, and tell how it ended. What cannot be meant is said beside the field, and nothing is sent."""
    found, typed = await _station(visit, views), await visit.form()
    answered = await _answered(visit, views, found.station_id, typed)
    return await _shown(visit, views, found, typed, answered)


async def _answered(
    visit: PageVisit, views: ConsoleViews, station_id: str, typed: dict[str, str]
) -> FormOutcome:
    name, words = _name(visit), visit.words
    faults = _faults(name, typed, words)
    if any(faults.values()):
        return FormOutcome(faults=faults, status=422)
    if is_dangerous(name) and CONFIRMED not in typed:
        return FormOutcome(words("command_page.confirm_first"), "fault", status=422)
    try:
        told = await _requested(views, station_id, name, typed, visit.who)
    except Problem as problem:
        return FormOutcome(words.problem(problem), "fault", status=problem.status)
    return FormOutcome(outcome_text(told, words), outcome_tone(name, told))


async def _station(visit: PageVisit, views: ConsoleViews) -> StationAnswer:
    """Raises Problem: no such station or command, or it is not theirs."""
    text, name = visit.request.path_params["station_id"], _name(visit)
    found = await views.station(text, visit.who)
    if found is None:
        raise unknown(text)
    if name != RAW and name not in FIELDS:
        raise no_such_page(visit.path)
    views.at(visit.who, found.station_id, Permission.OPERATE if name == RAW else rule_of(name).action)
    return found


def _name(visit: PageVisit) -> str:
    return str(visit.request.path_params["command"])


async def _defaults(name: str, station_id: str, who: Principal, views: ConsoleViews) -> dict[str, str]:
    if name != "remote-stop":
        return DEFAULTS
    known = await views.transactions(station_id, who)
    running = [each for each in known if each.is_open]
    return {"transaction_id": running[0].transaction_id} if running else {}


def _fields(name: str) -> tuple[str, ...]:
    return RAW_FIELDS if name == RAW else FIELDS[name]


def _faults(name: str, typed: dict[str, str], words: Words) -> dict[str, str]:
    return {each: field_fault(name, each, typed.get(each, ""), words) or "" for each in _fields(name)}


async def _requested(
    views: ConsoleViews, station_id: str, name: str, typed: dict[str, str], who: Principal
) -> OutcomeAnswer:
    """Raises Problem."""
    given = {each: typed.get(each, "") for each in _fields(name)}
    if name != RAW:
        return await views.send(station_id, name, body_of(name, given), who)
    payload = payload_of(given["payload"]) or {}
    return await views.call(station_id, given["action"].strip(), payload, who)


async def _shown(
    visit: PageVisit,
    views: ConsoleViews,
    station: StationAnswer,
    typed: dict[str, str],
    answered: FormOutcome,
) -> Shown:
    name, words = _name(visit), visit.words
    values = {
        "title_of_command": words(f"command.{name}"),
        "name": place_name(station),
        "href": station_href(station.station_id),
        "fields": [_form_field(each, name, typed, answered, words) for each in _fields(name)],
        "actions": await views.actions(station.station_id) if name == RAW else [],
        "reason": await _reason(name, station.station_id, words, views),
        "is_dangerous": is_dangerous(name),
        "answered": answered,
    }
    heading = f"{words(f'command.{name}')} – {place_name(station)}"
    return Shown("command.html", "stations.title", values, heading=heading, status=answered.status)


def _form_field(
    name: str, command: str, typed: Mapping[str, str], answered: FormOutcome, words: Words
) -> FormField:
    return {
        "name": name,
        "label": words(f"field.{name}"),
        "value": typed.get(name, ""),
        "choices": ConsoleViews.choices(command).get(name, []) if command != RAW else [],
        "kind": "long" if name == "payload" else "number" if name in NUMBERS else "text",
        "is_required": name in REQUIRED.get(command, ()),
        "fault": answered.faults.get(name, ""),
    }


async def _reason(name: str, station_id: str, words: Words, views: ConsoleViews) -> str:
    """Why the station cannot be asked now; empty where nothing is in the way."""
    offered = {each.command: each for each in await views.commands(station_id)}
    told = offered[name] if name != RAW else next(iter(offered.values()))
    if told.reason is None:
        return ""
    return words("dialog.offline" if told.is_supported else "dialog.lacking")


COMMAND_PATH = "/stations/{station_id}/commands/{command}"
ROUTES = (PageRoute(COMMAND_PATH, command_form), PageRoute(COMMAND_PATH, send_command, POST))
