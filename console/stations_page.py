"""The list of stations, live."""

from typing import Any
from urllib.parse import quote

from nicegui import ui
from nicegui.events import GenericEventArguments

from console.frame import TABLE_PROPS, Visit
from console.views import ConsoleViews
from console.words import Words
from runtime.http import Problem, Role

LOOK_EVERY_S = 1.0
REFRESH_EVERY = 5  # looks, where no news came: power and links change without
RIGHT = frozenset({"power", "energy"})
COLUMNS = ("station", "model", "version", "link", "lifecycle", "blocked", "clears", "power", "energy")
STATION_CELL = """
<q-td :props="props">
<a :href="props.row.href" class="text-primary font-medium">{{ props.row.station }}</a>
</q-td>
"""
LINK_CELL = """
<q-td :props="props">
<q-badge :color="props.row.is_online ? 'positive' : 'grey'">{{ props.row.link }}</q-badge>
<q-badge v-if="props.row.warning" color="warning" text-color="black" class="q-ml-xs">
{{ props.row.warning }}</q-badge>
</q-td>
"""
ADOPT_CELL = """
<q-td :props="props"><q-btn v-if="props.row.adopt" dense no-caps color="primary" :label="props.row.adopt"
@click="() => $parent.$emit('adopt', props.row.id)" /></q-td>
"""


def station_row(station: dict[str, Any], words: Words, *, may_adopt: bool) -> dict[str, Any]:
    """A station as a row of the table; texts only, which the table escapes."""
    link = station["link"] or {}
    blockers = station.get("blocked_by") or []
    is_in_quarantine = station.get("lifecycle") == "quarantine"
    return {
        "id": station["station_id"],
        "station": station.get("mac") or station["station_id"],
        "href": f"/stations/{quote(station['station_id'], safe='')}",
        "model": " ".join(part for part in (station["vendor"], station["model"]) if part) or "–",
        "version": station["version"] or "–",
        "link": words("link.online" if link else "link.offline"),
        "is_online": bool(link),
        "warning": words("security.unauthenticated") if link.get("is_unauthenticated") else "",
        "lifecycle": words.of("lifecycle", station.get("lifecycle")),
        "blocked": "; ".join(words.blocker(each) for each in blockers) or "–",
        "clears": words.of("clearer", station.get("who_clears")),
        "power": words.power(station["power_w"]),
        "energy": words.energy(station["energy_wh"]),
        "adopt": words("stations.adopt") if may_adopt and is_in_quarantine else "",
    }


async def stations_page(visit: Visit, views: ConsoleViews) -> None:
    """The table, refreshed by news and every few seconds."""
    words = visit.words
    may_adopt = views.can_adopt and visit.who.role is Role.ADMIN
    with ui.row().classes("w-full items-center"):
        ui.label(words("stations.title")).classes("text-2xl")
        count = ui.label().classes("opacity-70")
        ui.space()
        search = ui.input(words("stations.search")).props("dense clearable")
    none = ui.label(words("stations.none"))
    table = _table(words).bind_filter_from(search, "value")

    async def refresh() -> None:
        found = await views.stations()
        rows = [station_row(each, words, may_adopt=may_adopt) for each in found]
        none.set_visibility(not rows)
        table.set_visibility(bool(rows))
        online = sum(row["is_online"] for row in rows)
        count.set_text(words("stations.count", online=online, all=len(rows)))
        if rows != table.rows:
            table.rows = rows

    async def adopt(event: GenericEventArguments) -> None:
        await _adopt(str(event.args), visit, views)
        await refresh()

    table.on("adopt", adopt)
    await refresh()
    _keep_fresh(views, refresh)


def _table(words: Words) -> ui.table:
    columns: list[dict[str, Any]] = [
        {
            "name": name,
            "label": words(f"column.{name}"),
            "field": name,
            "align": "right" if name in RIGHT else "left",
            "sortable": True,
        }
        for name in COLUMNS
    ]
    columns.append({"name": "adopt", "label": "", "field": "adopt", "align": "right"})
    table = ui.table(columns=columns, rows=[], row_key="id", pagination=50).classes("w-full")
    table.props(TABLE_PROPS)
    table.add_slot("body-cell-station", STATION_CELL)
    table.add_slot("body-cell-link", LINK_CELL)
    table.add_slot("body-cell-adopt", ADOPT_CELL)
    return table


def _keep_fresh(views: ConsoleViews, refresh: Any) -> None:
    news = views.news()
    ui.context.client.on_delete(news.close)
    looks = 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        if news.pending() or looks % REFRESH_EVERY == 0:
            await refresh()

    ui.timer(LOOK_EVERY_S, look)


async def _adopt(station_id: str, visit: Visit, views: ConsoleViews) -> None:
    words = visit.words
    try:
        code = await views.adopt(station_id, visit.who)
    except Problem as problem:
        ui.notify(f"{problem.detail} – {problem.way_out}", type="negative")
        return
    if code is None:
        ui.notify(words("stations.adopted", id=station_id), type="positive")
        return
    with ui.dialog(value=True).props("persistent") as dialog, ui.card():  # a click beside it must not lose it
        ui.label(words("stations.adopted_code", id=station_id, code=code))
        ui.button(words("dialog.close"), on_click=dialog.close).props("no-caps")
