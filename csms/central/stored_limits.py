"""How much one message may have, as stations have reported it of themselves."""

from csms.domain.records import variable_key
from csms.storage.variables import values_of
from ocppj.dividing import NO_LIMITS, MessageLimits
from ocppj.model.command import Command
from ocppj.model.monitoring import GetMonitoringReport
from ocppj.model.variables import GetReport
from ocppj.vocabulary import StationId, VariableRef
from runtime.database import Database

BOUNDED_AS: dict[type[Command], type[Command]] = {GetMonitoringReport: GetReport}
"""Commands that have no limits of their own, and whose count for them (N02.FR.07)."""


class StoredLimits:
    """Implements `csms.gateway.ports.StationLimits` over the table of variables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def limits(self, station_id: StationId, command: Command) -> MessageLimits:
        """Nobody knows any of a command without a list, or of a station that has reported none."""
        if not command.listed or not getattr(command, command.listed):
            return NO_LIMITS
        found = await self._database.run_read(
            lambda connection: values_of(
                connection, station_id, [key for keys in _keys(command) for key in keys]
            )
        )
        items, size = (
            next((number for key in keys if (number := _number(found.get(key))) is not None), None)
            for keys in _keys(command)
        )
        return MessageLimits(items, size)


def _keys(command: Command) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the items and of the bytes: first the command's own, then what the component says of all."""
    name, component = BOUNDED_AS.get(type(command), type(command)).__name__, command.bounded_by
    items, size = (
        tuple(variable_key(VariableRef(component, word, variable_instance=each)) for each in (name, None))
        for word in ("ItemsPerMessage", "BytesPerMessage")
    )
    return items, size


def _number(text: str | None) -> int | None:
    """A limit that is one; stations say strange things."""
    try:
        number = int(text or "")
    except ValueError:
        return None
    return number if number > 0 else None
