"""What the pages make of the API's values."""

from typing import Any

import pytest
from msgspec.structs import replace

from access.principals import Role, member
from console.attempt_values import attempt_rows
from console.station_values import (
    blocker_lines,
    connector_row,
    facts,
    station_href,
    station_row,
    step_row,
)
from console.views import ConsoleViews
from console.words import Words
from csms.api.inventory_views import AttemptAnswer, connector_view
from csms.api.reservations import reservation_view
from csms.api.views import StationAnswer
from csms.domain.links import LinkSecurity
from csms.domain.records import ConnectorRecord, LinkEndRecord, StationRecord
from csms.domain.reservations import ReservationState
from csms.rules.rows import ReservationRow
from ocppj.model.remote_control import TriggerMessage
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ConnectorStatus, IdToken, TriggeredMessage
from provisioning.api.station_views import StepAnswer
from runtime.http import Problem
from tests.support.central import A16, AT, OFFLINE, Central, opened_central
from tests.support.station_details import blocker_of

EN, FR = Words("en"), Words("fr")
ADMIN, VIEWER, INSTALLER = (member(role.value, role) for role in (Role.ADMIN, Role.VIEWER, Role.INSTALLER))


async def shown(central: Central, **details: Any) -> StationAnswer:
    """A station that is online without credentials."""
    central.stations.connect(A16, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
    central.details.known[A16] = {"blocked_by": [], **details}
    found = await ConsoleViews(central.parts).station(A16, ADMIN)
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
    assert (EN("column.link"), "online, unauthenticated") in facts(station, EN)


async def test_what_is_in_the_way_says_who_and_how(tmp_path_factory: Any) -> None:
    """In the reader's language, with a link to the page where it is done, and no route."""
    async with opened_central(tmp_path_factory.mktemp("c")) as central:
        blocker = {
            "code": "E_NOT_ACTIVATED",
            "text_en": "It waits.",
            "text_fr": "Elle attend.",
            "way_out": "Activate it.",
            "way_out_fr": "Activez-la.",
            "ways_out": {"page": "/attempts", "command": "ctl x", "route": "POST /api/v1/x"},
            "who_clears": "owner",
        }
        station = await shown(central, lifecycle="localized", blocked_by=[blocker], who_clears="owner")
    ((text, way_out, page),) = blocker_lines(station, FR)
    assert text == "Elle attend."
    assert way_out == "Qui débloque\N{NO-BREAK SPACE}: propriétaire. Activez-la."
    assert (page, FR.page_of(page)) == ("/attempts", "Échecs de connexion")
    assert blocker_lines(station, EN)[0][1] == "Cleared by: owner. Activate it."
    here = blocker_of(ways_out={"page": station_href(station.station_id)})
    there = replace(station, blocked_by=(here,))
    assert blocker_lines(there, EN)[0][2] == "", "one is there already"
    assert blocker_lines(replace(station, blocked_by=()), EN) == []


async def test_deviations_are_words(tmp_path_factory: Any) -> None:
    """What the link layer noted; a word that nobody translated is shown as it is."""
    async with opened_central(tmp_path_factory.mktemp("c")) as central:
        station = await shown(central)
    assert station.link is not None
    link = replace(station.link, findings=("trailing_slash", "refused:X", "new-slug"))
    text = "writes a slash at the end of its URL; sent what had to be refused (X); new-slug"
    assert facts(replace(station, link=link), EN)[-1] == ("Deviations", text)


async def test_how_the_last_link_ended_stands_on_the_page(tmp_path_factory: Any) -> None:
    """Of a station that is away."""
    async with opened_central(tmp_path_factory.mktemp("c")) as central:
        central.records.kept[OFFLINE] = StationRecord(OFFLINE)
        central.records.kept_link_ends[OFFLINE] = LinkEndRecord(AT, "1008 replaced")
        station = await ConsoleViews(central.parts).station(OFFLINE, ADMIN)
    assert station is not None
    assert (EN("column.link"), "offline (1008 replaced)") in facts(station, EN)


def test_rows_of_the_tables() -> None:
    """Connectors and steps."""
    record = ConnectorRecord(
        A16, 1, 2, ConnectorStatus.FAULTED, "Faulted", AT, "GroundFailure", register_wh=7190.0
    )
    row = connector_row(connector_view(record), EN)
    assert (row["status"], row["connector"]) == ("faulted (GroundFailure)", "1.2")
    assert (row["power"], row["register"]) == ("–", "7.190 kWh"), "as metered outside of transactions"
    step = StepAnswer(step="tariff", state="lacking", attempts=1, changed_at=None, evidence=(), remarks=())
    assert step_row(step, FR)["status"] == "absent"


def attempt(**changes: Any) -> AttemptAnswer:
    """A failed connection, as the API tells it."""
    told = AttemptAnswer(
        at="2026-01-05T12:00:00Z",
        peer="192.0.2.1:5",
        identity=None,
        reason="refused",
        cause="unknown_station",
        detail="Not admitted.",
        status=None,
        first_bytes="GET",
    )
    return replace(told, **changes)


def test_a_failed_connection_says_what_to_do() -> None:
    """In the reader's language; the transport's English sentence only where the cause does not say more."""
    (row,) = attempt_rows([attempt()], FR)
    assert (row["reason"], row["cause"], row["detail"]) == ("Refusée", "borne inconnue ici", "")
    assert row["advice"].startswith("La commander")
    (row,) = attempt_rows([attempt(reason="tls_failed", cause=None)], EN)
    assert (row["reason"], row["cause"], row["detail"]) == ("TLS handshake failed", "", "Not admitted.")
    assert row["advice"].startswith("Put the CA certificate")


def test_the_same_failure_again_is_counted() -> None:
    """A station tries for ever: one row, with the newest time. Another address or cause is another row."""
    found = [
        attempt(at="2026-01-05T12:00:09Z"),
        attempt(peer="[2001:db8::1]:5"),
        attempt(peer="192.0.2.1:6"),
        attempt(cause="credentials_wrong"),
    ]
    rows = attempt_rows(found, EN)
    assert [(row["address"], row["times"]) for row in rows] == [
        ("192.0.2.1", 2),
        ("[2001:db8::1]", 1),
        ("192.0.2.1", 1),
    ]
    assert rows[0]["when"] == "2026-01-05 12:00:09"
    assert len({row["id"] for row in rows}) == 3


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
        assert await views.station("nobody", ADMIN) is None
        assert {"Reset", "ChangeConfiguration"} <= set(await views.actions(A16))
        assert await views.actions("nobody") == []
        assert views.choices("reset") == {"kind": ["OnIdle", "Immediate", "ImmediateAndResume"]}
        assert (await views.call(A16, "Reset", {"type": "Soft"}, ADMIN)).outcome == "result"


def test_a_reserved_connector_says_for_whom_and_until_when() -> None:
    """One for any EVSE too; not on a connector that is free, and not that of another EVSE."""
    connector = connector_view(ConnectorRecord(A16, 1, 1, ConnectorStatus.RESERVED, "Reserved", AT))
    held = [
        reservation_view(
            ReservationRow(
                command_id=token,
                number=1,
                station_id=A16,
                id_token=IdToken(token),
                evse_id=evse_id,
                expires_at=AT,
                state=ReservationState.ACTIVE,
                asked_by="api:ann",
                asked_at=AT,
                moved_at=AT,
            )
        )
        for evse_id, token in ((1, "MINE"), (2, "OTHER"), (None, "ANY"))
    ]
    status = connector_row(connector, EN, held)["status"]
    assert status.startswith("reserved (for MINE until ")
    assert ("ANY" in status, "OTHER" in status) == (True, False)
    free = replace(connector, status="Available")
    assert "MINE" not in connector_row(free, EN, held)["status"]
