"""The only wiring: builds a server out of the parts, starts it, and takes it down in the right order.

    async with running_server(ServerSettings()) as server:
        await server.failed()          # returns never, unless a part ends

Reading it top-down shows the whole system: storage, provisioning, gateway, sockets, API, console, broker.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.types import ASGIApp

from access.authentication import Authentication, usual_length
from access.control import AccessControl
from access.login import PLAIN_PAGE, LoginPage
from borne.addresses import local_http_url, local_ocpp_url
from borne.bench import bench_process, lend
from borne.certificate.local_issuer import issuer_keys
from borne.connecting import connect, follow_frames
from borne.descriptors import connection_limits
from borne.fleet_counting import fleet_needs
from borne.http_app import VERSION, build_http
from borne.letters_api import build_letters_router
from borne.mailing import Postbag, write_letters
from borne.migrations import MIGRATIONS
from borne.node import node_name
from borne.own_ca.authority import FOLDER as OWN_CA
from borne.own_ca.serving import serve_authority
from borne.policies import policies_of
from borne.provisioning_settings import provisioning_settings
from borne.reports_api import build_reports_router
from borne.server_api import build_server_router
from borne.serving_files import base_url, behind_files, open_transfers, with_firmware
from borne.settings import ServerSettings
from borne.site_power import SitePower
from borne.supervision import LongTasks, show_lifecycle_states, show_supervision, show_work, supervise
from borne.usable_certificate import usable_certificate
from borne.work_api import build_work_router
from csms.api import ApiParts
from csms.central.central import Central
from csms.central.cost_sender import CostSender
from csms.central.file_transfers import FileTransfers
from csms.central.leases import Leases
from csms.central.wire_log import WireLog
from csms.domain.station_events import StationEvent
from csms.gateway.gateway import Gateway
from csms.gateway.limits import GatewayLimits
from csms.gateway.presence import KnownLinks
from csms.gateway.readmission import Readmission
from csms.metrics import Metrics
from ocppj.aio.endpoint import Listening
from ocppj.aio.errors import ListenError
from ocppj.aio.server import OcppServer
from ocppj.aio.tls import server_context
from provisioning.api.certificate_keys import build_certificate_keys_router
from provisioning.app import Provisioning
from provisioning.issuer import ISSUER_KEY, IssuerKeys
from provisioning.owners import SiteOwners
from runtime.chance import Chance, SystemChance
from runtime.clock import Clock, SystemClock
from runtime.database import Announce, Database, announce_nothing, database_path, is_postgres_url
from runtime.events import EventBus
from runtime.mqtt import BrokerAddress, Publisher
from runtime.routers import ApiRouter
from runtime.serving import HttpServer, http_tls, listen_problem, serve
from runtime.storing import StoringHealth
from runtime.threads import Threads, own_thread
from runtime.wording import Phrase
from runtime.work.engine import WorkEngine

CLIENT_ID = "borne"


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that answers. `token` is the administrator's, from `var/token`."""

    ocpp_url: str
    """`ws://HOST:PORT/ocpp` as seen from this machine; append `/<station id>`."""
    http_url: str
    token: str = field(repr=False)
    https_url: str | None = None
    """The same with TLS; None without an HTTP certificate."""
    listening: tuple[Listening, ...] = ()
    parts: ApiParts | None = field(default=None, repr=False)
    ended: "asyncio.Future[None] | None" = field(default=None, repr=False)
    app: FastAPI | None = field(default=None, repr=False)
    """What answers HTTP, behind the authentication."""

    async def failed(self) -> None:
        """Wait until a part of the server fails, and raise its error; or until the server is stopped."""
        if self.ended is not None:
            await asyncio.shield(self.ended)


@asynccontextmanager
async def running_server(
    settings: ServerSettings,
    *,
    clock: Clock | None = None,
    chance: Chance | None = None,
    has_console: bool = True,
    announce: Announce = announce_nothing,
) -> AsyncIterator[RunningServer]:
    """Start everything; stop it in the opposite order. `announce`: what takes long. Raises RuntimeProblem."""
    clock, chance = clock or SystemClock(), chance or SystemChance()
    broker = BrokerAddress.parse(settings.mqtt.get_secret_value()) if settings.mqtt is not None else None
    certificate = usable_certificate(settings.tls_certificate, settings.tls_key, server_context)
    http_certificate = usable_certificate(settings.http_tls_certificate, settings.http_tls_key, http_tls)
    async with AsyncExitStack() as stack:
        side = await stack.enter_async_context(
            station_side(settings, clock=clock, chance=chance, has_outbox=bool(broker), announce=announce)
        )
        store, provisioning, ocpp = side.store, side.provisioning, side.ocpp
        if broker is not None:
            publisher = Publisher(broker, store.central.outbox, clock, client_id=CLIENT_ID)
            side.tasks.start(publisher.run(), name="publisher")
        await _listen(ocpp, settings, certificate)
        provisioning.station_port = ocpp.listening[0].port, ocpp.listening[0].is_secure
        parts = _api_parts(side, settings, clock, chance)
        open_transfers(stack, settings, parts, store.database, store.work)
        access = AccessControl(store.database, clock, chance)
        keys = provisioning.power_ups.hand_over.keys = issuer_keys(settings.var / ISSUER_KEY, chance)
        provisioning.power_ups.hand_over.thread = stack.enter_context(own_thread("certificates"))
        routers = _server_routers(side, parts, keys)
        app = build_http(parts, provisioning, access, store.metrics, side.trouble, routers=routers)
        bag = Postbag(store.database, store.work, clock, chance)
        write_letters(stack, settings, app, provisioning, bag)
        serve_authority(app, settings.var / OWN_CA)
        pages: tuple[LoginPage, Callable[[str], int]] = PLAIN_PAGE, usual_length
        if has_console:
            from borne.pages import add_pages  # half a second to import: only who shows pages needs it

            bench = bench_process(store.central, ocpp, settings, access, lambda: http.port)
            await stack.enter_async_context(bench)
            pages = add_pages(stack, app, parts, provisioning, access, bench=bench)
        token = await access.first_token(settings.var / "token", _own_name(settings))
        access_checked = Authentication(app, access, login_page=pages[0], longest=with_firmware(pages[1]))
        guarded = behind_files(access_checked, parts.files, settings)
        http = await serve(guarded, settings.listen, settings.http_port)
        stack.push_async_callback(_stop_http, http, store)
        parts.files.base_url = base_url(settings, http.port)
        https = await _serve_https(guarded, settings, http_certificate)
        if https is not None:
            stack.push_async_callback(_stop_http, https, store)
        yield RunningServer(
            ocpp_url=local_ocpp_url(settings.listen, ocpp.listening[0].port),
            http_url=local_http_url(settings.listen, http.port),
            https_url=None if https is None else local_http_url(settings.listen, https.port, is_secure=True),
            token=token,
            listening=ocpp.listening,
            parts=parts,
            ended=side.tasks.ended,
            app=app,
        )


def _own_name(settings: ServerSettings) -> str | None:
    """Of this server, where the database is not in its own folder: another one may have used it before."""
    url = settings.effective_database_url
    is_own = not is_postgres_url(url) and database_path(url).resolve().parent == settings.var.resolve()
    return None if is_own else node_name(settings.var)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What keeps, counts and tells: everything below the sockets."""

    database: Database
    storing: StoringHealth
    bus: EventBus[StationEvent]
    metrics: Metrics
    wire_log: WireLog
    work: WorkEngine
    central: Central


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSide:
    """All that serves stations, but for a port: `ocpp.protocol()` takes a connection of any transport."""

    store: Store
    leases: Leases
    provisioning: Provisioning
    gateway: Gateway
    tasks: LongTasks
    ocpp: OcppServer
    trouble: Callable[[], Phrase | None]
    """Why stations cannot be served, or None."""


@asynccontextmanager
async def station_side(
    settings: ServerSettings,
    *,
    clock: Clock,
    chance: Chance,
    threads: Threads = own_thread,
    has_outbox: bool,
    announce: Announce = announce_nothing,
) -> AsyncIterator[StationSide]:
    """Start it, and stop it in the opposite order on leaving. Raises RuntimeProblem."""
    async with AsyncExitStack() as stack:
        database = await Database.open(
            settings.effective_database_url, migrations=MIGRATIONS, threads=threads, announce=announce
        )
        stack.push_async_callback(database.close)
        store = await _open_store(stack, database, settings, clock, threads, has_outbox=has_outbox)
        provisioning = await Provisioning.open(
            store.database, clock, chance, store.bus, provisioning_settings(settings), work=store.work
        )
        provisioning.chosen_policy = store.central.known.admission
        show_lifecycle_states(store.metrics, provisioning.station_cache)
        gateway = await stack.enter_async_context(_gateway(settings, store, provisioning, clock, chance))
        connect(provisioning, store.central, gateway)
        follow_frames(provisioning, store.wire_log, settings.effective_database_url)
        await provisioning.station_cache.own_all()
        leases = lend(store.central, gateway, store.bus, store.work, clock=clock, chance=chance)
        tasks = await stack.enter_async_context(LongTasks())
        trouble = supervise(store.central, store.storing, gateway, tasks, clock=clock)
        tasks.start(provisioning.run(), name="provisioning")
        tasks.start(store.central.nodes.until_displaced(), name="database")
        tasks.start(store.work.run(), name="work")
        power = SitePower(provisioning, store.central.records, gateway, store.work, store.bus)
        tasks.start(power.run(), name="site power")
        needs = fleet_needs(gateway, provisioning.station_cache)
        tasks.start(store.central.fleet_counts(needs, clock).run(), name="fleet counts")
        costs = CostSender(store.database, gateway, store.bus, store.central.known.is_quiet, clock)
        tasks.start(costs.run(), name="costs")
        ocpp = await stack.enter_async_context(_ocpp_server(gateway, settings, clock))
        show_supervision(store.metrics, ocpp)
        yield StationSide(
            store=store,
            leases=leases,
            provisioning=provisioning,
            gateway=gateway,
            tasks=tasks,
            ocpp=ocpp,
            trouble=trouble,
        )


async def _open_store(
    stack: AsyncExitStack,
    database: Database,
    settings: ServerSettings,
    clock: Clock,
    threads: Threads,
    *,
    has_outbox: bool,
) -> Store:
    """Open what goes with the database; the stack closes it in the opposite order. Raises DatabaseProblem."""
    storing = StoringHealth(database, clock)
    metrics = Metrics()
    metrics.gauge("borne_storing_failures", "Writes that the disk refused", lambda: float(storing.failures))
    bus: EventBus[StationEvent] = EventBus()
    stack.callback(bus.close)
    wire_log = WireLog(
        settings.var / "wirelog.db",
        settings.wire_log,
        settings.wire_log_ring_bytes,
        settings.wire_log_max_mib,
        clock=clock,
        threads=threads,
    )
    stack.push_async_callback(wire_log.close)
    is_alone, node = not is_postgres_url(settings.effective_database_url), node_name(settings.var)
    work = WorkEngine(database, clock, node=node, is_alone=is_alone)
    show_work(metrics, work)
    central = await Central.open(
        database,
        clock=clock,
        bus=bus,
        metrics=metrics,
        has_outbox=has_outbox,
        kept_per_action=settings.kept_messages_per_action,
        work_enqueued=work.wake,
        node=node,
        is_alone=is_alone,
    )
    await stack.enter_async_context(central)
    return Store(
        database=database,
        storing=storing,
        bus=bus,
        metrics=metrics,
        wire_log=wire_log,
        work=work,
        central=central,
    )


def _gateway(
    settings: ServerSettings, store: Store, provisioning: Provisioning, clock: Clock, chance: Chance
) -> Gateway:
    return Gateway(
        policies=policies_of(store.central, provisioning, settings),
        message_store=store.central.message_store,
        command_log=store.central.command_log,
        frame_log=store.wire_log,
        versions=store.central.records,
        whereabouts=store.central.nodes,
        station_limits=store.central.station_limits,
        node=node_name(settings.var),
        clock=clock,
        chance=chance,
        metrics=store.metrics,
        limits=GatewayLimits(message_bytes=settings.max_message_bytes),
    )


def _api_parts(side: StationSide, settings: ServerSettings, clock: Clock, chance: Chance) -> ApiParts:
    store, gateway, provisioning = side.store, side.gateway, side.provisioning
    policies = policies_of(store.central, provisioning, settings)
    return ApiParts(
        records=store.central.records,
        history=store.central.history,
        quarantine=store.central.quarantine,
        readmission=Readmission(store.central.quarantine, policies, clock),
        leases=side.leases,
        commands=gateway,
        presence=KnownLinks(gateway, store.central.nodes),
        wire_log=store.wire_log,
        bus=store.bus,
        attempts=gateway.attempts,
        details=provisioning.details,
        resolver=provisioning.resolver,
        owners=SiteOwners(provisioning.station_cache),
        transfers=FileTransfers(store.database, store.central.message_store, gateway, clock),
        clock=clock,
        chance=chance,
    )


def _server_routers(side: StationSide, parts: ApiParts, keys: IssuerKeys) -> tuple[ApiRouter, ...]:
    """Of what no other part has: the server itself, its durable work, reports, keys, letters."""
    return (
        build_server_router(VERSION, side.ocpp.listening),
        build_work_router(parts, side.store.database),
        build_reports_router(parts, side.provisioning.station_cache),
        build_certificate_keys_router(keys),
        build_letters_router(side.store.database),
    )


def _ocpp_server(gateway: Gateway, settings: ServerSettings, clock: Clock) -> OcppServer:
    return OcppServer(
        gateway,
        connection_limits(settings),
        origins=settings.allowed_origins,
        clock=clock,
    )


async def _listen(ocpp: OcppServer, settings: ServerSettings, certificate: ssl.SSLContext | None) -> None:
    """The ports for stations. Raises RuntimeProblem."""
    try:
        await ocpp.listen(settings.listen, settings.ocpp_port)
        if certificate is not None:
            await ocpp.listen(settings.listen, settings.tls_port, certificate)
    except ListenError as problem:
        raise listen_problem(settings.listen, problem.port, problem.error) from problem


async def _serve_https(
    app: ASGIApp, settings: ServerSettings, certificate: ssl.SSLContext | None
) -> HttpServer | None:
    """The console and the API with TLS; None without a certificate. Raises RuntimeProblem."""
    if certificate is None:
        return None
    return await serve(app, settings.listen, settings.https_port, tls=certificate, is_second=True)


async def _stop_http(http: HttpServer, store: Store) -> None:
    """Live streams end first: a request that never finishes would hold up the stop."""
    store.wire_log.close_taps()
    store.bus.close()
    await http.stop()
