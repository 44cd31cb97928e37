"""A site's authorization list: who may charge there; tokens come and go as pasted lines, or as a CSV file."""

import csv
from collections.abc import Mapping
from io import StringIO

from starlette.responses import Response

from access.actions import Permission
from console.forms import WHOLE, FieldsWrong, check_one_of_both, refusals_at_fields
from console.page_routes import POST, PageRoute, see_other
from console.rendering import Shown
from console.site_values import SITES, site_href
from console.site_views import SiteRow
from console.token_lines import MOST_TOKENS, ListChange, TokenLines, changed_list
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from ocppj.vocabulary import IdToken, IdTokenType
from provisioning.api.site_views import ListedTokenAnswer
from runtime.paging import row_number

PATH = f"{SITES}/{{site_id}}/list"
FILE = f"{PATH}.csv"
TOKENS_SHOWN = 200
TYPES = {each.value: each for each in IdTokenType}


async def site_list(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The list, and a form that changes it."""
    return _shown(visit, views, {"change": ListChange.ADD.value})


async def change_list(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """All lines, or none: what cannot be meant is said line by line."""
    form, words, row = await visit.form(), visit.words, _site(visit, views)
    text = form.get("lines", "").strip() or form.get("file", "").strip()
    typed, made = {"change": form.get("change", ""), "lines": text}, TokenLines()
    try:
        change = _wanted_change(form, words)
        known = [_token(each) for each in views.of_sites.tokens(visit.who, row.site.site_id).tokens]
        made = changed_list(change, known, text, words)
        _check(made, change, words)
        with refusals_at_fields(words):
            stations = await views.of_sites.set_tokens(visit.who, row.site.site_id, made.tokens)
    except FieldsWrong as wrong:
        return _shown(visit, views, typed, made, fault=wrong.faults[WHOLE], status=wrong.status)
    return see_other(f"{visit.path}?changed={made.changed}&stations={stations}")


def _wanted_change(form: Mapping[str, str], words: Words) -> ListChange:
    """Raises FieldsWrong."""
    check_one_of_both(form, words)
    if form.get("change") not in set(ListChange):
        raise FieldsWrong({WHOLE: words("tokens.say_what")})
    return ListChange(form["change"])


def _check(made: TokenLines, change: ListChange, words: Words) -> None:
    """Raises FieldsWrong; lines that are wrong are told one by one."""
    if made.wrong:
        raise FieldsWrong({WHOLE: ""})
    if not made.count and change is not ListChange.REPLACE:
        raise FieldsWrong({WHOLE: words("tokens.no_lines")})
    if len(made.tokens) > MOST_TOKENS:
        raise FieldsWrong({WHOLE: words("tokens.too_many", most=MOST_TOKENS)})


async def list_file(visit: PageVisit, views: ConsoleViews) -> Response:
    """The whole list as CSV, as the form takes it back."""
    row, text = _site(visit, views), StringIO()
    writer = csv.writer(text)
    writer.writerow(("value", "type"))
    tokens = views.of_sites.tokens(visit.who, row.site.site_id).tokens
    writer.writerows((each.value, each.type) for each in tokens)
    told = {"content-disposition": 'attachment; filename="list.csv"', "cache-control": "no-store"}
    return Response(text.getvalue(), headers=told, media_type="text/csv; charset=utf-8")


def _site(visit: PageVisit, views: ConsoleViews) -> SiteRow:
    """Raises Problem."""
    return views.of_sites.site(visit.who, visit.request.path_params["site_id"], Permission.LIST_SITE_TOKENS)


def _token(listed: ListedTokenAnswer) -> IdToken:
    return IdToken(listed.value, TYPES.get(listed.type, listed.type))


def _shown(
    visit: PageVisit,
    views: ConsoleViews,
    typed: dict[str, str],
    made: TokenLines | None = None,
    *,
    fault: str = "",
    status: int = 200,
) -> Shown:
    row, words = _site(visit, views), visit.words
    tokens = views.of_sites.tokens(visit.who, row.site.site_id).tokens
    changed, stations = (row_number(visit.given(name)) for name in ("changed", "stations"))
    values = {
        "site": row.site,
        "back": site_href(row.site.site_id),
        "path": visit.path,
        "tokens": tokens[:TOKENS_SHOWN],
        "count": len(tokens),
        "usual": IdTokenType.ISO14443.value,
        "changes": [(each.value, words.of("list_change", each.value)) for each in ListChange],
        "typed": {"change": typed.get("change", ""), "lines": typed.get("lines", "")},
        "wrong": made.wrong if made is not None else (),
        "lines_count": made.count if made is not None else 0,
        "fault": fault,
        "done": words("tokens.done", changed=changed, stations=stations) if changed is not None else "",
    }
    heading = words("tokens.title", name=row.site.name)
    return Shown("site_list.html", "sites.title", values, heading=heading, status=status)


ROUTES = (PageRoute(PATH, site_list), PageRoute(PATH, change_list, POST), PageRoute(FILE, list_file))
