"""The answer to a boot follows from how far the station is; a boot that tells nothing new costs no disk."""

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from csms.ports import BootDecision
from ocppj.model.boot import BootNotification
from ocppj.vocabulary import RegistrationStatus, StationId
from provisioning.boot import LifecycleBootPolicy
from provisioning.lifecycle import Lifecycle
from provisioning.settings import ProvisioningSettings
from tests.support.provisioning import ID, MAC, World
from tests.support.stations import BOOT, ScriptedStation

ACCEPTED, PENDING, REJECTED = RegistrationStatus
STRANGER = StationId("02b016000009")


def _policy(world: World, policy: Any, **settings: Any) -> LifecycleBootPolicy:
    changed = replace(world.settings, **settings)
    return LifecycleBootPolicy(world.provisioning.station_cache, changed, lambda _: policy)


async def test_an_unordered_station_waits_in_quarantine(world: World) -> None:
    """Pending, with a reason that its screen can show; it is remembered with what it said of itself."""
    answer = await world.provisioning.boot_policy.decide(STRANGER, BOOT)
    assert answer == BootDecision(
        PENDING, 30, "E_NOT_ORDERED", "Personne n'a commandé cette borne. / Nobody ordered this station."
    )
    device = world.device(STRANGER)
    assert (device.vendor, device.model, device.serial, device.firmware) == (
        "Rivebleue",
        "RB-22",
        "SN1",
        "1.0.0",
    )
    assert device.macs == (STRANGER,)
    assert world.state(STRANGER) is Lifecycle.QUARANTINE


@pytest.mark.parametrize(
    ("policy", "status", "interval_s"),
    [("accept", ACCEPTED, 300), ("reject", REJECTED, 900), ("refuse", REJECTED, 900)],
)
async def test_other_policies_answer_strangers_without_remembering_them(
    world: World, policy: Any, status: RegistrationStatus, interval_s: int
) -> None:
    """Benches accept; servers in the open reject."""
    assert await _policy(world, policy).decide(STRANGER, BOOT) == BootDecision(status, interval_s)
    assert STRANGER not in world.provisioning.station_cache.devices


async def test_an_ordered_station_is_led_whatever_the_policy(world: World) -> None:
    """The lifecycle answers for stations that are ours."""
    await world.order(MAC)
    answer = await _policy(world, "accept").decide(ID, BOOT)
    assert (answer.status, answer.reason_code) == (PENDING, "E_NOT_LOCALIZED")
    assert world.state() is Lifecycle.POWERED


async def test_each_state_has_its_answer_and_interval(world: World, v201: ScriptedStation) -> None:
    """Pending until it is released; then the very next boot is Accepted, with the heartbeat's interval."""
    await world.active(v201, activates_on_claim=True)
    reasons = [(answer.status, answer.interval_s, answer.reason_code) for answer in v201.answers]
    assert reasons[0] == (PENDING, 30, "E_NOT_LOCALIZED")
    assert (PENDING, 30, "W_CONFIGURING") in reasons
    assert reasons[-1] == (ACCEPTED, 300, None)
    assert world.device().activated_at is not None
    await world.provisioning.use_cases.operation.suspend(ID, "x", "owner")
    answer = await world.provisioning.boot_policy.decide(ID, BOOT)
    assert answer == BootDecision(ACCEPTED, 300)


async def test_reasons_fit_into_their_fields(world: World) -> None:
    """OCPP 2.0.1 StatusInfoType: 20 and 512 characters."""
    await world.order(MAC)
    answer = await world.provisioning.boot_policy.decide(ID, BOOT)
    assert answer.reason_code is not None
    assert len(answer.reason_code) <= 20
    assert answer.additional_info is not None
    assert len(answer.additional_info) <= 512


async def test_the_same_boot_again_costs_no_disk(world: World) -> None:
    """Answered from memory; one that tells something new is stored."""
    policy = world.provisioning.boot_policy
    await world.order(MAC)
    await policy.decide(ID, BOOT)
    await policy.decide(STRANGER, BOOT)
    before = world.database.calls
    await policy.decide(ID, BOOT)
    await policy.decide(STRANGER, BOOT)
    assert world.database.calls == before
    await policy.decide(ID, structs.replace(BOOT, firmware_version="1.0.1"))
    assert world.device().firmware == "1.0.1"
    await policy.decide(ID, BootNotification("Rivebleue", "RB-22"))
    assert (world.device().firmware, world.device().serial) == ("1.0.1", "SN1")


async def test_a_boot_in_service_changes_nothing(world: World, v201: ScriptedStation) -> None:
    """Since when it is active stays; ten thousand boots after a power cut cost no disk."""
    await world.active(v201)
    before, calls = world.device(), world.database.calls
    await world.clock.advance(60)
    assert (await world.provisioning.boot_policy.decide(ID, BOOT)).status is ACCEPTED
    assert (world.device(), world.database.calls) == (before, calls)


async def test_quarantine_is_bounded(world: World) -> None:
    """Beyond the limit strangers are answered and forgotten; those remembered stay."""
    policy = _policy(world, "quarantine", quarantine_limit=3)
    for number in range(5):
        answer = await policy.decide(StationId(f"cp-{number}"), BOOT)
        assert answer.status is PENDING
    assert len(world.provisioning.station_cache.devices) == 3
    assert (await policy.decide(StationId("cp-0"), structs.replace(BOOT, model="RB-44"))).status is PENDING
    assert world.device(StationId("cp-0")).model == "RB-44"


@pytest.mark.parametrize(
    ("policy", "restored"), [("accept", ACCEPTED), ("quarantine", None), ("reject", None)]
)
async def test_strangers_are_asked_to_boot(
    world: World, policy: Any, restored: RegistrationStatus | None
) -> None:
    """On a connection without a boot there is nothing to go on with."""
    assert await _policy(world, policy).restore(STRANGER) is restored
    await world.provisioning.boot_policy.decide(STRANGER, BOOT)
    assert await _policy(world, policy).restore(STRANGER) is restored


async def test_only_stations_in_service_go_on_without_a_boot(world: World, v201: ScriptedStation) -> None:
    """A station that never boots again after a restart of the server is accepted; a pending one must boot."""
    await world.localized(v201, activates_on_claim=False)
    policy = world.provisioning.boot_policy
    assert await policy.restore(ID) is None
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(60)
    await world.restart()
    assert await world.provisioning.boot_policy.restore(ID) is ACCEPTED
    await world.provisioning.use_cases.operation.suspend(ID, "x", "owner")
    assert await world.provisioning.boot_policy.restore(ID) is ACCEPTED


async def test_a_policy_can_be_chosen_for_one_station(world: World) -> None:
    """POST /stations: one bench station is accepted where all others wait."""
    chosen: dict[StationId, Any] = {STRANGER: "accept"}
    world.provisioning.chosen_policy = chosen.get
    policy = world.provisioning.boot_policy
    assert (await policy.decide(STRANGER, BOOT)).status is ACCEPTED
    assert (await policy.decide(StationId("cp-1"), BOOT)).status is PENDING


async def test_a_name_that_was_added_to_a_box_is_not_remembered_again(world: World) -> None:
    """The station is still on the old link for a moment; it is that box, not a stranger."""
    await world.order(MAC)
    await world.provisioning.use_cases.purchasing.add_mac(ID, "02:B0:16:00:00:09", "owner")
    answer = await world.provisioning.boot_policy.decide(STRANGER, BOOT)
    assert answer == BootDecision(PENDING, 30)
    assert STRANGER not in world.provisioning.station_cache.devices


async def test_intervals_come_from_the_settings(world: World, settings: ProvisioningSettings) -> None:
    """The demo waits five seconds."""
    policy = _policy(world, "quarantine", pending_interval_s=5)
    assert (await policy.decide(STRANGER, BOOT)).interval_s == 5
