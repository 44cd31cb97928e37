"""What a person at the keyboard, or a program, can do to a simulated station: one line, one action."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from borne.station_cli.hints import token_hint
from runtime.clock import Clock
from simulator.errors import SimulatorError
from simulator.model.connector_states import ConnectorState
from simulator.station.station import Station

FOR_EVER_S = 10 * 365 * 86_400.0


class TypedCommandError(Exception):
    """A line that cannot be done; the text says what to type instead."""


@dataclass(frozen=True, slots=True)
class _TypedCommand:
    usage: str
    help: str
    do: "Callable[[TypedCommands, list[str]], Awaitable[str]]"
    most: int
    """Words after the command; the last one may hold spaces."""


class TypedCommands:
    """Does lines to one station."""

    def __init__(self, station: Station, clock: Clock) -> None:
        self._station = station
        self._clock = clock

    async def run(self, line: str) -> str:
        """Do one line; what came of it. Raises TypedCommandError."""
        name, *_ = words = line.split(maxsplit=1) or ["help"]
        command = COMMANDS.get(name.lower())
        if command is None:
            raise TypedCommandError(f"{name} is no command here; type help")
        arguments = (
            words[1].split(maxsplit=command.most - 1) if len(words) > 1 and command.most else words[1:]
        )
        if len(arguments) > command.most:
            raise TypedCommandError(f"too many words: {command.usage}")
        try:
            return await command.do(self, arguments)
        except SimulatorError as error:
            raise TypedCommandError(str(error)) from None

    # One function for each command

    async def plug(self, words: list[str]) -> str:
        self._station.plug(*_place(words))
        return "cable in"

    async def unplug(self, words: list[str]) -> str:
        self._station.unplug(*_place(words))
        return "cable out"

    async def token(self, words: list[str]) -> str:
        if not words:
            raise TypedCommandError("which token? token TAG [EVSE]")
        result = await self._station.present(words[0], _place(words[1:])[0])
        status = f" ({result.status.value})" if result.status is not None else ""
        said = f"{words[0]}: {result.outcome.value}{status}{': ' if result.reason else ''}{result.reason}"
        hint = token_hint(words[0], result.status)
        return said if hint is None else f"{said}\n{hint}"

    async def fault(self, words: list[str]) -> str:
        code = words.pop(0) if words and not words[0].isdigit() else "InternalError"
        self._station.fault(code, *_place(words))
        return f"faulted: {code}"

    async def repair(self, words: list[str]) -> str:
        self._station.clear_fault(*_place(words))
        return "repaired"

    async def power(self, words: list[str]) -> str:
        match words:
            case ["off"]:
                self._station.power_cut(None)
                return "no power until: power on"
            case ["on"]:
                self._station.power_back()
                return "power on"
            case []:
                self._station.power_cut()
                return "power cut for a moment"
            case _:
                raise TypedCommandError("power [off|on]")

    async def network(self, words: list[str]) -> str:
        match words:
            case ["off"]:
                self._station.drop_link()
                return "no network until: network on"
            case ["on"]:
                self._station.restore_link()
                return "network on"
            case _:
                raise TypedCommandError("network off|on")

    async def reset(self, words: list[str]) -> str:  # noqa: ARG002 - table
        self._station.reset()
        return "restarting"

    async def call(self, words: list[str]) -> str:
        if not words:
            raise TypedCommandError('which action? call Heartbeat {} or call DataTransfer {"vendorId": "me"}')
        try:
            payload = json.loads(words[1]) if len(words) > 1 else {}
        except ValueError as error:
            raise TypedCommandError(f"the payload is not JSON: {error}") from None
        if not isinstance(payload, dict):
            raise TypedCommandError("the payload must be a JSON object")
        answer = await self._station.call(words[0], payload)
        return f"{words[0]}: {json.dumps(answer, ensure_ascii=False)}"

    async def wait(self, words: list[str]) -> str:
        if not words:
            raise TypedCommandError("wait for what? wait 5 (seconds), or wait accepted")
        if words[0] == "accepted":
            await self._station.wait_until(lambda now: now.is_accepted, FOR_EVER_S)
            return "accepted"
        if words[0] in _STATES:
            await self._station.wait_until(lambda now: now.connector().state is _STATES[words[0]], FOR_EVER_S)
            return words[0]
        try:
            seconds = float(words[0])
        except ValueError:
            known = ", ".join(("accepted", *_STATES))
            raise TypedCommandError(f"wait SECONDS, or until one of: {known}") from None
        await self._clock.sleep(min(max(seconds, 0.0), FOR_EVER_S))
        return f"{seconds:g} s have passed"

    async def raw(self, words: list[str]) -> str:
        self._station.send_raw((words[0] if words else "").encode())
        return "sent"

    async def mark(self, words: list[str]) -> str:
        if not words:
            raise TypedCommandError("what? mark TEXT")
        return f"mark: {words[0]}"

    async def usages(self, words: list[str]) -> str:  # noqa: ARG002 - table
        width = max(len(command.usage) for command in COMMANDS.values())
        lines = [f"{command.usage:<{width}}  {command.help}" for command in COMMANDS.values()]
        return "\n".join([*lines, f"{'status':<{width}}  Show the station.", f"{'quit':<{width}}  Leave."])


COMMANDS: dict[str, _TypedCommand] = {
    "plug": _TypedCommand("plug [EVSE] [CONNECTOR]", "Put a car's cable in.", TypedCommands.plug, 2),
    "unplug": _TypedCommand(
        "unplug [EVSE] [CONNECTOR]", "Pull it out; a charge ends.", TypedCommands.unplug, 2
    ),
    "token": _TypedCommand(
        "token TAG [EVSE]", "Hold a token to the reader: start or stop a charge.", TypedCommands.token, 2
    ),
    "fault": _TypedCommand(
        "fault [CODE] [EVSE] [CONNECTOR]", "Break a connector, by default 1.", TypedCommands.fault, 3
    ),
    "repair": _TypedCommand("repair [EVSE] [CONNECTOR]", "Repair it.", TypedCommands.repair, 2),
    "power": _TypedCommand(
        "power [off|on]", "Cut the power, for a moment or until on.", TypedCommands.power, 1
    ),
    "network": _TypedCommand(
        "network off|on", "Lose the network, and find it again.", TypedCommands.network, 1
    ),
    "reset": _TypedCommand("reset", "Press the reset button.", TypedCommands.reset, 0),
    "wait": _TypedCommand(
        "wait SECONDS|STATE", "Then the next line: in a pipe of commands.", TypedCommands.wait, 1
    ),
    "call": _TypedCommand("call ACTION [JSON]", "Send any request of the version.", TypedCommands.call, 2),
    "raw": _TypedCommand("raw TEXT", "Send any text, right or wrong.", TypedCommands.raw, 1),
    "mark": _TypedCommand(
        "mark TEXT", "Note something between the lines, with its time.", TypedCommands.mark, 1
    ),
    "help": _TypedCommand("help", "This.", TypedCommands.usages, 0),
}


_STATES = {state.value.lower(): state for state in ConnectorState}


def _place(words: list[str]) -> tuple[int, int]:
    """EVSE and connector, 1 where none is named."""
    try:
        evse_id, connector_id = (*(int(word) for word in words), 1, 1)[:2]
    except ValueError:
        raise TypedCommandError("EVSE and connector are numbers, from 1") from None
    return evse_id, connector_id
