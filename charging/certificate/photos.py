"""Photos held against the certificate that names their hashes. Pure."""

import hashlib
from collections.abc import Mapping, Sequence

from charging.certificate.document import CertifiedPhoto
from charging.certificate.reasons import CertificateRefusal, RefusalReason


def photo_hash(content: bytes) -> str:
    """SHA-256 of a photo's bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def refused_photos(photos: Sequence[CertifiedPhoto], found: Mapping[str, str]) -> list[CertificateRefusal]:
    """What is wrong with a folder's photos as those of the certificate; `found` has the hash of each name.

    A photo of the run is known by its bytes. One that has only another name is taken, but not under the name
    of another photo of the run.
    """
    wanted = {each.sha256 for each in photos}
    if found and photos and not wanted & set(found.values()) and _are_strangers(photos, found):
        return [CertificateRefusal(RefusalReason.PHOTOS_OF_ANOTHER_RUN, count=len(found))]
    refused = (_refused(each, photos, found) for each in photos)
    return [each for each in refused if each is not None]


def _are_strangers(photos: Sequence[CertifiedPhoto], found: Mapping[str, str]) -> bool:
    """One photo under its own name was changed; several, or under other names, were never of this run."""
    return len(photos) > 1 or photos[0].name not in found


def _refused(
    photo: CertifiedPhoto, photos: Sequence[CertifiedPhoto], found: Mapping[str, str]
) -> CertificateRefusal | None:
    there = found.get(photo.name)
    if there == photo.sha256 or (there is None and photo.sha256 in found.values()):
        return None
    if there is None:
        return CertificateRefusal(RefusalReason.PHOTO_MISSING, name=photo.name)
    other = next((each.name for each in photos if each.sha256 == there), None)
    if other is not None:
        return CertificateRefusal(RefusalReason.PHOTO_SWAPPED, name=photo.name, other=other)
    return CertificateRefusal(RefusalReason.PHOTO_CHANGED, name=photo.name)
