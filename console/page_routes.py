"""How a page is asked for, whole or a part of it, and how its reader is shown what is wrong."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.principals import Principal
from console.navigation import NAVIGATION, Entry
from console.rendering import Shown, html_response, page_text, part_text
from console.views import ConsoleViews
from console.visit import PageVisit, asked
from console.words import Words
from runtime.http import Problem
from runtime.wording import Phrase, WayOut

SEE_OTHER = 303
GET, POST = "GET", "POST"
PageFunction = Callable[[PageVisit, ConsoleViews], Awaitable[Shown | Response]]
CountWaiting = Callable[[Principal], Awaitable[Mapping[str, int]]]
"""How much waits for somebody's decision, by the page where it is made."""


@dataclass(frozen=True, slots=True)
class PageRoute:
    """A path with the function that answers it."""

    path: str
    show: PageFunction
    method: str = GET


class PageServer:
    """Answers for the pages. `words`: the texts of another language than the reader's, for tests."""

    def __init__(self, views: ConsoleViews, waiting: CountWaiting, words: Words | None = None) -> None:
        self._views = views
        self._waiting = waiting
        self._words = words

    def answer(self, show: PageFunction) -> Callable[[Request], Awaitable[Response]]:
        """What a page's route calls."""

        async def answered(request: Request) -> Response:
            visit = asked(request, self._words)
            try:
                shown = await show(visit, self._views)
                return shown if isinstance(shown, Response) else await self._rendered(visit, shown)
            except Problem as problem:
                return await self._rendered(visit, problem_shown(problem, visit.words))

        return answered

    async def _rendered(self, visit: PageVisit, shown: Shown) -> Response:
        if visit.fragment is None:
            text = page_text(shown.template, await self._around(visit, shown))
        else:
            part = part_text(shown.template, visit.fragment, self._shared(visit, shown))
            if part is None:
                raise no_such_page(f"{visit.path}?fragment={visit.fragment}")
            text = part
        return html_response(visit.request, text, shown.status, shown.headers)

    def _shared(self, visit: PageVisit, shown: Shown) -> dict[str, object]:
        return {"words": visit.words, "path": visit.path, "query": visit.query, **shown.values}

    async def _around(self, visit: PageVisit, shown: Shown) -> dict[str, object]:
        """What the frame shows beside what the page says."""
        words = visit.words
        return {
            **self._shared(visit, shown),
            "title": shown.heading or words(shown.title),
            "who": visit.who,
            "navigation": navigation_of(visit, await self._waiting(visit.who)),
        }


def navigation_of(visit: PageVisit, waiting: Mapping[str, int]) -> Sequence[Mapping[str, object]]:
    """The links that this reader may follow."""
    return [_link(each, visit, waiting) for each in NAVIGATION if each.is_for(visit.who)]


def _link(entry: Entry, visit: PageVisit, waiting: Mapping[str, int]) -> Mapping[str, object]:
    count = waiting.get(entry.path, 0)
    is_below = bool(entry.below) and visit.path.startswith(entry.below)
    return {
        "path": entry.path,
        "text": visit.words(entry.counted, count=count) if count else visit.words(entry.text),
        "current": "page" if visit.path == entry.path else "true" if is_below else "",
        "is_for_desks": entry.is_for_desks,
        "is_in_menu": entry.is_in_menu,
    }


def problem_shown(problem: Problem, words: Words) -> Shown:
    """A page that says what is wrong, and what to do."""
    values = {
        "text": words.phrase(problem.text),
        "way_out": words.phrase(problem.ways_out.words),
        "page": problem.ways_out.page,
    }
    return Shown("problem.html", "problem.title", values, status=problem.status)


def see_other(path: str) -> Response:
    """After a form: where its result is seen, so that a reload sends nothing again."""
    return RedirectResponse(path, SEE_OTHER)


def no_such_page(path: str) -> Problem:
    """Nothing is there."""
    return Problem(
        404,
        "page_unknown",
        Phrase(f"Il n'y a pas de {path}", f"There is no {path}"),
        WayOut("Partez de la liste des bornes.", "Start from the list of stations.", "/stations"),
    )
