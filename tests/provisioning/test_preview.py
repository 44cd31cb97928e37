"""provisioning.preview: a session as somebody imagines it."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from charging.tariff import Activity, ReservedTime, Tariff
from provisioning.preview import MINUTES_SHOWN, DescribedSession, previewed

MONTREAL = ZoneInfo("America/Montreal")
FRIDAY = DescribedSession(datetime(2026, 1, 9, 17, 30), 12_000, 40)  # noqa: DTZ001 - the site's own time


def test_it_charges_and_then_it_is_idle() -> None:
    """At the power that follows; in the site's zone."""
    course = replace(FRIDAY, idle_min=5, reserved_min=3).course(MONTREAL)
    assert [(part.activity, part.ms, part.power_w) for part in course.parts] == [
        (Activity.CHARGING, 2_400_000, 18_000),
        (Activity.SUSPENDED_EV, 300_000, 0),
    ]
    assert course.starts_at.hour == 22
    assert course.reserved == ReservedTime(180_000)
    assert replace(FRIDAY, charging_min=0).course(MONTREAL).parts[0].power_w is None


def test_a_sentence() -> None:
    """As somebody would say it."""
    found = previewed(Tariff("t", "CAD", 300_000), FRIDAY, MONTREAL)
    assert found.why.en == "12 kWh in 40 min on Friday at 17:30 costs $3.60, because: $0.30/kWh"
    assert found.why.fr.endswith(
        "coûtent 3,60\N{NO-BREAK SPACE}$, parce que\N{NO-BREAK SPACE}: 0,30\N{NO-BREAK SPACE}$/kWh"
    )


def test_its_minutes_are_bounded() -> None:
    """A day of them; the spans tell the rest."""
    found = previewed(Tariff("t", "CAD", 300_000), replace(FRIDAY, charging_min=3000), MONTREAL)
    assert len(found.minutes) == MINUTES_SHOWN
    assert len(found.spans) == 1
