"""Why a stored transaction costs what it costs: counted again, by the price that was frozen with it."""

from dataclasses import dataclass

from charging.tariff import Tariff, bill
from charging.tariff.bill import Bill
from charging.tariff.explaining import PricedSpan, spans
from charging.tariff.model import zone_of
from csms.rules.course import course_of
from csms.rules.replies import tariff_from_text
from csms.rules.rows import TransactionRow
from csms.rules.transaction_fold import idle_so_far_s


@dataclass(frozen=True, slots=True)
class ExplainedPrice:
    """The price, the bill that it makes, and when which price counted."""

    tariff: Tariff
    bill: Bill
    spans: tuple[PricedSpan, ...]


def explained(row: TransactionRow) -> ExplainedPrice | None:
    """Up to its end, or up to its last message; None where it has no price."""
    tariff = tariff_from_text(row.tariff)
    if tariff is None:
        return None
    course = course_of(row, tariff, idle_so_far_s(row))
    found = bill(tariff, course)
    return ExplainedPrice(tariff, found, spans(found, course, zone_of(tariff)))
