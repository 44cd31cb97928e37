"""What waits for people, and what displays hold, of records that are kept in memory."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from access.principals import AccessScope
from csms.domain.links import LinkView
from csms.domain.records import ConnectorRecord, StationRecord, TransactionRecord
from csms.domain.reviews import Review
from csms.domain.waiting import FleetNow, Undecided, WaitingPart, WaitingStation, WaitingWanted
from csms.rules.display_rows import DisplayMessageRow
from csms.rules.explained import ExplainedPrice
from ocppj.vocabulary import ConnectorStatus, StationId

if TYPE_CHECKING:
    from tests.support.central import Details

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class MemoryWaiting:
    """For `MemoryRecords`, which has what it reads; the real one is in tests/csms/storage."""

    kept: dict[StationId, StationRecord]
    kept_connectors: list[ConnectorRecord]
    kept_transactions: list[TransactionRecord]
    details: "Details"
    live: dict[StationId, LinkView]

    async def explained_price(self, _: int) -> ExplainedPrice | None:
        """None has a price."""
        return None

    async def display_messages(self, _: StationId) -> list[DisplayMessageRow]:
        """None: they are asked of the real one."""
        return []

    async def waiting_stations(self, wanted: WaitingWanted, limit: int, offset: int = 0) -> WaitingPart:
        """By whose turn it is, in the order of ids; the real one is in tests/csms/storage."""
        known = [(each, self.details.details(each)) for each in sorted({*self.kept, *self.details.known})]
        ill = {each.station_id for each in self.kept_connectors if each.status is ConnectorStatus.FAULTED}
        found = [
            WaitingStation(name, AT)
            for name, details in known
            if (details.blocked_by or name in ill)
            and (details.who_clears in wanted.turns or (name in ill and bool(wanted.turns)))
            is not wanted.is_for_others
        ]
        return WaitingPart(tuple(found[offset:][:limit]), len(found))

    async def undecided(
        self, reviews: AccessScope, quarantine: AccessScope, most: int
    ) -> tuple[Undecided, Undecided]:
        """Of the transactions that are kept here; messages have their own double."""
        held = [each for each in self.kept_transactions if each.review is Review.HELD][:most]
        found = Undecided(len(held), min((each.started_at for each in held), default=None))
        return found if reviews else Undecided(), Undecided(1, AT) if quarantine else Undecided()

    async def fleet_now(self, scope: AccessScope) -> FleetNow:
        """Of what is kept here."""
        return FleetNow(len(self.kept), len(self.live)) if scope else FleetNow()
