"""`HandOver`: signs the certificate of a power-up run, draws it for people, and verifies what it is shown."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from importlib import metadata

from sqlalchemy import Connection, select

from access.tables import organisations
from charging.certificate.document import CertifiedPlace, from_file, to_file
from charging.certificate.page import PaperSize, certificate_pdf
from charging.certificate.signing import sign
from charging.certificate.verifying import CertificateEvidence, Verification, verify
from csms.domain.links import LinkView
from csms.domain.records import StationState
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.issuer import IssuerKeys
from provisioning.records import CertificateNote, Device, PowerUpRun, StoredCertificate
from provisioning.rules.hand_over import HandOverFacts, certificate_of
from provisioning.rules.power_up import CheckItem
from provisioning.run_frames import KeptFrames
from provisioning.station_cache import StationCache
from provisioning.storage.power_up import last_certificate, load_certificate
from runtime.threads import AtOnce, run_in


@dataclass(frozen=True, slots=True)
class SeenNow:
    """What is known of the station's connection when a run ends."""

    link: LinkView | None
    state: StationState

    @property
    def version(self) -> str | None:
        """The label of the OCPP version it speaks, or spoke last."""
        if self.link is not None:
            return self.link.version.label
        return self.state.record.version if self.state.record is not None else None


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
            return certificate_pdf(signed, language=language, paper=paper, at=now, key=key)

        return await run_in(self.thread, draw)

    async def verified(self, file: bytes, evidence: CertificateEvidence | None = None) -> Verification:
        """Whether a file is what was signed here, and what lies beside it belongs to it. Raises
        IssuerKeyUnusable.
        """
        published = self.keys.published() if self.keys is not None else None
        known = published if published is not None and published.keys else None
        return await run_in(self.thread, lambda: verify(file, known, evidence))

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
