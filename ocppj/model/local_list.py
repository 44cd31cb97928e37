"""The local list: whom a station lets charge without asking."""

from typing import Annotated, ClassVar

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

    version: Number
    update: LocalListUpdate = LocalListUpdate.FULL
    entries: Annotated[tuple[LocalListEntry, ...], Meta(max_length=ENTRIES_MOST)] = ()


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
