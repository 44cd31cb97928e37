"""Manifests: all of one, or none of it and what is wrong where."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.errors import ManifestRefused, ProvisioningProblem
from provisioning.records import Order
from provisioning.rules.shipping import (
    Deed,
    DeliveryFacts,
    ManifestLine,
    Shipment,
    contacts_changed,
    entitled,
    manifest_lines,
    received,
    shipped,
)
from provisioning.shipping import (
    BoxItem,
    Entitlement,
    EntitlementKind,
    EntitlementState,
    ShippedBox,
    missing_boxes,
)

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
DEED = Deed(NOON, "bo")
ORDER = Order("o", "PO-1", None, NOON, "ann")
A, B = StationId("a"), StationId("b")
FACTS = DeliveryFacts("PO-1", ORDER, frozenset({A, B}))
BOX = ShippedBox(box_id="1", order_id="o", label="1/2", shipment="S1", shipped_on=date(2026, 1, 4))


def shipment(*lines: ManifestLine) -> Shipment:
    """One that leaves today."""
    return Shipment("S1", date(2026, 1, 5), None, lines)


def line(where: str, box: str, station_id: StationId | None = None, article: str = "") -> ManifestLine:
    """A line whose station is known by its id."""
    return ManifestLine(where, box, station_id or "", article, station_id)


def faults(*lines: ManifestLine, facts: DeliveryFacts = FACTS) -> dict[str, str]:
    """What is wrong where."""
    with pytest.raises(ManifestRefused) as raised:
        shipped(facts, shipment(*lines), ["1"] * len(lines), DEED)
    return {each.where: each.fault.en for each in raised.value.faults}


@pytest.mark.requirement("R14", "passes")
def test_a_station_may_be_in_two_boxes_beside_other_articles() -> None:
    """Boxes have what is in them in its order."""
    lines = line("1", "1/2", A), line("2", "2/2", A, "cable"), line("3", "2/2", article="concrete base")
    change = shipped(FACTS, shipment(*lines), ["x", "y", "z"], DEED)
    assert [(each.box_id, each.label, each.items) for each in change.boxes] == [
        ("x", "1/2", (BoxItem(A),)),
        ("y", "2/2", (BoxItem(A, "cable"), BoxItem(None, "concrete base"))),
    ]
    (act,) = change.acts
    assert (act.subject, act.what, act.result, act.by) == ("order/o", "order-shipped", "S1", "bo")


@pytest.mark.requirement("R14", "refuses")
def test_each_wrong_line_is_named_and_nothing_is_taken() -> None:
    """Beside right ones: none of it is there."""
    assert faults(
        line("1", "1/2", A),
        line("2", "", A),
        line("3", "9"),
        ManifestLine("4", "9", "zz"),
        line("5", "9", StationId("c")),
        line("6", "1/2", A),
        line("7", "0/2", B),
        facts=replace(FACTS, boxes=(replace(BOX, label="0/2"),)),
    ) == {
        "2": "say in which box",
        "3": "give a station or an article",
        "4": "this station is not of this order",
        "5": "this station is not of this order",
        "6": "this line is there already",
        "7": "this box is shipped already",
    }


def test_the_same_article_may_come_twice() -> None:
    """Two bases in one box."""
    lines = line("1", "1", article="base"), line("2", "1", article="base")
    assert len(shipped(FACTS, shipment(*lines), ["x", "y"], DEED).boxes[0].items) == 2


@pytest.mark.requirement("R15", "refuses")
@pytest.mark.parametrize("article", ["assure", "Service-Plan", "activation", "Forfait de service"])
def test_what_is_digital_is_in_no_box(article: str) -> None:
    """Nobody waits for it at the door."""
    assert faults(line("1", "1", article=article)) == {"1": "delivered digitally: it is in no box"}


@pytest.mark.requirement("R15", "passes")
def test_a_plan_is_delivered_with_its_end() -> None:
    """From its first day to its last."""
    plan = Entitlement(
        entitlement_id="e",
        order_id="",
        kind=EntitlementKind.SERVICE_PLAN,
        count=2,
        starts_on=date(2026, 1, 5),
        expires_on=date(2027, 1, 4),
    )
    (kept,) = entitled(FACTS, plan, DEED).entitlements
    assert kept == replace(plan, order_id="o")
    states = [kept.state(date.fromisoformat(day)) for day in ("2026-01-04", "2026-01-05", "2027-01-04")]
    assert states == [EntitlementState.NEW, EntitlementState.ACTIVE, EntitlementState.ACTIVE]
    assert kept.state(date(2027, 1, 5)) is EntitlementState.EXPIRED
    assert replace(kept, expires_on=None).state(date(2099, 1, 1)) is EntitlementState.ACTIVE


def test_a_box_is_received_once() -> None:
    """By whom stays; one that was never shipped is told."""
    facts = replace(
        FACTS, boxes=(BOX, replace(BOX, box_id="2", label="2/2", received_at=NOON, received_by="x"))
    )
    change = received(facts, ["1/2", "2/2"], DEED)
    assert change.boxes == [replace(BOX, received_at=NOON, received_by="bo")]
    assert change.acts[0].result == "1/2 2/2"
    with pytest.raises(ProvisioningProblem) as raised:
        received(facts, ["3/2"], DEED)
    assert raised.value.code is Code.BOX_UNKNOWN


@pytest.mark.requirement("R13", "passes")
def test_a_station_is_there_once_all_its_boxes_are() -> None:
    """On whatever dates; other articles hold up no station."""
    first = replace(BOX, items=(BoxItem(A), BoxItem(B)))
    second = replace(BOX, box_id="2", label="2/2", items=(BoxItem(A, "cable"), BoxItem(None, "base")))
    assert missing_boxes([first, second]) == {A: ("1/2", "2/2"), B: ("1/2",)}
    assert missing_boxes([replace(first, received_at=NOON), second]) == {A: ("2/2",)}
    assert missing_boxes([replace(first, received_at=NOON), replace(second, received_at=NOON)]) == {}


def test_whom_to_ring_is_changed_and_kept() -> None:
    """The others stay."""
    change = contacts_changed(FACTS, DEED, {"manager_contact": "Ann"})
    assert change.changed_orders == [replace(ORDER, manager_contact="Ann")]
    assert (change.acts[0].what, change.acts[0].result) == ("order-contacts-changed", "manager_contact")


def test_an_order_that_is_not_there_is_told() -> None:
    """Whatever is to become of it."""
    nothing = DeliveryFacts("PO-9", None)
    with pytest.raises(ProvisioningProblem, match="PO-9"):
        received(nothing, ["1"], DEED)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_file_is_read_as_spreadsheets_write_it(mark: str) -> None:
    """With a heading and empty lines; each line by its number."""
    rows = (
        ("Box", "Station", "Article"),
        ("1/2", "0024:B100:0002:9F81", ""),
        ("", "", ""),
        ("2/2", "", "base"),
    )
    text = "\ufeff" + "\n".join(mark.join(each) for each in rows)
    assert manifest_lines(text) == (
        ManifestLine("csv.2", "1/2", "0024:B100:0002:9F81"),
        ManifestLine("csv.4", "2/2", "", "base"),
    )


def test_a_line_with_too_many_cells_is_named() -> None:
    """By its number."""
    with pytest.raises(ManifestRefused) as raised:
        manifest_lines("1/2,a,b,c\n2/2,a")
    assert [(each.where, each.fault.en) for each in raised.value.faults] == [
        ("csv.1", "box, station, article: no more")
    ]


@given(text=st.text(alphabet='ab,;\t"\n 1', max_size=60))
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    """No line without a cell."""
    try:
        found = manifest_lines(text)
    except ManifestRefused:
        return
    assert all(each.box or each.station or each.article for each in found)
