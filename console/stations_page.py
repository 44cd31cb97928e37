"""The list of stations, live: a table at a desk, cards on a phone."""

from typing import Any, TypedDict
from urllib.parse import quote

from nicegui import ui
from nicegui.events import GenericEventArguments

from console.adoption import Adoption
from console.frame import Visit, heading
from console.lifecycle_status import in_the_way
from console.live import keep_fresh
from console.views import ConsoleViews
from console.words import Words
from csms.api.views import StationAnswer
from csms.domain.station_lists import StationsWanted

ROWS_SHOWN = 50
ROWS_MOST = 200
SEARCH_PAUSE_MS = 300
RIGHT = frozenset({"power", "energy"})
COLUMNS = ("station", "model", "version", "link", "lifecycle", "blocked", "clears", "power", "energy")
STATION_CELL = """
<q-td :props="props">
<a :href="props.row.href" class="text-primary font-medium">{{ props.row.station }}</a>
</q-td>
"""
BADGES = """
<q-badge :color="props.row.is_online ? 'positive' : 'grey-8'">{{ props.row.link }}</q-badge>
<q-badge v-if="props.row.warning" color="warning" text-color="black">{{ props.row.warning }}</q-badge>
"""
LINK_CELL = f"""
<q-td :props="props"><div class="column items-start gap-1">{BADGES}</div></q-td>
"""
ADOPT_BUTTON = """
<q-btn v-if="props.row.adopt" dense no-caps color="primary" class="q-px-sm" :label="props.row.adopt"
@click="() => $parent.$emit('adopt', props.row.id, props.row.station)" />
"""
ADOPT_CELL = f"""
<q-td :props="props">{ADOPT_BUTTON}</q-td>
"""
CARD = f"""
<div class="q-pa-xs col-12 col-sm-6"><q-card flat bordered class="card"><q-card-section>
<div class="row items-center gap-2">
<a :href="props.row.href" class="whole text-primary text-lg font-medium">{{{{ props.row.station }}}}</a>
<q-space />{BADGES}</div>
<div class="q-mb-sm">{{{{ props.row.model }}}} · OCPP {{{{ props.row.version }}}}</div>
<dl class="grid grid-cols-2 gap-x-4">
<div v-for="col in props.cols.filter(each => each.is_on_card && each.value !== '–')"
:key="col.name" :class="['power', 'energy'].includes(col.name) ? '' : 'col-span-2'">
<dt>{{{{ col.label }}}}</dt><dd>{{{{ col.value }}}}</dd></div>
</dl>{ADOPT_BUTTON}</q-card-section></q-card></div>
"""
ON_CARD = frozenset({"lifecycle", "blocked", "clears", "power", "energy"})


def station_href(station_id: str) -> str:
    """Where the station has its page."""
    return f"/stations/{quote(station_id, safe='')}"


class StationLine(TypedDict):
    """A station as a row of the table; texts only, which the table escapes."""

    id: str
    station: str
    href: str
    model: str
    version: str
    link: str
    is_online: bool
    warning: str
    lifecycle: str
    blocked: str
    clears: str
    power: str
    energy: str
    adopt: str


def station_row(station: StationAnswer, words: Words, *, may_adopt: bool) -> StationLine:
    """A station as a row of the table."""
    link = station.link
    is_in_quarantine = station.lifecycle == "quarantine"
    return {
        "id": station.station_id,
        "station": station.mac or station.station_id,
        "href": station_href(station.station_id),
        "model": model_name(station),
        "version": station.version or "–",
        "link": words("link.online" if link else "link.offline"),
        "is_online": link is not None,
        "warning": words("security.unauthenticated") if link and link.is_unauthenticated else "",
        "lifecycle": words.of("lifecycle", station.lifecycle),
        "blocked": "; ".join(words.blocker(each) for each in in_the_way(dict(station))) or "–",
        "clears": words.of("clearer", station.who_clears),
        "power": words.power(station.power_w),
        "energy": words.energy(station.energy_wh),
        "adopt": words("stations.adopt") if may_adopt and is_in_quarantine else "",
    }


def model_name(station: StationAnswer) -> str:
    """Who made it, and what it is."""
    return " ".join(part for part in (station.vendor, station.model) if part) or "–"


async def stations_page(visit: Visit, views: ConsoleViews) -> None:
    """The table: the rows of one page of it, refreshed while it is looked at."""
    words = visit.words
    with ui.row().classes("w-full items-center"):
        heading(words("stations.title"), level=1)
        count = ui.label().classes("opacity-70")
        ui.space()
        search = ui.input(words("stations.search"))
        search.props(f"dense clearable type=search debounce={SEARCH_PAUSE_MS}")
    none = ui.label(words("stations.none"))
    table = _table(words)
    pagination: dict[str, Any] = {"page": 1, "rowsPerPage": ROWS_SHOWN, "sortBy": None, "descending": False}
    shown: list[object] = []

    async def refresh() -> None:
        wanted = StationsWanted(
            text=search.value or "", order=pagination["sortBy"], is_descending=pagination["descending"]
        )
        size = pagination["rowsPerPage"]
        found = await views.stations(wanted, (pagination["page"] - 1) * size, size, visit.who)
        now = [found.rows, found.total, found.online, dict(pagination), adoption.is_offered]
        if shown and shown[0] is now[0] and shown[1:] == now[1:]:
            return
        shown[:] = now
        is_empty = not found.total and not wanted.text
        none.set_visibility(is_empty)
        table.set_visibility(not is_empty)
        count.set_text(words("stations.count", online=found.online, all=found.total))
        table.props["hide-pagination"] = found.total <= ROWS_SHOWN
        table.props["pagination"] = pagination | {"rowsNumber": found.total}
        rows = [dict(station_row(each, words, may_adopt=adoption.is_offered)) for each in found.rows]
        if rows != table.rows:
            table.rows = rows
        table.update()

    async def turn(event: GenericEventArguments) -> None:
        wanted = event.args["pagination"]
        pagination.update(
            page=max(1, int(wanted["page"])),
            rowsPerPage=min(int(wanted["rowsPerPage"]) or ROWS_MOST, ROWS_MOST),
            sortBy=wanted["sortBy"] if wanted["sortBy"] in COLUMNS else None,
            descending=bool(wanted["descending"]),
        )
        await refresh()

    async def look_for() -> None:
        pagination["page"] = 1
        await refresh()

    adoption = Adoption(visit, views, refresh)

    async def adopt(event: GenericEventArguments) -> None:
        station_id, name = event.args
        adoption.ask(str(station_id), str(name))

    table.on("adopt", adopt)
    table.on("request", turn)
    search.on_value_change(look_for)
    await refresh()
    keep_fresh(refresh)


def _table(words: Words) -> ui.table:
    columns: list[dict[str, Any]] = [
        {
            "name": name,
            "label": words(f"column.{name}"),
            "field": name,
            "align": "right" if name in RIGHT else "left",
            "sortable": True,
            "classes": "whole" if name == "blocked" else "",
            "is_on_card": name in ON_CARD,
        }
        for name in COLUMNS
    ]
    columns.append({"name": "adopt", "label": "", "field": "adopt", "align": "right"})
    table = ui.table(columns=columns, rows=[], row_key="id", pagination=ROWS_SHOWN).classes("w-full")
    table.props('flat bordered :grid="Quasar.Screen.lt.md"')
    table.add_slot("body-cell-station", STATION_CELL)
    table.add_slot("body-cell-link", LINK_CELL)
    table.add_slot("body-cell-adopt", ADOPT_CELL)
    table.add_slot("item", CARD)
    table.on("row-click", js_handler="(event, row) => borne.open(event, row)")
    return table
