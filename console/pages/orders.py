"""Orders: how far each box is; a new one from pasted MACs, its claim codes told once, and labels to print."""

from collections import Counter
from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import quote, urlencode

from starlette.responses import Response

from console.forms import WHOLE, FieldsWrong, check_one_of_both, read_body, refusals_at_fields
from console.label_sheet import PrintedLabel, label_sheet
from console.order_lines import HEADINGS, MOST_LINES, OrderLines, order_lines
from console.page_routes import POST, PageRoute, see_other
from console.pasted_lines import pasted_lines
from console.rendering import Shown
from console.station_values import station_href
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from provisioning.api.bodies import OrderBody
from provisioning.api.order_views import BoxAnswer, OrderAnswer
from provisioning.api.problems import refusing
from runtime.paging import Page

ORDERS = "/orders"
NEW, ONE = f"{ORDERS}/new", f"{ORDERS}/{{order_id}}"
LABELS = f"{ONE}/labels"
ROWS_SHOWN = 50


class BoxLine(TypedDict):
    """A box of an order; `blocked` and `clears` are empty where nothing is in the way."""

    href: str
    name: str
    about: str
    place: str
    state: str
    blocked: str
    clears: str


async def orders(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Newest first."""
    after = visit.given("after")
    found = await views.of_orders.orders(visit.who, Page(ROWS_SHOWN, after or None))
    values = {
        "rows": [_order_line(each, visit.words) for each in found.rows],
        "may_order": views.of_orders.may_order(visit.who),
        "new": NEW,
        "first": ORDERS if after else "",
        "next": f"{ORDERS}?{urlencode({'after': found.after})}" if found.after else "",
    }
    return Shown("orders.html", "orders.title", values)


async def order(visit: PageVisit, views: ConsoleViews) -> Shown:
    """One, with how far each of its boxes is."""
    found = await views.of_orders.order(visit.who, visit.request.path_params["order_id"])
    values = {
        "order": found,
        "about": _about(found, visit.words),
        "boxes": [_box_line(each, visit.words) for each in found.lines],
    }
    return Shown("order.html", "orders.title", values, heading=found.reference)


async def new_order(visit: PageVisit, views: ConsoleViews) -> Shown:
    """An empty form."""
    views.of_orders.check_may_order(visit.who)
    return _form(visit, {}, OrderLines(), {})


async def make_order(visit: PageVisit, views: ConsoleViews) -> Shown:
    """All boxes, or none. Its codes are shown by this answer alone: they are kept nowhere."""
    views.of_orders.check_may_order(visit.who)
    form, words, lines = await visit.form(), visit.words, OrderLines()
    text = form.get("lines", "").strip() or form.get("file", "").strip()
    typed = {"reference": form.get("reference", ""), "contact": form.get("contact", ""), "lines": text}
    try:
        check_one_of_both(form, words)
        lines = order_lines(text, words)
        body = read_body(OrderBody, _checked_fields(typed, lines, words), words)
        with refusals_at_fields(words):
            made = await views.of_orders.make(visit.who, body)
    except FieldsWrong as wrong:
        return _form(visit, typed, lines, wrong.faults, wrong.status)
    values = {
        "order": made,
        "href": _href(made),
        "lines": "\n".join(map(_label_line, made.lines)),
    }
    return Shown("order_made.html", "orders.title", values, heading=words("order.made", name=made.reference))


async def print_labels(visit: PageVisit, views: ConsoleViews) -> Response:
    """A sheet of what the page that told the codes sends back: nobody else has them."""
    views.of_orders.check_may_order(visit.who)
    form = await visit.form()
    cells = [each for each in pasted_lines(form.get("lines", ""), HEADINGS) if len(each.cells) > 1][
        :MOST_LINES
    ]
    labels = [PrintedLabel(each.cell(0), each.cell(1), each.cell(2)) for each in cells]
    if not labels:
        return see_other(ORDERS)
    with refusing():
        pdf = await label_sheet(labels, views.of_orders.public_url, visit.words("order.code"))
    told = {"content-disposition": 'attachment; filename="labels.pdf"', "cache-control": "no-store"}
    return Response(pdf, headers=told, media_type="application/pdf")


def _checked_fields(typed: Mapping[str, str], lines: OrderLines, words: Words) -> dict[str, object]:
    """As the API takes it. Raises FieldsWrong."""
    if lines.wrong:
        raise FieldsWrong({WHOLE: ""})
    if not 0 < lines.count <= MOST_LINES:
        raise FieldsWrong({"lines": words("order_lines.how_many", most=MOST_LINES)})
    contact = typed["contact"].strip() or None
    return {"reference": typed["reference"].strip(), "contact": contact, "lines": list(lines.boxes)}


def _label_line(box: BoxAnswer) -> str:
    return f"{box.mac or box.station_id};{box.claim_code};{box.model or ''}"


def _href(found: OrderAnswer) -> str:
    return f"{ORDERS}/{quote(found.order_id, safe='')}"


def _about(found: OrderAnswer, words: Words) -> str:
    told = words("order.by", who=found.created_by, when=words.instant(found.created_at))
    return f"{told} · {found.contact}" if found.contact else told


def _order_line(found: OrderAnswer, words: Words) -> dict[str, str]:
    states = Counter(words.of("lifecycle", each.lifecycle) for each in found.lines)
    return {
        "href": _href(found),
        "name": found.reference,
        "about": _about(found, words),
        "boxes": words("order.boxes", count=len(found.lines)),
        "states": " · ".join(f"{count} × {state}" for state, count in states.most_common()),
    }


def _box_line(box: BoxAnswer, words: Words) -> BoxLine:
    blocked = box.blocked_by[0] if box.blocked_by else None
    return {
        "href": station_href(box.station_id),
        "name": box.mac or box.station_id,
        "about": " · ".join(each for each in (box.model, box.serial) if each),
        "place": box.place or "",
        "state": words.of("lifecycle", box.lifecycle),
        "blocked": words.as_is(blocked.text_in(words.language)) if blocked is not None else "",
        "clears": words.of("clearer", box.who_clears) if blocked is not None else "",
    }


def _form(
    visit: PageVisit,
    typed: Mapping[str, str],
    lines: OrderLines,
    faults: Mapping[str, str],
    status: int = 200,
) -> Shown:
    values = {
        "typed": {name: typed.get(name, "") for name in ("reference", "contact", "lines")},
        "faults": {name: faults.get(name, "") for name in ("reference", "contact", "lines", WHOLE)},
        "fault": faults.get(WHOLE, ""),
        "wrong": lines.wrong,
        "count": lines.count,
        "back": ORDERS,
    }
    return Shown("order_form.html", "orders.title", values, heading=visit.words("orders.make"), status=status)


ROUTES = (
    PageRoute(ORDERS, orders),
    PageRoute(NEW, new_order),
    PageRoute(NEW, make_order, POST),
    PageRoute(ONE, order),
    PageRoute(LABELS, print_labels, POST),
)
