"""What a session would cost under a tariff, why, and what each station and standard can say of it. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from charging.tariff import (
    Activity,
    Bill,
    Course,
    CoursePart,
    ReservedTime,
    Tariff,
    amount_text,
    bill,
    element_text,
    in_zone,
)
from charging.tariff.displays import tariff_to_v16, tariff_to_v201
from charging.tariff.explaining import PricedSpan, minutes, spans
from charging.tariff.ocpi import tariff_to_ocpi
from charging.tariff.projecting import Projection
from charging.tariff.restrictions import EvseKind
from charging.tariff.v21 import tariff_to_v21
from runtime.wording import Phrase

MINUTES_SHOWN = 1440
MINUTE_MS = 60_000
COUNTRY, PARTY = "CA", "BRN"
"""Of a document that goes to nobody: whoever sends one has a country and a party of their own."""


@dataclass(frozen=True, slots=True)
class DescribedSession:
    """A session as somebody imagines it: it charges, then it is idle. `starts_at` is the site's own time."""

    starts_at: datetime
    energy_wh: int
    charging_min: int
    idle_min: int = 0
    reserved_min: int = 0
    evse_kind: EvseKind | None = None

    def course(self, zone: ZoneInfo) -> Course:
        """For the engine. A time that the clock skips is the one after the change."""
        power = round(self.energy_wh * 60 / self.charging_min) if self.charging_min else None
        charged = CoursePart(
            self.charging_min * MINUTE_MS, Activity.CHARGING, self.energy_wh * 1000, power_w=power
        )
        idle = CoursePart(self.idle_min * MINUTE_MS, Activity.SUSPENDED_EV, power_w=0)
        reserved = ReservedTime(self.reserved_min * MINUTE_MS) if self.reserved_min else None
        parts = (charged, idle) if self.idle_min else (charged,)
        return Course(self.starts_at.replace(tzinfo=zone), parts, self.evse_kind, reserved=reserved)


@dataclass(frozen=True, slots=True)
class Preview:
    """The price of a described session, and why."""

    bill: Bill
    spans: tuple[PricedSpan, ...]
    minutes: tuple[PricedSpan, ...]
    why: Phrase


def previewed(tariff: Tariff, session: DescribedSession, zone: ZoneInfo) -> Preview:
    """What it comes to."""
    tariff = in_zone(tariff, zone.key)
    course = session.course(zone)
    found = bill(tariff, course)
    told = tuple(each for _, each in zip(range(MINUTES_SHOWN), minutes(found, course, zone), strict=False))
    return Preview(found, spans(found, course, zone), told, _why(tariff, session, found))


def _why(tariff: Tariff, session: DescribedSession, found: Bill) -> Phrase:
    """12 kWh in 40 minutes on Friday at 17:30 costs …, because …"""
    days = Phrase(
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    )
    day = Phrase(*(each.split()[session.starts_at.weekday()] for each in (days.fr, days.en)))
    kwh = f"{session.energy_wh / 1000:g}"
    prices = list(dict.fromkeys(line.element for line in found.lines))
    fr = " + ".join(element_text(each, tariff.currency, "fr-CA") for each in prices) or "rien n'a de prix"
    en = " + ".join(element_text(each, tariff.currency, "en") for each in prices) or "nothing has a price"
    total_fr = amount_text(found.total_micro, tariff.currency, "fr-CA")
    total_en = amount_text(found.total_micro, tariff.currency, "en")
    at, minutes_gone = f"{session.starts_at:%H:%M}", session.charging_min + session.idle_min
    return Phrase(
        f"{kwh.replace('.', ',')} kWh en {minutes_gone} min le {day.fr} à {at} coûtent {total_fr},"
        f" parce que : {fr}",
        f"{kwh} kWh in {minutes_gone} min on {day.en} at {at} costs {total_en}, because: {en}",
    )


def projections(tariff: Tariff, at: datetime) -> dict[str, Projection]:
    """The tariff as each version of OCPP and OCPI can hold it, by its label."""
    updated_at = at.astimezone(UTC)
    return {
        "1.6": tariff_to_v16(tariff),
        "2.0.1": tariff_to_v201(tariff),
        "2.1": tariff_to_v21(tariff),
        "ocpi-2.2.1": tariff_to_ocpi(
            tariff, country_code=COUNTRY, party_id=PARTY, updated_at=updated_at, release="2.2.1"
        ),
        "ocpi-2.3.0": tariff_to_ocpi(tariff, country_code=COUNTRY, party_id=PARTY, updated_at=updated_at),
    }
