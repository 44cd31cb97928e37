"""What every part of a station works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from runtime.chance import Chance
from runtime.clock import Clock
from simulator.connection.registration import MessageSender
from simulator.model.authorization import Authorization
from simulator.model.connectors import Connectors
from simulator.model.station_log import StationLog
from simulator.model.variables import VariableStore


@dataclass(frozen=True, slots=True, kw_only=True)
class StationContext:
    """Handed to each part when it is made. `now` is the station's own clock."""

    variables: VariableStore
    connectors: Connectors
    authorization: Authorization
    sender: MessageSender
    log: StationLog
    clock: Clock
    chance: Chance
    now: Callable[[], datetime]
