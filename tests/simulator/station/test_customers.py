"""What a simulated station knows of a customer: reported, cleared, or neither."""

from typing import Any

import pytest

from tests.support.simulated import Stage, simulated

BOTH_2X = pytest.mark.parametrize("template", ["ac-201", "ac-21"])
MINE = {"idToken": "MINE", "type": "ISO14443"}


async def asked(stage: Stage, **more: Any) -> tuple[str, str]:
    """The answer's status, and all that is said after it."""
    count = len(stage.said("NotifyCustomerInformation"))
    answer = await stage.ask("CustomerInformation", {"requestId": 9, "report": True, "clear": False} | more)
    parts = stage.said("NotifyCustomerInformation")[count:]
    assert [each.seq_no for each in parts] == list(range(len(parts)))
    assert [bool(each.tbc) for each in parts] == [True] * (len(parts) - 1) + [False] * bool(parts)
    assert {each.request_id for each in parts} <= {9}
    return answer.status, "".join(each.data for each in parts)


@BOTH_2X
async def test_what_is_known_of_a_token_is_reported_and_cleared(template: str) -> None:
    """N09.FR.05, N10.FR.03: cache, list, reservation, transaction; the list stays."""
    async with simulated(template) as stage:
        await stage.boot()
        assert await asked(stage, idToken=MINE) == ("Accepted", "No data found.")  # N09.FR.06
        listed = {"idToken": MINE | {"idToken": "mine2"}, "idTokenInfo": {"status": "Accepted"}}
        await stage.ask(
            "SendLocalList", {"versionNumber": 1, "updateType": "Full", "localAuthorizationList": [listed]}
        )
        stage.station.plug(1)
        await stage.meanwhile(stage.station.present("MINE", 1))
        await stage.rest()
        status, text = await asked(stage, idToken=MINE | {"idToken": "mine"})
        assert status == "Accepted"
        assert [line.split()[0] for line in text.splitlines()] == ["Cache:", "Transaction"]
        assert (await asked(stage, idToken=MINE, clear=True))[1] == text
        assert (await asked(stage, idToken=MINE))[1].split()[0] == "Transaction"
        assert await asked(stage, idToken=MINE, clear=True, report=False) == (
            "Accepted",
            "The data was cleared.",
        )  # N10.FR.06
        other = {"idToken": MINE | {"idToken": "MINE2"}, "clear": True}
        for _ in range(2):
            assert (await asked(stage, **other))[1] == "Local list: mine2, Accepted"


async def test_a_reservation_is_known_too() -> None:
    """In as many parts as it takes."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        reservation = {"id": 1, "expiryDateTime": "2026-01-06T12:00:00Z", "idToken": MINE}
        assert (await stage.ask("ReserveNow", reservation)).status == "Accepted"
        assert (await asked(stage, idToken=MINE))[1].startswith("Reservation 1 until 2026-01-06T12:00")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, "Invalid"),
        ({"idToken": MINE, "customerIdentifier": "C"}, "Invalid"),
        ({"idToken": MINE, "report": False}, "Rejected"),
        ({"customerIdentifier": "C"}, "Accepted"),
        ({"customerIdentifier": "C", "clear": True}, "Accepted"),
    ],
)
async def test_a_customer_is_named_once(more: dict[str, Any], status: str) -> None:
    """N09.FR.07, .09; of whom it knows nothing, it says so (N10.FR.04)."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        expected = "No data found." if status == "Accepted" else ""
        assert await asked(stage, **more) == (status, expected)
