"""`LifecycleBootPolicy`: the answer to a boot follows from how far the station is."""

from dataclasses import replace

from csms.domain.events import StationBooted
from csms.ports import BootDecision
from ocppj.vocabulary import RegistrationStatus, StationId
from provisioning.directory import Directory
from provisioning.lifecycle import BOOT_ANSWERS, Interval, Lifecycle, Standing
from provisioning.records import Device
from provisioning.settings import ProvisioningSettings

REASON_CHARACTERS = 20
"""OCPP 2.0.1 StatusInfoType.reasonCode; additionalInfo has 512."""
INFO_CHARACTERS = 512


class LifecycleBootPolicy:
    """Fills `csms.ports.BootPolicy`. Writes only when a boot tells something new."""

    def __init__(self, directory: Directory, settings: ProvisioningSettings) -> None:
        self._directory, self._settings = directory, settings

    async def decide(self, station_id: StationId, boot: StationBooted) -> BootDecision:
        """Note what the boot tells, then answer as the lifecycle table says."""
        device = self._directory.devices.get(station_id)
        if device is None or not device.is_ours:
            return await self._decide_unknown(station_id, boot, device)
        after = self._with_boot(device, boot)
        if after.released_at is not None and after.activated_at is None:
            # Its configuration is done with: this very answer makes it active.
            after = replace(after, activated_at=self._directory.clock.now())
        if after != device:
            await self._directory.change_device(
                station_id, lambda stored: _merge(stored, after), cause="the station booted"
            )
        return self._answer(self._directory.standing(station_id))

    async def restore(self, station_id: StationId) -> RegistrationStatus | None:
        """Accepted where the lifecycle says so; everybody else is asked to boot."""
        standing = self._directory.standing(station_id)
        if standing is None or standing.state is Lifecycle.QUARANTINE:
            return RegistrationStatus.ACCEPTED if self._settings.unknown == "accept" else None
        status = BOOT_ANSWERS[standing.state][0]
        return status if status is RegistrationStatus.ACCEPTED else None

    async def _decide_unknown(
        self, station_id: StationId, boot: StationBooted, device: Device | None
    ) -> BootDecision:
        settings = self._settings
        match settings.unknown:
            case "accept":
                return BootDecision(RegistrationStatus.ACCEPTED, settings.heartbeat_interval_s)
            case "reject" | "refuse":
                # OCPP 1.6 §7.38: the id is not known. Come back seldom.
                return BootDecision(RegistrationStatus.REJECTED, settings.rejected_interval_s)
            case "quarantine":
                if device is not None or self._directory.quarantined < settings.quarantine_limit:
                    await self._remember(station_id, boot, device)
                return self._answer(self._directory.standing(station_id))

    async def _remember(self, station_id: StationId, boot: StationBooted, device: Device | None) -> None:
        after = self._with_boot(device or Device(station_id, macs=_mac_names(station_id)), boot)
        if after != device:
            await self._directory.change_device(
                station_id, lambda stored: _merge(stored, after), cause="an unknown station booted"
            )

    def _with_boot(self, device: Device, boot: StationBooted) -> Device:
        return replace(
            device,
            vendor=boot.vendor,
            model=boot.model,
            firmware=boot.firmware_version or device.firmware,
            serial=boot.serial_number or device.serial,
            first_seen_at=device.first_seen_at or self._directory.clock.now(),
        )

    def _answer(self, standing: Standing | None) -> BootDecision:
        if standing is None:
            return BootDecision(RegistrationStatus.PENDING, self._settings.pending_interval_s)
        status, interval = BOOT_ANSWERS[standing.state]
        interval_s = (
            self._settings.heartbeat_interval_s
            if interval is Interval.HEARTBEAT
            else self._settings.pending_interval_s
        )
        if status is RegistrationStatus.ACCEPTED or not standing.blocked_by:
            return BootDecision(status, interval_s)
        first = standing.blocked_by[0]
        info = f"{first.fr} / {first.en}"
        return BootDecision(status, interval_s, first.code.value[:REASON_CHARACTERS], info[:INFO_CHARACTERS])


def _merge(stored: Device, seen: Device) -> Device:
    """What the boot told, on top of whatever was stored meanwhile; a release withdrawn meanwhile stays so."""
    activated_at = stored.activated_at or (seen.activated_at if stored.released_at else None)
    return replace(
        stored,
        macs=stored.macs or seen.macs,
        vendor=seen.vendor,
        model=seen.model,
        firmware=seen.firmware,
        serial=seen.serial,
        first_seen_at=stored.first_seen_at or seen.first_seen_at,
        activated_at=activated_at,
    )


def _mac_names(station_id: StationId) -> tuple[str, ...]:
    is_mac = len(station_id) in (12, 16) and all(digit in "0123456789abcdef" for digit in station_id)
    return (station_id,) if is_mac else ()
