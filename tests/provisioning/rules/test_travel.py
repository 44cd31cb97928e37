"""Ready to travel? What is missing, and who clears it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from access.principals import Role, member
from charging.calendar import OpeningHours
from ocppj.vocabulary import StationId
from provisioning.blockers import Clearer
from provisioning.gates.facts import PreparedFacts
from provisioning.records import Device, Job, JobStop, Place, Site
from provisioning.rules.sites import zone_named
from provisioning.rules.travel import TravelFacts, is_ready, missing_of
from runtime.wording import Phrase

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BOX, OTHER = StationId("0024b10000029f81"), StationId("0024b10000029f82")
HOURS = OpeningHours(zone_named("America/Toronto"), None, ())
SITE = Site("s", "Port", "America/Toronto", address="1 quai", tariff_id="t", hours=HOURS)
DEVICE = Device(BOX, (BOX,), order_id="o", claim_hash=b"x", first_seen_at=NOW)
JOB = Job("j", "s", date(2026, 5, 5), (JobStop("p", BOX),), NOW, "ann", account="sam")
READY = TravelFacts(
    site=SITE,
    person=member("sam", Role.INSTALLER, site_id="s"),
    places={"p": Place("p", "s", "P1")},
    boxes={BOX: DEVICE},
    occupants={},
    missing_boxes={},
    to_commission=frozenset(),
    has_address=True,
    has_contact=True,
)


def codes(job: Job = JOB, **changes: object) -> list[str]:
    """What is missing where the facts are otherwise."""
    return [each.blocker.code.value for each in missing_of(job, replace(READY, **changes))]  # type: ignore[arg-type] # fields


def test_nothing_is_missing() -> None:
    """Then one may go."""
    assert codes() == []
    assert is_ready(missing_of(JOB, READY))


def test_the_installer_has_an_account_that_counts_on_the_site() -> None:
    """Each with the manager, who can let people in."""
    assert codes(replace(JOB, account=None)) == ["E_JOB_NO_INSTALLER"]
    assert codes(person=None) == ["E_JOB_NO_ACCOUNT"]
    assert codes(person=member("sam", Role.INSTALLER, site_id="another")) == ["E_JOB_NO_ACCESS"]
    assert codes(person=member("sam", Role.VIEWER)) == ["E_JOB_NO_ACCESS"]
    (missing,) = missing_of(JOB, replace(READY, person=None))
    assert missing.blocker.who_clears is Clearer.OWNER
    assert not is_ready((missing,))


def test_the_server_tells_where_stations_call_and_whom_to_ring() -> None:
    """Without an address nobody can type one; whom to ring is worth knowing."""
    assert codes(has_address=False) == ["E_JOB_NO_URL"]
    assert codes(has_contact=False) == ["W_JOB_NO_CONTACT"]
    assert is_ready(missing_of(JOB, replace(READY, has_contact=False)))


def test_the_site_has_its_price_hours_and_address() -> None:
    """What holds nobody up comes last."""
    bare = Site("s", "Port", "America/Toronto")
    assert codes(site=bare) == ["E_JOB_NO_TARIFF", "W_JOB_NO_HOURS", "W_JOB_NO_ADDRESS"]


def test_each_place_has_a_box_that_can_be_claimed_there() -> None:
    """Ordered, with a code, at no other place; one that was never seen may be in its carton."""
    assert codes(replace(JOB, stops=(JobStop("p"),))) == ["E_JOB_NO_BOX"]
    assert codes(boxes={}) == ["E_JOB_BOX_NOT_ORDERED"]
    assert codes(boxes={BOX: replace(DEVICE, order_id=None)}) == ["E_JOB_BOX_NOT_ORDERED"]
    assert codes(boxes={BOX: replace(DEVICE, place_id="q")}) == ["E_JOB_BOX_ELSEWHERE"]
    assert codes(boxes={BOX: replace(DEVICE, claim_hash=None)}) == ["E_JOB_NO_CODE"]
    assert codes(boxes={BOX: replace(DEVICE, first_seen_at=None)}) == ["W_JOB_BOX_UNSEEN"]
    assert codes(missing_boxes={BOX: ("1/2",), OTHER: ("2/2",)}) == ["E_BOXES_MISSING"]
    (missing,) = missing_of(JOB, replace(READY, boxes={}))
    assert (missing.place_id, missing.station_id) == ("p", BOX)


def test_a_place_with_another_box_is_taken_unless_that_is_to_be_swapped() -> None:
    """Somebody was faster."""
    assert codes(occupants={"p": OTHER}) == ["E_PLACE_TAKEN"]
    swap = replace(JOB, stops=(JobStop("p", BOX, OTHER),))
    assert codes(swap, occupants={"p": OTHER}) == []


def test_a_place_that_is_done_needs_nothing() -> None:
    """The box is there."""
    assert codes(boxes={BOX: replace(DEVICE, claim_hash=None, place_id="p")}, occupants={"p": BOX}) == []


def test_the_site_is_prepared_and_its_guide_is_read() -> None:
    """Where somebody prepares it."""
    assert codes(prepared=PreparedFacts("s", "Port")) == []
    assert codes(prepared=PreparedFacts("s", "Port", is_unapproved=True)) == ["E_SITE_NOT_APPROVED"]
    assert codes(unread=Phrase("Guide", "Guide")) == ["E_GUIDE_UNREAD"]
