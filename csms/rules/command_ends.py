"""How a command ended: its row, what follows from the answer, and the news of it. One commit."""

from csms.domain.commands import CommandEnding, RawCall, command_name
from csms.domain.station_events import StationEvent
from csms.rules.command_rules import COMMAND_RULES
from csms.rules.rows import CommandEndRow
from csms.rules.state import Decision, State
from ocppj.vocabulary import StationId

LONGEST_STATUS = 50
"""Of a raw call's answer, which is read as it came; the longest of the schemas has 30 letters."""


def command_ended(state: State, ending: CommandEnding) -> Decision:
    """All that is written and told when a command has ended."""
    outcome, command = ending.outcome, ending.command
    answer = outcome.answer
    end = CommandEndRow(
        command_id=ending.command_id,
        outcome=outcome.outcome,
        status=answer.status if answer is not None else _status_in(outcome.payload),
        error_code=outcome.error_code,
        error_description=outcome.error_description,
        at=ending.at,
    )
    more = Decision()
    known = ending.as_command
    if known.command is not None and not isinstance(known.command, RawCall):
        more = COMMAND_RULES[type(known.command)].ended(state, known)
    name = command_name(command) if command is not None else None
    station_event = finished_event(end, ending.station_id, name, ending.origin)
    return Decision(None, (end, *more.rows), (station_event, *more.events))


def _status_in(payload: object) -> str | None:
    """What a raw call's answer says of itself, as the station spells it."""
    told = payload.get("status") if isinstance(payload, dict) else None
    return told[:LONGEST_STATUS] if isinstance(told, str) else None


def finished_event(
    end: CommandEndRow, station_id: StationId, name: str | None, origin: str | None = None
) -> StationEvent:
    """`command.finished`."""
    payload = {
        "command_id": end.command_id,
        "command": name,
        "outcome": end.outcome.value,
        "status": end.status,
        "origin": origin,
    }
    return StationEvent("command.finished", station_id, end.at, payload)
