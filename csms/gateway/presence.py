"""`OwnLinks`: which stations are connected, where one process holds all links."""

from collections.abc import Collection, Mapping

from csms.commands import StationCommands
from csms.domain.links import LinkView
from ocppj.vocabulary import StationId


class OwnLinks:
    """Fills `csms.ports.Presence` from the memory of this process."""

    def __init__(self, commands: StationCommands) -> None:
        self._commands = commands

    async def link(self, station_id: StationId) -> LinkView | None:
        """Held here, or nowhere."""
        return self._commands.link(station_id)

    async def links(self, station_ids: Collection[StationId]) -> Mapping[StationId, LinkView]:
        """The same of many."""
        found = {each: self._commands.link(each) for each in station_ids}
        return {each: link for each, link in found.items() if link is not None}
