"""What every part of a station works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from runtime.chance import Chance
from runtime.clock import Clock
from simulator.authorization import Authorization
from simulator.board import Board
from simulator.journal import Journal
from simulator.registration import Voice
from simulator.variables import VariableStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Handed to each part when it is made. `now` is the station's own clock."""

    variables: VariableStore
    board: Board
    authorization: Authorization
    voice: Voice
    journal: Journal
    clock: Clock
    chance: Chance
    now: Callable[[], datetime]
