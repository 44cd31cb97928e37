"""What the pages make of the API's values, and what the panels make of what was typed."""

from typing import Any

import pytest

from console.attempts_page import attempt_row
from console.command_panel import body_of, outcome_text
from console.station_page import connector_row, facts, step_row, transaction_row
from console.stations_page import station_row
from console.views import ConsoleViews
from console.wire_panel import frame_line
from console.words import Words
from csms.domain.commands import TriggerMessage
from csms.domain.links import LinkSecurity
from ocppj.versions import OcppVersion
from ocppj.vocabulary import TriggeredMessage
from runtime.http import Principal, Problem, Role
from tests.support.central import A16, Central, opened_central

EN, FR = Words("en"), Words("fr")
ADMIN, VIEWER, INSTALLER = (Principal(role.value, role) for role in (Role.ADMIN, Role.VIEWER, Role.INSTALLER))


async def shown(central: Central, **details: Any) -> dict[str, Any]:
    """A station that is online without credentials."""
    central.stations.connect(A16, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
    central.details.known[A16] = {"blocked_by": [], **details}
    found = await ConsoleViews(central.parts).station(A16)
    assert found is not None
    return found


async def test_a_row_marks_what_is_unauthenticated_and_who_clears(tmp_path_factory: Any) -> None:
    """In the reader's language."""
    async with opened_central(tmp_path_factory.mktemp("c")) as central:
        blocker = {"code": "E_NOT_ORDERED", "text_en": "Nobody ordered it.", "text_fr": "Non commandée."}
        station = await shown(
            central, lifecycle="quarantine", blocked_by=[blocker], who_clears="administrator"
        )
    row = station_row(station, FR, may_adopt=True)
    assert (row["warning"], row["lifecycle"]) == ("non authentifiée", "quarantaine")
    assert (row["blocked"], row["clears"], row["adopt"]) == ("Non commandée.", "administrateur", "Adopter")
    assert row["href"] == "/stations/0024%3Ab1%3A16"
    assert station_row(station, EN, may_adopt=False)["adopt"] == ""
    assert ("Lien", "x") not in facts(station, FR)
    assert (EN("column.link"), "online, unauthenticated") in facts(station, EN)


def test_rows_of_the_tables() -> None:
    """Connectors, transactions, steps, attempts."""
    connector = {
        "evse_id": 1,
        "connector_id": 2,
        "status": "Faulted",
        "reported": "Faulted",
        "at": None,
        "error_code": "GroundFailure",
        "info": None,
    }
    assert connector_row(connector, EN)["status"] == "faulted (GroundFailure)"
    assert connector_row(connector, EN)["connector"] == "1.2"
    transaction = {
        "transaction_id": "4",
        "evse_id": None,
        "connector_id": None,
        "id_token": None,
        "started_at": None,
        "ended_at": None,
        "is_open": True,
        "energy_wh": 1000.0,
    }
    assert transaction_row(transaction, FR)["ended"] == "en cours"
    step = {"step": "tariff", "state": "lacking", "attempts": 1, "remarks": []}
    assert step_row(step, FR)["status"] == "absent"
    attempt = {
        "at": "2026-01-05T12:00:00Z",
        "peer": "192.0.2.1:5",
        "identity": None,
        "reason": "refused",
        "cause": "unknown_station",
        "detail": "x",
        "first_bytes": "GET",
    }
    row = attempt_row(0, attempt, FR)
    assert row["reason"] == "Refusée : inconnue ou mauvais mot de passe (borne inconnue ici)"


@pytest.mark.parametrize(
    ("name", "typed", "body"),
    [
        ("reset", {"kind": "OnIdle"}, {"kind": "OnIdle"}),
        ("remote-start", {"id_token": " ab ", "evse_id": ""}, {"id_token": "ab"}),
        ("get-variables", {"component": "", "variable": ""}, {"variables": []}),
        ("set-variables", {"variable": "K", "value": "5"}, {"variables": [{"variable": "K", "value": "5"}]}),
    ],
)
def test_what_was_typed_becomes_the_body(name: str, typed: dict[str, str], body: dict[str, Any]) -> None:
    """Empty fields are left out."""
    assert body_of(name, typed) == body


def test_outcomes_are_sentences() -> None:
    """What the station said, or why nobody knows."""
    told = {"outcome": "result", "answer": {"status": "Rejected", "reason": "busy"}, "payload": {}}
    assert outcome_text(told, EN) == "The station answered: Rejected · busy"
    offline = {"outcome": "offline", "answer": None, "error_code": None, "error_description": "not there"}
    assert outcome_text(offline, FR) == "Non envoyé : not there"
    raw = {"outcome": "result", "answer": None, "payload": {"a": 1}, "error_code": None}
    assert outcome_text({**raw, "error_description": None}, EN) == 'The station answered: {"a": 1}'


def test_frames_are_lines() -> None:
    """With time, direction, kind and action."""
    frame = {
        "at": "2026-01-05T12:00:00.250000Z",
        "direction": "out",
        "kind": "call",
        "action": "Reset",
        "payload": {"type": "Soft"},
        "raw": "",
    }
    assert frame_line(frame, is_pretty=False) == '12:00:00.250 ← call       Reset {"type": "Soft"}'
    assert frame_line(frame, is_pretty=True).count("\n") == 3
    broken = {**frame, "kind": "unreadable", "action": None, "direction": "in", "raw": "<b>"}
    assert frame_line(broken, is_pretty=True).endswith("<b>")


async def test_buttons_obey_the_roles_even_when_the_page_does_not(tmp_path_factory: Any) -> None:
    """The functions behind them ask again: a page can be tampered with."""
    async with opened_central(tmp_path_factory.mktemp("c")) as central:
        await shown(central)
        views = ConsoleViews(central.parts)
        fields = {"message": "Heartbeat", "evse_id": "1"}
        await views.send(A16, "trigger-message", fields, INSTALLER)
        expected = TriggerMessage(TriggeredMessage.HEARTBEAT, 1)
        assert central.stations.sent == [(A16, expected, "api:installer")]
        with pytest.raises(Problem, match="role_required"):
            await views.send(A16, "reset", {}, INSTALLER)
        with pytest.raises(Problem, match="role_required"):
            await views.call(A16, "Reset", {}, VIEWER)
        with pytest.raises(Problem, match="role_required"):
            await views.adopt(A16, VIEWER)
        with pytest.raises(Problem, match="no_provisioning"):
            await views.adopt(A16, ADMIN)
        with pytest.raises(Problem, match="evse_id"):
            await views.send(A16, "trigger-message", {"message": "Heartbeat", "evse_id": "x"}, ADMIN)
        with pytest.raises(Problem, match="call_invalid"):
            await views.call(A16, "Foo", {}, ADMIN)
        assert await views.station("nobody") is None
        assert views.choices("reset") == {"kind": ["OnIdle", "Immediate"]}
        assert (await views.call(A16, "Reset", {"type": "Soft"}, ADMIN))["outcome"] == "result"
