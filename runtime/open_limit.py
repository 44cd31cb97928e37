"""How many may wait at once: requests that stay open cost memory and a share of each event."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.http import Problem
from runtime.wording import Phrase, WayOut

TOO_MANY = 429


class OpenLimit:
    """`most` in all, `most_each` of one person or program. `what` names them for people, in the plural."""

    def __init__(self, what: Phrase, *, most: int, most_each: int) -> None:
        self._what = what
        self._most, self._most_each = most, most_each
        self._held: Counter[str] = Counter()

    @property
    def open_count(self) -> int:
        """How many are taken now."""
        return self._held.total()

    def acquire(self, who: str) -> None:
        """Take one. Raises Problem 429 where all are taken; give it back with `release`."""
        if self._held[who] >= self._most_each:
            raise Problem(
                TOO_MANY,
                "too_many_open",
                Phrase(
                    f"{who} a déjà {self._most_each} {self._what.fr} en cours, le plus qu'on puisse avoir",
                    f"{who} has {self._most_each} {self._what.en} open, which is the most that one may have",
                ),
                WayOut(
                    "Fermez-en, ou demandez plusieurs choses en une fois.",
                    "Close some of them, or ask for several things in one.",
                ),
            )
        if self.open_count >= self._most:
            raise Problem(
                TOO_MANY,
                "too_many_open",
                Phrase(
                    f"{self._most} {self._what.fr} sont en cours : le serveur n'en a pas plus",
                    f"{self._most} {self._what.en} are open, which is the most that this server has",
                ),
                WayOut(
                    "Réessayez quand d'autres auront fermé les leurs.",
                    "Try again when others have closed theirs.",
                ),
            )
        self._held[who] += 1

    def release(self, who: str) -> None:
        """Give one back."""
        self._held[who] -= 1
        if self._held[who] <= 0:
            del self._held[who]

    @contextmanager
    def held_by(self, who: str) -> Iterator[None]:
        """One, as long as the context lasts. Raises Problem 429."""
        self.acquire(who)
        try:
            yield
        finally:
            self.release(who)
