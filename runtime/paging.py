"""Lists in pages: every list of the API is an array of at most `limit` rows. Where rows are long, a page that
nobody gave a `limit` has as many as fit into `DEFAULT_BYTES`.

What there is beside is told in headers: `X-Total-Count`, how many fit in all (left away where nobody counts
so many), and `Link: <…>; rel="next"` (RFC 8288), where the list goes on. `after` is opaque.
"""

from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Depends, Query, Request, Response

from runtime.database import from_micros, to_micros
from runtime.http import Problem
from runtime.views import plain
from runtime.wording import Phrase, WayOut

T = TypeVar("T")

DEFAULT_LIMIT = 100
MOST_LIMIT = 1000
DEFAULT_BYTES = 96_000
"""Of a page, for whoever did not say how many rows: it shall be there at once, also on a slow line."""
LONGEST_AFTER = 500
GREATEST_NUMBER = 2**63 - 1
"""Of a row: what a database can count to."""


_encode = msgspec.json.Encoder(enc_hook=plain).encode


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted."""

    limit: int = DEFAULT_LIMIT
    after: str | None = None
    most_bytes: int | None = None
    """Where nobody said how many rows: a page of long ones ends here."""

    @property
    def moment(self) -> tuple[datetime, str] | None:
        """Where a list in order of time goes on: an instant, and an id. Raises Problem 422."""
        return None if self.after is None else moment_from(self.after)

    @property
    def numbered_moment(self) -> tuple[datetime, int] | None:
        """The same where the id is a row's number. Raises Problem 422."""
        if (moment := self.moment) is None:
            return None
        return moment[0], self._numbered(moment[1])

    @property
    def number(self) -> int | None:
        """Where a list in the order of its rows' numbers goes on. Raises Problem 422."""
        return None if self.after is None else self._numbered(self.after)

    def _numbered(self, text: str) -> int:
        if (number := row_number(text)) is None:
            raise bad_after(self.after or "")
        return number


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A part of a list. `total` None: nobody counts so many; `after` None: it is the last part."""

    rows: Sequence[T]
    total: int | None
    after: str | None

    def shown_as(self, show: Callable[[T], Any]) -> "Listed[Any]":
        """The same with each row as JSON values."""
        return Listed([show(each) for each in self.rows], self.total, self.after)


async def _page(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST_LIMIT, description="Rows at most.")] = DEFAULT_LIMIT,
    after: Annotated[
        str | None, Query(max_length=LONGEST_AFTER, description='From the answer\'s `Link: …; rel="next"`.')
    ] = None,
) -> Page:
    return Page(limit, after, None if "limit" in request.query_params else DEFAULT_BYTES)


PageWanted = Annotated[Page, Depends(_page)]
"""For routes: `page: PageWanted`."""


def part_of(rows: Iterable[T], key: Callable[[T], str], page: Page) -> Listed[T]:
    """A page of a list that is in memory, in the order of `key`, which no two rows share."""
    ordered = sorted(rows, key=key)
    start = bisect_right(ordered, page.after, key=key) if page.after is not None else 0
    shown = ordered[start : start + page.limit]
    is_more = start + page.limit < len(ordered)
    return Listed(shown, len(ordered), key(shown[-1]) if shown and is_more else None)


def cut(rows: Sequence[T], after: Callable[[T], str], page: Page, total: int | None) -> Listed[T]:
    """A page of rows of which one more than `page.limit` was asked for, to see whether there is one."""
    shown = rows[: page.limit]
    return Listed(shown, total, after(shown[-1]) if len(rows) > page.limit else None)


async def page_of(
    rows: AsyncIterator[Any], after: Callable[[Any], str], page: Page, *, is_more: bool
) -> Listed[msgspec.Raw]:
    """A page of rows that are made one by one, as JSON: as many as fit into its bytes, one at least."""
    encoded: list[msgspec.Raw] = []
    size, last = 0, None
    async for row in rows:
        one = msgspec.Raw(_encode(row))
        size += len(one) + 1
        if encoded and page.most_bytes is not None and size > page.most_bytes:
            return Listed(encoded, None, last)
        encoded.append(one)
        last = after(row)
    return Listed(encoded, None, last if is_more else None)


def row_number(text: str) -> int | None:
    """The number of a row that somebody typed; None where no row can have it."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= len(str(GREATEST_NUMBER))
    return number if is_one and 0 < (number := int(text)) <= GREATEST_NUMBER else None


def moment_text(at: datetime, name: str | int) -> str:
    """`after` of a list in order of time."""
    return f"{to_micros(at)}-{name}"


def moment_from(text: str) -> tuple[datetime, str]:
    """The same again. Raises Problem 422."""
    micros, _, name = text.partition("-")
    try:
        return from_micros(int(micros)), name
    except (ValueError, OverflowError):
        raise bad_after(text) from None


def bad_after(text: str) -> Problem:
    """`after` is not what a list gave."""
    words = Phrase(f"`after` {text!r} n'est d'aucune liste", f"`after` {text!r} is of no list")
    way_out = WayOut(
        'Prenez celui du `Link: …; rel="next"` de la réponse précédente, ou enlevez-le.',
        'Take it from the `Link: …; rel="next"` of the answer before, or leave it away.',
    )
    return Problem(422, "after_invalid", words, way_out)


def json_response(value: Any, headers: dict[str, str] | None = None, *, status: int = 200) -> Response:
    """An answer encoded at once: much cheaper than FastAPI's own way, which looks at each value thrice."""
    return Response(_encode(value), status, headers, media_type="application/json")


def list_response(request: Request, listed: Listed[Any]) -> Response:
    """The rows, JSON values, with the headers that tell what there is beside."""
    headers = {}
    if listed.total is not None:
        headers["X-Total-Count"] = str(listed.total)
    if listed.after is not None:
        following = request.url.include_query_params(after=listed.after)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return json_response(listed.rows, headers)
