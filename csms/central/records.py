"""What is stored, read back for people: each method is one query or one short transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from access.principals import AccessScope
from charging.tariff import Component
from csms.central.message_writer import MessageWriter
from csms.central.stations import KnownStations
from csms.central.tokens import KnownTokens
from csms.domain.audit import AuditEntry, AuditPlace
from csms.domain.charging_profiles import LimitPlace, LimitsWanted, ProfilesWanted
from csms.domain.records import (
    AttachmentRecord,
    ChosenStation,
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
from csms.domain.station_lists import StationPart, StationsWanted
from csms.domain.waiting import FleetNow, Undecided, WaitingPart, WaitingWanted
from csms.ports import ChangePart, StoreChoice
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, ExceededLimitRow
from csms.rules.composites import ChargingPicture
from csms.rules.display_rows import DisplayMessageRow
from csms.rules.explained import ExplainedPrice, explained
from csms.rules.rows import ReservationRow
from csms.rules.untold import untold
from csms.storage.audit import audit_of
from csms.storage.charging_pictures import charging_picture
from csms.storage.charging_profiles import find_limits, find_profiles
from csms.storage.commands import commands_of
from csms.storage.connectors import connectors_of, load_metered_connectors
from csms.storage.counters import next_number
from csms.storage.display_messages import display_messages_of
from csms.storage.ended_transactions import last_ended
from csms.storage.exceeded_limits import find_exceeded
from csms.storage.kept_messages import kept_messages_of, remove_personal_messages
from csms.storage.links import link_end_of
from csms.storage.reservations import find_reservations
from csms.storage.reviews import attachments_of, reviews_of
from csms.storage.samples import latest_samples, samples_of
from csms.storage.security_events import security_events_of
from csms.storage.station_lists import count_stations, list_stations
from csms.storage.stations import add_station, choose, one_station, station_ids, these_stations
from csms.storage.transactions import (
    count_transactions,
    find_transactions,
    load_numbered_transactions,
    open_transactions_of,
)
from csms.storage.variables import variables_of
from csms.storage.waiting import fleet_now, held_transactions, quarantined_messages, waiting_stations
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdToken, StationId
from runtime.audit import Act
from runtime.database import Database

ALL_TRANSACTIONS = TransactionsWanted()


class _ThereAlready(Exception):  # noqa: N818 - what was found
    """The station that is to be added exists: nothing of the change is written."""


class StoredRecords:
    """Implements `csms.api.ports.Records` and `csms.gateway.ports.VersionMemory`."""

    def __init__(
        self, database: Database, tokens: KnownTokens, known: KnownStations, message_writer: MessageWriter
    ) -> None:
        self._database = database
        self._message_writer = message_writer
        self._tokens = tokens
        self._known = known
        self.store_choice: StoreChoice = self._store_alone
        """Stores what was chosen; the wiring puts a way here that tells how far the station is then."""

    async def station_ids(self, after: StationId | None = None, limit: int = 100) -> Sequence[StationId]:
        """The ids of the first stations after this one, in order."""
        return await self._database.run_read(lambda connection: station_ids(connection, after, limit))

    async def states(self, wanted: Collection[StationId]) -> Mapping[StationId, StationState]:
        """These stations with what is true at them now; one that is not stored is there all the same."""

        return await self._database.run_read(lambda connection: _states(connection, wanted))

    async def list_stations(
        self, wanted: StationsWanted, limit: int, *, after: StationId | None = None, offset: int = 0
    ) -> StationPart:
        """Stations that fit, with what is true at them, from behind a station or a number on; and how many
        fit in all.
        """

        def read(connection: Connection) -> StationPart:
            found = list_stations(connection, wanted, limit + 1, after=after, offset=offset)
            total, online = count_stations(connection, wanted)
            states = _states(connection, found[:limit])
            return StationPart(states, total, online, is_more=len(found) > limit)

        return await self._database.run_read(read)

    async def waiting_stations(self, wanted: WaitingWanted, limit: int, offset: int = 0) -> WaitingPart:
        """Those that wait the longest, from a number on."""
        return await self._database.run_read(
            lambda connection: waiting_stations(connection, wanted, limit, offset)
        )

    async def undecided(
        self, reviews: AccessScope, quarantine: AccessScope, most: int
    ) -> tuple[Undecided, Undecided]:
        """The transactions and the messages that wait for a decision within these scopes."""

        def read(connection: Connection) -> tuple[Undecided, Undecided]:
            held = held_transactions(connection, reviews, most) if reviews else Undecided()
            kept = quarantined_messages(connection, quarantine, most) if quarantine else Undecided()
            return held, kept

        return await self._database.run_read(read)

    async def fleet_now(self, scope: AccessScope) -> FleetNow:
        """The stations of a scope in numbers."""
        return await self._database.run_read(lambda connection: fleet_now(connection, scope))

    async def untold(self, wanted: Collection[StationId]) -> Mapping[StationId, Mapping[Component, datetime]]:
        """What each of these stations told nothing of in its last transactions, and since when at least."""
        found = await self._database.run_read(lambda connection: last_ended(connection, wanted))
        return {each: untold(found.get(each, ())) for each in wanted}

    async def station(self, station_id: StationId) -> StationRecord | None:
        """One station."""
        return await self._database.run_read(lambda connection: one_station(connection, station_id))

    async def link_end(self, station_id: StationId) -> LinkEndRecord | None:
        """How its last link ended; None where it is there, or never was."""
        return await self._database.run_read(lambda connection: link_end_of(connection, station_id))

    async def last_version(self, station_id: StationId) -> OcppVersion | None:
        """The OCPP version of its last connection."""
        record = await self.station(station_id)
        label = record.version if record is not None else None
        return OcppVersion.from_subprotocol(f"ocpp{label}") if label is not None else None

    async def add_station(self, station: StationRecord, act: Act) -> bool:
        """Store a station that never connected, and who added it; False if it exists already."""

        def write(connection: Connection) -> None:
            if not add_station(connection, station, act):
                raise _ThereAlready

        chosen = ChosenStation(station.station_id, station.admission, station.is_quiet)
        part = ChangePart(write, lambda: self._known.choose(chosen))
        try:
            await self.store_choice(station.station_id, station.is_quiet, part)
        except _ThereAlready:
            return False
        return True

    async def choose(
        self,
        station_id: StationId,
        act: Act,
        *,
        admission: UnknownPolicy | None = None,
        is_quiet: bool | None = None,
    ) -> None:
        """Change what was chosen for a station, and keep who did; what is None stays."""
        chosen: list[ChosenStation] = []

        def write(connection: Connection) -> None:
            chosen.append(choose(connection, station_id, act, admission=admission, is_quiet=is_quiet))

        part = ChangePart(write, lambda: self._known.choose(chosen[-1]))
        await self.store_choice(station_id, is_quiet, part)

    async def _store_alone(self, _station_id: StationId, _is_quiet: bool | None, part: ChangePart) -> None:  # noqa: FBT001 - as the port has it
        await self._database.run_write(part.write)
        part.apply()

    async def connectors(self, station_id: StationId) -> Sequence[ConnectorRecord]:
        """The connectors of one station, by EVSE and connector."""
        return await self._database.run_read(lambda connection: connectors_of(connection, station_id))

    async def variables(
        self, station_id: StationId, limit: int = 100, after: str | None = None
    ) -> Sequence[VariableRecord]:
        """What a station reported of itself, in the order of `VariableRecord.key`, after that key."""
        return await self._database.run_read(
            lambda connection: variables_of(connection, station_id, limit, after)
        )

    async def transactions(
        self,
        wanted: TransactionsWanted = ALL_TRANSACTIONS,
        limit: int = 100,
        after: tuple[datetime, int] | None = None,
    ) -> Sequence[TransactionRecord]:
        """Transactions that fit, newest first, from those on that come after this start and number."""
        return await self._database.run_read(
            lambda connection: find_transactions(connection, wanted, limit, after)
        )

    async def count_transactions(self, wanted: TransactionsWanted) -> int | None:
        """How many fit; None where they are too many to count."""
        return await self._database.run_read(lambda connection: count_transactions(connection, wanted))

    async def samples(self, transaction_no: int, limit: int = 1000) -> Sequence[SampleRecord]:
        """The metered values of a transaction, oldest first."""
        return await self._database.run_read(lambda connection: samples_of(connection, transaction_no, limit))

    async def latest_samples(
        self, transaction_no: int, measurands: Sequence[str], limit: int
    ) -> Sequence[SampleRecord]:
        """The last values of these measurands of a transaction, oldest first."""
        return await self._database.run_read(
            lambda connection: latest_samples(connection, transaction_no, measurands, limit)
        )

    async def reviews(self, transaction_no: int) -> Sequence[ReviewRecord]:
        """What people decided about a transaction, oldest first."""
        return await self._database.run_read(lambda connection: reviews_of(connection, transaction_no))

    async def attachments(self, transaction_no: int) -> Sequence[AttachmentRecord]:
        """What came with a transaction and is kept as it came, oldest first."""
        return await self._database.run_read(lambda connection: attachments_of(connection, transaction_no))

    async def review(self, request: ReviewRequest) -> None:
        """Decide about a transaction that has ended; one that goes on is left alone."""
        await self._message_writer.review(request)

    async def commands(
        self, station_id: StationId, limit: int = 100, before: datetime | None = None
    ) -> Sequence[CommandRecord]:
        """What was asked of a station, the newest first."""
        return await self._database.run_read(
            lambda connection: commands_of(connection, station_id, limit, before)
        )

    async def audit(
        self, station_id: StationId, limit: int = 100, after: AuditPlace | None = None
    ) -> Sequence[AuditEntry]:
        """What people and programs did to a station, the newest first, from behind a place on."""
        return await self._database.run_read(
            lambda connection: audit_of(connection, station_id, limit, after)
        )

    async def security_events(
        self, station_id: StationId, limit: int = 100, before: int | None = None
    ) -> Sequence[SecurityEventRecord]:
        """What a station told of its security, the newest first."""
        return await self._database.run_read(
            lambda connection: security_events_of(connection, station_id, limit, before)
        )

    async def kept_messages(
        self, station_id: StationId, wanted: KeptMessagesWanted, limit: int = 100, before: int | None = None
    ) -> tuple[Sequence[KeptMessageRecord], bool]:
        """Reports of a station that are kept, the newest first; and whether there are more."""
        return await self._database.run_read(
            lambda connection: kept_messages_of(connection, station_id, wanted, limit, before)
        )

    async def remove_personal_messages(self, station_id: StationId) -> None:
        """Forget what a station told of customers."""
        await self._database.run_write(lambda connection: remove_personal_messages(connection, station_id))

    async def reservations(
        self,
        wanted: ReservationsWanted,
        limit: int = 100,
        after: tuple[datetime, str] | None = None,
    ) -> Sequence[ReservationRow]:
        """Reservations that fit, latest first."""
        return await self._database.run_read(
            lambda connection: find_reservations(connection, wanted, limit, after)
        )

    async def charging_profiles(
        self, wanted: ProfilesWanted, limit: int = 100, after: tuple[datetime, str] | None = None
    ) -> Sequence[ChargingProfileRow]:
        """Charging profiles that fit, latest first."""
        return await self._database.run_read(
            lambda connection: find_profiles(connection, wanted, limit, after)
        )

    async def charging_limits(
        self, wanted: LimitsWanted, limit: int = 100, after: LimitPlace | None = None
    ) -> Sequence[ChargingLimitRow]:
        """Limits of others that fit, told last first."""
        return await self._database.run_read(lambda connection: find_limits(connection, wanted, limit, after))

    async def charging_picture(self, station_id: StationId) -> ChargingPicture:
        """All that is known of the limits at one station."""
        return await self._database.run_read(lambda connection: charging_picture(connection, station_id))

    async def exceeded_limits(
        self, wanted: LimitsWanted, limit: int = 100, after: tuple[datetime, str, int] | None = None
    ) -> Sequence[ExceededLimitRow]:
        """Limits that stations exceed, or did, latest first."""
        return await self._database.run_read(
            lambda connection: find_exceeded(connection, wanted, limit, after)
        )

    async def explained_price(self, transaction_no: int) -> ExplainedPrice | None:
        """Why a transaction costs what it costs; None where it has no price."""
        rows = await self._database.run_read(
            lambda connection: load_numbered_transactions(connection, [transaction_no])
        )
        return explained(rows[0]) if rows else None

    async def display_messages(self, station_id: StationId) -> Sequence[DisplayMessageRow]:
        """What a station holds on its display, and held, the former first."""
        return await self._database.run_read(lambda connection: display_messages_of(connection, station_id))

    async def next_number(self, counter: str) -> int:
        """From the database: two processes never give the same."""
        return await self._database.run_write(lambda connection: next_number(connection, counter))

    async def settled(self) -> None:
        """Returns when all that was accepted before is durable."""
        await self._message_writer.settled()

    async def end(self, request: EndRequest) -> None:
        """End a transaction whose end never came; one that has ended is left alone."""
        await self._message_writer.end(request)

    async def tokens(self) -> Sequence[TokenRecord]:
        """All id tokens, by value."""
        return self._tokens.all()

    async def token(self, id_token: IdToken) -> TokenRecord | None:
        """The token of this value and type, whatever their case."""
        return self._tokens.one(id_token)

    async def tokens_of(self, value: str) -> Sequence[TokenRecord]:
        """The tokens of this value, one of each type."""
        return self._tokens.of_value(value)

    async def save_token(self, token: TokenRecord, by: str) -> bool:
        """Add or replace a token; True if it is new."""
        return await self._tokens.save(token, by)

    async def remove_token(self, id_token: IdToken, by: str) -> bool:
        """Forget a token; False if it was not there."""
        return await self._tokens.remove(id_token, by)


def _states(connection: Connection, wanted: Collection[StationId]) -> dict[StationId, StationState]:
    found = {each: StationState() for each in wanted}
    for record in these_stations(connection, wanted):
        found[record.station_id].record = record
    for connector in load_metered_connectors(connection, wanted):
        found[connector.station_id].connectors.append(connector)
    for transaction in open_transactions_of(connection, wanted):
        found[transaction.station_id].open_ones.append(transaction)
    for state in found.values():
        state.connectors.sort(key=lambda each: (each.evse_id, each.connector_id))
    return found
