"""The command log: a row for each command, and a piece of news when it ends."""

from datetime import datetime

from csms.central.command_arguments import arguments_text
from csms.central.recorder import Recorder
from csms.domain.announced import announced_by
from csms.domain.commands import CommandOutcome, RawCall, command_name
from csms.domain.news import StationNews
from csms.rules.command_rules import COMMAND_RULES
from csms.rules.rows import AnnouncedReportRow, CommandEndRow, CommandRow, Row
from csms.rules.state import Facts
from ocppj.model.command import Command
from ocppj.vocabulary import StationId

OPEN_MOST = 100_000
"""Commands under way that are remembered: more than all queues of the gateway hold."""

LONGEST_STATUS = 50
"""Of a raw call's answer, which is read as it came; the longest of the schemas has 30 letters."""


class RecordedCommands:
    """Implements `csms.gateway.needs.CommandLog` on the recorder's queue; nobody waits for its rows."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._open: dict[str, tuple[Command | RawCall, str]] = {}

    def command_sent(
        self, command_id: str, station_id: StationId, command: Command | RawCall, origin: str, at: datetime
    ) -> None:
        """A command was accepted for sending."""
        if len(self._open) < OPEN_MOST:
            self._open[command_id] = command, origin
        row = CommandRow(
            command_id=command_id,
            station_id=station_id,
            command=command_name(command),
            arguments=arguments_text(command),
            origin=origin,
            at=at,
        )
        rows: list[Row] = [row]
        announced = announced_by(command)
        if announced is not None:
            action, request_id = announced
            rows.append(
                AnnouncedReportRow(
                    command_id=command_id,
                    station_id=station_id,
                    action=action,
                    request_id=request_id,
                    asked_at=at,
                    moved_at=at,
                )
            )
        self._recorder.note(Facts(None, tuple(rows)))

    def command_finished(
        self, command_id: str, station_id: StationId, outcome: CommandOutcome, at: datetime
    ) -> None:
        """A command ended; what its answer tells of variables is kept."""
        command, origin = self._open.pop(command_id, (None, None))
        answer = outcome.answer
        end = CommandEndRow(
            command_id=command_id,
            outcome=outcome.outcome,
            status=answer.status if answer is not None else _status_in(outcome.payload),
            error_code=outcome.error_code,
            error_description=outcome.error_description,
            at=at,
        )
        rows: list[Row] = [end]
        if command is not None and answer is not None and not isinstance(command, RawCall):
            rows += COMMAND_RULES[type(command)].outcome(station_id, command, answer, at)
        name = command_name(command) if command is not None else None
        self._recorder.note(Facts(None, tuple(rows), (finished_news(end, station_id, name, origin),)))


def _status_in(payload: object) -> str | None:
    """What a raw call's answer says of itself, as the station spells it."""
    told = payload.get("status") if isinstance(payload, dict) else None
    return told[:LONGEST_STATUS] if isinstance(told, str) else None


def finished_news(
    end: CommandEndRow, station_id: StationId, name: str | None, origin: str | None = None
) -> StationNews:
    """`command.finished`."""
    payload = {
        "command_id": end.command_id,
        "command": name,
        "outcome": end.outcome.value,
        "status": end.status,
        "origin": origin,
    }
    return StationNews("command.finished", station_id, end.at, payload)
