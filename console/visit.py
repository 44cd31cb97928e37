"""One look at a page: who looks, in which language, and what was asked for."""

from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.requests import Request

from access.guard import principal
from access.principals import Principal
from console.pasted_lines import uploaded_fields
from console.words import LANGUAGE_COOKIE, Words, words_for

FRAGMENT = "fragment"
"""The query parameter by which a page is asked for one of its parts alone: a block of its template."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, and in which language."""

    who: Principal
    words: Words


@dataclass(frozen=True, slots=True)
class PageVisit(Visit):
    """A request for a page, or for a part of it."""

    request: Request

    @property
    def path(self) -> str:
        """Of the page."""
        return self.request.url.path

    @property
    def query(self) -> str:
        """What stands behind the page's path, without what asks for a part."""
        kept = [(name, text) for name, text in self.request.query_params.multi_items() if name != FRAGMENT]
        return str(self.request.url.replace(query="").include_query_params(**dict(kept)).query)

    @property
    def fragment(self) -> str | None:
        """The part that is asked for; None: the page."""
        return self.request.query_params.get(FRAGMENT)

    def given(self, name: str) -> str:
        """A parameter of the query, without blanks around it; empty where it is missing."""
        return self.request.query_params.get(name, "").strip()

    async def form(self) -> dict[str, str]:
        """What was typed into a form, by field. Of a field that came twice, the last."""
        return await form_of(self.request)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that was sent as browsers do it, with a file or without."""
    kind, sent = request.headers.get("content-type", ""), await request.body()
    if kind.startswith("multipart/form-data"):
        return uploaded_fields(kind, sent)
    body = sent.decode("utf-8", "replace")
    return {name: texts[-1] for name, texts in parse_qs(body, keep_blank_values=True).items()}


def words_of(request: Request) -> Words:
    """The reader's language."""
    return words_for(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))


def asked(request: Request, words: Words | None = None) -> PageVisit:
    """Raises Problem 401 where nobody knows who asks."""
    return PageVisit(principal(request), words or words_of(request), request)
