"""`KnownLinks`: which stations are connected, here or to another node."""

from collections.abc import Collection, Mapping

from csms.commands import StationCommands
from csms.domain.links import LinkView
from csms.gateway.ports import Whereabouts
from ocppj.vocabulary import StationId


class KnownLinks:
    """Fills `csms.ports.Presence`: from the memory of this process; where others hold links, from what they
    wrote down. Without `whereabouts` every link there is is held here.
    """

    def __init__(self, commands: StationCommands, whereabouts: Whereabouts | None = None) -> None:
        self._commands, self._whereabouts = commands, whereabouts

    async def link(self, station_id: StationId) -> LinkView | None:
        """Held here, or elsewhere, or nowhere."""
        return (await self.links([station_id])).get(station_id)

    async def links(self, station_ids: Collection[StationId]) -> Mapping[StationId, LinkView]:
        """The same of many."""
        held = {each: self._commands.link(each) for each in station_ids}
        found = {each: link for each, link in held.items() if link is not None}
        missing = held.keys() - found.keys()
        if missing and self._whereabouts is not None:
            found |= await self._whereabouts.links_elsewhere(missing)
        return found
