"""Authorization: who may charge, and what a station remembers of it."""

from typing import ClassVar

from ocppj.model.command import Command


class ClearCache(Command, frozen=True):
    """Empty a station's authorization cache."""

    name: ClassVar[str] = "clear-cache"
