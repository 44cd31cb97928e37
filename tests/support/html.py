"""A page as its reader meets it: its text, its links, its forms, its headings."""

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode


class Html:
    """An answer's document. `text` leaves out what is not shown."""

    def __init__(self, answer: httpx.Response | str) -> None:
        text = answer if isinstance(answer, str) else answer.text
        self.tree = LexborHTMLParser(text)
        self.tree.strip_tags(["script", "style", "template"])

    @property
    def text(self) -> str:
        """What can be read, with single blanks."""
        body = self.tree.body
        return " ".join(body.text(separator=" ").split()) if body is not None else ""

    @property
    def title(self) -> str:
        """Of the tab."""
        return self._text("title")

    @property
    def heading(self) -> str:
        """The one heading of the first level. Raises ValueError where there is none, or more."""
        (found,) = self.tree.css("h1")
        return " ".join(found.text().split())

    @property
    def language(self) -> str:
        """As the document says it."""
        (root,) = self.tree.css("html")
        return str(root.attributes.get("lang"))

    def links(self, text: str | None = None) -> list[str]:
        """Where links with this text lead; all of them without one."""
        return [
            str(each.attributes.get("href"))
            for each in self.tree.css("a")
            if text is None or " ".join(each.text().split()) == text
        ]

    def texts(self, selector: str) -> list[str]:
        """Of all that it selects."""
        return [" ".join(each.text(separator=" ").split()) for each in self.all(selector)]

    def all(self, selector: str) -> list[LexborNode]:
        """What it selects."""
        return self.tree.css(selector)

    def _text(self, selector: str) -> str:
        (found,) = self.tree.css(selector)
        return found.text()
