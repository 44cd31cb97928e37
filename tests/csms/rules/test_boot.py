"""Boots."""

from csms.rules.rows import BootRow
from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.vocabulary import BootReason, RegistrationStatus
from tests.support.inbound import ACCEPTED, CP1, NOON, Bench, minutes, start16


def test_a_boot_is_kept_with_its_answer_and_told() -> None:
    """What the station said, what it was told."""
    bench = Bench()
    boot = BootNotification("V", "M", "S", "1.0", reason=BootReason.POWER_UP)
    reply = BootNotificationResponse(RegistrationStatus.PENDING, 30, NOON)
    assert bench.send(boot, proposal=reply, received_at=minutes(1)) == reply
    assert bench.rows == [BootRow(CP1, boot, RegistrationStatus.PENDING, minutes(1))]
    assert bench.events[0].payload == {
        "vendor": "V",
        "model": "M",
        "serial_number": "S",
        "firmware_version": "1.0",
        "reason": "PowerUp",
        "registration": "Pending",
    }


def test_a_boot_ends_no_transaction() -> None:
    """BOOT-01: a thousand boots in mid-charge, each with the time of day in its answer."""
    bench = Bench()
    bench.send(start16(), info=ACCEPTED)
    for second in range(1000):
        reply = BootNotificationResponse(RegistrationStatus.ACCEPTED, 300, minutes(second / 60))
        assert bench.send(BootNotification("V", "M"), "boot", proposal=reply) == reply
    assert bench.transaction("1").is_open
