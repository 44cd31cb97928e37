"""What a station does with its local list."""

from ocppj.model.local_list import NO_LIST, GetLocalListVersion, ListVersionAnswer, SendLocalList
from simulator.model.inventory import LIST_ENTRIES
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, answered


def _update(station: CommandContext, c: SendLocalList) -> Handled:
    may_clear = station.rules.accepts_list_version_zero
    status = station.authorization.update_list(c.version, c.update, c.entries, may_clear=may_clear)
    return answered(c, status.value)


def _version(station: CommandContext, c: GetLocalListVersion) -> Handled:  # noqa: ARG001 - table
    """A list that is switched off is none (2.0.1 D02.FR.03)."""
    known = station.authorization
    if station.variables.find(LIST_ENTRIES) is None:
        return Handled(ListVersionAnswer(local_list_version=NO_LIST))
    counts = station.rules.empty_list_has_version or known.local_list
    is_on = station.variables.flag("LocalAuthListCtrlr", "Enabled")
    version = known.list_version if is_on and counts else 0
    return Handled(ListVersionAnswer(local_list_version=version))


HANDLERS: dict[type, Handler] = {SendLocalList: _update, GetLocalListVersion: _version}
