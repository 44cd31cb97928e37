"""The local list: whom a station lets charge without asking."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from ocppj.model.command import Command, CommandAnswer, Number
from ocppj.vocabulary import LocalListEntry, LocalListUpdate

ENTRIES_MOST = 10_000
NO_LIST = -1
"""Version of the list of a station that has none (1.6 §6.28)."""


class SendLocalList(Command, frozen=True):
    """Replace or change a station's local list; a full list without entries empties it.

    Version 0 is 1.6's empty list, and takes a full update without entries (§5.10).
    """

    name: ClassVar[str] = "send-local-list"
    listed: ClassVar[str] = "entries"
    bounded_by: ClassVar[str] = "LocalAuthListCtrlr"
    ends_when_refused: ClassVar[bool] = True

    version: Number
    update: LocalListUpdate = LocalListUpdate.FULL
    entries: Annotated[tuple[LocalListEntry, ...], Meta(max_length=ENTRIES_MOST)] = ()

    def part(self, first: int, last: int) -> "SendLocalList":
        """Some of its entries."""
        return msgspec.structs.replace(self, entries=self.entries[first:last])

    def parts(self, cuts: Sequence[tuple[int, int]]) -> Sequence["SendLocalList"]:
        """What follows the first is added to it (D01.FR.03); the last one bears the version, and those before
        it the numbers below, because each must be newer than the one before (D01.FR.19).
        """
        last_cut = len(cuts) - 1
        return [
            msgspec.structs.replace(
                self.part(first, last),
                version=max(self.version - (last_cut - number), 1),
                update=self.update if number == 0 else LocalListUpdate.DIFFERENTIAL,
            )
            for number, (first, last) in enumerate(cuts)
        ]


class ListVersionAnswer(CommandAnswer, frozen=True):
    """Which list a station has: 0 for an empty one, NO_LIST where it has none (1.6)."""

    local_list_version: int = 0

    @property
    def is_accepted(self) -> bool:
        """Whether there is a list."""
        return self.local_list_version > NO_LIST


class GetLocalListVersion(Command, frozen=True):
    """Ask which version of the local list a station has (0: none; 1.6 also -1: not supported)."""

    name: ClassVar[str] = "get-local-list-version"
    answer: ClassVar[type[CommandAnswer]] = ListVersionAnswer
