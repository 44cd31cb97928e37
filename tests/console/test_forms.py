"""What is sent by the forms of the pages, over HTTP: commands, decisions about transactions and messages."""

import pytest

from access.principals import Role
from console.transaction_values import transaction_href
from csms.api.transaction_views import transaction_view
from tests.console.conftest import HELD
from tests.support.central import A16, ServedCentral
from tests.support.html import Html

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}
RESET = f"/stations/{A16}/commands/reset"
RAW = f"/stations/{A16}/commands/raw"
DECISION = transaction_href(transaction_view(HELD))


async def test_a_dangerous_command_needs_its_tick(console: ServedCentral) -> None:
    """Nothing is sent; what was chosen stays."""
    sent = len(console.central.stations.sent)
    answer = await console.client().post(RESET, data={"kind": "Immediate"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Tick the box first" in Html(answer).text
    assert Html(answer).texts("option[selected]") == ["Immediate"]
    assert len(console.central.stations.sent) == sent


async def test_a_command_is_sent_once_and_its_answer_shown(console: ServedCentral) -> None:
    """On the page that answers, and to the page's script as a part of it."""
    sent = len(console.central.stations.sent)
    form = {"kind": "Immediate", "confirmed": "1"}
    answer = await console.client().post(f"{RESET}?fragment=body", data=form, headers=ENGLISH)
    assert answer.status_code == 200
    assert answer.text.startswith('<div id="body">')
    assert Html(answer).texts("#outcome .outcome") != []
    (station_id, command, _) = console.central.stations.sent[-1]
    assert (len(console.central.stations.sent), station_id) == (sent + 1, A16)
    assert type(command).__name__ == "Reset"


async def test_what_is_no_json_is_said_at_its_field(console: ServedCentral) -> None:
    form = {"action": "DataTransfer", "payload": "{", "confirmed": "1"}
    answer = await console.client().post(RAW, data=form, headers=ENGLISH)
    assert answer.status_code == 422
    assert Html(answer).texts("#field-payload") == ["{"]
    assert Html(answer).texts("#fault-payload") != []


@pytest.mark.parametrize("path", [RESET, RAW])
async def test_who_may_not_ask_is_refused_by_the_form_too(console: ServedCentral, path: str) -> None:
    form = {"kind": "Immediate", "action": "Reset", "payload": "{}", "confirmed": "1"}
    sent = len(console.central.stations.sent)
    answer = await console.client(Role.VIEWER).post(path, data=form, headers=ENGLISH)
    assert answer.status_code in (403, 404)
    assert len(console.central.stations.sent) == sent


async def test_an_unknown_command_has_no_form(console: ServedCentral) -> None:
    answer = await console.client().post(f"/stations/{A16}/commands/explode", data={}, headers=ENGLISH)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "accept", "reason": ""},
        {"decision": "burn", "reason": "why"},
        {"decision": "correct", "reason": "why", "energy": "much"},
    ],
)
async def test_a_decision_that_cannot_be_meant_keeps_what_was_typed(
    console: ServedCentral, form: dict[str, str]
) -> None:
    answer = await console.client().post(DECISION, data=form, headers=ENGLISH)
    page = Html(answer)
    assert answer.status_code == 422
    assert page.texts("[role=alert]") != []
    (reason,) = page.all("#field-reason")
    assert (reason.attributes.get("value") or "") == form["reason"]


async def test_nobody_decides_about_what_is_not_there(console: ServedCentral) -> None:
    form = {"decision": "accept", "reason": "ok"}
    answer = await console.client().post("/transaction?station=nobody&id=1", data=form, headers=ENGLISH)
    assert answer.status_code == 404


@pytest.mark.parametrize("decision", ["take-in", "dismiss"])
async def test_a_message_that_is_not_in_quarantine_is_not_decided_about(
    console: ServedCentral, decision: str
) -> None:
    form = {"decision": decision, "reason": "ok"}
    answer = await console.client().post("/quarantine/4711", data=form, headers=ENGLISH)
    assert answer.status_code == 404
    assert Html(answer).heading == "This did not work"


async def test_viewers_decide_about_no_message(console: ServedCentral) -> None:
    form = {"decision": "dismiss", "reason": "ok"}
    answer = await console.client(Role.VIEWER).post("/quarantine/1", data=form, headers=ENGLISH)
    assert answer.status_code == 403
