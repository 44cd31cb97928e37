"""The durable half as a whole: a charge is stored, answered and told; a restart goes on with all of it."""

from pathlib import Path

from prometheus_client import CollectorRegistry

from csms.central.central import Central
from csms.central.nodes import INTERRUPTED
from csms.domain.commands import CommandOutcome, Outcome
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.station_events import StationEvent
from csms.metrics import Metrics
from ocppj.model.boot import BootNotification, BootNotificationResponse, Reset
from ocppj.model.command import CommandAnswer
from ocppj.model.transactions import TransactionEventResponse
from ocppj.versions import OcppVersion
from ocppj.vocabulary import RegistrationStatus, StationId
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.events import EventBus
from tests.support.both_databases import Place
from tests.support.inbound import ACCEPTED, CP1, CP2, NOON, minutes, stop16
from tests.support.message_writer import Desk, copy_as_if_killed, desk

BOOT = BootNotification("V", "M")


def boot_reply(status: RegistrationStatus = RegistrationStatus.ACCEPTED) -> BootNotificationResponse:
    """The answer to a boot."""
    return BootNotificationResponse(status, 300, NOON)


async def view(at: Desk) -> LinkView:
    """A new link of cp1."""
    epoch = await at.central.message_store.next_epoch()
    return LinkView(CP1, epoch, OcppVersion.V16, "192.0.2.1", LinkSecurity.UNAUTHENTICATED, NOON, NOON, None)


async def test_a_charge_is_stored_answered_and_told(place: Place) -> None:
    """From the first contact to the last, in order."""
    async with desk(place, has_outbox=True) as at:
        link = await view(at)
        await at.central.message_store.link_opened(link)
        assert await at.submit(BOOT, "m1", boot_reply()) == boot_reply()
        assert await at.start("m2") == TransactionEventResponse("1", ACCEPTED)
        at.central.command_log.command_sent("c1", CP1, Reset(), "api", NOON)
        answer = CommandAnswer("Accepted")
        at.central.command_log.command_finished("c1", CP1, CommandOutcome(Outcome.RESULT, "c1", answer), NOON)
        await at.submit(stop16("1", 8000, minutes(60)), "m3")
        await at.central.message_store.link_closed(CP1, link.epoch, minutes(61), "1000")
        (transaction,) = await at.central.records.transactions()
        assert transaction.energy_wh == 7000
        assert not transaction.is_open
        batch = await at.central.outbox.next_batch(20)
        told = at.told()
    assert told == [
        "link.connected",
        "station.booted",
        "transaction.started",
        "command.finished",
        "transaction.ended",
        "link.disconnected",
    ]
    assert [message.topic.rsplit("/", 1)[1] for message in batch] == told


async def test_what_a_station_was_told_is_stored_for_good(tmp_path: Path) -> None:
    """BOOT-02: so that its registration can be restored after a kill; a link that was up is not."""
    path = tmp_path / "borne.db"
    async with desk(path) as at:
        await at.central.message_store.link_opened(await view(at))
        await at.submit(BOOT, "m1", boot_reply())
        copy_as_if_killed(path, tmp_path / "killed.db")
    async with desk(tmp_path / "killed.db") as at:

        async def told(station_id: StationId) -> RegistrationStatus | None:
            record = await at.central.records.station(station_id)
            return record.registration if record is not None else None

        assert await told(CP1) is RegistrationStatus.ACCEPTED
        assert await told(CP2) is None
        assert await at.column("SELECT reason FROM links") == [INTERRUPTED]
        await at.submit(BOOT, "m1", boot_reply(RegistrationStatus.PENDING))  # a boot is always answered anew
        assert await told(CP1) is RegistrationStatus.PENDING


async def test_metrics_show_the_message_writer(database: Database, clock: ManualClock) -> None:
    """How much waits, is stored, failed, and in how many commits."""
    metrics = Metrics()
    bus: EventBus[StationEvent] = EventBus()
    opened = await Central.open(database, clock=clock, bus=bus, metrics=metrics, has_outbox=False)
    async with opened as central:
        epoch = await central.message_store.next_epoch()
        link = LinkView(CP1, epoch, OcppVersion.V16, "p", LinkSecurity.UNAUTHENTICATED, NOON, NOON, None)
        await central.message_store.link_opened(link)
    registry = CollectorRegistry()
    registry.register(metrics)
    shown = {
        name: registry.get_sample_value(f"borne_recorder_{name}")
        for name in ("waiting", "stored", "failures")
    }
    assert shown == {"waiting": 0, "stored": 2, "failures": 0}
    assert registry.get_sample_value("borne_recorder_batches") == 2


async def test_the_end_of_a_central_that_did_nothing(database: Database, clock: ManualClock) -> None:
    """Opened and closed at once."""
    bus: EventBus[StationEvent] = EventBus()
    async with await Central.open(database, clock=clock, bus=bus, has_outbox=False):
        pass
