"""Photos of a run as a phone sends them: in parts, over a bad line, once."""

import hashlib
import json
from http import HTTPStatus

from charging.certificate.document import from_file
from charging.certificate.photos import photo_hash
from charging.certificate.reasons import RefusalReason
from charging.certificate.verifying import CertificateEvidence
from provisioning.issuer import IssuerKeys
from runtime.chance import SeededChance
from tests.provisioning.api.conftest import Api
from tests.support.provisioning import ID, MAC

RUN = f"/stations/{MAC}/power-up"
PATH, ONE = f"{RUN}/photos", f"{RUN}/photo"
PICTURE = b"\xff\xd8\xff" + bytes(1000)
OTHER = b"\x89PNG\r\n\x1a\n" + bytes(500)


def claim(content: bytes, item: str = "label", **more: object) -> dict[str, object]:
    """What is announced."""
    return {"item": item, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)} | more


def evidence_of(photos: list[tuple[str, bytes]]) -> CertificateEvidence:
    """A folder."""
    return CertificateEvidence(None, {name: photo_hash(content) for name, content in photos})


async def send(api: Api, content: bytes, item: str = "label") -> dict[str, object]:
    """All of it at once."""
    said = await api.made(PATH, claim(content, item))
    answer = await api.installer.put(f"{ONE}?sha256={said['sha256']}", content=content)
    found: dict[str, object] = answer.json()
    return found


async def test_a_photo_comes_in_parts_and_is_read_as_it_was_sent(api: Api) -> None:
    """The phone asks how much is there, and goes on; a part that comes twice is one."""
    await api.order()
    refused = await api.installer.post(PATH, json=claim(PICTURE))
    assert refused.json()["code"] == "E_NO_POWER_UP"
    assert (await api.installer.get(PATH)).json() == []
    await api.made(RUN, {})
    said = claim(PICTURE, taken_at="2026-01-05T07:00:00-05:00", latitude=45.5, longitude=-73.6)
    photo = await api.made(PATH, said)
    assert (photo["received"], photo["taken_at"], photo["latitude"]) == (0, "2026-01-05T12:00:00Z", 45.5)
    one = f"{ONE}?sha256={photo['sha256']}"
    assert (await api.installer.get(one)).json()["code"] == "E_PHOTO_UNKNOWN"
    for start, received in ((0, 600), (0, 600), (800, 600)):
        answer = await api.installer.put(f"{one}&start={start}", content=PICTURE[start : start + 600])
        assert (answer.json()["received"], answer.json()["is_whole"]) == (received, False)
    assert (await api.made(PATH, said))["received"] == 600
    done = (await api.installer.put(f"{one}&start=600", content=PICTURE[600:])).json()
    assert (done["is_whole"], done["media_type"], done["by"]) == (True, "image/jpeg", "manager")
    read = await api.installer.get(one)
    assert (read.content, read.headers["content-type"]) == (PICTURE, "image/jpeg")
    assert [each["sha256"] for each in (await api.installer.get(PATH)).json()] == [photo["sha256"]]
    items = {each["item"]: each for each in (await api.installer.get(RUN)).json()["items"]}
    assert items["photo-label"]["verdict"] == "passed"


async def test_what_is_no_photo_is_refused_and_may_be_sent_anew(api: Api) -> None:
    """Too long a part, another than was announced, an unknown hash."""
    await api.order()
    await api.made(RUN, {})
    said = await api.made(PATH, claim(PICTURE))
    one = f"{ONE}?sha256={said['sha256']}"
    assert (await api.installer.put(one, content=bytes(300_000))).status_code == 413
    wrong = await api.installer.put(one, content=PICTURE[:-1] + b"x")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "E_PHOTO_REFUSED")
    assert (await api.installer.put(one, content=PICTURE)).json()["code"] == "E_PHOTO_UNKNOWN"
    assert (await send(api, PICTURE))["is_whole"]
    assert (await api.by(None).get(one)).status_code == HTTPStatus.UNAUTHORIZED


async def test_the_certificate_names_the_photos_and_knows_others_from_them(api: Api) -> None:
    """Swapped, missing, or of another run."""
    hand_over = api.world.provisioning.power_ups.hand_over
    hand_over.keys = IssuerKeys(api.world.settings.pepper_path.with_name("key.pem"), "Nord", SeededChance(4))
    await api.order()
    await api.made(RUN, {})
    for content in (PICTURE, OTHER):
        await send(api, content)
    await api.installer.post(f"{RUN}/finish")
    document = (await api.installer.get(f"{RUN}/certificate")).content
    said = from_file(document).certificate
    assert [each.name for each in said.photos] == ["label.jpg", "label-2.png"]
    assert json.loads(document)["certificate"]["station"]["station_id"] == ID

    good = [("label.jpg", PICTURE), ("label-2.png", OTHER)]
    assert (await hand_over.verified_files(document, good)).trust == "valid"
    for beside, reason in (
        ([("label.jpg", OTHER), ("label-2.png", PICTURE)], RefusalReason.PHOTO_SWAPPED),
        (good[:1], RefusalReason.PHOTO_MISSING),
        ([("label.jpg", PICTURE + b"x"), good[1]], RefusalReason.PHOTO_CHANGED),
        ([("a.jpg", b"1"), ("b.jpg", b"2")], RefusalReason.PHOTOS_OF_ANOTHER_RUN),
    ):
        found = await hand_over.verified(document, evidence_of(beside))
        assert reason in [each.reason for each in found.refused]
    told = await hand_over.verified_files(document, good[:1])
    assert (told.trust, told.station) == ("refused", "")
    assert "label-2.png is missing" in told.refused[0].en
