"""What the preparation of a site comes to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ocppj.vocabulary import StationId
from provisioning.accounts import DoneBy
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.gates.facts import PreparedFacts
from provisioning.preparation import (
    GuideReceipt,
    InstallPath,
    PreparedProduct,
    SitePreparation,
    SiteSignal,
    SiteVerdict,
)
from provisioning.products.files import parse_product
from provisioning.products.product import GuideKind, Product
from provisioning.records import Site
from provisioning.rules.preparing import (
    PreparingFacts,
    failed_items,
    guide_of,
    guide_read,
    item_answered,
    path_chosen,
    preparation_ended,
    signal_measured,
    site_decided,
    site_facts,
    unread_guides,
)

BASE = """
product: {name}
version: 3
name: {{fr: Une {name}, en: A {name}}}
applies_to: [{{vendor: A}}]
ocpp: ["1.6"]
menu: {{path: {{fr: Menu, en: Menu}}, fields: [{{asks: url, name: {{fr: URL, en: URL}}}}]}}
"""
WALL = parse_product(
    BASE.format(name="wall")
    + """
cellular: {is_required: true, weakest_dbm: -105}
site:
  - {item: earth, section: engineering, name: {fr: La terre, en: The earth}, is_safety: true}
  - {item: space, section: layout, name: {fr: L'espace, en: The space}}
guides:
  - guide: design
    version: 2
    name: {fr: Guide, en: Design}
    pages: [{title: {fr: A, en: A}, text: {fr: B, en: B}}]
  - guide: install
    version: 4
    name: {fr: Montage, en: Mounting}
    pages: [{title: {fr: A, en: A}, text: {fr: B, en: B}}]
""",
    "wall.yaml",
)
OTHER = parse_product(BASE.format(name="other"), "other.yaml")
PRODUCTS: Mapping[str, Product] = {"wall": WALL, "other": OTHER}
SITE = Site("s", "Port", "America/Toronto")
DONE = DoneBy(datetime(2026, 5, 4, 12, tzinfo=UTC), "sam")
CERTIFIED = InstallPath.CERTIFIED
EMPTY = PreparingFacts(SITE, None, PRODUCTS.get, [StationId("cp")])


def after(change: ChangeSet) -> SitePreparation:
    """The preparation that a change makes."""
    return change.preparations["s"].after


def with_(preparation: SitePreparation) -> PreparingFacts:
    """Where it is stored."""
    return replace(EMPTY, preparation=preparation)


CHOSEN = after(path_chosen(EMPTY, CERTIFIED, ["wall"], DONE))


def answered(preparation: SitePreparation, item: str, verdict: SiteVerdict) -> SitePreparation:
    """With that answer."""
    return after(item_answered(with_(preparation), "wall", item, verdict, None, DONE))


def measured(preparation: SitePreparation, dbm: int, carrier: str | None = None) -> SitePreparation:
    """With that signal."""
    return after(signal_measured(with_(preparation), SiteSignal("wall", dbm, carrier, None, DONE)))


def read(preparation: SitePreparation, kind: GuideKind, version: int, by: str = "sam") -> SitePreparation:
    """With that guide read."""
    receipt = GuideReceipt("wall", kind, version, replace(DONE, by=by))
    return after(guide_read(with_(preparation), receipt))


def ready() -> SitePreparation:
    """All of it answered."""
    safe = answered(answered(CHOSEN, "earth", SiteVerdict.OK), "space", SiteVerdict.NOT_APPLICABLE)
    return read(measured(safe, -90), GuideKind.DESIGN, 2)


def facts_of(preparation: SitePreparation | None, *, is_serviced: bool = False) -> PreparedFacts | None:
    """What stations there are asked for."""
    return site_facts(SITE, preparation, PRODUCTS.get, is_serviced=is_serviced)


def left_of(preparation: SitePreparation) -> str:
    """What nobody answered."""
    found = facts_of(preparation)
    assert found is not None
    return str(found.left)


@pytest.mark.requirement("R16", "passes")
def test_the_products_of_a_site_are_chosen() -> None:
    """Each with the version of its file; the stations there are looked at anew."""
    change = path_chosen(EMPTY, CERTIFIED, ["wall", "wall", "other"], DONE)
    assert after(change).products == (PreparedProduct("wall", 3), PreparedProduct("other", 3))
    assert (after(change).opened, after(change).path) == (DONE, CERTIFIED)
    assert change.about == {"cp"}
    (act,) = change.acts
    assert (act.subject, act.what, act.result) == ("site/s", "site-path-chosen", "certified-installer")
    with pytest.raises(ProvisioningProblem, match="E_PRODUCT_UNKNOWN"):
        path_chosen(EMPTY, CERTIFIED, ["gone"], DONE)


def test_what_was_answered_stays_of_products_that_stay() -> None:
    """And an approval was of what was chosen then."""
    approved = replace(ready(), is_approved=True)
    same = after(path_chosen(with_(approved), CERTIFIED, ["wall"], replace(DONE, by="bo")))
    assert same == approved
    more = after(path_chosen(with_(approved), CERTIFIED, ["wall", "other"], DONE))
    assert (more.answers, more.is_approved) == (approved.answers, False)
    none = after(path_chosen(with_(approved), CERTIFIED, ["other"], DONE))
    assert (none.answers, none.signals, none.receipts) == ((), (), ())


@pytest.mark.requirement("R16", "refuses")
def test_each_product_brings_what_it_needs() -> None:
    """Nothing is asked for of one whose file says nothing, or is gone."""
    assert left_of(CHOSEN) == "Design (A wall), The earth, The space, cellular signal for A wall"
    other = after(path_chosen(EMPTY, CERTIFIED, ["other"], DONE))
    assert facts_of(other) == PreparedFacts("s", "Port")
    gone = site_facts(SITE, CHOSEN, lambda _: None, is_serviced=False)
    assert gone == PreparedFacts("s", "Port")


@pytest.mark.requirement("R17", "refuses")
def test_a_failed_safety_item_stops_the_installation() -> None:
    """Another one is kept for who looks for the reason of a fault."""
    failed = answered(answered(ready(), "earth", SiteVerdict.FAILED), "space", SiteVerdict.FAILED)
    found = facts_of(failed)
    assert found is not None
    assert (str(found.unsafe), found.left) == ("The earth", None)
    assert str(failed_items(failed, PRODUCTS.get)) == "The earth, The space"
    assert failed_items(ready(), PRODUCTS.get) is None


@pytest.mark.requirement("R17", "passes")
def test_what_was_mended_is_answered_again() -> None:
    """Then the site is ready; a safety item is never without object."""
    mended = answered(answered(ready(), "earth", SiteVerdict.FAILED), "earth", SiteVerdict.OK)
    assert facts_of(mended) == PreparedFacts("s", "Port")
    assert len(mended.answers) == 2
    assert left_of(answered(ready(), "earth", SiteVerdict.NOT_APPLICABLE)) == "The earth"


@pytest.mark.requirement("R18", "refuses")
def test_a_guide_is_read_in_its_version() -> None:
    """One that changed is read again; of one that there is not nobody can say so."""
    newer = WALL.model_copy(update={"guides": (WALL.guides[0].model_copy(update={"version": 3}),)})
    found = site_facts(SITE, ready(), {"wall": newer}.get, is_serviced=False)
    assert found is not None
    assert str(found.left) == "Design (A wall)"
    for kind, version in ((GuideKind.DESIGN, 1), (GuideKind.INSTALL, 5)):
        with pytest.raises(ProvisioningProblem, match="E_GUIDE_UNKNOWN"):
            read(CHOSEN, kind, version)
    other = after(path_chosen(EMPTY, CERTIFIED, ["other"], DONE))
    with pytest.raises(ProvisioningProblem, match="E_GUIDE_UNKNOWN"):
        guide_read(with_(other), GuideReceipt("other", GuideKind.DESIGN, 1, DONE))


@pytest.mark.requirement("R18", "passes")
def test_who_read_a_guide_is_kept_once() -> None:
    """For each person the last time."""
    twice = read(read(ready(), GuideKind.DESIGN, 2), GuideKind.DESIGN, 2, by="bo")
    assert [each.done.by for each in twice.receipts] == ["sam", "bo"]
    assert facts_of(twice) == PreparedFacts("s", "Port")


@pytest.mark.requirement("R21", "refuses")
def test_who_installs_reads_how_that_product_is_mounted() -> None:
    """Somebody else's receipt counts for them alone; a product that is not meant for it asks for nothing."""
    others = read(ready(), GuideKind.INSTALL, 4, by="bo")
    assert str(unread_guides(others, [WALL, WALL, OTHER], "sam")) == "Mounting (A wall)"
    elsewhere = after(path_chosen(EMPTY, CERTIFIED, ["other"], DONE))
    assert unread_guides(elsewhere, [WALL, OTHER], "sam") is None


@pytest.mark.requirement("R21", "passes")
def test_who_has_read_it_may_go() -> None:
    """Nothing is left to read."""
    assert unread_guides(read(ready(), GuideKind.INSTALL, 4), [WALL], "sam") is None
    assert guide_of(OTHER, GuideKind.INSTALL) is None


def test_a_contractor_who_is_new_to_it_reads_both_guides() -> None:
    """Themselves, though somebody else has read one for the site."""
    new = replace(read(CHOSEN, GuideKind.DESIGN, 2, by="bo"), path=InstallPath.CONTRACTOR)
    assert str(unread_guides(new, [WALL], "sam")) == "Design (A wall), Mounting (A wall)"
    both = read(read(new, GuideKind.DESIGN, 2), GuideKind.INSTALL, 4)
    assert unread_guides(both, [WALL], "sam") is None


@pytest.mark.requirement("R19", "refuses")
def test_a_signal_that_is_too_weak_is_in_the_way() -> None:
    """It is kept, with whose network it is."""
    found = facts_of(measured(ready(), -106, "Bell"))
    assert found is not None
    assert str(found.weak_signal) == "-106 dBm < -105 dBm (Bell)"
    plain = facts_of(measured(ready(), -106))
    assert plain is not None
    assert str(plain.weak_signal) == "-106 dBm < -105 dBm"


@pytest.mark.requirement("R19", "passes")
def test_the_weakest_that_will_do_is_enough() -> None:
    """The last measurement counts; a product that needs none asks for none, one without a bound for any."""
    assert facts_of(measured(measured(ready(), -120), -105)) == PreparedFacts("s", "Port")
    for cellular in ({"is_required": False, "weakest_dbm": -50}, {"is_required": True, "weakest_dbm": None}):
        product = WALL.model_copy(update={"cellular": WALL.cellular.model_copy(update=cellular)})
        found = site_facts(SITE, ready(), {"wall": product}.get, is_serviced=False)
        assert found == PreparedFacts("s", "Port")


@pytest.mark.requirement("R22", "refuses")
def test_where_a_service_was_bought_the_team_approves_first() -> None:
    """Also where nobody has begun; the path of the services asks for the same."""
    assert facts_of(None, is_serviced=True) == PreparedFacts("s", "Port", is_unapproved=True)
    assert facts_of(ready(), is_serviced=True) == PreparedFacts("s", "Port", is_unapproved=True)
    services = replace(ready(), path=InstallPath.SERVICES)
    assert facts_of(services) == PreparedFacts("s", "Port", is_unapproved=True)
    with pytest.raises(ProvisioningProblem, match="E_PREPARATION_OF_THE_TEAM"):
        site_decided(with_(ready()), is_approved=True, note=None, done=DONE, is_team=False)


@pytest.mark.requirement("R22", "passes")
def test_an_approved_site_is_ready() -> None:
    """With what the team wrote; where no service was bought nobody waits for it."""
    change = site_decided(with_(ready()), is_approved=True, note="seen", done=DONE, is_team=True)
    approved = after(change)
    assert facts_of(approved, is_serviced=True) == PreparedFacts("s", "Port")
    assert (approved.decided, approved.decision_note) == (DONE, "seen")
    (act,) = change.acts
    assert (act.what, act.result, act.reason) == ("site-decided", "approved", "seen")
    assert facts_of(None) is None


@pytest.mark.parametrize(
    ("preparation", "code"),
    [
        (CHOSEN, "E_SITE_UNPREPARED"),
        (answered(CHOSEN, "earth", SiteVerdict.FAILED), "E_SITE_UNSAFE"),
        (measured(CHOSEN, -120), "E_SIGNAL_BELOW_MIN"),
    ],
)
def test_what_is_not_ready_is_not_approved(preparation: SitePreparation, code: str) -> None:
    """It may be rejected, which says why."""
    with pytest.raises(ProvisioningProblem, match=code):
        site_decided(with_(preparation), is_approved=True, note=None, done=DONE, is_team=True)
    rejected = site_decided(with_(preparation), is_approved=False, note="no", done=DONE, is_team=True)
    assert (after(rejected).is_approved, rejected.acts[0].result) == (False, "rejected")


def test_nothing_is_answered_that_nobody_asks() -> None:
    """Items, products and preparations that there are not."""
    with pytest.raises(ProvisioningProblem, match=r"knows: earth, space"):
        answered(CHOSEN, "roof", SiteVerdict.OK)
    with pytest.raises(ProvisioningProblem, match="E_SITE_ITEM_UNKNOWN"):
        signal_measured(with_(CHOSEN), SiteSignal("other", -90, None, None, DONE))
    with pytest.raises(ProvisioningProblem, match="E_PREPARATION_UNKNOWN"):
        item_answered(EMPTY, "wall", "earth", SiteVerdict.OK, None, DONE)


def test_the_team_ends_one_that_was_begun_by_mistake() -> None:
    """Nobody gets around a failed item by that."""
    with pytest.raises(ProvisioningProblem, match="E_PREPARATION_OF_THE_TEAM"):
        preparation_ended(with_(CHOSEN), DONE, is_team=False)
    change = preparation_ended(with_(CHOSEN), DONE, is_team=True)
    assert change.ended_preparations == {"s"}
    assert change.preparation_of("s", CHOSEN) is None
