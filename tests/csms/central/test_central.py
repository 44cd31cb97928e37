"""The durable half as a whole: what stations send is stored, answered and told, also after a restart."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from csms.central.central import Central
from csms.domain.commands import CommandAnswer, CommandOutcome, Outcome, Reset
from csms.domain.events import BootReply, Inbound, StationBooted, TransactionReply, TransactionReported
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.news import StationNews
from csms.domain.records import TokenRecord
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    AuthorizationStatus,
    Epoch,
    IdToken,
    IdTokenInfo,
    RegistrationStatus,
    StationId,
    TransactionEventKind,
)
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.events import EventBus

CP1 = StationId("cp1")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def inbound(event: object, message_id: str = "m1", digest: bytes = b"digest-1" * 2) -> Inbound:
    """A message of CP1."""
    return Inbound(CP1, Epoch(1), message_id, digest, NOON, event, raw=b"[2]")  # type: ignore[arg-type]


async def test_a_charge_is_stored_answered_and_told(database: Database, clock: ManualClock) -> None:
    """Happy path."""
    bus: EventBus[StationNews] = EventBus()
    news = bus.subscribe()
    async with await Central.open(database, clock=clock, bus=bus, has_outbox=True) as central:
        view = LinkView(
            CP1, central.journal.next_epoch(), OcppVersion.V16, "192.0.2.1", LinkSecurity.UNAUTHENTICATED, NOON, NOON, None
        )
        await central.journal.link_opened(view)
        boot = await central.journal.submit(
            inbound(StationBooted("V", "M")), BootReply(RegistrationStatus.ACCEPTED, 300, NOON)
        )
        assert isinstance(boot, BootReply)
        start = TransactionReported(
            TransactionEventKind.STARTED, None, NOON, 1, 1, id_token=IdToken("TAG"), meter_wh=100.0
        )
        info = IdTokenInfo(AuthorizationStatus.ACCEPTED)
        reply = await central.journal.submit(inbound(start), TransactionReply("", info))
        assert reply == TransactionReply("1", info)
        again = await central.journal.submit(inbound(start, "m2"), TransactionReply("", info))
        assert again == reply
        central.command_log.command_sent("c1", CP1, Reset(), "api", NOON)
        central.command_log.command_finished(
            "c1", CP1, CommandOutcome(Outcome.RESULT, "c1", CommandAnswer("Accepted", is_accepted=True)), NOON
        )
        stop = TransactionReported(
            TransactionEventKind.ENDED, "1", NOON + timedelta(hours=1), meter_wh=7100.0, stopped_reason="Local"
        )
        await central.journal.submit(inbound(stop, "m3", b"digest-3" * 2), TransactionReply("1"))
        (transaction,) = await central.records.transactions()
        assert transaction.energy_wh == 7000
        assert not transaction.is_open
        assert await central.records.save_token(TokenRecord(IdToken("Tag")))
        assert (await central.tokens.find(IdToken("TAG"))).status is AuthorizationStatus.ACCEPTED
        await central.journal.link_closed(CP1, view.epoch, NOON, "1000")
        batch = await central.outbox.next_batch(20)
        assert await central.stored_registration(CP1) is RegistrationStatus.ACCEPTED
    told = [each.event for each in news.pending()]
    assert told == [
        "link.connected",
        "station.booted",
        "transaction.started",
        "command.finished",
        "transaction.ended",
        "link.disconnected",
    ]
    assert [message.topic.rsplit("/", 1)[1] for message in batch] == told
