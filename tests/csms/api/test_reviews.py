"""A person decides about a transaction: what may be said, who may, and what is asked when it is ambiguous."""

from datetime import timedelta
from typing import Any

import pytest

from access.principals import Role
from csms.domain.records import AttachmentRecord, TransactionRecord
from csms.domain.reviews import Review, ReviewDecision
from tests.support.central import A16, AT, B201, ServedCentral

HELD = TransactionRecord(
    A16, "h-1", 1, 1, None, AT, AT + timedelta(hours=1), energy_wh=880.0, cost_micro=5, review=Review.HELD
)
ACCEPT = {"decision": "accept", "reason": "the register is right"}


@pytest.fixture
async def held(api: ServedCentral) -> ServedCentral:
    """With a transaction that waits for a person, an hour after it ended."""
    api.central.records.kept_transactions.append(HELD)
    await api.central.clock.advance(7200)
    return api


async def decide(
    api: ServedCentral, body: dict[str, Any], status: int = 200, by: Role = Role.MANAGER, path: str = "h-1"
) -> dict[str, Any]:
    """The answer to a decision."""
    answer = await api.client(by).post(f"/api/v1/transactions/{path}/review", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


async def test_what_is_held_is_listed_and_said_to_be_provisional(held: ServedCentral) -> None:
    """Until somebody decides."""
    (listed,) = (await held.client(Role.VIEWER).get("/api/v1/transactions?review=held")).json()
    assert (listed["transaction_id"], listed["is_provisional"], listed["review"]) == ("h-1", True, "held")
    decided = await decide(held, ACCEPT)
    assert (decided["is_provisional"], decided["review"]) == (False, "accepted")
    assert (await held.client().get("/api/v1/transactions?review=held")).json() == []


async def test_who_when_and_why_stand_with_it(held: ServedCentral) -> None:
    """And go to the message writer as they were said."""
    body = {
        "decision": "correct",
        "reason": "read on site",
        "energy_wh": 8800,
        "started_at": "2026-01-05T13:30:00+01:00",
    }
    (shown,) = (await decide(held, body))["reviews"]
    assert (shown["decision"], shown["reason"], shown["decided_by"]) == (
        "correct",
        "read on site",
        Role.MANAGER.value,
    )
    (request,) = held.central.records.review_requests
    assert (request.decision, request.energy_wh, request.cost_micro) == (ReviewDecision.CORRECT, 8800, None)
    assert request.started_at == AT + timedelta(minutes=30)
    assert request.started_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "accept"},
        {"decision": "accept", "reason": ""},
        {"decision": "accept", "reason": "   "},
        {"decision": "accept", "reason": "x" * 1001},
        {"decision": "accepted", "reason": "no such word"},
        {"decision": "accept", "reason": "values go with correct", "energy_wh": 1},
        {"decision": "correct", "reason": "nothing to correct"},
        {"decision": "correct", "reason": "negative", "energy_wh": -1},
        {"decision": "correct", "reason": "negative", "cost_micro": -1},
        {"decision": "correct", "reason": "no number", "energy_wh": "NaN"},
        {"decision": "correct", "reason": "no zone", "ended_at": "2026-01-05T13:00:00"},
        {"decision": "correct", "reason": "misspelt", "energy_hw": 1},
        {"decision": "correct", "reason": "before its start", "ended_at": "2026-01-05T11:00:00Z"},
        {"decision": "correct", "reason": "yet to come", "ended_at": "2027-01-05T11:00:00Z"},
        {"decision": "correct", "reason": "after its end", "started_at": "2026-01-05T13:30:00Z"},
    ],
)
async def test_what_cannot_be_meant_is_refused(held: ServedCentral, body: dict[str, Any]) -> None:
    """And nothing is decided."""
    await decide(held, body, 422)
    assert held.central.records.review_requests == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.INSTALLER])
async def test_only_who_manages_decides(held: ServedCentral, role: Role) -> None:
    """Money is theirs."""
    await decide(held, ACCEPT, 403, by=role)
    assert held.central.records.review_requests == []


async def test_a_transaction_that_goes_on_or_is_unknown(held: ServedCentral) -> None:
    """Nobody can decide about it."""
    assert (await decide(held, ACCEPT, 409, path="42"))["code"] == "transaction_open"
    assert (await decide(held, ACCEPT, 404, path="nope"))["code"] == "transaction_unknown"


async def test_an_id_that_two_stations_use_needs_the_station(held: ServedCentral) -> None:
    """Ids are each station's own."""
    held.central.records.kept_transactions.append(
        TransactionRecord(B201, "h-1", 1, 1, None, AT, AT + timedelta(hours=1))
    )
    assert (await decide(held, ACCEPT, 409))["code"] == "transaction_ambiguous"
    answer = await held.client().post(f"/api/v1/transactions/h-1/review?station={B201}", json=ACCEPT)
    assert answer.json()["station_id"] == B201


async def test_what_is_kept_as_it_came_is_shown(held: ServedCentral) -> None:
    """Every character, to who may know who charged."""
    held.central.records.kept_attachments.append(AttachmentRecord("signed-value", "OCMF|{}|{}", AT))
    shown = await held.client(Role.VIEWER).get("/api/v1/transactions/h-1")
    assert shown.json()["attachments"] == []
    found = (await held.client(Role.MANAGER).get("/api/v1/transactions/h-1")).json()
    assert found["attachments"] == [
        {"kind": "signed-value", "content": "OCMF|{}|{}", "received_at": "2026-01-05T12:00:00Z"}
    ]


async def end(
    api: ServedCentral, body: dict[str, Any], by: Role = Role.MANAGER
) -> tuple[int, dict[str, Any]]:
    """What comes of ending the open transaction by hand."""
    answer = await api.client(by).post("/api/v1/transactions/open-1/end", json=body)
    return answer.status_code, dict(answer.json())


async def test_a_transaction_whose_end_never_came_is_ended_by_hand(api: ServedCentral) -> None:
    """With a reason, by a manager, once; stations are not told."""
    records = api.central.records
    records.kept_transactions.append(TransactionRecord(A16, "open-1", 1, 1, None, AT, transaction_no=77))
    await api.central.clock.advance(3600)
    assert (await end(api, {"reason": "the box was replaced"}, Role.INSTALLER))[0] == 403
    assert (await end(api, {}))[0] == 422
    later = (AT + timedelta(days=1)).isoformat()
    assert (await end(api, {"reason": "x", "ended_at": later}))[1]["code"] == "end_impossible"
    status, told = await end(api, {"reason": "the box was replaced"})
    assert (status, told["is_open"]) == (200, False)
    (request,) = records.end_requests
    assert (request.reason, request.decided_by, request.transaction_no) == (
        "the box was replaced",
        Role.MANAGER.value,
        77,
    )
    status, refused = await end(api, {"reason": "again"})
    assert (status, refused["code"]) == (409, "transaction_ended")
