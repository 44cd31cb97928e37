"""The pepper: made once, and proved to be the one that the stored secrets were sealed with."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from ocppj.vocabulary import StationId
from provisioning.activation.runs import StepName
from provisioning.errors import PepperUnreadable, PepperWrong
from provisioning.pepper import (
    PEPPER_BYTES,
    UNFIT,
    digest_of,
    give_up_pepper,
    load_pepper,
    settle_pepper,
    trouble_with,
)
from provisioning.records import Credential, CredentialState, Device
from provisioning.rules.activation_requests import ActivationRequest
from provisioning.storage.devices import load_device
from provisioning.storage.pepper import Sealed, count_sealed, load_check
from provisioning.storage.runs import load_runs
from runtime.audit import acts
from runtime.chance import SeededChance, SystemChance
from runtime.database import Database
from runtime.errors import RuntimeProblem
from tests.support.inbound import NOON
from tests.support.provisioning import WatchedDatabase, put_device

STATION = StationId("cp1")
SECRET = Device(STATION, credential=Credential(CredentialState.VERIFIED, current=b"sealed"))
CLAIMABLE = Device(STATION, claim_hash=b"sealed")


async def settle(database: Database, path: Path, seed: int = 1) -> bytes:
    """The pepper, as a server that starts takes it."""
    return await database.run_write(lambda connection: settle_pepper(connection, path, SeededChance(seed)))


async def hold(database: Database, device: Device) -> None:
    """The database holds this device."""
    await database.run_write(lambda connection: put_device(connection, device))


@pytest.mark.parametrize("device", [SECRET, CLAIMABLE], ids=["secret", "claim code"])
async def test_a_start_without_the_pepper_of_the_secrets_is_refused(
    device: Device, watched: WatchedDatabase, tmp_path: Path
) -> None:
    """Nothing is made in silence: the error says what is lost, where it was, and both ways out."""
    path = tmp_path / "pepper"
    await settle(watched, path)
    await hold(watched, device)
    path.unlink()
    with pytest.raises(PepperWrong, match=r"is not there.*from the backup.*borne new-pepper"):
        await settle(watched, path)
    assert not path.exists()


async def test_a_start_with_another_pepper_is_refused(watched: WatchedDatabase, tmp_path: Path) -> None:
    """The database knows its pepper again by a keyed digest, which does not tell it."""
    path = tmp_path / "pepper"
    pepper = await settle(watched, path)
    await hold(watched, SECRET)
    check = await watched.run_read(load_check)
    assert check == digest_of(pepper)
    assert pepper not in check
    path.write_bytes(b"x" * PEPPER_BYTES)
    with pytest.raises(PepperWrong, match=r"holds another.*from the backup") as raised:
        await settle(watched, path)
    assert isinstance(raised.value, RuntimeProblem)
    path.write_bytes(pepper)
    assert await settle(watched, path) == pepper


async def test_a_database_of_before_the_check_takes_the_file_that_is_there(
    watched: WatchedDatabase, tmp_path: Path
) -> None:
    """An upgrade changes nothing; from then on the check is kept. Without the file there is none to take."""
    path = tmp_path / "pepper"
    await hold(watched, SECRET)
    with pytest.raises(PepperWrong, match="is not there"):
        await settle(watched, path)
    path.write_bytes(b"p" * PEPPER_BYTES)
    assert await settle(watched, path) == b"p" * PEPPER_BYTES
    assert await watched.run_read(load_check) == digest_of(b"p" * PEPPER_BYTES)


async def test_a_pepper_that_seals_nothing_may_change(watched: WatchedDatabase, tmp_path: Path) -> None:
    """A station without a secret and a label without a code lose nothing."""
    path = tmp_path / "pepper"
    await settle(watched, path)
    await hold(watched, Device(STATION))
    path.unlink()
    other = await settle(watched, path, seed=2)
    assert await watched.run_read(load_check) == digest_of(other)
    assert await watched.run_read(lambda connection: trouble_with(connection, path)) is None


async def test_a_new_pepper_is_made_on_request_only(watched: WatchedDatabase, tmp_path: Path) -> None:
    """What was sealed is forgotten and asked for anew in one transaction; the unfit file is put aside."""
    path = tmp_path / "pepper"
    await settle(watched, path)
    await hold(watched, replace(SECRET, claim_hash=b"sealed"))
    activation = ActivationRequest("ann", NOON, "r", (StepName.CREDENTIAL,))

    def renew(connection: Connection) -> Sealed:
        return give_up_pepper(connection, path, activation)

    with pytest.raises(PepperWrong, match="fits this database"):
        await watched.run_write(renew)
    path.write_bytes(b"y" * PEPPER_BYTES)
    assert await watched.run_write(renew) == Sealed(secrets=1, claim_codes=1)
    assert not await watched.run_read(count_sealed)
    device = await watched.run_read(lambda connection: load_device(connection, STATION))
    assert device is not None
    assert (device.credential, device.claim_hash) == (Credential(), None)
    noted = await watched.fetch_all(select(acts.c.subject, acts.c.what, acts.c.done_by))
    assert [tuple(row) for row in noted] == [(STATION, "secret-forgotten", "ann")]
    # It is at no place: its activation, when it comes, gives it a secret.
    assert await watched.run_read(load_runs) == {}
    assert (tmp_path / UNFIT).read_bytes() == b"y" * PEPPER_BYTES
    await settle(watched, path, seed=3)


def test_the_pepper_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    """Mode 0600, in a folder that is made if need be."""
    path = tmp_path / "var" / "pepper"
    first = load_pepper(path, SystemChance())
    assert len(first) == PEPPER_BYTES
    assert load_pepper(path, SystemChance()) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["pepper"]


def test_a_pepper_cut_short_by_a_crash_is_not_taken(tmp_path: Path) -> None:
    """It is written under another name first; a rest of that is no pepper."""
    path = tmp_path / "pepper"
    path.with_name(".pepper.new").write_bytes(b"cut")
    assert len(load_pepper(path, SystemChance())) == PEPPER_BYTES


def test_a_damaged_pepper_is_said_so(tmp_path: Path) -> None:
    """A new one would lock every station out."""
    path = tmp_path / "pepper"
    path.write_bytes(b"short")
    with pytest.raises(PepperUnreadable, match="restore it from the backup") as raised:
        load_pepper(path, SystemChance())
    assert isinstance(raised.value, RuntimeProblem)
    assert path.read_bytes() == b"short"


def test_a_pepper_in_the_way_is_said_so(tmp_path: Path) -> None:
    """With what to do."""
    (tmp_path / "pepper").mkdir()
    with pytest.raises(PepperUnreadable, match="give this user the right"):
        load_pepper(tmp_path / "pepper", SystemChance())
    (tmp_path / "file").write_text("")
    with pytest.raises(PepperUnreadable, match=r"choose another folder|give this user the right"):
        load_pepper(tmp_path / "file" / "pepper", SystemChance())
