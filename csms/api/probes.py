"""/metrics, /healthz, /readyz: what supervisors and Prometheus ask, outside /api/v1."""

from collections.abc import Callable

from fastapi import Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, ProcessCollector, generate_latest
from prometheus_client.registry import CollectorRegistry

from csms.api.ports import ApiParts
from csms.api.roles import READER
from csms.metrics import Metrics
from runtime.http import Problem
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

SEE_LOG = WayOut(
    "Le journal du serveur en dit plus; docs/howto/on-call.md dit ce qu'on peut faire sans risque.",
    "The server's log says more; docs/howto/on-call.md says what is safe to do.",
    command="doctor",
)


def build_probes(metrics: Metrics, parts: ApiParts, trouble: Callable[[], Phrase | None]) -> ApiRouter:
    """Mount it at the root. `trouble()` tells why stations cannot be served now."""
    router = ApiRouter(tags=["probes"])
    registry = CollectorRegistry()
    registry.register(metrics)
    ProcessCollector(registry=registry)
    wire_log, bus = parts.wire_log, parts.bus
    metrics.gauge(
        "borne_wire_log_dropped", "Frames that never reached the file", lambda: float(wire_log.dropped)
    )
    metrics.gauge(
        "borne_wire_log_queued_bytes", "Frames that wait for the disk", lambda: float(wire_log.queued_bytes)
    )
    metrics.gauge(
        "borne_wire_log_age_seconds",
        "Age of the oldest frame that waits for the disk",
        lambda: wire_log.queue_age_s(parts.clock.now()),
    )
    metrics.gauge("borne_ready", "Whether stations can be served (/readyz)", lambda: float(trouble() is None))
    metrics.gauge("borne_news_listeners", "Who listens to live news", lambda: float(bus.subscribers))

    @router.get("/metrics", dependencies=[READER], response_class=PlainTextResponse)
    async def scrape() -> Response:
        """Prometheus metrics of the central system."""
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @router.get("/healthz")
    async def is_alive() -> dict[str, str]:
        """The process answers; no token needed."""
        return {"status": "alive"}

    @router.get("/readyz")
    async def readiness() -> dict[str, str]:
        """Stations can be served; 503 while they cannot. No token needed."""
        if (why := trouble()) is not None:
            raise Problem(
                503,
                "not_ready",
                Phrase(
                    f"Les bornes ne peuvent pas être servies pour l'instant. {why.fr}",
                    f"Stations cannot be served now. {why.en}",
                ),
                SEE_LOG,
            )
        return {"status": "ready"}

    return router
