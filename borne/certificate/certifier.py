"""Certifies a run of `borne run`: chains its frames as they come, then signs what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from borne.certificate.run_items import items_of
from charging.certificate.chain import ChainedFrame, FrameChain, frames_file
from charging.certificate.document import (
    Certificate,
    CertifiedFrames,
    CertifiedPlace,
    CertifiedRun,
    CertifiedStation,
    CertifiedVersions,
    overall,
    to_file,
)
from charging.certificate.signing import instant_spelling, sign
from csms.gateway.redaction import mask_frame
from provisioning.issuer import IssuerKeys
from runtime.clock import Clock
from runtime.errors import RuntimeProblem
from runtime.wording import Phrase
from simulator.scenario.conversation import SeenFrame
from simulator.scenario.station_drivers.driver import StationDriver
from simulator.scenario.verdicts import RunResult

FRAMES_SUFFIX, PDF_SUFFIX = ".frames.jsonl", ".pdf"
IDENTITY = ("vendor", "model", "serial", "firmware")


class CertificateUnwritable(RuntimeProblem):
    """A certificate that cannot be put where it was wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateWish:
    """Where a certificate goes, and what it says that the run does not know. `by` did it."""

    file: Path
    run_id: str
    program: str
    scenario: str
    by: str | None
    language: str


class RunCertifier:
    """Implements `simulator.scenario.run.EvidenceKeeper`, for one run of one station."""

    def __init__(self, wish: CertificateWish, keys: IssuerKeys, people: Clock) -> None:
        self._wish = wish
        self._keys = keys
        self._people = people
        self._began, self._started_at = people.monotonic(), people.now()
        self._chain = FrameChain(wish.run_id, "")
        self._frames: list[ChainedFrame] = []
        self._is_played = False
        """A station that is played lives in a time of its own: its frames are stamped with people's."""
        self._leave: Callable[[], None] = lambda: None
        self._described: Certificate | None = None

    def run_began(self, drivers: Mapping[str, StationDriver]) -> None:
        """Take every frame from now on, and before them what the present connection has said already."""
        (driver,) = drivers.values()
        self._began, self._started_at = self._people.monotonic(), self._people.now()
        self._chain = FrameChain(self._wish.run_id, driver.station_id)
        self._is_played = driver.bound == "sim"
        for frame in driver.event_log.frames():
            self._receive(frame)
        self._leave = driver.event_log.listen(self._receive)

    def run_ended(self, result: RunResult, drivers: Mapping[str, StationDriver]) -> None:
        """What came of it; the frames that come later are not the run's."""
        self._leave()
        if result.lacks_role:
            return  # nothing was done at the station: there is nothing to certify
        (driver,) = drivers.values()
        items = tuple(items_of(result))
        now, wish = self._people.now(), self._wish
        self._described = Certificate(
            format="borne-power-up-certificate/1",
            verdict=overall(each.verdict for each in items),
            issued_at=now,
            issuer="",
            station=_station(driver),
            location=CertifiedPlace(),
            run=CertifiedRun(wish.run_id, self._started_at, now, wish.by, result.seed),
            versions=CertifiedVersions(wish.program, wish.scenario),
            items=items,
            photos=(),
            frames=CertifiedFrames(
                self._chain.head, self._chain.count, "station" if driver.bound == "sim" else "wire_log"
            ),
        )

    def issue(self) -> Path | None:
        """Sign and write the certificate, its frames and its page; None where no run has ended.

        Raises IssuerKeyUnusable, CertificateUnwritable.
        """
        if self._described is None:
            return None
        from charging.certificate.page import certificate_pdf  # what draws takes long to load

        now = self._people.now()
        issuer = self._keys.issuer(now)
        said = replace(self._described, issued_at=now, issuer=issuer.name)
        signed = sign(said, issuer.key)
        file = self._wish.file
        page = certificate_pdf(signed, language=self._wish.language, paper="Letter", at=now, key=issuer.key)
        self._write(file, to_file(signed))
        self._write(file.with_suffix(FRAMES_SUFFIX), frames_file(self._chain.start, self._frames))
        self._write(file.with_suffix(PDF_SUFFIX), page)
        return file

    def _receive(self, frame: SeenFrame) -> None:
        us = round((self._people.monotonic() - self._began) * 1_000_000)
        raw = mask_frame(frame.raw.encode("utf-8", "backslashreplace")).decode("utf-8", "backslashreplace")
        at = self._people.now() if self._is_played else frame.at
        self._frames.append(self._chain.add(frame.sender, instant_spelling(at), us, raw))

    def _write(self, path: Path, content: bytes) -> None:
        try:
            path.write_bytes(content)
        except OSError as error:
            why = error.strerror or error
            raise CertificateUnwritable(
                Phrase(
                    f"Le certificat ne peut pas être écrit dans {path} : {why}",
                    f"The certificate cannot be written to {path}: {why}",
                )
            ) from error


def _station(driver: StationDriver) -> CertifiedStation:
    """As it named itself in its last boot; what it did not say there, as it is known."""
    known = dict(driver.fields)
    boot = driver.event_log.last_boot
    if boot is not None:
        known |= {name: boot.fields[name] for name in IDENTITY if boot.fields.get(name)}
    return CertifiedStation(
        station_id=driver.station_id,
        is_simulated=driver.bound == "sim",
        ocpp_version=driver.version.label,
        macs=(known["mac"],) if known.get("mac") else (),
        **{name: known.get(name) for name in IDENTITY},
    )
