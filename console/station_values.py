"""A station in words: what it is called, what it is doing, what is in the way, what is known of it."""

from collections.abc import Sequence
from typing import TypedDict
from urllib.parse import quote

from console.transaction_values import connector_name, energy
from console.words import Words
from csms.api.display_messages import DisplayMessageView
from csms.api.inventory_views import ConnectorAnswer
from csms.api.reservations import ReservationView
from csms.api.views import StationAnswer
from csms.domain.display_messages import DisplayMessageState
from csms.domain.station_details import BlockerAnswer
from provisioning.api.station_views import StepAnswer

SHOULD_BE_THERE = frozenset({"active", "suspended"})
"""Where silence is wrong."""


class ConnectorMark(TypedDict):
    """A connector at a glance: `state` is for its look, `text` says the same."""

    name: str
    state: str
    text: str


class StationLine(TypedDict):
    """A station as one of a list; texts only."""

    id: str
    station: str
    name: str
    site: str
    href: str
    model: str
    version: str
    link: str
    is_online: bool
    warning: str
    condition: str
    condition_text: str
    connectors: list[ConnectorMark]
    lifecycle: str
    blocked: str
    clears: str
    power: str
    energy: str
    adopt: str


def station_href(station_id: str) -> str:
    """Where the station has its page."""
    return f"/stations/{quote(station_id, safe='')}"


def station_row(station: StationAnswer, words: Words, *, may_adopt: bool) -> StationLine:
    """A station as one of a list."""
    link, condition = station.link, condition_of(station)
    is_in_quarantine = station.lifecycle == "quarantine"
    return {
        "id": station.station_id,
        "station": station.mac or station.station_id,
        "name": place_name(station),
        "site": station.site.name if station.site is not None else "",
        "href": station_href(station.station_id),
        "model": model_name(station),
        "version": station.version or "–",
        "link": words("link.online" if link else "link.offline"),
        "is_online": link is not None,
        "warning": words("security.unauthenticated") if link and link.is_unauthenticated else "",
        "condition": condition,
        "condition_text": words.of("condition", condition),
        "connectors": [connector_mark(each, words) for each in station.connectors if is_worth_a_mark(each)],
        "lifecycle": words.of("lifecycle", station.lifecycle),
        "blocked": "; ".join(each.text_in(words.language) for each in station.in_the_way) or "–",
        "clears": words.of("clearer", station.who_clears),
        "power": words.power(station.power_w),
        "energy": words.energy(station.energy_wh),
        "adopt": words("stations.adopt") if may_adopt and is_in_quarantine else "",
    }


def place_name(station: StationAnswer) -> str:
    """What people call it: its place, else its MAC, else its id."""
    place = station.place.name if station.place is not None else ""
    return place or station.mac or station.station_id


def condition_of(station: StationAnswer) -> str:
    """What matters first, in one word of `condition.*`."""
    if any(each.status == "Faulted" for each in station.connectors):
        return "faulted"
    if station.link is None:
        return "silent" if station.lifecycle in SHOULD_BE_THERE else "offline"
    if station.in_the_way:
        return "waiting"
    return "charging" if station.open_transactions else "ready"


def is_worth_a_mark(connector: ConnectorAnswer) -> bool:
    """Whether it is a socket, or the whole station (EVSE 0) that says more than that all is well."""
    return connector.evse_id != 0 or connector.status != "Available"


def connector_mark(connector: ConnectorAnswer, words: Words) -> ConnectorMark:
    """A connector at a glance."""
    return {
        "name": _socket_name(connector, words),
        "state": connector.status.lower(),
        "text": words.of("connector", connector.status),
    }


def model_name(station: StationAnswer) -> str:
    """Who made it, and what it is."""
    return " ".join(part for part in (station.vendor, station.model) if part) or "–"


def facts(station: StationAnswer, words: Words) -> list[tuple[str, str]]:
    """What is known of a station, as label and text."""
    link = station.link
    deviations = [words.deviation(each) for each in link.findings] if link else []
    return [
        (words("station.identity"), station.station_id),
        (words("station.mac"), station.mac or "–"),
        (words("column.model"), model_name(station)),
        (words("station.serial"), station.serial_number or "–"),
        (words("station.firmware"), station.firmware_version or "–"),
        (words("column.version"), station.version or "–"),
        (words("column.link"), _link_text(station, words)),
        (words("station.peer"), link.peer if link else "–"),
        (words("station.heard"), words.instant(link.last_received_at if link else station.last_seen_at)),
        (words("station.booted"), words.instant(station.booted_at)),
        (words("column.lifecycle"), words.of("lifecycle", station.lifecycle)),
        (words("station.place"), station.place.name if station.place is not None else "–"),
        (words("column.power"), words.power(station.power_w)),
        (words("column.energy"), words.energy(station.energy_wh)),
        (words("station.findings"), "; ".join(deviations) or "–"),
    ]


def _link_text(station: StationAnswer, words: Words) -> str:
    """How it is connected; where it is away, how its last link ended."""
    if station.link is not None:
        return f"{words('link.online')}, {words.of('security', station.link.security)}"
    end = station.link_end
    return f"{words('link.offline')} ({end.reason})" if end else words("link.offline")


def blocker_lines(station: StationAnswer, words: Words) -> list[tuple[str, str, str]]:
    """What is in the way of a station; who clears it and how; and the page where that is done, or nothing."""
    lines: list[tuple[str, str, str]] = []
    for blocker in station.in_the_way:
        who = words.of("clearer", blocker.who_clears)
        how = f"{words('station.cleared_by', who=who)} {blocker.way_out_in(words.language)}"
        page = blocker.ways_out.page or ""
        is_here = page == station_href(station.station_id)
        lines.append((blocker.text_in(words.language), how, "" if is_here else page))
    return lines


def remark_lines(station: StationAnswer, words: Words) -> list[str]:
    """What else people should know of it, and what to do about it."""
    return [_remark_line(each, words) for each in station.worth_knowing]


def _remark_line(remark: BlockerAnswer, words: Words) -> str:
    return f"{remark.text_in(words.language)} {remark.way_out_in(words.language)}"


def connector_row(
    connector: ConnectorAnswer, words: Words, held: Sequence[ReservationView] = ()
) -> dict[str, str]:
    """A connector as a row; where the version has finer words, they are shown too, and of a reserved one for
    whom it is `held`.
    """
    status = words.of("connector", connector.status)
    extra = [each for each in (connector.error_code, connector.info) if each and each != "NoError"]
    if connector.reported != connector.status:
        extra.insert(0, connector.reported)
    if connector.status == "Reserved":
        extra += [_held_for(each, words) for each in held if each.evse_id in (None, connector.evse_id)]
    return {
        "connector": _socket_name(connector, words),
        "status": f"{status} ({', '.join(extra)})" if extra else status,
        "since": words.instant(connector.at),
        "power": words.power(power) if (power := connector.power_w) is not None else "–",
        "register": energy(connector.register_wh, words),
    }


def _socket_name(connector: ConnectorAnswer, words: Words) -> str:
    whole = connector.evse_id == 0
    return words("station.whole") if whole else connector_name(connector.evse_id, connector.connector_id)


def message_line(message: DisplayMessageView, words: Words) -> dict[str, str]:
    """A message on the display, and when it is shown."""
    limits = [words.of("message_priority", message.priority)]
    if message.shown_while is not None:
        limits.append(words.of("message_state", message.shown_while))
    if message.transaction_id is not None:
        limits.append(words("display.in_transaction", transaction=message.transaction_id))
    if message.starts_at is not None:
        limits.append(words("display.from", at=words.instant(message.starts_at)))
    if message.ends_at is not None:
        limits.append(words("display.until", at=words.instant(message.ends_at)))
    if message.state is not DisplayMessageState.HELD:
        limits.append(words("display.unknown"))
    return {"text": message.text, "limits": " · ".join(limits)}


def _held_for(reservation: ReservationView, words: Words) -> str:
    until = words.instant(reservation.expires_at)
    return words("station.held_for", token=reservation.id_token.value, until=until)


def step_row(step: StepAnswer, words: Words) -> dict[str, str | int]:
    """A step of the activation as a row."""
    return {
        "step": words.of("step", step.step),
        "status": words.of("step_state", step.state),
        "tries": step.attempts,
        "remarks": "; ".join(each.text_in(words.language) for each in step.remarks) or "–",
    }
