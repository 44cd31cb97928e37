"""How a running server is watched: what keeps it from serving stations, its long tasks, its state line."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from csms.central.central import Central
from csms.gateway.gateway import Gateway
from csms.metrics import Metrics
from ocppj.aio.server import OcppServer
from provisioning.station_cache import StationCache
from runtime.clock import Clock
from runtime.lifecycle import Background
from runtime.storing import StoringHealth
from runtime.wording import Phrase
from runtime.work.engine import WorkEngine

STATE_EVERY_S = 300.0
ENDED = Phrase("Une partie du serveur s'est arrêtée.", "A part of the server has ended.")
BEHIND = Phrase(
    "Il y a plus à enregistrer que le disque n'en prend.", "More waits to be stored than the disk takes."
)
REFUSED = Phrase(
    "Ce que les bornes ont envoyé n'a pas pu être enregistré il y a un instant.",
    "What stations sent could not be stored a moment ago.",
)


def supervise(
    central: Central, storing: StoringHealth, gateway: Gateway, tasks: "LongTasks", *, clock: Clock
) -> Callable[[], Phrase | None]:
    """Watch the disk and tell how it goes; returns what says why stations cannot be served, or None."""
    storing.on_recovered = gateway.storage_works
    tasks.start(storing.run(), name="storing")
    tasks.start(_log_state(central, gateway, clock), name="state")

    def trouble() -> Phrase | None:
        if not tasks.is_well:
            return ENDED
        if central.message_store.is_full:
            return BEHIND
        if storing.trouble is None and gateway.turns_away:
            return REFUSED
        return storing.trouble

    return trouble


async def _log_state(central: Central, gateway: Gateway, clock: Clock) -> None:
    """A line in the log every few minutes, whatever happens."""
    while True:
        await clock.sleep(STATE_EVERY_S)
        central.operator_log.log_state(gateway.count)


def show_lifecycle_states(metrics: Metrics, station_cache: StationCache) -> None:
    """Numbers that the station cache keeps anyway."""
    metrics.gauges(
        "borne_stations", "Stations in each lifecycle state", "state", lambda: station_cache.states
    )
    metrics.gauges(
        "borne_stations_blocked",
        "Stations that a blocker is in the way of",
        "code",
        lambda: station_cache.blocked,
    )


def show_supervision(metrics: Metrics, ocpp: OcppServer) -> None:
    """How many sockets there are and may be, and what went wrong in watching them."""
    most = float(ocpp.limits.connections)
    metrics.gauge("borne_connections", "Connections on the station ports", lambda: float(ocpp.connections))
    metrics.gauge("borne_connections_most", "So many are taken; further ones get 503", lambda: most)
    metrics.gauge(
        "borne_supervision_failures",
        "Connections that could not be checked and were ended: the log names them",
        lambda: float(ocpp.watch.failures),
    )


def show_work(metrics: Metrics, work: WorkEngine) -> None:
    """What durable work goes on here, and what had to be given up."""
    metrics.gauge("borne_work_running", "Pieces of durable work that run now", lambda: float(work.running))
    metrics.gauge(
        "borne_work_failures",
        "Pieces of durable work given up since the start: GET /work?state=failed says why",
        lambda: float(work.failures),
    )


class LongTasks(Background):
    """The server's own tasks, which never end by themselves: if one does, the server has failed."""

    def __init__(self) -> None:
        super().__init__("server")
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def is_well(self) -> bool:
        """Whether all of them run."""
        return not self.ended.done()

    def start(self, work: Coroutine[Any, Any, object], *, name: str | None = None) -> asyncio.Task[object]:
        """Run `work` until the server stops."""
        task = super().start(work, name=name)
        task.add_done_callback(self._note_end)
        return task

    async def close(self) -> None:
        """The server stops: nobody needs to know any more how they end."""
        if not self.ended.done():
            self.ended.set_result(None)
        self.ended.exception()
        await super().close()

    def _note_end(self, task: asyncio.Task[object]) -> None:
        if not self.ended.done():
            error = None if task.cancelled() else task.exception()
            self.ended.set_exception(error or RuntimeError(f"{task.get_name()} ended by itself"))
