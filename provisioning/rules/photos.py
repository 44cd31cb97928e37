"""Photos of a power-up run: which are wanted, what may be sent, and when one is whole. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from charging.certificate.document import CertifiedPhoto
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.products.product import BothTexts, PhotoWanted, Product
from provisioning.records import PhotoPart, RunPhoto
from runtime.wording import Phrase

PHOTO_BYTES = 4 << 20
"""Of one photo: a phone makes it smaller before it sends it."""
PHOTOS_OF_RUN = 24
PART_BYTES = 256 << 10
"""Sent at once: what has come is kept, so that one bar of signal is enough."""
LABEL = "label"
"""Always wanted: by it the owner is handed the MAC address."""
LABEL_PHOTO = PhotoWanted(
    photo=LABEL,
    name=BothTexts(fr="Étiquette de la borne (adresse MAC)", en="The station's label (MAC address)"),
)
KINDS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
TOO_LONG = Phrase(f"elle a plus de {PHOTO_BYTES >> 20} Mio", f"it has more than {PHOTO_BYTES >> 20} MiB")
TOO_MANY = Phrase(
    f"cette vérification a déjà {PHOTOS_OF_RUN} photos", f"this run has {PHOTOS_OF_RUN} photos already"
)
NO_PICTURE = Phrase("ce n'est ni un JPEG, ni un PNG, ni un WebP", "it is no JPEG, PNG or WebP picture")
ANOTHER = Phrase(
    "ce qui est arrivé n'est pas ce qui a été annoncé : envoyez-la de nouveau",
    "what came is not what was announced: send it again",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoClaim:
    """What a phone says of a photo before it sends it: its hash, and what stood in the file as the camera
    made it. Time and position are claims: nobody vouches for them, and missing ones are normal.
    """

    item: str
    sha256: str
    size: int
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def wanted_photos(product: Product) -> tuple[PhotoWanted, ...]:
    """Those of the product, and the label in any case."""
    return with_label(product.photos)


def with_label(photos: Sequence[PhotoWanted]) -> tuple[PhotoWanted, ...]:
    """What a product asks for, and the label first where it does not."""
    has_label = any(each.photo == LABEL for each in photos)
    return tuple(photos) if has_label else (LABEL_PHOTO, *photos)


def announced(
    claim: PhotoClaim, product: Product, there: Sequence[RunPhoto], at: datetime, by: str
) -> RunPhoto:
    """A photo that is to come; one that is there already as it is. Raises ProvisioningProblem:
    E_PHOTO_UNKNOWN, E_PHOTO_REFUSED.
    """
    known = next((each for each in there if each.sha256 == claim.sha256), None)
    if known is not None:
        return known
    names = [each.photo for each in wanted_photos(product)]
    if claim.item not in names:
        raise ProvisioningProblem(Code.PHOTO_UNKNOWN, item=claim.item, known=", ".join(names))
    if claim.size > PHOTO_BYTES:
        raise ProvisioningProblem(Code.PHOTO_REFUSED, reason=TOO_LONG)
    if len(there) >= PHOTOS_OF_RUN:
        raise ProvisioningProblem(Code.PHOTO_REFUSED, reason=TOO_MANY)
    return RunPhoto(
        sha256=claim.sha256,
        item=claim.item,
        size=claim.size,
        taken_at=claim.taken_at,
        latitude=claim.latitude,
        longitude=claim.longitude,
        announced_at=at,
        by=by,
    )


def fitting(photo: RunPhoto, start: int, content: bytes) -> bytes:
    """What of a part is new: one that came already, or that leaves a gap, is passed over."""
    if photo.is_whole or start > photo.received:
        return b""
    return content[photo.received - start : photo.size - start]


def whole(photo: RunPhoto, parts: Sequence[PhotoPart]) -> tuple[str, bytes]:
    """Its media type and its bytes. Raises ProvisioningProblem: E_PHOTO_REFUSED, where it is another than
    was announced, or no picture.
    """
    content = b"".join(each.content for each in sorted(parts, key=lambda each: each.start))
    if len(content) != photo.size or hashlib.sha256(content).hexdigest() != photo.sha256:
        raise ProvisioningProblem(Code.PHOTO_REFUSED, reason=ANOTHER)
    kind = kind_of(content)
    if kind is None:
        raise ProvisioningProblem(Code.PHOTO_REFUSED, reason=NO_PICTURE)
    return kind, content


def kind_of(content: bytes) -> str | None:
    """What picture it is, by its first bytes: what the sender calls it counts for nothing."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def file_names(photos: Sequence[RunPhoto]) -> list[tuple[str, RunPhoto]]:
    """The name of each as a file, in the order in which they came: `label.jpg`, `label-2.jpg`."""
    seen: dict[str, int] = {}
    named = []
    for photo in photos:
        seen[photo.item] = count = seen.get(photo.item, 0) + 1
        number = f"-{count}" if count > 1 else ""
        named.append((f"{photo.item}{number}{KINDS.get(photo.kind or '', '')}", photo))
    return named


def certified_photos(photos: Sequence[RunPhoto]) -> tuple[CertifiedPhoto, ...]:
    """Those that are whole, as a certificate names them."""
    return tuple(
        CertifiedPhoto(name, each.sha256, each.size, f"photo-{each.item}", each.taken_at)
        for name, each in file_names([each for each in photos if each.is_whole])
    )
