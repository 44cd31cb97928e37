"""A central system around the API: the real wire log, bus and HTTP server; what is stored is a dictionary.

`MemoryRecords` holds what `csms.storage` keeps; `ScriptedStations` answers in place of the gateway.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
from fastapi import FastAPI

from access.authentication import Authentication
from access.control import AccessControl
from access.principals import AccessScope, Resource, Role
from borne.server_api import build_server_router
from csms.api import ApiParts, build_probes, build_router
from csms.central.wire_log import WireLog
from csms.domain.audit import AuditEntry, AuditPlace
from csms.domain.commands import CommandOutcome, Outcome
from csms.domain.inbound import Inbound
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.quarantine import QuarantineDecision, QuarantineRecord, QuarantineState
from csms.domain.records import (
    AttachmentRecord,
    CommandRecord,
    ConnectorRecord,
    KeptMessageRecord,
    KeptMessagesWanted,
    LinkEndRecord,
    SampleRecord,
    SecurityEventRecord,
    StationRecord,
    StationState,
    TokenRecord,
    TransactionRecord,
    TransactionsWanted,
    VariableRecord,
    variable_key,
)
from csms.domain.reviews import EndRequest, ReviewRecord, ReviewRequest
from csms.domain.station_details import StationDetailsAnswer
from csms.domain.station_events import StationEvent
from csms.domain.station_lists import StationPart, StationsWanted
from csms.gateway.attempts import Attempts
from csms.gateway.presence import KnownLinks
from csms.gateway.readmission import Readmission
from csms.handlers.context import Policies
from csms.metrics import Metrics
from csms.ports import Owners
from csms.rules.rows import ReservationRow
from ocppj.aio.endpoint import Listening
from ocppj.errors import UnknownActionError
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.messages import Reply
from ocppj.model.variables import GetBaseReport
from ocppj.session import Direction
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, IdToken, RegistrationStatus, StationId
from runtime.audit import Act
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.events import EventBus
from runtime.http import install_problems
from runtime.routers import ApiRouter
from runtime.serving import serve
from runtime.wording import Phrase
from tests.support.history import MemoryHistory
from tests.support.lending import nothing_lent
from tests.support.memory_waiting import MemoryWaiting
from tests.support.plain_ports import CaseFoldResolver, OneOwner
from tests.support.station_details import details_of
from tests.support.transfers import TRANSFERS
from tests.support.unlimited import Unlimited
from tests.support.waiting import patient_http

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
A16, B201, OFFLINE = StationId("0024:b1:16"), StationId("cs-201"), StationId("cs-off")


class MemoryRecords(MemoryWaiting, Unlimited):
    """Implements `csms.api.Records`."""

    def __init__(self) -> None:
        self.kept: dict[StationId, StationRecord] = {}
        self.kept_link_ends: dict[StationId, LinkEndRecord] = {}
        self.kept_connectors: list[ConnectorRecord] = []
        self.kept_variables: dict[StationId, list[VariableRecord]] = {}
        self.kept_transactions: list[TransactionRecord] = []
        self.kept_samples: list[SampleRecord] = []
        self.kept_attachments: list[AttachmentRecord] = []
        self.review_requests: list[ReviewRequest] = []
        self.end_requests: list[EndRequest] = []
        self.kept_tokens: dict[str, TokenRecord] = {}
        self.changed_tokens: list[tuple[str, str]] = []
        """Whose verdict is another, and by whom."""
        self.numbers: dict[str, int] = {}
        self.states_read: list[StationId] = []
        self.details = Details()
        self.live: dict[StationId, LinkView] = {}

    async def kept_messages(
        self,
        station_id: StationId,
        wanted: KeptMessagesWanted,
        limit: int = 100,
        before: int | None = None,
    ) -> tuple[Sequence[KeptMessageRecord], bool]:
        """None: they are read from the real one in tests/csms/api/test_kept.py."""
        return (), False

    async def remove_personal_messages(self, station_id: StationId) -> None:
        """There are none."""

    async def list_stations(
        self, wanted: StationsWanted, limit: int, *, after: StationId | None = None, offset: int = 0
    ) -> StationPart:
        """By id only; by the text of ids, MACs, models; the real one is in tests/csms/storage."""
        known = {**self.kept, **dict.fromkeys(self.details.known), **dict.fromkeys(self.live)}
        found = [each for each in sorted(known) if self._fits(each, wanted)]
        part = [each for each in found if after is None or each > after][offset:][:limit]
        is_more = bool(part) and part[-1] != found[-1]
        online = sum(each in self.live for each in found)
        return StationPart(await self.states(part), len(found), online, is_more)

    def _fits(self, station_id: StationId, wanted: StationsWanted) -> bool:
        details, record = self.details.details(station_id), self.kept.get(station_id)
        words = [
            station_id,
            details.mac,
            record.vendor if record else "",
            record.model if record else "",
        ]
        return (
            wanted.text.strip().casefold() in " ".join(filter(None, words)).casefold()
            and wanted.is_online in (None, station_id in self.live)
            and wanted.lifecycle in (None, details.lifecycle)
            and wanted.site_id in (None, details.site and details.site.site_id)
            and wanted.is_blocked in (None, bool(details.blocked_by))
        )

    async def states(self, wanted: Collection[StationId]) -> Mapping[StationId, StationState]:
        """Each with what is true now."""
        self.states_read += [*wanted]
        return {
            each: StationState(
                self.kept.get(each),
                [one for one in self.kept_connectors if one.station_id == each],
                [one for one in self.kept_transactions if one.station_id == each and one.is_open],
            )
            for each in wanted
        }

    async def station(self, station_id: StationId) -> StationRecord | None:
        """One."""
        return self.kept.get(station_id)

    async def link_end(self, station_id: StationId) -> LinkEndRecord | None:
        """As it was put there."""
        return self.kept_link_ends.get(station_id)

    async def add_station(self, station: StationRecord, _act: Act) -> bool:
        """Unless it is there."""
        return self.kept.setdefault(station.station_id, station) is station

    async def choose(
        self, station_id: StationId, _act: Act, *, admission: str | None = None, is_quiet: bool | None = None
    ) -> None:
        """Changed where it is not None."""
        found = self.kept.get(station_id, StationRecord(station_id))
        chosen = {"admission": admission, "is_quiet": is_quiet}
        given = {name: value for name, value in chosen.items() if value is not None}
        self.kept[station_id] = replace(found, **given)  # type: ignore[arg-type] # each of its own type

    async def reservations(self, *_: object, **__: object) -> Sequence[ReservationRow]:
        """None: they are asked of the real one."""
        return []

    async def next_number(self, counter: str) -> int:
        """Grows."""
        self.numbers[counter] = self.numbers.get(counter, 0) + 1
        return self.numbers[counter]

    async def settled(self) -> None:
        """All is."""

    async def connectors(self, station_id: StationId) -> Sequence[ConnectorRecord]:
        """Of one."""
        return [each for each in self.kept_connectors if each.station_id == station_id]

    async def variables(
        self, station_id: StationId, limit: int = 100, after: str | None = None
    ) -> Sequence[VariableRecord]:
        """Of one."""
        found = {variable_key(each.ref): each for each in self.kept_variables.get(station_id, [])}
        return [found[key] for key in sorted(found) if key > (after or "")][:limit]

    async def transactions(
        self,
        wanted: TransactionsWanted = TransactionsWanted(),  # noqa: B008 - frozen
        limit: int = 100,
        after: tuple[datetime, int] | None = None,
    ) -> Sequence[TransactionRecord]:
        """Those that fit, newest first."""
        found = [each for each in self._fitting(wanted) if after is None or self._place(each) < after]
        return found[:limit]

    async def count_transactions(self, wanted: TransactionsWanted) -> int | None:
        """All of them."""
        return len(self._fitting(wanted))

    @staticmethod
    def _place(record: TransactionRecord) -> tuple[datetime, int]:
        return record.started_at, record.transaction_no

    def _fitting(self, wanted: TransactionsWanted) -> list[TransactionRecord]:
        key = IdToken(wanted.id_token).value_key if wanted.id_token is not None else None
        return [
            each
            for each in sorted(self.kept_transactions, key=self._place, reverse=True)
            if wanted.station_id in (None, each.station_id)
            and wanted.transaction_id in (None, each.transaction_id)
            and wanted.number in (None, each.transaction_no)
            and (key is None or (each.id_token is not None and each.id_token.value_key == key))
            and wanted.is_open in (None, each.is_open)
            and wanted.review in (None, each.review)
        ]

    async def latest_samples(
        self, transaction_no: int, measurands: Sequence[str], limit: int
    ) -> Sequence[SampleRecord]:
        """Of whichever transaction."""
        return [each for each in self.kept_samples if each.sample.measurand in measurands][-limit:]

    async def reviews(self, transaction_no: int) -> Sequence[ReviewRecord]:
        """Those that were asked for."""
        return [
            ReviewRecord(
                decision=each.decision,
                reason=each.reason,
                decided_by=each.decided_by,
                decided_at=each.at,
                before={},
                after={},
            )
            for each in self.review_requests
            if each.transaction_no == transaction_no
        ]

    async def attachments(self, transaction_no: int) -> Sequence[AttachmentRecord]:
        """The same for every transaction."""
        return self.kept_attachments

    async def review(self, request: ReviewRequest) -> None:
        """Remember it, and what it makes of the transaction."""
        self.review_requests.append(request)
        self.kept_transactions = [
            replace(each, review=request.decision.review)
            if each.transaction_no == request.transaction_no
            else each
            for each in self.kept_transactions
        ]

    async def end(self, request: EndRequest) -> None:
        """Remember it, and what it makes of the transaction."""
        self.end_requests.append(request)
        self.kept_transactions = [
            replace(each, ended_at=request.ended_at or request.at)
            if each.transaction_no == request.transaction_no
            else each
            for each in self.kept_transactions
        ]

    async def samples(self, transaction_no: int, limit: int = 1000) -> Sequence[SampleRecord]:
        """The same for every transaction."""
        return self.kept_samples[:limit]

    async def commands(
        self, _station_id: StationId, limit: int = 100, before: datetime | None = None
    ) -> Sequence[CommandRecord]:
        """None were sent."""
        return []

    async def audit(
        self, _station_id: StationId, limit: int = 100, after: AuditPlace | None = None
    ) -> Sequence[AuditEntry]:
        """Nobody did anything."""
        return []

    async def security_events(
        self, _station_id: StationId, limit: int = 100, before: int | None = None
    ) -> Sequence[SecurityEventRecord]:
        """None were told."""
        return []

    async def tokens(self) -> Sequence[TokenRecord]:
        """By value."""
        return [self.kept_tokens[each] for each in sorted(self.kept_tokens)]

    async def token(self, id_token: IdToken) -> TokenRecord | None:
        """Whatever the case."""
        return self.kept_tokens.get(id_token.key)

    async def tokens_of(self, value: str) -> Sequence[TokenRecord]:
        """One of each type."""
        key = IdToken(value).value_key
        return [each for each in await self.tokens() if each.id_token.value_key == key]

    async def save_token(self, token: TokenRecord, by: str) -> bool:
        """Add or replace."""
        self.changed_tokens.append((token.id_token.value, by))
        is_new = token.id_token.key not in self.kept_tokens
        self.kept_tokens[token.id_token.key] = token
        return is_new

    async def remove_token(self, id_token: IdToken, by: str) -> bool:
        """Forget."""
        self.changed_tokens.append((id_token.value, by))
        return self.kept_tokens.pop(id_token.key, None) is not None


class MemoryQuarantine:
    """Implements `csms.api.ports.QuarantineRecords` and `csms.gateway.readmission.QuarantineStore`."""

    def __init__(self) -> None:
        self.kept: dict[int, QuarantineRecord] = {}
        self.taken: list[Inbound] = []
        self.objection: str | None = None

    async def find(
        self,
        scope: AccessScope,
        *,
        station_id: StationId | None = None,
        state: QuarantineState | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[QuarantineRecord]:
        """Those that fit, newest first; all stations here are one organisation's."""
        found = [
            each
            for number, each in sorted(self.kept.items(), reverse=True)
            if station_id in (None, each.station_id)
            and state in (None, each.state)
            and (before is None or number < before)
        ]
        return found[:limit]

    async def one(self, quarantine_id: int) -> QuarantineRecord | None:
        """One."""
        return self.kept.get(quarantine_id)

    async def waiting(self, scope: AccessScope) -> int:
        """How many wait."""
        return sum(each.state is QuarantineState.WAITING for each in self.kept.values())

    async def last_version(self, station_id: StationId) -> OcppVersion | None:
        """Nobody knows."""
        return None

    async def readmit(self, inbound: Inbound, proposal: Reply, decision: QuarantineDecision) -> str | None:
        """As scripted."""
        if self.objection is None:
            self.taken.append(inbound)
            await self.decide(decision)
        return self.objection

    async def decide(self, decision: QuarantineDecision) -> None:
        """Note it."""
        self.kept[decision.quarantine_id] = replace(
            self.kept[decision.quarantine_id],
            state=decision.state,
            decided_at=decision.at,
            decided_by=decision.by,
            decision=decision.reason,
            corrected=decision.corrected,
        )


class ScriptedStations:
    """Implements `csms.commands.StationCommands`: every station agrees, unless `outcome` says otherwise."""

    def __init__(self) -> None:
        self.live: dict[StationId, LinkView] = {}
        self.sent: list[tuple[StationId, Command | tuple[str, dict[str, Any]], str]] = []
        self.outcome = CommandOutcome(
            Outcome.RESULT, "c1", answer=CommandAnswer("Accepted"), payload={}, seq=5
        )

    def connect(self, station_id: StationId, version: OcppVersion, security: LinkSecurity) -> None:
        """Bring a station online."""
        self.live[station_id] = LinkView(
            station_id, Epoch(7), version, "192.0.2.7", security, AT, AT, RegistrationStatus.ACCEPTED
        )

    def link(self, station_id: StationId) -> LinkView | None:
        """The live link."""
        return self.live.get(station_id)

    def links(self) -> list[LinkView]:
        """All."""
        return list(self.live.values())

    def unsupported_reason(self, station_id: StationId, command: Command) -> str | None:
        """1.6 has no base report."""
        link = self.live.get(station_id)
        is_lacking = (
            link is not None and link.version is OcppVersion.V16 and isinstance(command, GetBaseReport)
        )
        return "OCPP 1.6 has no GetBaseReport" if is_lacking else None

    async def send(
        self,
        station_id: StationId,
        command: Command,
        *,
        timeout_s: float = 30.0,
        origin: str = "api",
        before_accepted: bool = False,
    ) -> CommandOutcome:
        """As scripted."""
        self.sent.append((station_id, command, origin))
        return self.outcome

    async def call(
        self,
        station_id: StationId,
        action: str,
        payload: dict[str, Any],
        *,
        timeout_s: float = 30.0,
        origin: str = "api",
    ) -> CommandOutcome:
        """As scripted; the schemas know no action Foo."""
        if action in ("Foo", "CustomerInformation"):  # what this station lacks
            raise UnknownActionError("OCPP 1.6 has no action Foo")
        self.sent.append((station_id, (action, payload), origin))
        return self.outcome

    async def disconnect(self, station_id: StationId, *, code: int, reason: str) -> bool:
        """Nothing to close."""
        return self.live.pop(station_id, None) is not None


class OwnerOfSites(OneOwner):
    """Keeps two sites, too."""

    def of_site(self, site_id: str) -> Resource | None:
        """Whoever runs the server has both."""
        return Resource(site_id=site_id) if site_id in {"s1", "empty"} else None


class Details:
    """Implements `csms.ports.StationDetails`."""

    lifecycles: Sequence[str] = ("quarantine", "ordered", "powered", "active", "suspended")

    def __init__(self) -> None:
        self.known: dict[StationId, dict[str, Any]] = {}
        self.watchers: list[Callable[[StationId], object]] = []

    def details(self, station_id: StationId) -> StationDetailsAnswer:
        """What provisioning would add."""
        return details_of(**self.known.get(station_id, {}))

    def troubled(self) -> Collection[StationId]:
        """None."""
        return ()

    def watch(self, changed: Callable[[StationId], object]) -> None:
        """Tests tell what they change."""
        self.watchers.append(changed)


@dataclass
class Central:
    """The parts, to look into and to set up."""

    clock: ManualClock
    wire_log: WireLog
    records: MemoryRecords = field(default_factory=MemoryRecords)
    quarantine: MemoryQuarantine = field(default_factory=MemoryQuarantine)
    stations: ScriptedStations = field(default_factory=ScriptedStations)
    details: Details = field(default_factory=Details)
    owners: Owners = field(default_factory=OwnerOfSites)
    bus: EventBus[StationEvent] = field(default_factory=EventBus)

    def __post_init__(self) -> None:
        self.attempts = Attempts(self.clock)
        self.records.details, self.records.live = self.details, self.stations.live

    @property
    def parts(self) -> ApiParts:
        """For the API."""
        return ApiParts(
            records=self.records,
            history=MemoryHistory(),
            quarantine=self.quarantine,
            readmission=Readmission(self.quarantine, cast("Policies", None), self.clock),
            leases=nothing_lent(),
            commands=self.stations,
            presence=KnownLinks(self.stations),
            wire_log=self.wire_log,
            bus=self.bus,
            attempts=self.attempts,
            details=self.details,
            resolver=CaseFoldResolver(),
            owners=self.owners,
            transfers=TRANSFERS,
            clock=self.clock,
            chance=SeededChance(1),
        )

    def record(self, raw: bytes, station_id: StationId = A16, way: Direction = Direction.IN) -> int:
        """A frame goes over the wire."""
        return self.wire_log.record(station_id, Epoch(7), way, raw, self.clock.now())

    def publish(self, event: str, station_id: StationId = A16, **payload: Any) -> None:
        """Something happened."""
        self.bus.publish(StationEvent(event, station_id, self.clock.now(), payload))


@dataclass
class ServedCentral:
    """A served API: one client per role, one without a token."""

    central: Central
    app: FastAPI
    url: str
    clients: dict[Role | None, httpx.AsyncClient]

    def client(self, role: Role | None = Role.ADMIN) -> httpx.AsyncClient:
        """Who asks."""
        return self.clients[role]


def build_app(central: Central, trouble: Callable[[], Phrase | None] = lambda: None) -> FastAPI:
    """The app as borne builds it."""
    app = FastAPI(docs_url="/api/docs", openapi_url="/api/openapi.json")
    install_problems(app)
    api = ApiRouter("/api/v1")
    api.add(build_router(central.parts))
    api.add(build_server_router("0.0.0", (Listening("127.0.0.1", 9000, is_secure=False),)))
    api.serve_in(app)
    build_probes(Metrics(), central.parts, trouble).serve_in(app)
    return app


@asynccontextmanager
async def served(database: Database, central: Central, app: FastAPI) -> AsyncIterator[ServedCentral]:
    """The app behind authentication, on a real port."""
    async with served_by_role(database, central.clock, app) as (url, clients):
        try:
            yield ServedCentral(central, app, url, clients)
        finally:
            central.wire_log.close_taps()
            central.bus.close()


@asynccontextmanager
async def served_by_role(
    database: Database, clock: ManualClock, app: FastAPI, path: str = ""
) -> AsyncIterator[tuple[str, dict[Role | None, httpx.AsyncClient]]]:
    """An app behind authentication: its URL, a client of each role for what is below `path`, one of none."""
    access = AccessControl(database, clock, SeededChance(2))
    server = await serve(Authentication(app, access), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.port}"
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        headers: dict[Role | None, dict[str, str]] = {None: {}}
        for role in Role:
            headers[role] = {"Authorization": f"Bearer {await access.add_token(role.value, role)}"}
        yield (
            url,
            {
                role: await stack.enter_async_context(patient_http(base_url=url + path, headers=each))
                for role, each in headers.items()
            },
        )


@asynccontextmanager
async def opened_central(folder: Path) -> AsyncIterator[Central]:
    """The parts around a wire log in a folder."""
    clock = ManualClock()
    wire_log = WireLog(folder / "wirelog.db", clock=clock)
    try:
        yield Central(clock, wire_log)
    finally:
        await wire_log.close()
