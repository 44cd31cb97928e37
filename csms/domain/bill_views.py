"""What a price comes to, as it is told: of a session imagined, and of a transaction stored."""

from charging.tariff import element_text
from charging.tariff.bill import Bill, BillLine
from charging.tariff.explaining import PricedSpan
from charging.tariff.money import half_up
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


def line_views(bill: Bill) -> tuple[BillLineAnswer, ...]:
    """What each price comes to."""
    return tuple(_line(each, bill.currency) for each in bill.lines)


def tax_views(bill: Bill) -> tuple[TaxAmountAnswer, ...]:
    """What each tax comes to."""
    return tuple(
        TaxAmountAnswer(name=each.name, rate_millipercent=each.rate_millipercent, micro=half_up(each.amount))
        for each in bill.taxes
    )


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


def span_view(span: PricedSpan, currency: str) -> PricedSpanAnswer:
    """Some time at the same prices."""
    return PricedSpanAnswer(
        begins_at=span.begins_at.isoformat(),
        ends_at=span.ends_at.isoformat(),
        activity=span.activity.value,
        energy_wh=float(span.energy_mwh / 1000),
        micro=half_up(span.amount),
        prices_fr=tuple(element_text(each, currency, "fr-CA") for each in span.prices),
        prices_en=tuple(element_text(each, currency, "en") for each in span.prices),
    )
