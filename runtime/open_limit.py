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
        self._taken: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How many are taken now."""
        return self._taken.total()

    def take(self, who: str) -> None:
        """Take one. Raises Problem 429 where all are taken; give it back with `give_back`."""
        if self._taken[who] >= self._most_each:
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
        if self.taken >= self._most:
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
        self._taken[who] += 1

    def give_back(self, who: str) -> None:
        """Give one back."""
        self._taken[who] -= 1
        if self._taken[who] <= 0:
            del self._taken[who]

    @contextmanager
    def taken_by(self, who: str) -> Iterator[None]:
        """One, as long as the context lasts. Raises Problem 429."""
        self.take(who)
        try:
            yield
        finally:
            self.give_back(who)
