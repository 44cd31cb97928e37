"""`LifecycleBootPolicy`: the answer to a boot follows from how far the station is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from csms.domain.links import LinkSecurity, LinkView
from csms.ports import BootDecision
from ocppj.model.boot import BootNotification
from ocppj.vocabulary import RegistrationStatus, StationId
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.gates.lifecycle_status import LifecycleStatus
from provisioning.gates.table import BOOT_ANSWERS, Interval
from provisioning.lifecycle import Lifecycle
from provisioning.records import Device
from provisioning.settings import PolicyOf, ProvisioningSettings
from provisioning.station_cache import StationCache, mac_names_of

REASON_CHARACTERS = 20
"""OCPP 2.0.1 StatusInfoType.reasonCode; additionalInfo has 512."""
INFO_CHARACTERS = 512


class LifecycleBootPolicy:
    """Fills `csms.ports.BootPolicy`. Writes only when a boot tells something new."""

    def __init__(
        self, station_cache: StationCache, settings: ProvisioningSettings, policy_of: PolicyOf
    ) -> None:
        self._station_cache, self._settings, self._policy_of = station_cache, settings, policy_of
        self.link_of: Callable[[StationId], LinkView | None] = lambda _: None
        """The station's link; the wiring gives it."""

    async def decide(self, station_id: StationId, boot: BootNotification) -> BootDecision:
        """Note what the boot tells, then answer as the lifecycle table says."""
        device = self._station_cache.devices.get(station_id)
        if device is None or not device.is_ours:
            return await self._decide_unknown(station_id, boot)
        now = self._station_cache.clock.now()
        if _booted(device, boot, now) != device:
            await self._station_cache.change_device(
                station_id, lambda stored: _booted(stored, boot, now), cause="the station booted"
            )
        if self._is_thought_offline(station_id):
            await self._station_cache.settle((station_id,), "the station booted")
        if self._has_proved_nothing(station_id):
            return self._wait(Code.SECRET_FORGOTTEN)
        return self._answer(self._station_cache.lifecycle_status(station_id))

    async def restore(self, station_id: StationId) -> RegistrationStatus | None:
        """Accepted where the lifecycle says so; everybody else is asked to boot.

        One that is released and does not boot was pending, and still is: it can be asked for more than that.
        """
        device, lifecycle_status = (
            self._station_cache.devices.get(station_id),
            self._station_cache.lifecycle_status(station_id),
        )
        if lifecycle_status is None or lifecycle_status.state is Lifecycle.QUARANTINE:
            return RegistrationStatus.ACCEPTED if self._policy_of(station_id) == "accept" else None
        if self._has_proved_nothing(station_id):
            return None
        status = BOOT_ANSWERS[lifecycle_status.state][0]
        is_released = device is not None and device.released_at is not None
        return status if status is RegistrationStatus.ACCEPTED or is_released else None

    def _has_proved_nothing(self, station_id: StationId) -> bool:
        """One that came without a secret after its own was forgotten waits for another one (A01.FR.05)."""
        device, link = self._station_cache.devices.get(station_id), self.link_of(station_id)
        is_forgotten = device is not None and device.credential.forgotten_at is not None
        return is_forgotten and link is not None and link.security is LinkSecurity.UNAUTHENTICATED

    def _wait(self, code: Code) -> BootDecision:
        text = blocker(code).text
        info = f"{text.fr} / {text.en}"[:INFO_CHARACTERS]
        interval_s = self._settings.pending_interval_s
        return BootDecision(RegistrationStatus.PENDING, interval_s, code.value[:REASON_CHARACTERS], info)

    def _is_thought_offline(self, station_id: StationId) -> bool:
        """The news of its link may still be on the way; a station is not told that it is offline."""
        lifecycle_status = self._station_cache.lifecycle_status(station_id)
        return lifecycle_status is not None and any(
            each.code is Code.STATION_OFFLINE for each in lifecycle_status.blocked_by
        )

    async def _decide_unknown(self, station_id: StationId, boot: BootNotification) -> BootDecision:
        settings = self._settings
        match self._policy_of(station_id):
            case "accept":
                return BootDecision(RegistrationStatus.ACCEPTED, settings.heartbeat_interval_s)
            case "reject" | "refuse":
                # OCPP 1.6 §7.38: the id is not known. Come back seldom.
                return BootDecision(RegistrationStatus.REJECTED, settings.rejected_interval_s)
            case "quarantine":
                if self._is_worth_remembering(station_id):
                    await self._remember(station_id, boot)
                return self._answer(self._station_cache.lifecycle_status(station_id))

    def _is_worth_remembering(self, station_id: StationId) -> bool:
        """Not beyond the limit, and not under a name that is a known station's by now: it reconnects."""
        station_cache = self._station_cache
        if station_cache.station_named(station_id) not in (None, station_id):
            return False
        return (
            station_id in station_cache.devices or station_cache.quarantined < self._settings.quarantine_limit
        )

    async def _remember(self, station_id: StationId, boot: BootNotification) -> None:
        now, device = self._station_cache.clock.now(), self._station_cache.devices.get(station_id)

        def remembered(stored: Device) -> Device:
            return _booted(replace(stored, macs=stored.macs or mac_names_of(station_id)), boot, now)

        if device is None or remembered(device) != device:
            await self._station_cache.change_device(station_id, remembered, cause="an unknown station booted")

    def _answer(self, lifecycle_status: LifecycleStatus | None) -> BootDecision:
        if lifecycle_status is None:
            return BootDecision(RegistrationStatus.PENDING, self._settings.pending_interval_s)
        status, interval = BOOT_ANSWERS[lifecycle_status.state]
        interval_s = (
            self._settings.heartbeat_interval_s
            if interval is Interval.HEARTBEAT
            else self._settings.pending_interval_s
        )
        if status is RegistrationStatus.ACCEPTED or not lifecycle_status.blocked_by:
            return BootDecision(status, interval_s)
        first = lifecycle_status.blocked_by[0]
        info = f"{first.text.fr} / {first.text.en}"
        return BootDecision(status, interval_s, first.code.value[:REASON_CHARACTERS], info[:INFO_CHARACTERS])


def _booted(device: Device, boot: BootNotification, now: datetime) -> Device:
    """The device with what its boot tells; once it is configured, the answer to a boot makes it active."""
    is_tested = device.test_window is not None and device.test_window.is_open
    is_activation = device.released_at is not None and device.activated_at is None and not is_tested
    return replace(
        device,
        vendor=boot.vendor,
        model=boot.model,
        firmware=boot.firmware_version or device.firmware,
        serial=boot.serial_number or device.serial,
        first_seen_at=device.first_seen_at or now,
        activated_at=now if is_activation else device.activated_at,
    )
