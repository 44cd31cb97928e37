"""Who is let in: old and new secrets, both forms, and the same answer to all who are not."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from csms.domain.links import LinkSecurity
from csms.ports import Admitted, ConnectionRequest, Denied
from ocppj.vocabulary import StationId
from provisioning.admission import StationAdmission
from provisioning.credentials import entered, forget, offer, prove, withdraw
from provisioning.records import Credential, CredentialForm, CredentialState, Device
from tests.support.provisioning import ID, MAC, World
from tests.support.stations import ScriptedStation

KEY = bytes(range(1, 21))


def _request(
    password: bytes | None, station_id: StationId = ID, *, is_secure: bool = False
) -> ConnectionRequest:
    username = station_id if password is not None else None
    return ConnectionRequest(station_id, station_id, username, password, is_secure, "192.0.2.1")


async def _with(world: World, *, current: bytes | None = None, offered: bytes | None = None) -> Any:
    """An ordered station with these secrets."""
    await world.order(MAC)
    vault = world.provisioning._vault
    credential = Credential()
    if current is not None:
        credential = prove(offer(credential, vault.seal(current), CredentialForm.BYTES), is_offered=True)
    if offered is not None:
        credential = offer(credential, vault.seal(offered), CredentialForm.BYTES)

    def given(device: Device) -> Device:
        return replace(device, credential=credential)

    await world.provisioning.station_cache.change_device(ID, given, cause="test")
    return world.provisioning.admission


async def test_a_station_without_a_secret_is_let_in_unauthenticated(world: World) -> None:
    """Known or not, under quarantine; credentials that nobody gave it are noted."""
    admission = await _with(world)
    assert await admission.admit(_request(None)) == Admitted(LinkSecurity.UNAUTHENTICATED)
    assert await admission.admit(_request(b"x")) == Admitted(
        LinkSecurity.UNAUTHENTICATED, ("credentials_unknown",)
    )
    stranger = StationId("cp-9")
    assert await admission.admit(_request(None, stranger)) == Admitted(LinkSecurity.UNAUTHENTICATED)


@pytest.mark.parametrize("policy", ["accept", "quarantine", "reject"])
async def test_strangers_are_let_in_unless_refused(world: World, policy: Any) -> None:
    """What they are told is the boot's matter."""
    admission = StationAdmission(
        world.provisioning.station_cache, world.provisioning._vault, lambda _: policy
    )
    assert isinstance(await admission.admit(_request(None)), Admitted)


async def test_refused_strangers_get_the_same_answer_as_a_wrong_password(world: World) -> None:
    """401 whether known or not; the reason is for the attempt log only. An ordered one comes in."""
    admission = await _with(world, current=KEY)
    refusing = StationAdmission(
        world.provisioning.station_cache, world.provisioning._vault, lambda _: "refuse"
    )
    unknown = await refusing.admit(_request(None, StationId("cp-9")))
    wrong = await refusing.admit(_request(b"x"))
    assert (unknown, wrong) == (Denied(401, "unknown_station"), Denied(401, "credentials_wrong"))
    assert isinstance(await refusing.admit(_request(KEY)), Admitted)
    assert isinstance(await admission.admit(_request(KEY)), Admitted)


async def test_the_proved_secret_is_the_only_one(world: World) -> None:
    """Without it, or with another, there is no way in."""
    admission = await _with(world, current=KEY)
    assert await admission.admit(_request(KEY)) == Admitted(LinkSecurity.BASIC_AUTH)
    assert await admission.admit(_request(KEY, is_secure=True)) == Admitted(LinkSecurity.TLS_BASIC_AUTH)
    assert await admission.admit(_request(None)) == Denied(401, "credentials_missing")
    assert await admission.admit(_request(b"")) == Denied(401, "credentials_wrong")
    assert await admission.admit(_request(KEY[:-1])) == Denied(401, "credentials_wrong")


async def test_a_key_sent_as_hex_is_accepted_and_noted(world: World) -> None:
    """Some 1.6 stations send AuthorizationKey's digits instead of its bytes (OCPP-J 1.6 §6.2)."""
    admission = await _with(world, current=KEY)
    assert await admission.admit(_request(KEY.hex().encode())) == Admitted(
        LinkSecurity.BASIC_AUTH, ("authorization_key_sent_as_hex",)
    )


async def test_old_and_new_are_valid_until_the_new_one_is_used(world: World) -> None:
    """Then only the new one is."""
    new = bytes(range(50, 70))
    admission = await _with(world, current=KEY, offered=new)
    assert isinstance(await admission.admit(_request(KEY)), Admitted)
    assert isinstance(await admission.admit(_request(new)), Admitted)
    assert world.device().credential.state is CredentialState.VERIFIED
    assert await admission.admit(_request(KEY)) == Denied(401, "credentials_wrong")


async def test_an_offer_leaves_the_open_door_open(world: World) -> None:
    """A station that did not take it yet comes in as before: nobody is locked out."""
    admission = await _with(world, offered=KEY)
    assert await admission.admit(_request(None)) == Admitted(LinkSecurity.UNAUTHENTICATED)
    assert world.device().credential.state is CredentialState.OFFERED


async def _changed(world: World, change: Any) -> None:
    await world.provisioning.station_cache.change_device(
        ID, lambda stored: replace(stored, credential=change(stored.credential)), cause="test"
    )


async def test_a_forgotten_secret_is_not_demanded_and_still_counts(world: World) -> None:
    """A station that was reset comes in, unauthenticated; so does one that has kept it, and that ends it."""
    admission = await _with(world, current=KEY)
    await _changed(world, lambda credential: forget(credential, world.clock.now()))
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["W_SECRET_FORGOTTEN"]
    assert await admission.admit(_request(None)) == Admitted(LinkSecurity.UNAUTHENTICATED)
    assert await admission.admit(_request(b"factory")) == Admitted(
        LinkSecurity.UNAUTHENTICATED, ("credentials_unknown",)
    )
    assert await admission.admit(_request(KEY)) == Admitted(LinkSecurity.BASIC_AUTH)
    assert await admission.admit(_request(None)) == Denied(401, "credentials_missing")
    assert world.device().credential.state is CredentialState.VERIFIED
    assert world.lifecycle_status().remarks[0].code.value == "E_SECRET_MISSING"


@pytest.mark.parametrize("policy", ["refuse", "reject"])
async def test_a_forgotten_secret_lets_no_unknown_password_in_where_strangers_are_not(
    world: World, policy: Any
) -> None:
    """A station that was reset has none; an empty one is none. Nothing but the old one proves anything."""
    await _with(world, current=KEY)
    await _changed(world, lambda credential: forget(credential, world.clock.now()))
    station_cache, vault = world.provisioning.station_cache, world.provisioning._vault
    admission = StationAdmission(station_cache, vault, lambda _: policy)
    for password in (b"factory", KEY[:-1], bytes(20)):
        assert await admission.admit(_request(password)) == Denied(401, "credentials_wrong")
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["W_SECRET_FORGOTTEN"]
    for none in (None, b""):
        assert (await admission.admit(_request(none))).security is LinkSecurity.UNAUTHENTICATED  # type: ignore[union-attr]
    assert await admission.admit(_request(KEY)) == Admitted(LinkSecurity.BASIC_AUTH)


async def test_after_a_refusal_nobody_comes_in_for_nothing(world: World) -> None:
    """The old secret is demanded again (A01.FR.04)."""
    admission = await _with(world, current=KEY)
    await _changed(world, lambda credential: forget(credential, world.clock.now()))
    await _changed(world, withdraw)
    assert await admission.admit(_request(b"factory")) == Denied(401, "credentials_wrong")
    assert await admission.admit(_request(KEY)) == Admitted(LinkSecurity.BASIC_AUTH)


async def test_a_told_password_is_demanded_at_once(world: World) -> None:
    """It is verified once the station has come with it."""
    admission = await _with(world)
    sealed = world.provisioning._vault.seal(KEY)
    await _changed(world, lambda credential: entered(credential, sealed, CredentialForm.TEXT))
    assert await admission.admit(_request(None)) == Denied(401, "credentials_missing")
    assert isinstance(await admission.admit(_request(KEY)), Admitted)
    assert world.device().credential.state is CredentialState.VERIFIED


async def test_the_proof_is_on_the_disk_before_the_station_is_let_in(world: World) -> None:
    """A restart does not open the door again."""
    admission = await _with(world, offered=KEY)
    await admission.admit(_request(KEY))
    await world.restart()
    assert world.device().credential.state is CredentialState.VERIFIED
    assert isinstance(await world.provisioning.admission.admit(_request(None)), Denied)


async def test_an_ordinary_connection_touches_no_disk(world: World) -> None:
    """Ten thousand at once after a power cut: answered from memory."""
    admission = await _with(world, current=KEY)
    await world.quiet()
    before = world.database.calls
    for _ in range(20):
        await admission.admit(_request(KEY))
        await admission.admit(_request(None, StationId("cp-9")))
    assert world.database.calls == before


async def test_a_refused_connection_tells_the_owner_once(world: World) -> None:
    """However often somebody tries; the right secret takes it back."""
    admission = await _with(world, current=KEY)
    world.events.pending()
    for _ in range(5):
        await admission.admit(_request(None))
        await admission.admit(_request(b"x"))
    published = [each for each in world.events.pending() if each.event == "station.lifecycle"]
    assert len(published) == 1
    assert world.lifecycle_status().remarks[0].code.value == "E_SECRET_MISSING"
    await admission.admit(_request(KEY))
    assert world.lifecycle_status().remarks == ()


async def test_the_work_is_the_same_for_everybody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two comparisons, whether the station is known, has a secret, or not (SEC-12)."""
    admission = await _with(world, current=KEY)
    vault, counted = world.provisioning._vault, []
    real = vault.matches

    def matches(sealed: bytes | None, secret: bytes) -> bool:
        counted.append(sealed)
        return real(sealed, secret)

    monkeypatch.setattr(vault, "matches", matches)
    for request in (_request(KEY), _request(None), _request(b"x", StationId("cp-9"))):
        counted.clear()
        await admission.admit(request)
        assert len(counted) == 2


async def test_a_station_that_hangs_up_while_it_is_let_in_changes_memory_and_disk_alike(
    world: World, v201: ScriptedStation
) -> None:
    """The task of a closed connection is cancelled: what the disk has, memory has."""
    admission = await _with(world, offered=KEY)
    letting_in = asyncio.ensure_future(admission.admit(_request(KEY)))
    await world.database.busy()
    letting_in.cancel()
    await world.quiet()
    assert letting_in.cancelled()
    assert world.device().credential.state is CredentialState.VERIFIED
