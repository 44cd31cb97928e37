"""What a certificate says of a run: each item with its verdict, and who completes what is open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from charging.certificate.document import (
    CertifiedFrames,
    CertifiedItem,
    CertifiedPlace,
    ItemValue,
    ItemVerdict,
    OverallVerdict,
    from_file,
    to_file,
)
from charging.certificate.signing import sign
from ocppj.vocabulary import StationId
from provisioning.blockers import Clearer
from provisioning.records import Device, PowerUpRun
from provisioning.rules.hand_over import LATER, HandOverFacts, certificate_of
from provisioning.rules.power_up import CheckItem, CheckVerdict
from runtime.wording import Phrase
from tests.support.certificates import KEY

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
RUN = PowerUpRun(
    run_id="r-1",
    station_id=StationId("cp1"),
    product_id="rivebleue-rb22",
    product_version=1,
    started_at=AT,
    started_by="sam",
    finished_at=AT + timedelta(minutes=9),
    finished_by="lea",
)
FACTS = HandOverFacts(
    device=Device(StationId("cp1"), macs=("0024B1029F81",), serial="SN1", vendor="Rivebleue", model="RB-22"),
    version="1.6",
    location=CertifiedPlace("Coop", "Garage", "P1"),
    program="borne 0.1.0",
    issuer="Bornes du Nord",
    frames=CertifiedFrames("ab" * 32, 4, "server"),
)
TITLE = Phrase("Liaison", "Link")


def said_of(item: CheckItem) -> CertifiedItem:
    """As it stands in the certificate."""
    return certificate_of(RUN, [item], FACTS).items[0]


@pytest.mark.parametrize(
    ("verdict", "certified"),
    [
        (CheckVerdict.PASSED, ItemVerdict.PASSED),
        (CheckVerdict.FAILED, ItemVerdict.FAILED),
        (CheckVerdict.CANNOT_BE_CHECKED, ItemVerdict.CANNOT_BE_CHECKED),
        (CheckVerdict.WAITING, ItemVerdict.CANNOT_BE_CHECKED),
        (CheckVerdict.TESTER_ONLY, ItemVerdict.TESTER_ONLY),
    ],
)
def test_the_kinds_stay_apart(verdict: CheckVerdict, certified: ItemVerdict) -> None:
    """What was not seen when the run ended could not be checked."""
    assert said_of(CheckItem("link", TITLE, verdict)).verdict is certified


@pytest.mark.parametrize("who", Clearer)
def test_what_is_open_says_who_completes_it(who: Clearer) -> None:
    """What passed is open for nobody; a tester's charge for the first real one, whoever clears it."""
    detail = Phrase("sans auto", "no car")
    item = CheckItem("charge", TITLE, CheckVerdict.CANNOT_BE_CHECKED, detail=detail, who_clears=who)
    assert said_of(item).open_for == LATER[who]
    assert said_of(item).detail is not None
    assert said_of(replace(item, verdict=CheckVerdict.PASSED)).open_for is None
    tested = said_of(replace(item, verdict=CheckVerdict.TESTER_ONLY)).open_for
    assert tested is not None
    assert tested.en == "the first real charge"


def test_all_that_is_known_of_run_and_station_is_said() -> None:
    """In a document that keeps its spelling; nobody is named twice."""
    values = (ItemValue("measured", 0.3, "Ω"),)
    item = CheckItem("reading-pe", TITLE, CheckVerdict.PASSED, "0.3 Ω", values=values, at=AT)
    found = certificate_of(RUN, [item], FACTS)
    assert (found.verdict, found.issued_at) == (OverallVerdict.PASSED, RUN.finished_at)
    assert (found.station.macs, found.station.ocpp_version) == (("0024B1029F81",), "1.6")
    assert (found.run.by, found.versions.product) == ("sam · lea", "rivebleue-rb22 version 1")
    assert (found.items[0].values, found.items[0].at) == (values, AT)
    assert from_file(to_file(sign(found, KEY))).certificate == found
    alone = certificate_of(replace(RUN, finished_by="sam"), [item], replace(FACTS, version=None))
    assert (alone.run.by, alone.station.ocpp_version) == ("sam", "-")


def test_whoever_takes_the_station_over_is_named() -> None:
    """Nobody signs with gloves on: the name that was written counts."""
    found = certificate_of(replace(RUN, handed_to="Ann Roy"), [], FACTS)
    assert found.items[-1].id == "handed-over"
    assert found.items[-1].values == (ItemValue("to", "Ann Roy"), ItemValue("by", "lea"))
    assert (
        certificate_of(replace(RUN, handed_to="Ann", finished_by=None), [], FACTS).items[0].values[1].value
        == ""
    )


def test_a_run_that_goes_on_is_not_certified() -> None:
    """Nothing is signed that may still change."""
    with pytest.raises(ValueError, match="r-1 has not ended"):
        certificate_of(replace(RUN, finished_at=None), [], FACTS)
