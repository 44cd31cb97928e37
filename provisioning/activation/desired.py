"""What a station should have: pure functions from site and tariff to variables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from charging.tariff import Language, Tariff, price_text
from charging.tariff.displays import (
    VALUE_CHARACTERS,
    bilingual_text,
    json_text,
    tariff_to_v16,
    tariff_to_v201,
)
from ocppj.vocabulary import CONFIGURATION_KEY_COMPONENT, Availability, VariableRef
from provisioning.records import Device, Site
from runtime.wording import Phrase

HEARTBEAT = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")
TIME_ZONE = VariableRef("ClockCtrlr", "TimeZone")
SECRET = VariableRef("SecurityCtrlr", "BasicAuthPassword")
SECURITY_PROFILE = VariableRef("SecurityCtrlr", "SecurityProfile")
OFFLINE_UNKNOWN = VariableRef("AuthCtrlr", "OfflineTxForUnknownIdEnabled")
LIST_ENABLED = VariableRef("LocalAuthListCtrlr", "Enabled")
LIST_CHUNK = VariableRef("LocalAuthListCtrlr", "ItemsPerMessage")
LIST_BYTES = VariableRef("LocalAuthListCtrlr", "BytesPerMessage")
PRE_AUTHORIZE = VariableRef("AuthCtrlr", "LocalPreAuthorize")
AVAILABILITY = VariableRef("ChargingStation", "AvailabilityState")
PRICE_MESSAGE = VariableRef("TariffCostCtrlr", "TariffFallbackMessage")
COST_MESSAGE = VariableRef("TariffCostCtrlr", "TotalCostFallbackMessage")
CURRENCY = VariableRef("TariffCostCtrlr", "Currency")
_COST_TEXT = "Coût affiché sur le reçu / See receipt for cost"
_LANGUAGES: dict[str, Language] = {"fr": "fr-CA", "en": "en"}


def v16_key(key: str) -> VariableRef:
    """A 1.6 key that has no standard variable."""
    return VariableRef(CONFIGURATION_KEY_COMPONENT, key)


LIST_LIMIT_V16 = v16_key("LocalAuthListMaxLength")
SHOWS_PRICE = v16_key("CustomDisplayCostAndPrice")
LANGUAGES = v16_key("SupportedLanguages")
DEFAULT_PRICE = v16_key("DefaultPrice")
DEFAULT_PRICE_TEXT = v16_key("DefaultPriceText")


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable with the value it should have."""

    ref: VariableRef
    value: str


def clock_settings(site: Site | None, heartbeat_interval_s: int, *, is_v16: bool) -> list[Setting]:
    """Heartbeat, and the site's time zone where the version has a variable for it."""
    wanted = [Setting(HEARTBEAT, str(heartbeat_interval_s))]
    if not is_v16 and site is not None:
        wanted.append(Setting(TIME_ZONE, site.zone))
    return wanted


def list_settings(site: Site | None) -> list[Setting]:
    """No free charging for strangers offline; the list in use where there is one."""
    wanted = [Setting(OFFLINE_UNKNOWN, "false")]
    if site is not None and site.tokens:
        wanted += [Setting(LIST_ENABLED, "true"), Setting(PRE_AUTHORIZE, "true")]
    return wanted


def tariff_settings_v201(tariff: Tariff) -> list[Setting]:
    """OCPP 2.0.1 I02, I05: what a station shows when it knows nothing better."""
    return [
        Setting(CURRENCY, tariff.currency),
        Setting(PRICE_MESSAGE, str(tariff_to_v201(tariff).document)),
        Setting(COST_MESSAGE, _COST_TEXT),
    ]


def tariff_settings_v16(tariff: Tariff, found: Mapping[VariableRef, str | None]) -> list[Setting]:
    """The keys of OCA's California pricing that a 1.6 station has, of those it was asked for.

    `DefaultPriceText` exists once per language that the station supports; some stations have it without one.
    """
    wanted = [Setting(DEFAULT_PRICE, default_price(tariff))] if DEFAULT_PRICE in found else []
    for code in (found.get(LANGUAGES) or "").split(","):
        language = _LANGUAGES.get(code.strip().lower()[:2])
        if language is not None:
            key = v16_key(f"{DEFAULT_PRICE_TEXT.variable},{code.strip()}")
            wanted.append(Setting(key, _price_text_json(price_text(tariff, language))))
    if DEFAULT_PRICE_TEXT in found:
        wanted.append(Setting(DEFAULT_PRICE_TEXT, bilingual_text(tariff, VALUE_CHARACTERS)))
    return wanted


def default_price(tariff: Tariff) -> str:
    """1.6 `DefaultPrice` (OCA California pricing) as JSON."""
    return json_text(tariff_to_v16(tariff).document)


def free(currency: str) -> Tariff:
    """What a display shows after the site's tariff was taken away."""
    return Tariff("free", currency)


def features_lost(tariff: Tariff, *, is_v16: bool) -> list[Phrase]:
    """What a display does not say: it is charged, but not shown, and never shown dearer."""
    shown = tariff_to_v16(tariff) if is_v16 else tariff_to_v201(tariff)
    return [Phrase(each.fr, each.en) for each in shown.losses]


def wanted_availability(device: Device, site: Site | None, at: datetime) -> Availability:
    """Inoperative while suspended or outside opening hours, else operative. One that was tried out before it
    is active is operative for the time of the test window, and inoperative from then on.
    """
    if device.test_window is not None and device.activated_at is None:
        return Availability.OPERATIVE if device.test_window.is_open else Availability.INOPERATIVE
    is_closed = site is not None and site.hours is not None and not site.hours.is_open(at)
    return Availability.INOPERATIVE if is_closed or device.suspended_at else Availability.OPERATIVE


def shows_availability(wanted: Availability, states: Iterable[str]) -> bool:
    """Whether these states of a station or its connectors (five words of 2.x) are what it should be."""
    is_unavailable = [state == "Unavailable" for state in states if state != "Faulted"]
    return all(is_unavailable) if wanted is Availability.INOPERATIVE else not any(is_unavailable)


def _price_text_json(text: str) -> str:
    return json_text({"priceText": text, "priceTextOffline": text})
