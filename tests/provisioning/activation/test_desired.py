"""What a station should have, computed from its site and its tariff."""

import json
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.calendar import OpeningHours, Period
from charging.tariff import Tariff, Tax
from ocppj.vocabulary import Availability, IdToken, StationId, VariableRef
from provisioning.activation import desired
from provisioning.activation.desired import Setting
from provisioning.records import Device, Site

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)  # a Monday, 7:00 in Montréal
SITE = Site("s", "Port", "America/Montreal")
TARIFF = Tariff("t", "CAD", energy_micro_per_kwh=250_000, time_micro_per_h=2_000_000)
amounts = st.integers(0, 10**12)
tariffs = st.builds(
    Tariff,
    tariff_id=st.just("t"),
    currency=st.sampled_from(["CAD", "USD", "JPY", "XTS"]),
    energy_micro_per_kwh=amounts,
    time_micro_per_h=amounts,
    session_micro=amounts,
    idle_micro_per_h=amounts,
    idle_grace_s=st.integers(0, 86_400),
    taxes=st.just(()) | st.just((Tax("GST", 5000),)),
)


def test_the_zone_goes_to_versions_that_have_one() -> None:
    """1.6 gets its heartbeat only."""
    assert desired.clock_settings(SITE, 300, is_v16=True) == [Setting(desired.HEARTBEAT, "300")]
    assert desired.clock_settings(SITE, 300, is_v16=False)[1].value == "America/Montreal"
    assert len(desired.clock_settings(None, 300, is_v16=False)) == 1


def test_a_list_is_enabled_only_where_there_is_one() -> None:
    """Strangers never charge offline."""
    assert [each.ref for each in desired.list_settings(SITE)] == [desired.OFFLINE_UNKNOWN]
    listed = Site("s", "Port", "UTC", tokens=(IdToken("A"),))
    assert len(desired.list_settings(listed)) == 3


@given(tariff=tariffs)
def test_a_price_fits_into_its_variables(tariff: Tariff) -> None:
    """1.6: 500 characters of JSON; 2.0.1: 255 characters of text; whatever it costs."""
    document = json.loads(desired.default_price(tariff))
    assert len(desired.default_price(tariff)) <= 500
    assert document["chargingPrice"]["kWhPrice"] == pytest.approx(tariff.energy_micro_per_kwh / 10**6)
    messages = {each.ref: each.value for each in desired.tariff_settings_v201(tariff)}
    assert len(messages[desired.PRICE_MESSAGE]) <= 255
    assert messages[desired.CURRENCY] == tariff.currency


def test_the_price_of_the_demo_in_both_versions() -> None:
    """As a driver reads it."""
    messages = {each.ref: each.value for each in desired.tariff_settings_v201(TARIFF)}
    assert messages[desired.PRICE_MESSAGE] == "0,25 $/kWh + 2,00 $/h / $0.25/kWh + $2.00/h"
    assert json.loads(desired.default_price(TARIFF)) == {
        "priceText": "0,25 $/kWh + 2,00 $/h",
        "chargingPrice": {"kWhPrice": 0.25, "hourPrice": 2.0, "flatFee": 0.0},
    }


def test_1_6_texts_exist_once_per_language_that_the_station_has() -> None:
    """OCA California pricing: `DefaultPriceText,<language>`; a language we do not speak is left alone."""
    found = {desired.LANGUAGES: "fr-CA, en,de", desired.DEFAULT_PRICE: None}
    settings = {each.ref.variable: each.value for each in desired.tariff_settings_v16(TARIFF, found)}
    assert list(settings) == ["DefaultPrice", "DefaultPriceText,fr-CA", "DefaultPriceText,en"]
    assert json.loads(settings["DefaultPriceText,en"]) == {
        "priceText": "$0.25/kWh + $2.00/h",
        "priceTextOffline": "$0.25/kWh + $2.00/h",
    }


def test_a_1_6_station_with_a_plain_text_gets_both_languages_in_it() -> None:
    """Some have the key without a language."""
    found: dict[VariableRef, str | None] = {desired.DEFAULT_PRICE_TEXT: ""}
    (setting,) = desired.tariff_settings_v16(TARIFF, found)
    assert setting.value == "0,25 $/kWh + 2,00 $/h / $0.25/kWh + $2.00/h"
    assert desired.tariff_settings_v16(TARIFF, {}) == []


def test_what_a_display_cannot_say_is_named() -> None:
    """The text tells of idle fees and taxes, not of the limits."""
    rich = Tariff(
        "t", "CAD", 250_000, idle_micro_per_h=1, min_micro=1, max_with_tax_micro=2, taxes=(Tax("GST", 5000),)
    )
    assert [each.en for each in desired.features_lost(rich, is_v16=True)] == [
        "minimum price",
        "maximum price",
    ]
    assert [each.fr for each in desired.features_lost(rich, is_v16=False)] == ["prix minimum", "prix maximum"]
    assert desired.features_lost(TARIFF, is_v16=True) == []
    text = json.loads(desired.default_price(rich))["priceText"]
    assert "sans recharger" in text
    assert "taxes en sus" in text


def test_a_tariff_that_was_taken_away_is_free_on_the_display() -> None:
    """Nobody is charged; so the display must not say otherwise."""
    messages = {each.ref: each.value for each in desired.tariff_settings_v201(desired.free("CAD"))}
    assert messages[desired.PRICE_MESSAGE] == "Gratuit / Free"


def test_availability_follows_hours_and_suspension() -> None:
    """Closed or suspended: inoperative; always open without hours."""
    day = (Period(time(8), time(21)),)
    hours = OpeningHours(ZoneInfo("America/Montreal"), (day,) * 7)
    site = Site("s", "Port", "America/Montreal", hours=hours)
    device = Device(StationId("a"))
    assert desired.wanted_availability(device, site, AT) is Availability.INOPERATIVE
    assert desired.wanted_availability(device, site, AT.replace(hour=14)) is Availability.OPERATIVE
    assert desired.wanted_availability(device, SITE, AT) is Availability.OPERATIVE
    assert desired.wanted_availability(device, None, AT) is Availability.OPERATIVE
    suspended = Device(StationId("a"), suspended_at=AT)
    assert desired.wanted_availability(suspended, SITE, AT) is Availability.INOPERATIVE


@pytest.mark.parametrize(
    ("wanted", "states", "is_shown"),
    [
        (Availability.INOPERATIVE, ["Unavailable"], True),
        (Availability.INOPERATIVE, ["Unavailable", "Available"], False),
        (Availability.INOPERATIVE, ["Unavailable", "Faulted"], True),
        (Availability.OPERATIVE, ["Available", "Occupied", "Faulted"], True),
        (Availability.OPERATIVE, ["Available", "Unavailable"], False),
    ],
)
def test_states_show_an_availability(wanted: Availability, states: list[str], *, is_shown: bool) -> None:
    """A fault says nothing about what the connector is meant to do."""
    assert desired.shows_availability(wanted, states) is is_shown
