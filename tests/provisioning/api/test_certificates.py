"""The certificate of a run, as it is handed over; and whatever is not it is refused, with the reason."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from msgspec.structs import replace

from charging.certificate.chain import FrameSender
from charging.certificate.document import (
    MEDIA_TYPE,
    ItemVerdict,
    OverallVerdict,
    SignedCertificate,
    from_file,
    to_file,
)
from charging.certificate.reasons import RefusalReason
from charging.certificate.seal import open_pdf
from charging.certificate.signing import sign
from charging.certificate.verifying import CertificateEvidence, Trust, Verification, verify
from provisioning.hand_over import HandOver
from provisioning.issuer import IssuerKeys
from provisioning.run_frames import Listen, RunFrame
from runtime.chance import SeededChance
from tests.provisioning.api.conftest import Api
from tests.support.certificates import OTHER_KEY
from tests.support.provisioning import ID, MAC

PATH = f"/stations/{MAC}/power-up"


@dataclass
class Handed:
    """A run that ended with a certificate."""

    api: Api
    document: bytes
    frames: bytes

    @property
    def hand_over(self) -> HandOver:
        """Of the server."""
        return self.api.world.provisioning.power_ups.hand_over

    @property
    def signed(self) -> SignedCertificate:
        """What the document says."""
        return from_file(self.document)

    async def verified(self, document: bytes | None = None, frames: bytes | None = None) -> Verification:
        """By the server, as `/install/verify` does."""
        evidence = CertificateEvidence(self.frames if frames is None else frames)
        return await self.hand_over.verified(document or self.document, evidence)

    async def reasons(
        self, document: bytes | None = None, frames: bytes | None = None
    ) -> list[RefusalReason]:
        """Why it is refused."""
        return [each.reason for each in (await self.verified(document, frames)).refused]


def three_frames(api: Api) -> Listen:
    """A station that says three things as soon as somebody listens."""

    def listen(_: object, listener: object) -> object:
        assert callable(listener)
        for number in range(3):
            sender: FrameSender = "csms" if number % 2 else "station"
            at = api.world.clock.now() + timedelta(seconds=number)
            listener(RunFrame(sender, at, number, b'[2,"%d","Heartbeat",{}]' % number))
        return lambda: None

    return listen  # type: ignore[return-value] # as the wiring's


@pytest.fixture
async def handed(api: Api, tmp_path: Path) -> Handed:
    """By an installer with gloves on."""
    power_ups = api.world.provisioning.power_ups
    power_ups.hand_over.keys = IssuerKeys(tmp_path / "key.pem", "Bornes du Nord", SeededChance(4))
    power_ups.frames.listen = three_frames(api)
    await api.order()
    assert (await api.installer.get(f"{PATH}/certificate")).json()["code"] == "E_NO_CERTIFICATE"
    await api.made(PATH, {})
    wrong = await api.installer.put(f"{PATH}/checks", json={"checks": ["check-9"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "E_CHECK_UNKNOWN")
    assert "check-1, check-2" in wrong.json()["detail"]
    assert (await api.installer.put(f"{PATH}/checks", json={"checks": ["check-2"]})).is_success
    done = await api.installer.post(f"{PATH}/finish", json={"handed_to": "Ann Roy"})
    run = done.json()["run"]["run_id"]
    assert done.json()["certificate"]["run_id"] == run
    found = await api.installer.get(f"{PATH}/certificate")
    assert found.headers["content-type"] == MEDIA_TYPE
    assert (await api.installer.get(f"{PATH}/certificate?run=another")).status_code == HTTPStatus.NOT_FOUND
    assert (await api.installer.get(f"{PATH}/certificate?run={run}")).content == found.content
    frames = await api.installer.get(f"{PATH}/frames")
    return Handed(api, found.content, frames.content)


async def test_what_was_found_is_signed_and_its_frames_belong_to_it(handed: Handed) -> None:
    """Each item with its kind of verdict; who ticked, and who took it over."""
    said = handed.signed.certificate
    assert (said.station.station_id, said.issuer, said.verdict) == (
        ID,
        "Bornes du Nord",
        OverallVerdict.INCOMPLETE,
    )
    items = {each.id: each for each in said.items}
    assert items["check-2"].verdict is ItemVerdict.PASSED
    assert items["check-1"].verdict is ItemVerdict.CANNOT_BE_CHECKED
    assert items["handed-over"].values[0].value == "Ann Roy"
    assert (said.frames.count, said.frames.tap) == (3, "server")
    found = await handed.verified()
    assert (found.trust, found.examined) == (Trust.VALID, ("file", "frames"))


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_page_carries_the_certificate(handed: Handed, language: str) -> None:
    """In both languages; with a byte changed, it is refused."""
    answer = await handed.api.installer.get(f"{PATH}/certificate.pdf", params={"language": language})
    assert answer.headers["content-type"] == "application/pdf"
    assert open_pdf(answer.content).certificate == handed.document
    assert (await handed.verified(answer.content)).trust is Trust.VALID
    changed = answer.content.replace(b"/Title", b"/Titel", 1)
    assert await handed.reasons(changed) == [RefusalReason.PDF_CHANGED]


async def test_whatever_was_changed_is_refused_with_the_reason(handed: Handed) -> None:
    """A flipped bit, a verdict, a frame, another's frames, another key."""
    flipped = bytearray(handed.document)
    flipped[flipped.index(b"generic")] ^= 1
    assert await handed.reasons(bytes(flipped)) == [RefusalReason.SIGNATURE_FALSE]
    said = replace(handed.signed.certificate, verdict=OverallVerdict.PASSED)
    edited = to_file(replace(handed.signed, certificate=said))
    assert await handed.reasons(edited) == [RefusalReason.SIGNATURE_FALSE]
    assert await handed.reasons(to_file(sign(said, OTHER_KEY))) == [RefusalReason.KEY_OF_ANOTHER]
    lines = handed.frames.splitlines(keepends=True)
    assert await handed.reasons(frames=b"".join(lines[:2] + lines[3:])) == [RefusalReason.FRAME_LEFT_OUT]
    assert await handed.reasons(frames=b"".join(lines[:-1])) == [RefusalReason.FRAMES_MISSING]
    others = handed.frames.replace(ID.encode(), b"another-station", 1)
    assert await handed.reasons(frames=others) == [RefusalReason.FRAMES_OF_ANOTHER_STATION]


async def test_it_stays_valid_after_the_key_was_rotated_and_nothing_later_is(handed: Handed) -> None:
    """The old public key stays published with its end: what it signs after that counts for nothing."""
    keys, clock = handed.hand_over.keys, handed.api.world.clock
    assert keys is not None
    key = keys.issuer(clock.now()).key
    ended = clock.now() + timedelta(days=9)
    keys.rotate(ended)
    assert (await handed.verified()).trust is Trust.VALID
    late = replace(handed.signed.certificate, issued_at=ended + timedelta(days=1))
    assert await handed.reasons(to_file(sign(late, key))) == [RefusalReason.KEY_ENDED]
    assert verify(handed.document, None).trust is Trust.UNKNOWN_ISSUER


async def test_a_key_that_cannot_be_read_ends_no_run(handed: Handed, tmp_path: Path) -> None:
    """It says what to restore; the run goes on, and ends once that is done."""
    await handed.api.made(PATH, {})
    (tmp_path / "key.pem").write_text("no key")
    for refused in (
        await handed.api.installer.post(f"{PATH}/finish"),
        await handed.api.installer.get(f"{PATH}/certificate.pdf"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (503, "certificate_keys_unusable")
    assert (await handed.api.installer.get(PATH)).json()["run"]["finished_at"] is None
    (tmp_path / "key.pem").unlink()
    assert (await handed.api.installer.post(f"{PATH}/finish")).is_success
