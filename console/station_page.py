"""One station: what it is, what it does, what it says, and what one can ask of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nicegui import ui

from access.actions import Permission, may_wherever
from console.adoption import Adoption
from console.command_panel import CommandPanel
from console.frame import Visit, heading
from console.lifecycle_status import in_the_way, worth_knowing
from console.live import keep_fresh_by_events
from console.stations_page import model_name, station_href, station_row
from console.transaction_values import connector_name, energy, transaction_row
from console.views import ConsoleViews
from console.wire_panel import WirePanel
from console.words import Words
from csms.api.inventory_views import ConnectorAnswer
from csms.api.reservations import ReservationView
from csms.api.transaction_views import TransactionAnswer
from csms.api.views import StationAnswer

TRANSACTION_LINES = """
<div class="col-12 q-px-md q-py-sm"><div class="row justify-between">
<span>{{ props.row.token }} · {{ props.row.connector }}</span><span>{{ props.row.energy }}</span></div>
<div class="text-xs opacity-70">{{ props.row.started }} – {{ props.row.ended }}</div>
<div class="row justify-between"><span>{{ props.row.review }}</span><span>{{ props.row.cost }}</span></div>
<a :href="props.row.href" class="text-xs text-primary break-all">{{ props.row.transaction }}</a></div>
"""
"""A transaction on a phone, where its columns have no room."""
TRANSACTION_CELL = """
<q-td :props="props"><a :href="props.row.href" class="text-primary">{{ props.row.transaction }}</a></q-td>
"""
CONNECTOR_COLUMNS = ("connector", "status", "since", "power", "register")
TRANSACTION_COLUMNS = ("transaction", "connector", "token", "started", "ended", "energy", "cost", "review")
STEP_COLUMNS = ("step", "status", "tries", "remarks")


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
        (words("station.place"), (station.place or {}).get("name") or "–"),
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
    for blocker in in_the_way(dict(station)):
        who = words.of("clearer", blocker.get("who_clears") or station.who_clears)
        how = f"{words('station.cleared_by', who=who)} {words.way_out(blocker)}".strip()
        page = (blocker.get("ways_out") or {}).get("page") or ""
        is_here = page == station_href(station.station_id)
        lines.append((words.blocker(blocker), how, "" if is_here else page))
    return lines


def remark_lines(station: StationAnswer, words: Words) -> list[str]:
    """What else people should know of it, and what to do about it."""
    return [f"{words.blocker(each)} {words.way_out(each)}".strip() for each in worth_knowing(dict(station))]


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
        "connector": connector_name(connector.evse_id, connector.connector_id),
        "status": f"{status} ({', '.join(extra)})" if extra else status,
        "since": words.instant(connector.at),
        "power": words.power(power) if (power := connector.power_w) is not None else "–",
        "register": energy(connector.register_wh, words),
    }


def _held_for(reservation: ReservationView, words: Words) -> str:
    until = words.instant(reservation.expires_at)
    return words("station.held_for", token=reservation.id_token.value, until=until)


def step_row(step: dict[str, Any], words: Words) -> dict[str, str | int]:
    """A step of the activation as a row."""
    return {
        "step": words.of("step", step["step"]),
        "status": words.of("step_state", step["state"]),
        "tries": step["attempts"],
        "remarks": "; ".join(words.blocker(each) for each in step["remarks"]) or "–",
    }


async def station_page(visit: Visit, views: ConsoleViews, text: str) -> None:
    """The page; for an unknown station, a sentence."""
    words = visit.words
    station = await views.station(text, visit.who)
    ui.link(f"‹ {words('station.back')}", "/").classes("text-primary")
    if station is None:
        heading(words("station.unknown", id=text), level=1)
        ui.label(words("station.look_at_attempts"))
        ui.link(words("attempts.title"), "/attempts").classes("text-primary")
        return
    station_id = station.station_id
    visit = replace(visit, who=views.at(visit.who, station_id))

    async def refresh() -> None:
        now = await views.station(station_id, visit.who)
        if now is not None:
            held = await views.reservations(station_id, visit.who)
            charges = await views.transactions(station_id, visit.who)
            body.show(now, charges, views.activation(station_id), held)
        await panel.refresh()

    body = _Body(words, Adoption(visit, views, refresh))
    body.build(station)
    panel = CommandPanel(visit, views, station_id)
    await panel.build()
    if may_wherever(visit.who, Permission.READ_FRAMES):
        await WirePanel(visit, views, station_id).build()
    await refresh()
    keep_fresh_by_events(views.events_of(station_id), refresh)


class _Body:
    """The state, facts and tables of a station."""

    def __init__(self, words: Words, adoption: Adoption) -> None:
        self._words = words
        self._adoption = adoption
        self._state: list[str] = []
        self._facts: list[tuple[str, str]] = []

    def build(self, station: StationAnswer) -> None:
        """Place them, empty."""
        words = self._words
        with ui.row().classes("w-full items-center gap-3"):
            heading(station.mac or station.station_id, level=1)
            self._badges = ui.row().classes("gap-1")
        self._blockers = ui.column().classes("w-full gap-2")
        self._list = ui.element("dl").classes("facts grid grid-cols-2 md:grid-cols-4 gap-x-6 w-full")
        with ui.row().classes("w-full gap-6 items-start"):
            self._connectors = _table("station.connectors", CONNECTOR_COLUMNS, words)
            self._transactions = _table("station.transactions", TRANSACTION_COLUMNS, words)
            self._transactions.props(':grid="Quasar.Screen.lt.sm"').add_slot("item", TRANSACTION_LINES)
            self._transactions.add_slot("body-cell-transaction", TRANSACTION_CELL)
            self._steps = _table("station.activation", STEP_COLUMNS, words)

    def show(
        self,
        station: StationAnswer,
        transactions: Sequence[TransactionAnswer],
        activation: dict[str, Any] | None,
        held: Sequence[ReservationView],
    ) -> None:
        """Fill them with what is true now."""
        words = self._words
        self._show_state(station)
        self._show_facts(facts(station, words))
        _fill(self._connectors, [connector_row(each, words, held) for each in station.connectors])
        _fill(self._transactions, [transaction_row(each, words) for each in transactions])
        steps = [step_row(each, words) for each in (activation or {}).get("steps", [])]
        _fill(self._steps, steps)
        self._steps.set_visibility(bool(steps))

    def _show_state(self, station: StationAnswer) -> None:
        words = self._words
        row = station_row(station, words, may_adopt=self._adoption.is_offered)
        blockers = blocker_lines(station, words)
        remarks = remark_lines(station, words)
        state = [row["link"], row["warning"], row["lifecycle"], row["adopt"], *sum(blockers, ()), *remarks]
        if state == self._state:
            return
        self._state = state
        self._badges.clear()
        with self._badges:
            ui.badge(row["link"], color="positive" if row["is_online"] else "grey-8")
            if row["warning"]:
                ui.badge(row["warning"], color="warning", text_color="black")
            ui.badge(row["lifecycle"], color="grey-8", outline=True)
        self._blockers.clear()
        with self._blockers:
            for text, way_out, page in blockers:
                with ui.card().props("flat bordered").classes("trouble w-full gap-1 p-3"):
                    ui.label(text).classes("font-medium")
                    ui.label(way_out).classes("text-sm")
                    if page:
                        ui.link(words.page_of(page), page).classes("text-sm text-primary")
            for remark in remarks:
                ui.label(remark).classes("text-sm opacity-80")
            if row["adopt"]:
                ui.button(row["adopt"], on_click=lambda: self._adoption.ask(row["id"], row["station"])).props(
                    "no-caps"
                )

    def _show_facts(self, found: list[tuple[str, str]]) -> None:
        if found == self._facts:
            return
        self._facts = found
        self._list.clear()
        with self._list:
            for name, text in found:
                with ui.element("div"):
                    with ui.element("dt"):
                        ui.label(name)
                    with ui.element("dd"):
                        ui.label(text)


def _table(title: str, names: tuple[str, ...], words: Words) -> ui.table:
    columns = [
        {
            "name": name,
            "label": words(f"column.{name}"),
            "field": name,
            "align": "left",
            "classes": "whole" if name == "remarks" else "",
        }
        for name in names
    ]
    table = ui.table(columns=columns, rows=[], title=words(title)).classes("max-w-full")
    table.props(f'flat bordered dense no-data-label="{words("station.nothing")}"')
    return table


def _fill(table: ui.table, rows: Iterable[Mapping[str, object]]) -> None:
    numbered = [{"id": number, **row} for number, row in enumerate(rows)]
    if numbered != table.rows:
        table.rows = numbered
