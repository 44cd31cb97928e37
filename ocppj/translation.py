"""The one table where versions are met: the model on one side, the wire of each version on the other.

    translation_for(OcppVersion.V16).calls(ClearCache())

Nothing right of it knows a version, nothing left of it a rule. A version's translators load when its first
station connects.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command, CommandAnswer
from ocppj.translator import CommandTranslator, WireCall
from ocppj.versions import OcppVersion

_V16 = ("v16.authorization",)
_V2X = ("v2x.authorization",)
_MODULES: dict[OcppVersion, tuple[str, ...]] = {
    OcppVersion.V16: _V16,
    OcppVersion.V201: _V2X,
    OcppVersion.V21: _V2X,
}
"""The modules of a version's blocks; where two translate the same, the later one counts."""


class Translation:
    """One version's translators. Get it from `translation_for`."""

    __slots__ = ("_by_action", "_by_command", "version")

    def __init__(self, version: OcppVersion, commands: Sequence[CommandTranslator]) -> None:
        self.version = version
        self._by_command = {each.command: each for each in commands}
        self._by_action = {each.action: each for each in self._by_command.values()}
        said = {each.name for each in self._by_command}
        meant = {name for name, command in COMMANDS.items() if version in command.versions}
        if said != meant:
            raise TypeError(f"OCPP {version.label} lacks, or has too many, translators: {said ^ meant}")

    # The central system's side

    def refusal(self, command: Command) -> str | None:
        """Why the version cannot be asked this; None: it can, unless a field breaks its schema."""
        lacking = command.lacking_reason(self.version)
        return lacking if lacking is not None else self._of(command).refusal(command)

    def calls(self, command: Command) -> list[WireCall]:
        """What to send for a command, in order; empty where there is nothing to ask the station."""
        translator = self._of(command)
        return [
            WireCall(translator.action, translator.request_to_wire(part))
            for part in translator.split(command)
        ]

    def answer(self, command: Command, responses: Sequence[Any]) -> CommandAnswer:
        """What the station said; `responses` are the message structs that answered `calls`, in order."""
        translator = self._of(command)
        return translator.join(command, [translator.answer_from_wire(each) for each in responses])

    def our_name(self, command: Command, wire_name: str) -> str:
        """What the model calls a field of the command's CALL."""
        return self._of(command).fields.get(wire_name, wire_name)

    # The station's side

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
    return Translation(version, [each for module in modules for each in module.COMMANDS])
