"""What a station does with what it remembers of drivers."""

from ocppj.model.authorization import ClearCache
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, accepted, rejected


def _clear_cache(station: CommandContext, c: ClearCache) -> Handled:
    if not station.variables.flag("AuthCacheCtrlr", "Enabled"):
        return rejected(c)
    station.authorization.cache.clear()
    return accepted(c)


HANDLERS: dict[type, Handler] = {ClearCache: _clear_cache}
