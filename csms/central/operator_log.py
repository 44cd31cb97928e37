"""What an operator wants to read of the stations: one line each, after it is stored.

Who was refused, superseded or cut off is told where it happens (`csms.gateway`). A flood of one kind is cut
short by the log itself (`runtime.logs.FloodGate`).
"""

from collections.abc import Callable
from typing import Any

from csms.central.message_writer import MessageWriter
from csms.central.tallies import Tallies
from csms.domain.news import StationNews
from ocppj.vocabulary import ConnectorStatus
from runtime.events import EventBus
from runtime.logs import get_logger

ACTIVE = "active"

log = get_logger("csms.stations")


class OperatorLog:
    """Listens to the news."""

    def __init__(self, bus: EventBus[StationNews], tallies: Tallies, message_writer: MessageWriter) -> None:
        self._tallies, self._message_writer = tallies, message_writer
        bus.listen(self._hear)

    def _hear(self, news: StationNews) -> None:
        told = _LINES.get(news.event)
        if told is not None:
            told(news)

    def tell_state(self, links: int) -> None:
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


def _connected(news: StationNews) -> None:
    _tell("station_connected", news, "peer", "version", "security", "findings")


def _disconnected(news: StationNews) -> None:
    _tell("station_disconnected", news, "reason")


def _booted(news: StationNews) -> None:
    _tell("station_booted", news, "vendor", "model", "firmware_version", "reason", "registration")


def _moved(news: StationNews) -> None:
    now, before = news.payload["lifecycle"], news.payload["previous"]
    if now == before:
        return
    is_active = now == ACTIVE
    codes = [each["code"] for each in news.payload["blocked_by"]]
    _line(
        "station_activated" if is_active else "station_moved", news, state=now, was=before, blocked_by=codes
    )


def _status(news: StationNews) -> None:
    if news.payload["status"] == ConnectorStatus.FAULTED.value:
        _tell("connector_faulted", news, "evse_id", "connector_id", "error_code", "info")


def _commanded(news: StationNews) -> None:
    _line(
        "command_ended",
        news,
        command=news.payload["command"],
        by=news.payload.get("origin"),
        outcome=news.payload["outcome"],
        status=news.payload["status"],
    )


def _tell(event: str, news: StationNews, *names: str) -> None:
    _line(event, news, **{name: news.payload.get(name) for name in names})


def _line(event: str, news: StationNews, **facts: Any) -> None:
    told = {name: value for name, value in facts.items() if value not in (None, [], "")}
    log.info(event, station_id=news.station_id, **told)


_LINES: dict[str, Callable[[StationNews], None]] = {
    "link.connected": _connected,
    "link.disconnected": _disconnected,
    "station.booted": _booted,
    "station.lifecycle": _moved,
    "connector.status": _status,
    "command.finished": _commanded,
}
