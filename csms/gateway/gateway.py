"""The front door of the central system: what the OCPP server calls, and what commands stations."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from csms.commands import DEFAULT_TIMEOUT_S
from csms.domain.commands import CommandOutcome, RawCall
from csms.domain.links import LinkView
from csms.errors import StorageUnavailable
from csms.gateway.admission import AdmittedStation, LinkAdmission
from csms.gateway.attempts import Attempts
from csms.gateway.command_sender import CommandSender
from csms.gateway.deadlines import Deadlines
from csms.gateway.explain import explain_page
from csms.gateway.limits import GatewayLimits
from csms.gateway.link import StationLink
from csms.gateway.link_context import LinkContext
from csms.gateway.ports import (
    CommandLog,
    FrameLog,
    MessageStore,
    StationLimits,
    VersionMemory,
    Whereabouts,
)
from csms.gateway.reception import RECEPTIONS
from csms.handlers.context import Policies
from csms.metrics import Metrics
from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import (
    Accept,
    AttemptReason,
    ExplainRequest,
    FailedAttempt,
    HttpAnswer,
    Receiver,
    Refuse,
    UpgradeRequest,
)
from ocppj.codec import codec_for
from ocppj.command_check import refusal
from ocppj.identity import StationTarget
from ocppj.model.command import Command
from ocppj.session import Session
from ocppj.translation import translation_for
from ocppj.vocabulary import Epoch, StationId
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.lifecycle import Background

log = structlog.get_logger("csms.gateway")

RESTARTING = 1012
FULL_LOGGED_EVERY_S = 60.0


class Gateway:
    """Implements `ocppj.aio.endpoint.Endpoint` and `csms.commands.StationCommands`.

    An async context manager: it owns the tasks that ask the ports; leaving closes every link (1012).
    """

    def __init__(
        self,
        *,
        policies: Policies,
        message_store: MessageStore,
        command_log: CommandLog,
        frame_log: FrameLog,
        versions: VersionMemory,
        whereabouts: Whereabouts | None = None,
        station_limits: StationLimits | None = None,
        node: str = "",
        clock: Clock,
        chance: Chance,
        metrics: Metrics | None = None,
        limits: GatewayLimits | None = None,
    ) -> None:
        self.metrics = metrics or Metrics()
        self.attempts = Attempts(clock)
        self._clock = clock
        self._chance = chance
        self._tasks = Background("gateway")
        self._deadlines = Deadlines(clock)
        self._storage_failed_at: float | None = None
        self._full_logged_at: float | None = None
        self._is_closing = False
        self._context = LinkContext(
            policies=policies,
            message_store=message_store,
            frame_log=frame_log,
            clock=clock,
            chance=chance,
            metrics=self.metrics,
            limits=limits or GatewayLimits(),
            deadlines=self._deadlines,
            tasks=self._tasks,
            storage_failed=self._note_storage_failure,
            node=node,
        )
        self._sender = CommandSender(self._context, command_log, whereabouts, station_limits)
        self._admission = LinkAdmission(self._context, self.attempts, versions)
        self.metrics.gauge(
            "borne_deadline_failures",
            "Waits of links whose end raised: the log names them",
            lambda: float(self._deadlines.failures),
        )
        self.metrics.gauge("borne_links", "Stations connected now", lambda: float(self.count))

    async def __aenter__(self) -> "Gateway":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Refuse newcomers, close every link, end the tasks."""
        self._is_closing = True
        for link in list(self._context.links.values()):
            try:
                link.connection.close(RESTARTING, "the central system is restarting")
            except Exception:
                log.exception("link_not_closed", station_id=link.station_id)
        await self._tasks.close()
        self._deadlines.close()

    # Endpoint -----------------------------------------------------------------------------------------

    async def admit(self, request: UpgradeRequest) -> Accept | Refuse:
        """Decide on one upgrade."""
        if self.turns_away:
            return self._cannot_store()
        station = await self._admission.decide(request)
        if isinstance(station, Refuse):
            return station
        if request.offered and request.negotiated is None:
            return Accept(_unused, None)  # 101 without a subprotocol, then close (OCPP-J 1.6 §3.2)
        try:
            epoch = await self._context.message_store.next_epoch()
        except StorageUnavailable:
            self._note_storage_failure()
            return self._cannot_store()
        return Accept(self._link_factory(station, epoch), station.version.subprotocol)

    def _cannot_store(self) -> Refuse:
        retry = (("Retry-After", str(self._context.limits.retry_after_s)),)
        return Refuse(503, "The central system cannot store right now: try again later.", retry)

    def _link_factory(self, station: AdmittedStation, epoch: Epoch) -> Callable[[Connection], Receiver]:
        def create_link(connection: Connection) -> Receiver:
            context = self._context
            link = StationLink(
                context,
                connection,
                RECEPTIONS[station.version],
                Session(codec_for(station.version)),
                station_id=station.station_id,
                epoch=epoch,
                security=station.security,
                findings=station.findings,
                own_secrets=station.secrets,
            )
            incumbent = context.links.get(station.station_id)
            if incumbent is not None and incumbent.epoch > epoch:  # two came at once, this one first
                link.replace()
                return link
            context.links[station.station_id] = link
            if incumbent is not None:
                log.info(
                    "station_superseded",
                    station_id=station.station_id,
                    peer=connection.peer.address,
                    of=incumbent.connection.peer.address,
                )
                incumbent.replace()
            link.opened()
            return link

        return create_link

    def attempt_failed(self, attempt: FailedAttempt) -> None:
        """Keep it."""
        self.metrics.attempts[attempt.reason.value,] += 1
        kept = self.attempts.add(attempt)
        if attempt.reason is AttemptReason.TOO_MANY_CONNECTIONS:
            self._log_full(attempt.peer.address)
            return
        if self.attempts.is_flooded_by(kept):  # said often enough
            return
        log.info(
            "station_refused",
            identity=kept.identity,
            peer=kept.address,
            reason=kept.cause or kept.reason.value,
            detail=kept.detail,
        )

    async def explain(self, request: ExplainRequest) -> HttpAnswer:
        """Help the person who opened a station's URL in a browser."""
        target = request.target
        attempts = self.attempts.latest(target.identity) if isinstance(target, StationTarget) else []
        return explain_page(request, attempts)

    def _log_full(self, address: str) -> None:
        """Once a minute at most: whoever is turned away comes again and again."""
        now = self._clock.monotonic()
        if self._full_logged_at is None or now - self._full_logged_at >= FULL_LOGGED_EVERY_S:
            self._full_logged_at = now
            way_out = "raise the limit of open files (ulimit -n, LimitNOFILE), or look who holds them"
            log.warning("too_many_connections", peer=address, links=len(self._context.links), way_out=way_out)

    def _note_storage_failure(self) -> None:
        self._storage_failed_at = self._clock.monotonic()

    @property
    def count(self) -> int:
        """How many stations are connected."""
        return len(self._context.links)

    def storage_works(self) -> None:
        """It was proved that there is room again: let stations in at once."""
        self._storage_failed_at = None

    @property
    def turns_away(self) -> bool:
        """Whether every station is refused because nothing can be stored, or all stops."""
        return self._is_closing or self._is_storage_down()

    def _is_storage_down(self) -> bool:
        """For a while after a failure nobody is let in; then the next station tests whether it is over."""
        failed_at = self._storage_failed_at
        return failed_at is not None and (
            self._clock.monotonic() - failed_at < self._context.limits.storage_retry_s
        )

    # Other nodes --------------------------------------------------------------------------------------

    def supersede(self, station_id: StationId, epoch: Epoch) -> None:
        """Another node has a newer link of the station: this one is over."""
        link = self._context.links.get(station_id)
        if link is not None and link.epoch == epoch:
            link.replace()

    def record_missing(self, recorded: Mapping[StationId, Epoch]) -> None:
        """Links of this node that are not recorded as such are told of anew: where there is a newer one
        elsewhere, that ends them.
        """
        for link in list(self._context.links.values()):
            if recorded.get(link.station_id) != link.epoch and link.connection.is_open:
                link.record_opening()

    # StationCommands ----------------------------------------------------------------------------------

    def link(self, station_id: StationId) -> LinkView | None:
        """The live link, or None while the station is offline."""
        link = self._context.links.get(station_id)
        return link.view() if link is not None else None

    def links(self) -> list[LinkView]:
        """All live links."""
        return [link.view() for link in self._context.links.values()]

    def unsupported_reason(self, station_id: StationId, command: Command) -> str | None:
        """Why the station's version has no such command; None where it has, or the station is offline."""
        link = self._context.links.get(station_id)
        return refusal(link.reception.version, command) if link is not None else None

    async def send(
        self,
        station_id: StationId,
        command: Command,
        *,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        origin: str = "api",
        before_accepted: bool = False,
    ) -> CommandOutcome:
        """Send a command and wait for its one end; the end is recorded even if the caller gives up.

        Nothing is sent before its row is durable, and nothing is told before its end is (architecture §4.15).
        """
        return await self._sender.send(
            station_id, command, timeout_s, origin, before_accepted=before_accepted
        )

    async def call(
        self,
        station_id: StationId,
        action: str,
        payload: dict[str, Any],
        *,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        origin: str = "api",
    ) -> CommandOutcome:
        """The raw call. Raises ocppj errors for an unknown action or an invalid payload."""
        link = self._context.links.get(station_id)
        meant = None
        if link is not None:
            request = link.request_in(action, payload)
            meant = translation_for(link.reception.version).command(action, request)
        raw = RawCall(action, payload, meant)
        return await self._sender.send(station_id, raw, timeout_s, origin, before_accepted=True)

    async def disconnect(self, station_id: StationId, *, code: int, reason: str) -> bool:
        """Close the station's socket."""
        link = self._context.links.get(station_id)
        if link is None:
            return False
        link.connection.close(code, reason)
        return True


def _unused(connection: Connection) -> Receiver:
    """Never called: a connection without a subprotocol is closed by the server."""
    raise AssertionError(connection.peer)
