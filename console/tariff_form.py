"""A form of a tariff: five that are ready to be changed, taxes as Québec has them, a session to try it on.

Fields: `ready` (which one it began as), `name`, `currency`, `taxes`, those of `READY`; of the session
`site_id`, `date`, `at`, `kwh`, `minutes`, `idle_minutes`. Prices are typed as people write them: `0.30` or
`0,30`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from console.forms import FieldKind, FieldsWrong, TypedField, read_body
from console.week_form import minute_text
from console.words import Words
from provisioning.api.previews import PreviewBody
from provisioning.api.tariff_bodies import TariffBody

READY: Mapping[str, Mapping[str, str]] = {
    "free": {},
    "energy": {"energy_micro_per_kwh": "0.30"},
    "time": {"time_micro_per_h": "2.00"},
    "idle": {"energy_micro_per_kwh": "0.30", "idle_micro_per_h": "6.00", "idle_grace_s": "10"},
    "night": {
        "energy_micro_per_kwh": "0.30",
        "night_micro": "0.20",
        "night_from": "22:00",
        "night_until": "06:00",
    },
}
"""What a tariff can begin as, with its fields and what stands in them at first."""
NO_TAX, QUEBEC, QUEBEC_INCLUDED = "none", "quebec", "quebec-included"
TAXES = (QUEBEC, QUEBEC_INCLUDED, NO_TAX)
QUEBEC_TAXES = (
    {"name": "TPS", "rate_millipercent": 5000},
    {"name": "TVQ", "rate_millipercent": 9975},
)
USUAL_CURRENCY, CURRENCIES = "CAD", ("CAD", "USD", "EUR")
USUAL_ZONE = "America/Toronto"
"""Of a session at no site."""
SESSION = ("site_id", "date", "at", "kwh", "minutes", "idle_minutes")
FRIDAY, GRACE_MOST_MIN = 4, 1440
PRICES = frozenset({"energy_micro_per_kwh", "time_micro_per_h", "idle_micro_per_h", "night_micro"})
CLOCKS = frozenset({"night_from", "night_until"})
_AMOUNT = re.compile(r"\d{1,9}(?:[.,]\d{1,6})?")
_MINUTES = re.compile(r"\d{1,4}")
_FAULTS_AT = {"starts_at": "date", "elements": "night_micro"}
"""Where the fault of what the API takes stands in the form."""
Kind = TypeVar("Kind", TariffBody, PreviewBody)


def fields_of(ready: str) -> tuple[str, ...]:
    """The fields of a tariff, in their order; who pays nothing pays no tax."""
    return ("name", "currency", *READY[ready], *(("taxes",) if READY[ready] else ()))


def begun(ready: str, today: date, words: Words) -> dict[str, str]:
    """What stands in the form at first: the ready tariff, and 12 kWh in 40 minutes on a Friday at 17:30."""
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    typed = {
        name: _in_language(text, words) if name in PRICES else text for name, text in READY[ready].items()
    }
    session = {"date": friday.isoformat(), "at": "17:30", "kwh": "12", "minutes": "40"}
    idle = {"idle_minutes": "30" if ready == "idle" else "0"}
    return {"name": "", "currency": USUAL_CURRENCY, "taxes": QUEBEC, **typed, **session, **idle}


def tariff_body(ready: str, typed: Mapping[str, str], words: Words) -> TariffBody:
    """What POST /tariffs takes. Raises FieldsWrong."""
    faults: dict[str, str] = {}

    def micro(name: str) -> int:
        text = typed.get(name, "").replace(" ", "").replace("\u00a0", "")
        if _AMOUNT.fullmatch(text) is None:
            faults[name] = words("tariff.no_amount", example=_in_language("0.30", words))
            return 0
        return int(Decimal(text.replace(",", ".")).scaleb(6))

    def clock(name: str) -> str | None:
        found = minute_text(typed.get(name, "").strip())
        if found is None:
            faults[name] = words("hours.no_time")
        return found

    wanted = READY[ready]
    values: dict[str, object] = {
        "name": typed.get("name", "").strip(),
        "currency": typed.get("currency", "").strip().upper(),
        **{name: micro(name) for name in wanted if name in PRICES and name != "night_micro"},
    }
    if "idle_grace_s" in wanted:
        grace = typed.get("idle_grace_s", "").strip()
        if _MINUTES.fullmatch(grace) is None or int(grace) > GRACE_MOST_MIN:
            faults["idle_grace_s"] = words("tariff.no_grace", most=GRACE_MOST_MIN)
        else:
            values["idle_grace_s"] = int(grace) * 60
    if "night_micro" in wanted:
        when = {"from_time": clock("night_from"), "until_time": clock("night_until")}
        values["elements"] = [{"component": "energy", "micro": micro("night_micro"), "when": when}]
    if wanted and typed.get("taxes") in (QUEBEC, QUEBEC_INCLUDED):
        values["taxes"] = QUEBEC_TAXES
        values["is_tax_included"] = typed["taxes"] == QUEBEC_INCLUDED
    body = _read(TariffBody, values, words, faults)
    if body is None or faults:
        raise FieldsWrong(faults)
    return body


def preview_body(typed: Mapping[str, str], tariff: TariffBody, words: Words) -> PreviewBody:
    """What POST /tariffs/preview takes. Raises FieldsWrong."""
    faults: dict[str, str] = {}
    at = minute_text(typed.get("at", "").strip())
    if at is None:
        faults["at"] = words("hours.no_time")
    day = typed.get("date", "").strip()
    try:
        date.fromisoformat(day)
    except ValueError:
        faults["date"] = words("hours.no_date")
    values: dict[str, object] = {
        "tariff": tariff,
        "site_id": typed.get("site_id") or None,
        "zone": USUAL_ZONE,
        "starts_at": f"{day}T{at}" if not faults else "2026-01-09T17:30",
        "kwh": typed.get("kwh", "").strip().replace(",", "."),
        **{name: typed.get(name, "").strip() or "0" for name in ("minutes", "idle_minutes")},
    }
    body = _read(PreviewBody, values, words, faults)
    if body is None or faults:
        raise FieldsWrong(faults)
    return body


def mark_of(tariff: TariffBody) -> str:
    """Tells whether what is saved is what was looked at: the same for the same prices, whatever the name."""
    return hashlib.sha256(tariff.model_dump_json(exclude={"name"}).encode()).hexdigest()[:16]


def tariff_fields(
    ready: str, typed: Mapping[str, str], faults: Mapping[str, str], words: Words
) -> list[TypedField]:
    """Those of the tariff."""
    taxes = [(each, words(f"tariff_taxes.{each}")) for each in TAXES]
    return [
        TypedField(
            name,
            words.find(f"tariff_field_{ready}", name) or words(f"tariff_field.{name}"),
            typed.get(name, ""),
            faults.get(name, ""),
            hint=words.find("tariff_hint", name) or "",
            kind=_kind(name),
            is_required=name != "taxes",
            choices=taxes if name == "taxes" else (),
            proposals=CURRENCIES if name == "currency" else (),
        )
        for name in fields_of(ready)
    ]


def session_fields(
    typed: Mapping[str, str], faults: Mapping[str, str], sites: Sequence[tuple[str, str]], words: Words
) -> list[TypedField]:
    """Those of the session."""
    nowhere = ("", words("tariff.no_site"))
    return [
        TypedField(
            name,
            words(f"tariff_field.{name}"),
            typed.get(name, ""),
            faults.get(name, ""),
            hint=words.find("tariff_hint", name) or "",
            kind=_kind(name),
            choices=(nowhere, *sites) if name == "site_id" else (),
        )
        for name in SESSION
    ]


def _kind(name: str) -> FieldKind:
    if name in CLOCKS or name == "at":
        return "time"
    if name in ("taxes", "site_id"):
        return "choice"
    if name == "date":
        return "date"
    return "text" if name in ("name", "currency") else "number"


def _read(
    kind: type[Kind], values: Mapping[str, object], words: Words, faults: dict[str, str]
) -> Kind | None:
    """None where it is wrong, which is told in `faults`."""
    try:
        return read_body(kind, values, words)
    except FieldsWrong as wrong:
        for field, text in wrong.faults.items():
            faults.setdefault(_FAULTS_AT.get(field, field), text)
        return None


def _in_language(text: str, words: Words) -> str:
    """A price as the reader writes it."""
    return words.number(float(text), 2)
