"""The certificate that a power-up run ends with: its items, and all that is said around them. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    overall,
)
from provisioning.blockers import Clearer
from provisioning.records import Device, PowerUpRun
from provisioning.rules.power_up import CheckItem, CheckVerdict
from runtime.wording import Phrase

CHECKLIST = "power-up 1"
"""The list that is gone through, counted up when an item of it is judged otherwise."""
NO_VERSION = "-"
"""Where the station never connected."""
VERDICTS = {
    CheckVerdict.PASSED: ItemVerdict.PASSED,
    CheckVerdict.FAILED: ItemVerdict.FAILED,
    CheckVerdict.CANNOT_BE_CHECKED: ItemVerdict.CANNOT_BE_CHECKED,
    CheckVerdict.TESTER_ONLY: ItemVerdict.TESTER_ONLY,
    CheckVerdict.WAITING: ItemVerdict.CANNOT_BE_CHECKED,
}
LATER = {
    Clearer.INSTALLER: BilingualText(
        "à voir sur place, par qui installe", "to be seen on site, by who installs"
    ),
    Clearer.ADMINISTRATOR: BilingualText("l'équipe y voit", "the team sees to it"),
    Clearer.OWNER: BilingualText(
        "à l'activation, par qui gère le site", "at activation, by who manages the site"
    ),
    Clearer.STATION: BilingualText("dès que la borne le dit", "as soon as the station tells it"),
}
"""What completes an item that is open, and who."""
FIRST_CHARGE = BilingualText("la première vraie recharge", "the first real charge")
HANDED_OVER = BilingualText("Remise", "Handed over")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverFacts:
    """What a certificate says beside its items. `version` is the label of the station's OCPP version."""

    device: Device
    version: str | None
    location: CertifiedPlace
    program: str
    issuer: str
    frames: CertifiedFrames
    photos: tuple[CertifiedPhoto, ...] = ()


def certificate_of(run: PowerUpRun, items: Sequence[CheckItem], facts: HandOverFacts) -> Certificate:
    """All that is signed of a run that ended. Raises ValueError for one that did not."""
    if run.finished_at is None:
        raise ValueError(f"the run {run.run_id} has not ended")
    device = facts.device
    said = tuple(_certified(items)) + tuple(_handed_over(run, run.finished_at))
    return Certificate(
        format="borne-power-up-certificate/1",
        verdict=overall(each.verdict for each in said),
        issued_at=run.finished_at,
        issuer=facts.issuer,
        station=CertifiedStation(
            station_id=device.station_id,
            is_simulated=False,
            ocpp_version=facts.version or NO_VERSION,
            macs=device.macs,
            serial=device.serial,
            vendor=device.vendor,
            model=device.model,
            firmware=device.firmware,
        ),
        location=facts.location,
        run=CertifiedRun(run.run_id, run.started_at, run.finished_at, _by(run)),
        versions=CertifiedVersions(
            facts.program, CHECKLIST, f"{run.product_id} version {run.product_version}"
        ),
        items=said,
        photos=facts.photos,
        frames=facts.frames,
    )


def _certified(items: Iterable[CheckItem]) -> Iterator[CertifiedItem]:
    for item in items:
        yield CertifiedItem(
            id=item.item,
            title=_both(item.title),
            verdict=VERDICTS[item.verdict],
            detail=_both(item.detail) if item.detail is not None else None,
            values=item.values,
            open_for=_open_for(item),
            at=item.at,
        )


def _open_for(item: CheckItem) -> BilingualText | None:
    """Nothing is open of what passed."""
    if item.verdict is CheckVerdict.TESTER_ONLY:
        return FIRST_CHARGE
    if item.verdict is CheckVerdict.PASSED or item.who_clears is None:
        return None
    return LATER[item.who_clears]


def _handed_over(run: PowerUpRun, at: datetime) -> Iterator[CertifiedItem]:
    """To whom, by the name that was written: nobody signs with gloves on."""
    if run.handed_to is not None:
        values = (ItemValue("to", run.handed_to), ItemValue("by", run.finished_by or ""))
        yield CertifiedItem("handed-over", HANDED_OVER, ItemVerdict.PASSED, values=values, at=at)


def _by(run: PowerUpRun) -> str:
    """Whoever began it and whoever ended it; one person is one name."""
    return " · ".join(dict.fromkeys(filter(None, (run.started_by, run.finished_by))))


def _both(text: Phrase) -> BilingualText:
    return BilingualText(text.fr, text.en)
