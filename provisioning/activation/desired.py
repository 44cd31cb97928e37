"""What a station should have: pure functions from site and tariff to variables."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from charging.tariff import MICRO, Tariff, price_text
from ocppj.vocabulary import CONFIGURATION_KEY_COMPONENT, Availability, VariableRef
from provisioning.records import Device, Site

HEARTBEAT = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")
TIME_ZONE = VariableRef("ClockCtrlr", "TimeZone")
SECRET = VariableRef("SecurityCtrlr", "BasicAuthPassword")
OFFLINE_UNKNOWN = VariableRef("AuthCtrlr", "OfflineTxForUnknownIdEnabled")
LIST_ENABLED = VariableRef("LocalAuthListCtrlr", "Enabled")
LIST_CHUNK = VariableRef("LocalAuthListCtrlr", "ItemsPerMessage")
LIST_ENTRIES = VariableRef("LocalAuthListCtrlr", "Entries")
PRE_AUTHORIZE = VariableRef("AuthCtrlr", "LocalPreAuthorize")
AVAILABILITY = VariableRef("ChargingStation", "AvailabilityState")
PRICE_MESSAGE = VariableRef("TariffCostCtrlr", "TariffFallbackMessage")
COST_MESSAGE = VariableRef("TariffCostCtrlr", "TotalCostFallbackMessage")
CURRENCY = VariableRef("TariffCostCtrlr", "Currency")
VALUE_CHARACTERS = 500
"""OCPP 1.6 ChangeConfiguration.value."""
_COST_TEXT = "Coût affiché sur le reçu / See receipt for cost"


def v16_key(key: str) -> VariableRef:
    """A 1.6 key that has no standard variable."""
    return VariableRef(CONFIGURATION_KEY_COMPONENT, key)


LIST_LIMIT_V16 = v16_key("LocalAuthListMaxLength")
SHOWS_PRICE = v16_key("CustomDisplayCostAndPrice")
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
        Setting(PRICE_MESSAGE, f"{price_text(tariff, 'fr-CA')} / {price_text(tariff, 'en')}"[:255]),
        Setting(COST_MESSAGE, _COST_TEXT),
    ]


def default_price(tariff: Tariff) -> str:
    """1.6 `DefaultPrice` (OCA California pricing): prices per kWh, hour and session, as JSON."""
    prices = {
        "kWhPrice": _amount(tariff.energy_micro_per_kwh),
        "hourPrice": _amount(tariff.time_micro_per_h),
        "flatFee": _amount(tariff.session_micro),
    }
    text = price_text(tariff, "fr-CA")
    document = {"priceText": text, "chargingPrice": prices}
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if len(written) <= VALUE_CHARACTERS:
        return written
    document["priceText"] = text[: VALUE_CHARACTERS - (len(written) - len(text))]
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def features_lost_v16(tariff: Tariff) -> list[str]:
    """What `DefaultPrice` cannot say: it is still charged, but not shown (never a dearer price than real)."""
    lost = {
        "idle fee": tariff.idle_micro_per_h,
        "minimum price": tariff.min_micro,
        "maximum price": tariff.max_micro,
        "tax": tariff.taxes,
    }
    return [name for name, amount in lost.items() if amount]


def wanted_availability(device: Device, site: Site | None, at: datetime) -> Availability:
    """Inoperative while suspended or outside opening hours, else operative."""
    is_closed = site is not None and site.hours is not None and not site.hours.is_open(at)
    return Availability.INOPERATIVE if is_closed or device.suspended_at else Availability.OPERATIVE


def _amount(micro: int) -> float:
    """A JSON number for a display; the money itself is counted in micro-units."""
    return float(Decimal(micro) / MICRO)
