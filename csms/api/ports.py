"""What the API is built from; `csms.central.records` fills `Records`, the gateway `StationCommands`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from access.principals import AccessScope
from csms.central.file_transfers import FileTransfers
from csms.central.leases import Leases
from csms.central.station_files import StationFiles
from csms.central.wire_log import WireLog
from csms.commands import StationCommands
from csms.domain.audit import AuditEntry, AuditPlace
from csms.domain.charging_profiles import LimitPlace, LimitsWanted, ProfilesWanted
from csms.domain.history import ConnectorStateRecord, ConnectorStatesWanted, FleetPoint
from csms.domain.quarantine import QuarantineRecord, QuarantineState
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
    UnknownPolicy,
    VariableRecord,
)
from csms.domain.reservations import ReservationsWanted
from csms.domain.reviews import EndRequest, ReviewRecord, ReviewRequest
from csms.domain.station_events import StationEvent
from csms.domain.station_lists import StationPart, StationsWanted
from csms.domain.timeline import TimelineEntry, TimelinePlace
from csms.domain.waiting import FleetNow, Undecided, WaitingPart, WaitingWanted
from csms.gateway.attempts import Attempt
from csms.gateway.readmission import Readmission
from csms.ports import IdentityResolver, Owners, Presence, StationDetails
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, ExceededLimitRow
from csms.rules.composites import ChargingPicture
from csms.rules.display_rows import DisplayMessageRow
from csms.rules.explained import ExplainedPrice
from csms.rules.rows import ReservationRow
from ocppj.vocabulary import IdToken, StationId
from runtime.audit import Act
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.events import EventBus


class Records(Protocol):
    """What is stored. Each method is one query or one short transaction."""

    async def list_stations(
        self, wanted: StationsWanted, limit: int, *, after: StationId | None = None, offset: int = 0
    ) -> StationPart:
        """Stations that fit, with what is true at them, from behind a station or a number on."""
        ...

    async def waiting_stations(self, wanted: WaitingWanted, limit: int, offset: int = 0) -> WaitingPart:
        """Those that wait the longest, from a number on."""
        ...

    async def undecided(
        self, reviews: AccessScope, quarantine: AccessScope, most: int
    ) -> tuple[Undecided, Undecided]:
        """The transactions and the messages that wait for a decision within these scopes, up to so many."""
        ...

    async def fleet_now(self, scope: AccessScope) -> FleetNow:
        """The stations of a scope in numbers."""
        ...

    async def states(self, wanted: Collection[StationId]) -> Mapping[StationId, StationState]:
        """These stations with what is true at them now; one that is not stored is there all the same."""
        ...

    async def station(self, station_id: StationId) -> StationRecord | None:
        """One station."""
        ...

    async def link_end(self, station_id: StationId) -> LinkEndRecord | None:
        """How its last link ended; None where it is there, or never was."""
        ...

    async def add_station(self, station: StationRecord, act: Act) -> bool:
        """Store a station that never connected, and who added it; False if it exists already."""
        ...

    async def choose(
        self,
        station_id: StationId,
        act: Act,
        *,
        admission: UnknownPolicy | None = None,
        is_quiet: bool | None = None,
    ) -> None:
        """Change what was chosen for a station, and keep who did; what is None stays."""
        ...

    async def connectors(self, station_id: StationId) -> Sequence[ConnectorRecord]:
        """The connectors of one station, by EVSE and connector."""
        ...

    async def variables(
        self, station_id: StationId, limit: int = 100, after: str | None = None
    ) -> Sequence[VariableRecord]:
        """What a station reported of itself, in the order of `VariableRecord.key`, after that key."""
        ...

    async def transactions(
        self,
        wanted: TransactionsWanted = ...,
        limit: int = 100,
        after: tuple[datetime, int] | None = None,
    ) -> Sequence[TransactionRecord]:
        """Transactions that fit, newest first, from those on that come after this start and number."""
        ...

    async def count_transactions(self, wanted: TransactionsWanted) -> int | None:
        """How many fit; None where they are too many to count."""
        ...

    async def samples(self, transaction_no: int, limit: int = 1000) -> Sequence[SampleRecord]:
        """The metered values of a transaction, oldest first."""
        ...

    async def latest_samples(
        self, transaction_no: int, measurands: Sequence[str], limit: int
    ) -> Sequence[SampleRecord]:
        """The last values of these measurands of a transaction, oldest first."""
        ...

    async def reviews(self, transaction_no: int) -> Sequence[ReviewRecord]:
        """What people decided about a transaction, oldest first."""
        ...

    async def attachments(self, transaction_no: int) -> Sequence[AttachmentRecord]:
        """What came with a transaction and is kept as it came, oldest first."""
        ...

    async def review(self, request: ReviewRequest) -> None:
        """Decide about a transaction that has ended; one that goes on is left alone."""
        ...

    async def commands(
        self, station_id: StationId, limit: int = 100, before: datetime | None = None
    ) -> Sequence[CommandRecord]:
        """What was asked of a station, the newest first; those sent before an instant."""
        ...

    async def audit(
        self, station_id: StationId, limit: int = 100, after: AuditPlace | None = None
    ) -> Sequence[AuditEntry]:
        """What people and programs did to a station, the newest first, from behind a place on."""
        ...

    async def security_events(
        self, station_id: StationId, limit: int = 100, before: int | None = None
    ) -> Sequence[SecurityEventRecord]:
        """What a station told of its security, the newest first; those with a smaller number."""
        ...

    async def kept_messages(
        self, station_id: StationId, wanted: KeptMessagesWanted, limit: int = 100, before: int | None = None
    ) -> tuple[Sequence[KeptMessageRecord], bool]:
        """Reports of a station that are kept, the newest first, those with a smaller number; and whether
        there are more.
        """
        ...

    async def remove_personal_messages(self, station_id: StationId) -> None:
        """Forget what a station told of customers."""
        ...

    async def reservations(
        self,
        wanted: ReservationsWanted,
        limit: int = 100,
        after: tuple[datetime, str] | None = None,
    ) -> Sequence[ReservationRow]:
        """Reservations that fit, latest first, from those on that come after this instant and command."""
        ...

    async def charging_profiles(
        self, wanted: ProfilesWanted, limit: int = 100, after: tuple[datetime, str] | None = None
    ) -> Sequence[ChargingProfileRow]:
        """Charging profiles that fit, latest first, from those on that come after this instant and entry."""
        ...

    async def charging_limits(
        self, wanted: LimitsWanted, limit: int = 100, after: LimitPlace | None = None
    ) -> Sequence[ChargingLimitRow]:
        """Limits of others that fit, told last first."""
        ...

    async def charging_picture(self, station_id: StationId) -> ChargingPicture:
        """All that is known of the limits at one station."""
        ...

    async def exceeded_limits(
        self, wanted: LimitsWanted, limit: int = 100, after: tuple[datetime, str, int] | None = None
    ) -> Sequence[ExceededLimitRow]:
        """Limits that stations exceed, or did, latest first: of each EVSE the last."""
        ...

    async def explained_price(self, transaction_no: int) -> ExplainedPrice | None:
        """Why a transaction costs what it costs; None where it has no price."""
        ...

    async def display_messages(self, station_id: StationId) -> Sequence[DisplayMessageRow]:
        """What a station holds on its display, and held, the former first."""
        ...

    async def next_number(self, counter: str) -> int:
        """A number that nobody else gets, also not after a restart."""
        ...

    async def settled(self) -> None:
        """Returns when all that has happened before can be read here."""
        ...

    async def end(self, request: EndRequest) -> None:
        """End a transaction whose end never came; one that has ended is left alone."""
        ...

    async def tokens(self) -> Sequence[TokenRecord]:
        """All id tokens, by value."""
        ...

    async def token(self, id_token: IdToken) -> TokenRecord | None:
        """The token of this value and type, whatever their case."""
        ...

    async def tokens_of(self, value: str) -> Sequence[TokenRecord]:
        """The tokens of this value, one of each type."""
        ...

    async def save_token(self, token: TokenRecord, by: str) -> bool:
        """Add or replace a token, and send it to the stations whose lists have it; True if it is new. Tokens
        differ by their key, whatever the case.
        """
        ...

    async def remove_token(self, id_token: IdToken, by: str) -> bool:
        """Forget a token, and have the stations do so whose lists have it; False if it was not there."""
        ...


class History(Protocol):
    """What has been (`csms.central.history.StoredHistory`)."""

    async def connector_states(
        self, wanted: ConnectorStatesWanted, limit: int = 100, before: int | None = None
    ) -> Sequence[ConnectorStateRecord]:
        """The states that fit, newest first; those with a smaller number."""
        ...

    async def timeline(
        self, station_id: StationId, limit: int = 100, after: TimelinePlace | None = None
    ) -> Sequence[TimelineEntry]:
        """What happened to a station, the newest first, from behind a place on."""
        ...

    async def fleet(self, since: datetime, until: datetime, step: timedelta) -> Sequence[FleetPoint]:
        """The fleet in numbers from `since` to before `until`, oldest first, a point for each step."""
        ...


class QuarantineRecords(Protocol):
    """Messages in quarantine (`csms.central.quarantine.Quarantine`)."""

    async def find(
        self,
        scope: AccessScope,
        *,
        station_id: StationId | None = None,
        state: QuarantineState | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[QuarantineRecord]:
        """The messages that fit all that is given, newest first; `before`: older than this one."""
        ...

    async def one(self, quarantine_id: int) -> QuarantineRecord | None:
        """One message."""
        ...

    async def waiting(self, scope: AccessScope) -> int:
        """How many wait for somebody; a thousand where there are more."""
        ...


class AttemptLog(Protocol):
    """The connections that failed (`csms.gateway.attempts.Attempts`)."""

    listeners: list[Callable[[Attempt], None]]
    """Called with each one that is kept; they must not raise."""

    def latest(self, identity: str | None = None, limit: int = 100) -> list[Attempt]:
        """The newest first; of one identity or of all."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiParts:
    """The parts of the central system that the API speaks to."""

    records: Records
    history: History
    quarantine: QuarantineRecords
    readmission: Readmission
    leases: Leases
    commands: StationCommands
    presence: Presence
    wire_log: WireLog
    bus: EventBus[StationEvent]
    attempts: AttemptLog
    details: StationDetails
    resolver: IdentityResolver
    owners: Owners
    transfers: FileTransfers
    clock: Clock
    chance: Chance

    @property
    def files(self) -> StationFiles:
        """What stations fetch and send."""
        return self.transfers.files
