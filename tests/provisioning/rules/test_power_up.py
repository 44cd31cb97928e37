"""The power-up checklist follows from what is known, in whatever order it came."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.vocabulary import ConnectorStatus, RegistrationStatus
from provisioning.blockers import Clearer
from provisioning.products.files import Products
from provisioning.records import CredentialState, RunMark, RunPhoto, TypedReading
from provisioning.rules.power_up import (
    CheckItem,
    CheckVerdict,
    LinkFailure,
    PowerUpFacts,
    SeenCharge,
    SeenConnector,
    clock_error_s,
    overall_verdict,
    power_up_items,
    wanted_readings,
)
from runtime.wording import Phrase

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
PRODUCTS = Products.load().by_id
RB22, GENERIC = PRODUCTS["rivebleue-rb22"], PRODUCTS["generic"]
CELLULAR = GENERIC.model_copy(
    update={"cellular": GENERIC.cellular.model_copy(update={"is_required": True, "weakest_dbm": -105})}
)
SIGNAL_BAD, SIGNAL_GOOD = (TypedReading("signal", value, AT, "sam") for value in (-112.0, -80.0))
PASSED, FAILED, WAITING = CheckVerdict.PASSED, CheckVerdict.FAILED, CheckVerdict.WAITING
ELSEWHERE, TESTER = CheckVerdict.CANNOT_BE_CHECKED, CheckVerdict.TESTER_ONLY
WRONG = Phrase("mauvaise URL", "wrong URL")
NAMELESS = LinkFailure(WRONG, is_its_own=False)
GOOD = PowerUpFacts(
    product=RB22,
    address="10.0.0.7",
    credential=CredentialState.VERIFIED,
    registration=RegistrationStatus.ACCEPTED,
    firmware="4.2.1",
    clock_error_s=0.5,
    connectors=(SeenConnector(1, 1, ConnectorStatus.AVAILABLE),),
    is_configured=True,
    is_requested=True,
    charges=(SeenCharge("7", is_over=True, energy_wh=120.0),),
    readings=tuple(
        TypedReading(name, value, AT, "sam")
        for name, value in (("pe", 0.3), ("rcd-time", 22.0), ("touch-voltage", 4.0))
    ),
    marks=(RunMark("check-1", AT, "sam"), RunMark("box", AT, "sam", "plug")),
    photos=tuple(
        RunPhoto(sha256=item * 8, item=item, size=9, received=9, kind="image/jpeg", announced_at=AT, by="sam")
        for item in ("label", "breaker")
    ),
)
FACTS = st.builds(
    PowerUpFacts,
    product=st.sampled_from([RB22, GENERIC, CELLULAR]),
    address=st.sampled_from([None, "10.0.0.7"]),
    failure=st.sampled_from([None, LinkFailure(WRONG), NAMELESS]),
    credential=st.sampled_from(CredentialState),
    registration=st.sampled_from([None, *RegistrationStatus]),
    firmware=st.sampled_from([None, "4.2.1", "9.9"]),
    clock_error_s=st.none() | st.floats(-1e6, 1e6),
    connectors=st.lists(
        st.builds(
            SeenConnector,
            st.integers(1, 3),
            st.integers(1, 2),
            st.sampled_from(ConnectorStatus),
            st.sampled_from([None, "GroundFailure"]),
        ),
        max_size=4,
        unique_by=lambda each: (each.evse_id, each.connector_id),
    ),
    is_configured=st.booleans(),
    steps_left=st.sampled_from([(), ("clock",)]),
    is_requested=st.booleans(),
    charges=st.lists(
        st.builds(
            SeenCharge,
            st.sampled_from("abc"),
            is_over=st.booleans(),
            energy_wh=st.sampled_from([None, 0.0, 0.4, 900.0]),
        ),
        max_size=3,
        unique_by=lambda each: each.transaction_id,
    ),
    readings=st.lists(
        st.builds(
            TypedReading,
            st.sampled_from(["pe", "rcd-time", "other"]),
            st.sampled_from([0.3, 5.0, -1.0]),
            st.sampled_from([AT, AT + timedelta(seconds=1)]),
            st.just("sam"),
        ),
        max_size=4,
    ),
    marks=st.lists(
        st.builds(
            RunMark,
            st.sampled_from(["check-1", "check-9", "box"]),
            st.sampled_from([AT, AT + timedelta(seconds=1)]),
            st.just("sam"),
        ),
        max_size=3,
    ),
)


def verdicts(facts: PowerUpFacts) -> dict[str, CheckVerdict]:
    """By item."""
    return {each.item: each.verdict for each in power_up_items(facts)}


def item(facts: PowerUpFacts, name: str) -> CheckItem:
    """One of them."""
    return next(each for each in power_up_items(facts) if each.item == name)


def test_a_station_of_which_all_is_known_passes() -> None:
    """Every item, each with what it was judged by."""
    assert set(verdicts(GOOD).values()) == {PASSED}
    assert overall_verdict(power_up_items(GOOD)) is PASSED
    assert list(verdicts(GOOD)) == [
        "link",
        "credential",
        "boot",
        "box",
        "firmware",
        "clock",
        "connector-1-1",
        "reading-pe",
        "reading-rcd-time",
        "reading-touch-voltage",
        "check-1",
        "photo-label",
        "photo-breaker",
        "configuration",
        "charge",
    ]


@given(FACTS)
def test_an_item_never_passes_without_its_evidence(facts: PowerUpFacts) -> None:
    """And whatever does not pass says who clears it; each item is there once."""
    items = power_up_items(facts)
    for each in items:
        assert each.evidence or each.verdict not in (PASSED, TESTER), each
        assert each.verdict is PASSED or each.who_clears is not None, each
        assert each.verdict is not FAILED or (each.evidence and each.detail), each
    assert len({each.item for each in items}) == len(items)


@given(FACTS, st.integers(0, 2**16))
def test_the_order_in_which_things_came_to_be_known_does_not_matter(facts: PowerUpFacts, seed: int) -> None:
    """Connectors, readings and charges are told in any order."""
    mixed = {
        name: Random(seed).sample(list(getattr(facts, name)), len(getattr(facts, name)))
        for name in ("connectors", "charges", "readings", "marks")
    }
    assert power_up_items(replace(facts, **mixed)) == power_up_items(facts)  # type: ignore[arg-type] # its own


def test_what_may_be_its_failure_is_told_while_it_is_waited_for() -> None:
    """So that whoever stands there can compare the URL that was typed."""
    assert item(replace(GOOD, address=None, failure=NAMELESS), "link").detail == WRONG


@given(FACTS)
def test_nothing_that_was_not_seen_passes(facts: PowerUpFacts) -> None:
    """A fact that is missing is never a good one."""
    nothing: dict[str, tuple[object, ...]] = dict.fromkeys(("charges", "readings", "marks"), ())
    unseen = replace(facts, address=None, registration=None, firmware=None, clock_error_s=None, **nothing)  # type: ignore[arg-type] # its own
    found = verdicts(unseen)
    for name in ("link", "boot", "firmware", "clock", "charge"):
        assert found[name] is not PASSED
    assert PASSED not in {
        verdict for name, verdict in found.items() if name.startswith(("reading-", "check-"))
    }


@pytest.mark.parametrize(
    ("changes", "name", "verdict", "who"),
    [
        ({"address": None}, "link", WAITING, Clearer.INSTALLER),
        ({"address": None, "failure": LinkFailure(WRONG)}, "link", FAILED, Clearer.INSTALLER),
        ({"address": None, "failure": NAMELESS}, "link", WAITING, Clearer.INSTALLER),
        ({"credential": CredentialState.NONE}, "credential", ELSEWHERE, Clearer.OWNER),
        ({"credential": CredentialState.REFUSED}, "credential", FAILED, Clearer.ADMINISTRATOR),
        ({"registration": None}, "boot", WAITING, Clearer.STATION),
        ({"registration": RegistrationStatus.PENDING}, "boot", PASSED, None),
        ({"registration": RegistrationStatus.REJECTED}, "boot", FAILED, Clearer.ADMINISTRATOR),
        ({"firmware": "5.0"}, "firmware", FAILED, Clearer.ADMINISTRATOR),
        ({"firmware": None}, "firmware", WAITING, Clearer.STATION),
        ({"clock_error_s": -3600.0}, "clock", FAILED, Clearer.INSTALLER),
        ({"clock_error_s": None}, "clock", WAITING, Clearer.STATION),
        ({"connectors": ()}, "connector-1", WAITING, Clearer.STATION),
        ({"product": CELLULAR}, "signal", ELSEWHERE, Clearer.INSTALLER),
        ({"product": CELLULAR, "readings": (SIGNAL_BAD,)}, "signal", FAILED, Clearer.INSTALLER),
        ({"product": CELLULAR, "readings": (SIGNAL_GOOD,)}, "signal", PASSED, None),
        ({"readings": ()}, "reading-pe", WAITING, Clearer.INSTALLER),
        ({"marks": ()}, "check-1", WAITING, Clearer.INSTALLER),
        ({"marks": ()}, "box", WAITING, Clearer.INSTALLER),
        ({"marks": (RunMark("box", AT, "sam", "elsewhere cp9"),)}, "box", FAILED, Clearer.INSTALLER),
        ({"photos": ()}, "photo-breaker", WAITING, Clearer.INSTALLER),
        ({"is_configured": False}, "configuration", WAITING, Clearer.STATION),
        ({"is_configured": False, "is_requested": False}, "configuration", ELSEWHERE, Clearer.OWNER),
        ({"charges": ()}, "charge", WAITING, Clearer.INSTALLER),
        ({"charges": (SeenCharge("1", is_over=False, energy_wh=9.0),)}, "charge", WAITING, Clearer.INSTALLER),
        ({"charges": (SeenCharge("1", is_over=True, energy_wh=0.0),)}, "charge", TESTER, Clearer.OWNER),
        ({"charges": (SeenCharge("1", is_over=True, energy_wh=None),)}, "charge", TESTER, Clearer.OWNER),
    ],
)
def test_what_is_missing_has_its_verdict_and_somebody_who_clears_it(
    changes: dict[str, object], name: str, verdict: CheckVerdict, who: Clearer | None
) -> None:
    """One thing is other than good."""
    found = item(replace(GOOD, **changes), name)  # type: ignore[arg-type] # its own fields
    assert (found.verdict, found.who_clears) == (verdict, who)


def test_a_connector_with_an_error_fails_by_its_name() -> None:
    """Also one that is not called faulted."""
    sick = SeenConnector(1, 1, ConnectorStatus.AVAILABLE, "GroundFailure")
    dead = SeenConnector(1, 2, ConnectorStatus.FAULTED)
    facts = replace(GOOD, connectors=(dead, sick))
    assert [item(facts, name).verdict for name in ("connector-1-1", "connector-1-2")] == [FAILED, FAILED]
    assert "GroundFailure" in item(facts, "connector-1-1").evidence


def test_the_last_reading_of_a_kind_counts() -> None:
    """One beyond its bounds fails with them."""
    worse = TypedReading("pe", 4.0, AT + timedelta(minutes=1), "sam")
    found = item(replace(GOOD, readings=(worse, *GOOD.readings)), "reading-pe")
    assert found.verdict is FAILED
    assert found.detail is not None
    assert "4 Ω (≥ 0, ≤ 1)" in found.detail.en


@pytest.mark.parametrize(
    ("items", "verdict"),
    [
        ([PASSED, FAILED, WAITING], FAILED),
        ([PASSED, WAITING, ELSEWHERE], WAITING),
        ([PASSED, ELSEWHERE, TESTER], ELSEWHERE),
        ([PASSED, TESTER], TESTER),
        ([PASSED], PASSED),
    ],
)
def test_the_worst_item_decides(items: list[CheckVerdict], verdict: CheckVerdict) -> None:
    """One that failed, then one that is open."""
    lines = [CheckItem(str(number), Phrase("a", "a"), each) for number, each in enumerate(items)]
    assert overall_verdict(lines) is verdict


@pytest.mark.parametrize(
    ("told", "error_s"),
    [
        ([], None),
        ([(0, 1)], -1.0),
        ([(0, 1), (-7200, 1)], -1.0),
        ([(-7200, 1)], -7201.0),
        ([(500, 1)], None),
        ([(7200, 1)], 6600.0),
    ],
)
def test_a_clock_is_held_against_the_time_of_reception(
    told: list[tuple[int, int]], error_s: float | None
) -> None:
    """A status that was repeated says nothing until its time lies ahead of now."""
    now = AT + timedelta(seconds=600)
    pairs = [(AT + timedelta(seconds=at), AT + timedelta(seconds=since)) for at, since in told]
    assert clock_error_s(pairs, now) == error_s


def test_the_signal_is_measured_where_a_product_needs_one() -> None:
    """It is a reading like the others, with the product's weakest as its bound."""
    assert [each.reading for each in wanted_readings(CELLULAR)] == ["signal"]
    assert [each.reading for each in wanted_readings(RB22)] == ["pe", "rcd-time", "touch-voltage"]
    bad = item(replace(GOOD, product=CELLULAR, readings=(SIGNAL_BAD,)), "signal")
    assert bad.detail is not None
    assert "-112 dBm (≥ -105, ≤ 0)" in bad.detail.en
    assert bad.at == AT
