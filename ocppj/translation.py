"""The one table where versions are met: the model on one side, the wire of each version on the other.

    translation_for(version).calls(command)

Nothing right of it knows a version, nothing left of it a rule. A version's translators load when its first
station connects.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from ocppj.dividing import NO_LIMITS, MessageLimits, divided, too_much
from ocppj.fitting import fitting
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.messages import Acknowledged, Reply, StationMessage
from ocppj.translator import CommandTranslator, MessageTranslator
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef

_V16 = (
    "v16.boot",
    "v16.remote_control",
    "v16.variables",
    "v16.local_list",
    "v16.reservations",
    "v16.smart_charging",
    "v16.authorization",
    "v16.transactions",
    "v16.metering",
    "v16.availability",
    "v16.firmware",
    "v16.diagnostics",
    "v16.data_transfer",
    "shared",
)
_V2X = (
    "v2x.boot",
    "v2x.remote_control",
    "v2x.local_list",
    "v2x.reservations",
    "v2x.smart_charging",
    "v2x.tariffs",
    "v2x.display",
    "v2x.variables",
    "v2x.monitoring",
    "v2x.authorization",
    "v2x.transactions",
    "v2x.metering",
    "v2x.availability",
    "v2x.firmware",
    "v2x.diagnostics",
    "v2x.customers",
    "v2x.data_transfer",
    "shared",
)
_V21 = (*_V2X, "v21.reservations", "v21.smart_charging")
_MODULES: dict[OcppVersion, tuple[str, ...]] = {
    OcppVersion.V16: _V16,
    OcppVersion.V201: _V2X,
    OcppVersion.V21: _V21,
}
"""The modules of a version's blocks; where two translate the same command, the later one counts."""


@dataclass(frozen=True, slots=True)
class WireCall:
    """One CALL to a station."""

    action: str
    payload: dict[str, Any] = field(repr=False)


class Translation:
    """One version's translators. Get it from `translation_for`."""

    __slots__ = (
        "_by_action",
        "_by_command",
        "_by_message",
        "_completed",
        "_names_variable",
        "_read_replies",
        "_read_requests",
        "_write_replies",
        "version",
    )

    def __init__(
        self,
        version: OcppVersion,
        messages: Sequence[MessageTranslator],
        commands: Sequence[CommandTranslator],
        names_variable: Callable[[VariableRef], bool],
    ) -> None:
        self.version = version
        self._names_variable = names_variable
        self._by_message: dict[type[StationMessage], list[MessageTranslator]] = {}
        for each in messages:
            self._by_message.setdefault(each.message, []).append(each)
        rows = {each.action: each for each in reversed(messages)}
        self._read_requests: dict[str, Callable[[Any, list[str]], StationMessage]] = {
            action: row.request_from_wire for action, row in rows.items()
        }
        self._write_replies = {action: row.response_to_wire for action, row in rows.items()}
        self._read_replies = {action: row.response_from_wire for action, row in rows.items()}
        self._completed = {action: row.with_transaction_id for action, row in rows.items()}
        self._by_command = {each.command: each for each in commands}
        self._by_action = {each.action: each for each in self._by_command.values()}
        said = {each.name for each in self._by_command}
        meant = {name for name, command in COMMANDS.items() if version in command.versions}
        if said != meant:
            raise TypeError(f"OCPP {version.label} lacks, or has too many, translators: {said ^ meant}")

    def names_variable(self, ref: VariableRef) -> bool:
        """Whether the version can name the variable."""
        return self._names_variable(ref)

    # What stations send: the central system's side, then the station's

    def message(self, action: str, request: Any, findings: list[str]) -> StationMessage | None:
        """What a request (a message struct) says; None for an action that is no message of the model.

        Adds slugs of what was odd.
        """
        read = self._read_requests.get(action)
        return read(request, findings) if read is not None else None

    def knows(self, action: str) -> bool:
        """Whether the model has the message of a request."""
        return action in self._read_requests

    def reply_payload(self, action: str, reply: Reply) -> dict[str, Any]:
        """The payload that answers a request of `action`."""
        if type(reply) is Acknowledged:
            return {}
        return self._write_replies[action](fitting(reply, self.version))

    def request(self, message: StationMessage) -> WireCall | None:
        """The request that tells a message; None where the version tells it otherwise, or not at all."""
        for row in self._by_message.get(type(message), ()):
            if row.carries(message):
                return WireCall(row.action, row.request_to_wire(message))
        return None

    def actions_of(self, message: type[StationMessage]) -> tuple[str, ...]:
        """The actions that tell a message: 1.6 has several for some, and none for others."""
        return tuple(row.action for row in self._by_message.get(message, ()))

    def completed(self, call: WireCall, transaction_id: str | None) -> WireCall:
        """A request that a station has kept, with the id that its transaction was given meanwhile (1.6)."""
        return WireCall(call.action, self._completed[call.action](call.payload, transaction_id))

    def reply(self, action: str, response: Any) -> Reply:
        """What the response (a message struct) to a request of `action` says."""
        return self._read_replies[action](response)

    # What stations are asked: the central system's side

    def refusal(self, command: Command) -> str | None:
        """Why the version cannot be asked this; None: it can, unless a field breaks its schema."""
        lacking = command.lacking_reason(self.version)
        return lacking if lacking is not None else self._of(command).refusal(command)

    def calls(self, command: Command, limits: MessageLimits = NO_LIMITS) -> list[WireCall]:
        """What to send for a command, in order, each within the limits of the station; empty where there is
        nothing to ask it.
        """
        translator = self._of(command)
        return [
            WireCall(translator.action, translator.request_to_wire(part))
            for each in translator.split(command)
            for part in divided(each, limits, self._size)
        ]

    def too_much(self, command: Command, limits: MessageLimits) -> str | None:
        """Why the station cannot be asked this within its limits; None: it can."""
        parts = (
            part for each in self._of(command).split(command) for part in divided(each, limits, self._size)
        )
        found = (too_much(part, limits, self._size) for part in parts)
        return next((each for each in found if each is not None), None)

    def _size(self, command: Command) -> int:
        return len(msgspec.json.encode(self._of(command).request_to_wire(command)))

    def answer(self, command: Command, responses: Sequence[Any]) -> CommandAnswer:
        """What the station said; `responses` are the message structs that answered `calls`, in order."""
        translator = self._of(command)
        return translator.join(command, [translator.answer_from_wire(each) for each in responses])

    def action_of(self, command: type[Command]) -> str:
        """What the wire calls a command. Raises KeyError for one that the version lacks."""
        return self._by_command[command].action

    def our_name(self, command: Command, wire_name: str) -> str:
        """What the model calls a field of the command's CALL."""
        known = self._of(command).fields.get(wire_name)
        return known if known is not None else re.sub(r"(?<=[a-z])(?=[A-Z])", "_", wire_name).lower()

    # What stations are asked: the station's side

    def has_command(self, action: str) -> bool:
        """Whether an action is a command."""
        return action in self._by_action

    def our_command(self, action: str) -> type[Command]:
        """The command that an action is. Raises KeyError."""
        return self._by_action[action].command

    def command(self, action: str, request: Any) -> Command | None:
        """The command in a request (a message struct); None for an action that is no command."""
        translator = self._by_action.get(action)
        return translator.request_from_wire(request) if translator is not None else None

    def response(self, command: Command, answer: CommandAnswer) -> dict[str, Any]:
        """The payload that answers."""
        return self._of(command).answer_to_wire(answer)

    def _of(self, command: Command) -> CommandTranslator:
        return self._by_command[type(command)]


@cache
def translation_for(version: OcppVersion) -> Translation:
    """The version's translation; its modules load on the first call. Raises TypeError where one lacks."""
    modules = [import_module(f"ocppj.{name}") for name in _MODULES[version]]
    messages = [each for module in modules for each in getattr(module, "MESSAGES", ())]
    commands = [each for module in modules for each in getattr(module, "COMMANDS", ())]
    named = next(module.names_variable for module in modules if hasattr(module, "names_variable"))
    return Translation(version, messages, commands, named)
