"""What a station is asked alike in every version."""

from collections.abc import Callable, Mapping
from typing import Any

from simulator import commands as asked
from simulator.commands import Command

# --- Requests → commands ----------------------------------------------------------------------------------


def remote_stop(m: Any) -> Command:
    """The request has a name of its own in each version; 1.6 numbers transactions."""
    return asked.RemoteStop(str(m.transaction_id))


def _list_version(m: Any) -> Command:  # noqa: ARG001 - table
    return asked.ReadListVersion()


COMMANDS: Mapping[str, Callable[[Any], Command]] = {
    "GetLocalListVersion": _list_version,
}
