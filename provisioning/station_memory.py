"""`StationMemory`: what provisioning asks the central system of what it has stored."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from charging.tariff import Component
from csms.domain.records import StationState, TransactionRecord, TransactionsWanted
from ocppj.vocabulary import StationId


class StationMemory(Protocol):
    """What the central system has stored of its stations."""

    async def station_ids(self, after: StationId | None = None, limit: int = 100) -> Sequence[StationId]:
        """The ids of the first stations after this one, in order."""
        ...

    async def states(self, wanted: Collection[StationId]) -> Mapping[StationId, StationState]:
        """These stations with what is true at them now."""
        ...

    async def transactions(self, wanted: TransactionsWanted, limit: int = 100) -> Sequence[TransactionRecord]:
        """Transactions that fit, newest first."""
        ...

    async def untold(self, wanted: Collection[StationId]) -> Mapping[StationId, Mapping[Component, datetime]]:
        """What each of these told nothing of in its last transactions, and since when at least."""
        ...
