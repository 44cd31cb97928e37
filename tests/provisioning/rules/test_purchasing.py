"""What an order comes to, decided from facts alone: the same facts give the same change."""

from dataclasses import replace

import pytest

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.boxes import KnownBoxes
from provisioning.errors import ProvisioningProblem
from provisioning.records import Device, Order
from provisioning.rules.purchasing import OrderFacts, assert_distinct, names_of, ordered
from tests.support.inbound import NOON, minutes

ORDER = Order("o", "PO", None, NOON, "ann")
LABEL, WIFI = StationId("02b016000001"), StationId("02b016000002")
LINE = Device(LABEL, macs=(LABEL, WIFI), aliases=("sn-17",), serial="SN-17", order_id="o", claim_hash=b"h")
SEEN = Device(WIFI, macs=(WIFI,), vendor="Rivebleue", first_seen_at=minutes(-5))


def facts(*devices: Device, past: tuple[StationId, ...] = ()) -> OrderFacts:
    """What is stored."""
    return OrderFacts(is_reference_taken=False, boxes=KnownBoxes(devices, past))


def test_a_decision_leaves_its_facts_as_they_were() -> None:
    """It is made ahead of the transaction, and again in it."""
    stored = facts(SEEN)
    first = ordered(stored, ORDER, [LINE], [])
    assert stored == facts(SEEN)
    assert ordered(stored, ORDER, [LINE], []) == first


def test_what_showed_up_under_another_name_is_this_box() -> None:
    """Its record goes, what was learnt of it stays; one with a past keeps its record, without the name."""
    change = ordered(facts(SEEN), ORDER, [LINE], [])
    assert change.gone == {WIFI}
    assert change.devices[LABEL].after == replace(LINE, vendor="Rivebleue", first_seen_at=SEEN.first_seen_at)
    kept = ordered(facts(SEEN, past=(WIFI,)), ORDER, [LINE], [])
    assert (kept.gone, kept.devices[WIFI].after.macs) == (set(), ())


def test_a_serial_number_that_names_another_box_names_just_that() -> None:
    """They are unique to a maker only; also within one order."""
    other = replace(LINE, station_id=StationId("02b016000003"), macs=(StationId("02b016000003"),))
    change = ordered(facts(), ORDER, [LINE, other], [])
    assert change.devices[LABEL].after.aliases == ("sn-17",)
    assert change.devices[other.station_id].after.aliases == ()
    assert names_of([other]) == {"02b016000003", "sn-17"}


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (OrderFacts(is_reference_taken=True, boxes=KnownBoxes()), Code.NAME_TAKEN),
        (facts(replace(SEEN, adopted_at=NOON)), Code.ALREADY_ORDERED),
        (facts(replace(LINE, order_id="before")), Code.ALREADY_ORDERED),
    ],
)
def test_a_box_is_ordered_once(stored: OrderFacts, code: Code) -> None:
    """Under whatever name."""
    with pytest.raises(ProvisioningProblem) as raised:
        ordered(stored, ORDER, [LINE], [])
    assert raised.value.code is code
    with pytest.raises(ProvisioningProblem):
        assert_distinct([LINE, SEEN])
