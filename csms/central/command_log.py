"""The command log: a row for each command, and an event when it ends."""

import asyncio
from datetime import datetime

from csms.central.command_arguments import arguments_text
from csms.central.message_writer import MessageWriter
from csms.domain.announced import REPORTS_WITHIN, announced_by
from csms.domain.commands import CommandEnding, CommandOutcome, RawCall, command_name
from csms.rules.command_rules import COMMAND_RULES
from csms.rules.rows import AnnouncedReportRow, CommandRow, Row
from csms.rules.state import Decision
from ocppj.model.command import Command
from ocppj.vocabulary import StationId

OPEN_MOST = 100_000
"""Commands under way that are remembered: more than all queues of the gateway hold."""


class RecordedCommands:
    """Implements `csms.gateway.ports.CommandLog` on the message writer's queue."""

    def __init__(self, message_writer: MessageWriter, node: str) -> None:
        self._message_writer, self._node = message_writer, node
        self._open: dict[str, tuple[Command | RawCall, str]] = {}

    def command_sent(
        self, command_id: str, station_id: StationId, command: Command | RawCall, origin: str, at: datetime
    ) -> asyncio.Future[None]:
        """Keep what is about to be asked, and what is awaited of it."""
        if len(self._open) < OPEN_MOST:
            self._open[command_id] = command, origin
        row = CommandRow(
            command_id=command_id,
            station_id=station_id,
            command=command_name(command),
            arguments=arguments_text(command),
            origin=origin,
            at=at,
            node=self._node,
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
                    awaited_until=at + REPORTS_WITHIN,
                )
            )
        known = command.meant if isinstance(command, RawCall) else command
        if known is not None:
            rows += COMMAND_RULES[type(known)].requested(command_id, station_id, known, origin, at)
        return self._message_writer.store(Decision(None, tuple(rows)))

    def command_finished(
        self, command_id: str, station_id: StationId, outcome: CommandOutcome, at: datetime
    ) -> asyncio.Future[None]:
        """A command ended; what follows from its answer is decided by the writer."""
        command, origin = self._open.pop(command_id, (None, None))
        return self._message_writer.store(CommandEnding(command_id, station_id, command, origin, outcome, at))
