"""What an operator wants to read of the stations: one line each, after it is stored.

Who was refused, superseded or cut off is told where it happens (`csms.gateway`). A flood of one kind is cut
short by the log itself (`runtime.logs.FloodGate`).
"""

from collections.abc import Callable
from typing import Any

from csms.central.message_writer import MessageWriter
from csms.central.tallies import Tallies
from csms.domain.station_events import StationEvent
from ocppj.vocabulary import ConnectorStatus
from runtime.events import EventBus
from runtime.logs import get_logger

ACTIVE = "active"

log = get_logger("csms.stations")


class OperatorLog:
    """Listens to the news."""

    def __init__(self, bus: EventBus[StationEvent], tallies: Tallies, message_writer: MessageWriter) -> None:
        self._tallies, self._message_writer = tallies, message_writer
        bus.listen(self._receive)

    def _receive(self, event: StationEvent) -> None:
        told = _LINES.get(event.event)
        if told is not None:
            told(event)

    def log_state(self, links: int) -> None:
        """How it goes, every few minutes: a quiet log is not an empty one."""
        log.info(
            "server_state",
            links=links,
            charging=self._tallies.charging,
            faulted=self._tallies.faulted,
            energy_wh=round(self._tallies.energy_wh),
            stored=self._message_writer.stored,
            not_stored=self._message_writer.failures,
            waiting=self._message_writer.waiting,
        )


def _connected(event: StationEvent) -> None:
    _log("station_connected", event, "peer", "version", "security", "findings")


def _disconnected(event: StationEvent) -> None:
    _log("station_disconnected", event, "reason")


def _booted(event: StationEvent) -> None:
    _log("station_booted", event, "vendor", "model", "firmware_version", "reason", "registration")


def _moved(event: StationEvent) -> None:
    now, before = event.payload["lifecycle"], event.payload["previous"]
    if now == before:
        return
    is_active = now == ACTIVE
    codes = [each["code"] for each in event.payload["blocked_by"]]
    _line(
        "station_activated" if is_active else "station_moved",
        event,
        state=now,
        was=before,
        blocked_by=codes,
    )


def _status(event: StationEvent) -> None:
    if event.payload["status"] == ConnectorStatus.FAULTED.value:
        _log("connector_faulted", event, "evse_id", "connector_id", "error_code", "info")


def _commanded(event: StationEvent) -> None:
    _line(
        "command_ended",
        event,
        command=event.payload["command"],
        by=event.payload.get("origin"),
        outcome=event.payload["outcome"],
        status=event.payload["status"],
    )


def _log(line: str, event: StationEvent, *names: str) -> None:
    _line(line, event, **{name: event.payload.get(name) for name in names})


def _line(line: str, event: StationEvent, **facts: Any) -> None:
    told = {name: value for name, value in facts.items() if value not in (None, [], "")}
    log.info(line, station_id=event.station_id, **told)


_LINES: dict[str, Callable[[StationEvent], None]] = {
    "link.connected": _connected,
    "link.disconnected": _disconnected,
    "station.booted": _booted,
    "station.lifecycle": _moved,
    "connector.status": _status,
    "command.finished": _commanded,
}
