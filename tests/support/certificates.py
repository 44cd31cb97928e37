"""Certificates to test with: a run with its frames and photos, signed with a fixed key."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from charging.certificate.chain import ChainedFrame, FrameChain, frames_file
from charging.certificate.document import (
    BilingualText,
    Certificate,
    CertifiedFrames,
    CertifiedItem,
    CertifiedPhoto,
    CertifiedPlace,
    CertifiedRun,
    CertifiedStation,
    CertifiedVersions,
    ItemValue,
    ItemVerdict,
    SignedCertificate,
    overall,
)
from charging.certificate.photos import photo_hash
from charging.certificate.signing import PublishedKeys, public_bytes_of, published, sign

STARTED = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
ISSUED = STARTED + timedelta(minutes=12)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEYS = PublishedKeys(
    "borne-certificate-keys/1",
    "Bornes du Nord",
    (published(public_bytes_of(KEY), STARTED - timedelta(days=30), STARTED + timedelta(days=700)),),
)
PHOTOS = {"label.jpg": b"a label with a MAC", "box.jpg": b"the box, closed"}


@dataclass(frozen=True)
class HandedOver:
    """A certificate with what belongs to it."""

    signed: SignedCertificate
    frames: bytes
    photos: dict[str, bytes]


def frames_of(chain: FrameChain, count: int = 6) -> list[ChainedFrame]:
    """Heartbeats and their answers."""
    taken = []
    for number in range(count):
        is_call = number % 2 == 0
        raw = f'[2,"{number}","Heartbeat",{{}}]' if is_call else f'[3,"{number - 1}",{{}}]'
        at = f"2026-11-24T13:30:{number:02d}.000000Z"
        taken.append(chain.add("station" if is_call else "csms", at, number * 1_000_000, raw))
    return taken


def items() -> tuple[CertifiedItem, ...]:
    """One of each kind but a failed one."""
    return (
        CertifiedItem("link", BilingualText("Liaison", "Link"), ItemVerdict.PASSED, at=STARTED),
        CertifiedItem(
            "clock",
            BilingualText("Horloge", "Clock"),
            ItemVerdict.PASSED,
            BilingualText("À l'heure", "On time"),
            (ItemValue("écart", -0.4, "s"), ItemValue("NTP", True)),
        ),
        CertifiedItem(
            "test-charge",
            BilingualText("Recharge d'essai", "Test charge"),
            ItemVerdict.TESTER_ONLY,
            values=(ItemValue("kWh", 0),),
            open_for=BilingualText(
                "la première vraie recharge la complète", "the first real charge completes it"
            ),
        ),
        CertifiedItem(
            "signal",
            BilingualText("Signal du réseau", "Signal of the network"),
            ItemVerdict.CANNOT_BE_CHECKED,
            open_for=BilingualText("l'équipe, depuis le bureau", "the team, from the office"),
        ),
        CertifiedItem("ntp", BilingualText("Serveur NTP", "NTP server"), ItemVerdict.NOT_APPLICABLE),
    )


def certificate(
    head: str,
    count: int,
    *,
    run: str = "run-1",
    station: str = "02B016C3F7A0",
    checked: tuple[CertifiedItem, ...] | None = None,
    photos: dict[str, bytes] | None = None,
    is_simulated: bool = False,
    issued_at: datetime = ISSUED,
) -> Certificate:
    """A certificate of that chain."""
    listed = items() if checked is None else checked
    return Certificate(
        "borne-power-up-certificate/1",
        overall(each.verdict for each in listed),
        issued_at,
        "Bornes du Nord",
        CertifiedStation(
            station, is_simulated, "1.6", ("02:B0:16:C3:F7:A0",), "SN-0042", "Ampère", "AC-22", "1.4.2"
        ),
        CertifiedPlace("Coopérative Hochelaga", "Garage Létourneau", "Niveau -2, case 14"),
        CertifiedRun(run, STARTED, ISSUED, "Zoé Bélanger"),
        CertifiedVersions("borne 0.1.0", "power-up sha256:0f3a", "ampere-ac-22 3"),
        listed,
        tuple(
            CertifiedPhoto(name, photo_hash(content), len(content), "link", STARTED)
            for name, content in (PHOTOS if photos is None else photos).items()
        ),
        CertifiedFrames(head, count, "server"),
    )


def handed_over(
    *,
    key: Ed25519PrivateKey = KEY,
    run: str = "run-1",
    station: str = "02B016C3F7A0",
    photos: dict[str, bytes] | None = None,
    issued_at: datetime = ISSUED,
) -> HandedOver:
    """A signed certificate with its frames and photos."""
    chain = FrameChain(run, station)
    frames = frames_of(chain)
    said = certificate(chain.head, chain.count, run=run, station=station, photos=photos, issued_at=issued_at)
    return HandedOver(sign(said, key), frames_file(chain.start, frames), PHOTOS if photos is None else photos)
