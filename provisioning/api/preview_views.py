"""What a preview of a tariff tells."""

from collections.abc import Iterable, Mapping
from typing import Any

from charging.tariff import ROUNDING, amount_text
from charging.tariff.projecting import Projection
from csms.domain.bill_views import (
    BillLineAnswer,
    PricedSpanAnswer,
    TaxAmountAnswer,
    line_views,
    span_view,
    tax_views,
)
from provisioning.preview import Preview
from runtime.views import View


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
        lines=line_views(bill),
        taxes=tax_views(bill),
        limits=bill.limits,
        waived=bill.waived,
        spans=tuple(span_view(each, bill.currency) for each in found.spans),
        minutes=tuple(span_view(each, bill.currency) for each in found.minutes),
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
