"""One station: what it is, what it does, what it says, and what one can ask of it."""

from typing import Any

from nicegui import ui

from console.command_panel import CommandPanel
from console.frame import Visit
from console.views import ConsoleViews
from console.wire_panel import WirePanel
from console.words import Words

LOOK_EVERY_S = 1.0
REFRESH_EVERY = 5
CONNECTOR_COLUMNS = ("connector", "status", "since")
TRANSACTION_COLUMNS = ("transaction", "connector", "token", "started", "ended", "energy")
STEP_COLUMNS = ("step", "status", "tries", "remarks")


def facts(station: dict[str, Any], words: Words) -> list[tuple[str, str]]:
    """What is known of a station, as label and text."""
    link = station["link"] or {}
    place = (station.get("place") or {}).get("name")
    security = words.of("security", link["security"]) if link else ""
    blockers = "; ".join(words.blocker(each) for each in station.get("blocked_by") or [])
    return [
        (words("station.identity"), station["station_id"]),
        (words("station.mac"), station.get("mac") or "–"),
        (words("station.vendor"), " ".join(filter(None, (station["vendor"], station["model"]))) or "–"),
        (words("station.serial"), station["serial_number"] or "–"),
        (words("station.firmware"), station["firmware_version"] or "–"),
        (words("column.version"), station["version"] or "–"),
        (words("column.link"), f"{words('link.online')}, {security}" if link else words("link.offline")),
        (words("station.peer"), link.get("peer") or "–"),
        (words("station.heard"), words.instant(link.get("last_received_at") or station["last_seen_at"])),
        (words("station.booted"), words.instant(station["booted_at"])),
        (words("column.lifecycle"), words.of("lifecycle", station.get("lifecycle"))),
        (words("column.blocked"), blockers or "–"),
        (words("column.clears"), words.of("clearer", station.get("who_clears"))),
        (words("station.place"), place or "–"),
        (words("column.power"), words.power(station["power_w"])),
        (words("column.energy"), words.energy(station["energy_wh"])),
        (words("station.findings"), ", ".join(link.get("findings") or ()) or "–"),
    ]


def connector_name(evse_id: int | None, connector_id: int | None) -> str:
    """`1.1`: EVSE and connector."""
    return ".".join(str(each) for each in (evse_id, connector_id) if each is not None) or "–"


def connector_row(connector: dict[str, Any], words: Words) -> dict[str, Any]:
    """A connector as a row; where the version has finer words, they are shown too."""
    status = words.of("connector", connector["status"])
    extra = [each for each in (connector["error_code"], connector["info"]) if each and each != "NoError"]
    if connector["reported"] != connector["status"]:
        extra.insert(0, connector["reported"])
    return {
        "connector": connector_name(connector["evse_id"], connector["connector_id"]),
        "status": f"{status} ({', '.join(extra)})" if extra else status,
        "since": words.instant(connector["at"]),
    }


def transaction_row(transaction: dict[str, Any], words: Words) -> dict[str, Any]:
    """A transaction as a row."""
    token = transaction["id_token"]
    return {
        "transaction": transaction["transaction_id"],
        "connector": connector_name(transaction["evse_id"], transaction["connector_id"]),
        "token": token["value"] if token else "–",
        "started": words.instant(transaction["started_at"]),
        "ended": words("station.running")
        if transaction["is_open"]
        else words.instant(transaction["ended_at"]),
        "energy": words.energy(transaction["energy_wh"]),
    }


def step_row(step: dict[str, Any], words: Words) -> dict[str, Any]:
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
    station = await views.station(text)
    ui.link(f"‹ {words('station.back')}", "/")
    if station is None:
        ui.label(words("station.unknown", id=text)).classes("text-xl")
        return
    station_id = station["station_id"]
    title = ui.label(str(station.get("mac") or station_id)).classes("text-2xl")
    title.tooltip(station_id)
    body = _Body(words)
    body.build()
    panel = CommandPanel(visit, views, station_id)
    panel.build()
    await WirePanel(visit, views, station_id).build()

    async def refresh() -> None:
        now = await views.station(station_id)
        if now is not None:
            body.show(now, await views.transactions(station_id), views.activation(station_id))
        panel.refresh()

    await refresh()
    _keep_fresh(views, station_id, refresh)


class _Body:
    """The facts and tables of a station."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._shown: list[tuple[str, str]] = []

    def build(self) -> None:
        """Place them, empty."""
        words = self._words
        self._facts = ui.element("dl").classes("grid grid-cols-2 md:grid-cols-4 gap-x-6 gap-y-2 w-full")
        with ui.row().classes("w-full gap-6 items-start"):
            self._connectors = _table("station.connectors", CONNECTOR_COLUMNS, words)
            self._transactions = _table("station.transactions", TRANSACTION_COLUMNS, words)
        self._steps = _table("station.activation", STEP_COLUMNS, words)

    def show(
        self,
        station: dict[str, Any],
        transactions: list[dict[str, Any]],
        activation: dict[str, Any] | None,
    ) -> None:
        """Fill them with what is true now."""
        words = self._words
        self._show_facts(facts(station, words))
        _fill(self._connectors, [connector_row(each, words) for each in station["connectors"]])
        _fill(self._transactions, [transaction_row(each, words) for each in transactions])
        steps = [step_row(each, words) for each in (activation or {}).get("steps", [])]
        _fill(self._steps, steps)
        self._steps.set_visibility(bool(steps))

    def _show_facts(self, found: list[tuple[str, str]]) -> None:
        if found == self._shown:
            return
        self._shown = found
        self._facts.clear()
        with self._facts:
            for name, text in found:
                with ui.element("div"):
                    with ui.element("dt"):
                        ui.label(name).classes("text-xs opacity-70")
                    with ui.element("dd"):
                        ui.label(text).classes("break-words")


def _table(title: str, names: tuple[str, ...], words: Words) -> ui.table:
    columns = [
        {"name": name, "label": words(f"column.{name}"), "field": name, "align": "left"} for name in names
    ]
    table = ui.table(columns=columns, rows=[], title=words(title)).props("flat bordered dense wrap-cells")
    table.props(add=f'no-data-label="{words("station.nothing")}"')
    return table


def _fill(table: ui.table, rows: list[dict[str, Any]]) -> None:
    numbered = [{"id": number, **row} for number, row in enumerate(rows)]
    if numbered != table.rows:
        table.rows = numbered


def _keep_fresh(views: ConsoleViews, station_id: str, refresh: Any) -> None:
    news = views.news()
    ui.context.client.on_delete(news.close)
    looks = 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        is_ours = any(each.station_id == station_id for each in news.pending())
        if is_ours or looks % REFRESH_EVERY == 0:
            await refresh()

    ui.timer(LOOK_EVERY_S, look)
