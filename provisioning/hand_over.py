"""`HandOver`: signs the certificate of a power-up run, draws it for people, and verifies what it is shown."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from typing import ClassVar

from sqlalchemy import Connection, select

from access.tables import organisations
from charging.certificate.document import CertifiedPlace, ItemVerdict, canonical, from_file, to_file
from charging.certificate.page_words import PaperSize
from charging.certificate.photos import photo_hash
from charging.certificate.reasons import TEXTS
from charging.certificate.signing import sign
from charging.certificate.verifying import CertificateEvidence, Verification, verify
from csms.domain.links import LinkView
from csms.domain.records import StationState
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.issuer import IssuerKeys
from provisioning.records import CertificateNote, Device, PowerUpRun, RunPhoto, StoredCertificate
from provisioning.rules.hand_over import HandOverFacts, certificate_of
from provisioning.rules.photos import certified_photos
from provisioning.rules.power_up import CheckItem
from provisioning.run_frames import KeptFrames
from provisioning.station_cache import StationCache
from provisioning.storage.power_up import last_certificate, load_certificate
from runtime.threads import AtOnce, run_in
from runtime.wording import Phrase


@dataclass(frozen=True, slots=True)
class SeenNow:
    """What is known of the station's connection when a run ends, and the run's photos."""

    link: LinkView | None
    state: StationState
    photos: Sequence[RunPhoto] = ()

    @property
    def version(self) -> str | None:
        """The label of the OCPP version it speaks, or spoke last."""
        if self.link is not None:
            return self.link.version.label
        return self.state.record.version if self.state.record is not None else None


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """What came of a verification, for people: the answer, why not, and what the certificate says."""

    VERDICTS: ClassVar[tuple[str, ...]] = tuple(each.value for each in ItemVerdict)

    trust: str
    refused: tuple[Phrase, ...] = ()
    station: str = ""
    place: str = ""
    by: str = ""
    at: datetime | None = None
    issuer: str = ""
    items: tuple[tuple[Phrase, str], ...] = ()

    @classmethod
    def of(cls, found: Verification) -> "VerifiedFile":
        """Nothing is told of a certificate that is refused."""
        refused = tuple(Phrase(each.text("fr"), each.text("en")) for each in found.refused)
        if found.signed is None or refused:
            return cls(found.trust.value, refused)
        said = found.signed.certificate
        where = said.location.organisation, said.location.site, said.location.place
        return cls(
            trust=found.trust.value,
            station=said.station.station_id,
            place=" · ".join(filter(None, where)),
            by=said.run.by or "",
            at=said.issued_at,
            issuer=said.issuer,
            items=tuple((Phrase(each.title.fr, each.title.en), each.verdict.value) for each in said.items),
        )

    @staticmethod
    def reasons(language: str) -> dict[str, str]:
        """Every reason for which one may be refused, with the places of its fields."""
        return {reason.value: text.fr if language == "fr" else text.en for reason, text in TEXTS.items()}


class HandOver:
    """Certificates of the stations that are led here. Keys and thread are given by the wiring."""

    def __init__(self, station_cache: StationCache) -> None:
        self._station_cache = station_cache
        self.keys: IssuerKeys | None = None
        """Whoever signs; without them a run ends with its record alone."""
        self.thread: Executor = AtOnce()
        """Draws pages, which takes a second."""

    async def certified(
        self, device: Device, run: PowerUpRun, items: Sequence[CheckItem], seen: SeenNow, frames: KeptFrames
    ) -> StoredCertificate | None:
        """The certificate of a run that ended just now, signed. Raises IssuerKeyUnusable."""
        if self.keys is None or run.finished_at is None:
            return None
        issuer = self.keys.issuer(run.finished_at)
        facts = HandOverFacts(
            device=device,
            version=seen.version,
            location=await self._location(device.station_id),
            program=f"borne {metadata.version('borne')}",
            issuer=issuer.name,
            frames=frames.certified,
            photos=certified_photos(seen.photos),
        )
        document = to_file(sign(certificate_of(run, items, facts), issuer.key))
        return StoredCertificate(run.run_id, device.station_id, run.finished_at, document, frames.file)

    async def certificate(self, station_id: StationId, run_id: str | None = None) -> StoredCertificate:
        """That of a run, or the last one. Raises ProvisioningProblem: E_NO_CERTIFICATE."""
        found = await self._station_cache.database.run_read(
            lambda connection: load_certificate(connection, station_id, run_id)
        )
        if found is None:
            raise ProvisioningProblem(Code.NO_CERTIFICATE, id=station_id)
        return found

    async def note(self, station_id: StationId) -> CertificateNote | None:
        """Of which run the last one is, and of when; None where there is none."""
        return await self._station_cache.database.run_read(
            lambda connection: last_certificate(connection, station_id)
        )

    async def page(self, certificate: StoredCertificate, language: str, paper: PaperSize) -> bytes:
        """The PDF for people, sealed with the key of now. Raises IssuerKeyUnusable."""
        now = self._station_cache.clock.now()
        if self.keys is None:
            raise ProvisioningProblem(Code.NO_CERTIFICATE, id=certificate.station_id)
        key, signed = self.keys.issuer(now).key, from_file(certificate.document)

        def draw() -> bytes:
            from charging.certificate.page import certificate_pdf  # what draws takes long to load

            return certificate_pdf(signed, language=language, paper=paper, at=now, key=key)

        return await run_in(self.thread, draw)

    async def verified(self, file: bytes, evidence: CertificateEvidence | None = None) -> Verification:
        """Whether a file is what was signed here, and what lies beside it belongs to it. Raises
        IssuerKeyUnusable.
        """
        published = self.keys.published() if self.keys is not None else None
        known = published if published is not None and published.keys else None
        return await run_in(self.thread, lambda: verify(file, known, evidence))

    def published(self) -> str:
        """The keys of this server as it publishes them, for a browser that verifies without it; empty where
        none was needed yet. Raises IssuerKeyUnusable.
        """
        found = self.keys.published() if self.keys is not None else None
        return canonical(found).decode() if found is not None and found.keys else ""

    async def verified_files(self, file: bytes, beside: Sequence[tuple[str, bytes]]) -> VerifiedFile:
        """The same of what somebody sent: JSON Lines are the frames, any other file is a photo."""
        frames = next((content for name, content in beside if name.endswith(".jsonl")), None)
        photos = {name: photo_hash(content) for name, content in beside if not name.endswith(".jsonl")}
        evidence = CertificateEvidence(frames, photos or None)
        return VerifiedFile.of(await self.verified(file, evidence))

    async def _location(self, station_id: StationId) -> CertifiedPlace:
        place, site = self._station_cache.place_of(station_id), self._station_cache.site_of(station_id)
        if place is None or site is None:
            return CertifiedPlace()

        def name(connection: Connection) -> str | None:
            found = select(organisations.c.name).where(
                organisations.c.organisation_id == site.organisation_id
            )
            return connection.execute(found).scalar_one_or_none()

        return CertifiedPlace(await self._station_cache.database.run_read(name), site.name, place.name)
