"""What the handlers of commands work with, and what one of them makes of a command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from ocppj.model.command import Command, CommandAnswer
from ocppj.vocabulary import BootReason
from simulator.connection.registration import MessageSender, Registration
from simulator.model.authorization import Authorization
from simulator.model.connectors import Connectors
from simulator.model.variables import VariableStore
from simulator.model.version_rules import VersionRules
from simulator.station.charging import Charging
from simulator.station.cost_display import CostDisplay
from simulator.station.firmware import Firmware
from simulator.station.logs import Logs
from simulator.station.message_display import MessageDisplay
from simulator.station.monitoring import Monitoring
from simulator.station.reservations import Reservations
from simulator.station.smart_charging import SmartCharging
from simulator.station.transactions import Transactions


@dataclass(slots=True, kw_only=True, eq=False)
class CommandContext:
    """One station's parts."""

    rules: VersionRules
    variables: VariableStore
    connectors: Connectors
    authorization: Authorization
    charging: Charging
    transactions: Transactions
    reservations: Reservations
    smart_charging: SmartCharging
    monitoring: Monitoring
    cost_display: CostDisplay
    display: MessageDisplay
    firmware: Firmware
    logs: Logs
    registration: Registration
    sender: MessageSender
    now: Callable[[], datetime]
    restart: Callable[[BootReason], None]
    """What a reset sets in motion."""
    vendor: str
    is_reset_due: bool = False
    """A reset waits until no car charges."""


class Handled(NamedTuple):
    """The answer; `then` runs once it is sent: what the command sets in motion comes after it."""

    answer: CommandAnswer
    then: Callable[[], object] | None = None


Handler = Callable[[CommandContext, Any], Handled]


def answered(command: Command, status: str, then: Callable[[], object] | None = None) -> Handled:
    """An answer that is a status."""
    return Handled(command.answer(status), then)


def accepted(command: Command, then: Callable[[], object] | None = None) -> Handled:
    """Agreed."""
    return answered(command, "Accepted", then)


def rejected(command: Command) -> Handled:
    """Refused."""
    return answered(command, "Rejected")
