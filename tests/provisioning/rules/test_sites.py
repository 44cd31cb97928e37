"""What a change of a site comes to: its own row, and the steps that its stations do again."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from charging.calendar import OpeningHours
from ocppj.vocabulary import IdToken, StationId
from provisioning.activation.runs import StepName, StepState, new_run
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import Device, Site
from provisioning.rules.activation_requests import ActivationRequest
from provisioning.rules.sites import SiteFacts, added, changed, listed, request_activations, steps_for
from tests.support.inbound import NOON
from tests.support.provisioning import ID

SITE = Site("s", "Port", "America/Montreal", hours=OpeningHours(ZoneInfo("America/Montreal")))
LISTING = ActivationRequest("ann", NOON, "r", (StepName.ACCESS_LIST,), is_requested_here=False)
ASKED, WAITING = Device(ID, requested_at=NOON), Device(StationId("02b016000009"))
FACTS = SiteFacts(SITE, stations=((ASKED, new_run("r1", ID, NOON, "sam")), (WAITING, None)))


def test_a_new_price_and_zone_go_to_the_stations_that_were_asked_for() -> None:
    """The others get it with their activation; the hours are those of the new zone."""
    change = changed(FACTS, "s", {"tariff_id": "t", "zone": "America/Vancouver"}, LISTING)
    after = change.sites["s"].after
    assert after.hours == OpeningHours(ZoneInfo("America/Vancouver"))
    assert steps_for(SITE, after) == (StepName.CLOCK, StepName.TARIFF)
    assert [act.result for act in change.acts] == ["clock tariff"]
    assert list(change.runs) == [ID]
    assert change.about == {ID, WAITING.station_id}


def test_another_name_asks_nothing_of_anybody() -> None:
    """It is for people."""
    change = changed(FACTS, "s", {"name": "Quai"}, LISTING)
    assert (change.runs, change.acts) == ({}, [])


def test_a_list_is_kept_in_its_order_and_each_token_once() -> None:
    """As it is read back."""
    tokens = (IdToken("b"), IdToken("A"), IdToken("B"))
    change = listed(FACTS, "s", tokens, LISTING)
    assert [each.value for each in change.sites["s"].after.tokens] == ["A", "B"]
    waiting = [each.step for each in change.runs[ID].after.steps if each.state is StepState.WAITING]
    assert StepName.ACCESS_LIST in waiting


def test_a_station_without_a_run_gets_one_of_its_own() -> None:
    """No two runs have one id."""
    change = listed(FACTS, "s", (), LISTING)
    others = tuple((replace(ASKED, station_id=StationId(name)), None) for name in ("a", "b"))
    request_activations(change, others, LISTING)
    assert len({run.after.run_id for run in change.runs.values()}) == 3


@pytest.mark.parametrize(
    ("facts", "fields", "code"),
    [
        (SiteFacts(None), {}, Code.SITE_UNKNOWN),
        (replace(FACTS, is_name_taken=True), {"name": "Quai"}, Code.NAME_TAKEN),
        (replace(FACTS, is_tariff_known=False), {"tariff_id": "t"}, Code.TARIFF_UNKNOWN),
        (FACTS, {"zone": "Atlantis"}, Code.ZONE_UNKNOWN),
    ],
)
def test_what_cannot_be_is_refused(facts: SiteFacts, fields: dict[str, str], code: Code) -> None:
    """With the code that says which."""
    with pytest.raises(ProvisioningProblem) as raised:
        changed(facts, "s", fields, LISTING)
    assert raised.value.code is code


def test_a_new_site_and_an_unknown_one() -> None:
    """A name is one site's; a list belongs to a site."""
    assert added(SiteFacts(None), SITE).sites["s"].before is None
    for refused in (
        lambda: added(SiteFacts(None, is_name_taken=True), SITE),
        lambda: listed(SiteFacts(None), "s", (), LISTING),
    ):
        with pytest.raises(ProvisioningProblem):
            refused()
