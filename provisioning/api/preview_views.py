"""What a preview of a tariff tells."""

from collections.abc import Iterable, Mapping
from typing import Any

from charging.tariff import ROUNDING, amount_text, element_text
from charging.tariff.bill import BillLine
from charging.tariff.explaining import PricedSpan
from charging.tariff.money import half_up
from charging.tariff.projecting import Projection
from provisioning.preview import Preview
from runtime.views import View


class BillLineAnswer(View, frozen=True, kw_only=True):
    """What one price comes to. `quantity` in `unit`: Wh, seconds, or 1 of what is paid once; `added` filled
    its last block.
    """

    component: str
    micro: int
    quantity: float
    unit: str
    added: float
    net_micro: int
    total_micro: int
    text_fr: str
    text_en: str


class TaxAmountAnswer(View, frozen=True, kw_only=True):
    """What one tax comes to."""

    name: str
    rate_millipercent: int
    micro: int


class PricedSpanAnswer(View, frozen=True, kw_only=True):
    """Some time at the same prices, before blocks and limits."""

    begins_at: str
    ends_at: str
    activity: str
    energy_wh: float
    micro: int
    prices_fr: tuple[str, ...]
    prices_en: tuple[str, ...]


class LossAnswer(View, frozen=True, kw_only=True):
    """Something that the tariff says and its projection does not."""

    feature: str
    fr: str
    en: str


class ProjectionAnswer(View, frozen=True, kw_only=True):
    """The tariff as a version of OCPP or OCPI holds it, never dearer: a text, or its JSON."""

    target: str
    document: dict[str, Any] | str
    losses: tuple[LossAnswer, ...]


class StationPriceAnswer(View, frozen=True, kw_only=True):
    """A station of the site, and what it can show; `target` null: nobody knows what it speaks."""

    station_id: str
    target: str | None
    losses: tuple[LossAnswer, ...]


class PreviewAnswer(View, frozen=True, kw_only=True):
    """What a session would cost, and why. `limits` bound it; `waived`: not due, as nothing was taken."""

    currency: str
    net_micro: int
    total_micro: int
    total_fr: str
    total_en: str
    why_fr: str
    why_en: str
    rounding: str
    lines: tuple[BillLineAnswer, ...]
    taxes: tuple[TaxAmountAnswer, ...]
    limits: tuple[str, ...]
    waived: tuple[str, ...]
    spans: tuple[PricedSpanAnswer, ...]
    minutes: tuple[PricedSpanAnswer, ...]
    projections: tuple[ProjectionAnswer, ...]
    stations: tuple[StationPriceAnswer, ...]


def preview_view(
    found: Preview, projections: Mapping[str, Projection], stations: Iterable[tuple[str, str | None]]
) -> PreviewAnswer:
    """All of it."""
    bill = found.bill
    losses = {target: _losses(each) for target, each in projections.items()}
    return PreviewAnswer(
        currency=bill.currency,
        net_micro=bill.net_micro,
        total_micro=bill.total_micro,
        total_fr=amount_text(bill.total_micro, bill.currency, "fr-CA"),
        total_en=amount_text(bill.total_micro, bill.currency, "en"),
        why_fr=found.why.fr,
        why_en=found.why.en,
        rounding=ROUNDING,
        lines=tuple(_line(each, bill.currency) for each in bill.lines),
        taxes=tuple(
            TaxAmountAnswer(
                name=each.name, rate_millipercent=each.rate_millipercent, micro=half_up(each.amount)
            )
            for each in bill.taxes
        ),
        limits=bill.limits,
        waived=bill.waived,
        spans=tuple(_span(each, bill.currency) for each in found.spans),
        minutes=tuple(_span(each, bill.currency) for each in found.minutes),
        projections=tuple(
            ProjectionAnswer(target=target, document=each.document, losses=losses[target])
            for target, each in projections.items()
        ),
        stations=tuple(
            StationPriceAnswer(station_id=name, target=target, losses=losses.get(target or "", ()))
            for name, target in stations
        ),
    )


def _losses(projection: Projection) -> tuple[LossAnswer, ...]:
    return tuple(LossAnswer(feature=each.feature, fr=each.fr, en=each.en) for each in projection.losses)


def _line(line: BillLine, currency: str) -> BillLineAnswer:
    is_once = line.quantity == 1 and line.component in ("session", "reservation_fixed")
    unit = "once" if is_once else "Wh" if line.component == "energy" else "s"
    scale = 1 if is_once else 1000
    return BillLineAnswer(
        component=line.component,
        micro=line.element.micro,
        quantity=float(line.quantity / scale),
        unit=unit,
        added=float(line.added / scale),
        net_micro=half_up(line.net),
        total_micro=half_up(line.total),
        text_fr=element_text(line.element, currency, "fr-CA"),
        text_en=element_text(line.element, currency, "en"),
    )


def _span(span: PricedSpan, currency: str) -> PricedSpanAnswer:
    return PricedSpanAnswer(
        begins_at=span.begins_at.isoformat(),
        ends_at=span.ends_at.isoformat(),
        activity=span.activity.value,
        energy_wh=float(span.energy_mwh / 1000),
        micro=half_up(span.amount),
        prices_fr=tuple(element_text(each, currency, "fr-CA") for each in span.prices),
        prices_en=tuple(element_text(each, currency, "en") for each in span.prices),
    )
