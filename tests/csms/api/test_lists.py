"""Lists in pages: at most so many rows, how many there are, and where the list goes on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from access.principals import Role
from csms.domain.records import ConnectorRecord, StationRecord, TokenRecord, VariableRecord
from ocppj.vocabulary import ConnectorStatus, IdToken, StationId, VariableRef
from runtime.paging import DEFAULT_BYTES, DEFAULT_LIMIT, MOST_LIMIT
from tests.support.central import A16, AT, ServedCentral

MANY = 250


@pytest.fixture
def full(api: ServedCentral) -> ServedCentral:
    """Many of everything."""
    records = api.central.records
    template = records.kept_transactions[0]
    for number in range(MANY):
        station_id = StationId(f"z-{number:04}")
        records.kept[station_id] = StationRecord(station_id)
        records.kept_tokens[f"t{number}"] = TokenRecord(IdToken(f"T{number}"))
        at = AT - timedelta(days=1, minutes=number // 7)
        records.kept_transactions.append(
            replace(template, transaction_id=f"x{number}", started_at=at, transaction_no=1000 - number)
        )
        records.kept_connectors.append(
            ConnectorRecord(A16, number + 2, 1, ConnectorStatus.AVAILABLE, "Available")
        )
    records.kept_variables[A16] = [
        VariableRecord(VariableRef("C", f"V{number}"), str(number)) for number in range(MANY)
    ]
    return api


async def whole(client: httpx.AsyncClient, path: str, limit: int) -> list[Any]:
    """All rows, by going on as the answers say."""
    found: list[Any] = []
    url = f"/api/v1{path}{'&' if '?' in path else '?'}limit={limit}"
    while True:
        answer = await client.get(url)
        assert answer.status_code == 200, answer.text
        rows = answer.json()
        assert len(rows) <= limit
        found += rows
        if "next" not in answer.links:
            return found
        assert len(rows) == limit
        url = answer.links["next"]["url"]


LISTS = {
    "/stations": MANY + 3,
    "/transactions": MANY + 2,
    f"/transactions?station={A16}": MANY + 1,
    "/tokens": MANY,
    f"/stations/{A16}/connectors": MANY + 1,
    f"/stations/{A16}/variables": MANY,
}


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_is_whole_when_one_goes_on_to_its_end(full: ServedCentral, path: str) -> None:
    """Each row once, whatever the size of the pages."""
    client = full.client(Role.MANAGER)
    for limit in (7, 100, MOST_LIMIT):
        rows = await whole(client, path, limit)
        assert len(rows) == LISTS[path]
        assert len({str(row) for row in rows}) == LISTS[path]


SHORT_ROWS = {"/stations?q=z-": MANY} | {path: rows for path, rows in LISTS.items() if path != "/stations"}


@pytest.mark.parametrize("path", SHORT_ROWS)
async def test_a_list_has_at_most_a_hundred_rows_unless_more_are_asked_for(
    full: ServedCentral, path: str
) -> None:
    """And never more than a thousand; how many there are is told where it is counted."""
    client = full.client(Role.MANAGER)
    answer = await client.get(f"/api/v1{path}")
    assert len(answer.json()) == DEFAULT_LIMIT
    assert answer.headers.get("x-total-count", str(SHORT_ROWS[path])) == str(SHORT_ROWS[path])
    assert 'rel="next"' in answer.headers["link"]
    joint = "&" if "?" in path else "?"
    for wrong in (0, MOST_LIMIT + 1):
        assert (await client.get(f"/api/v1{path}{joint}limit={wrong}")).status_code == 422


@pytest.mark.parametrize("after", ["x", "12-", "12-x", "999999999999999999999-1", "1-99999999999999999999"])
async def test_a_made_up_place_in_a_list_is_refused(api: ServedCentral, after: str) -> None:
    """With what to do."""
    answer = await api.client().get(f"/api/v1/transactions?after={after}")
    assert (answer.status_code, answer.json()["code"]) == (422, "after_invalid")


async def test_stations_are_searched_in_the_server(full: ServedCentral) -> None:
    """By text, link and lifecycle; the filter goes along to the next page."""
    client = full.client()
    found = await client.get("/api/v1/stations?q=z-00&limit=30")
    assert len(found.json()) == 30
    assert found.headers["x-total-count"] == "100"
    assert "q=z-00" in found.links["next"]["url"]
    assert len((await client.get(found.links["next"]["url"])).json()) == 30
    online = await client.get("/api/v1/stations?online=true")
    assert [each["is_online"] for each in online.json()] == [True, True]
    active = await client.get("/api/v1/stations?lifecycle=active")
    assert [each["station_id"] for each in active.json()] == [A16]


async def test_a_page_that_nobody_gave_a_limit_is_not_long(full: ServedCentral) -> None:
    """Rows of stations may be long: the page has what fits, and goes on; who gives a limit gets his rows."""
    client = full.client()
    url, pages, found = "/api/v1/stations", [], []
    while True:
        answer = await client.get(url)
        assert len(answer.json()) == 1 or len(answer.content) <= DEFAULT_BYTES + 2
        pages.append(len(answer.json()))
        found += [each["station_id"] for each in answer.json()]
        if "next" not in answer.links:
            break
        url = answer.links["next"]["url"]
    assert pages[0] < DEFAULT_LIMIT
    assert found == sorted(found)
    assert len(found) == MANY + 3
    assert len((await client.get("/api/v1/stations?limit=200")).json()) == 200


async def test_stations_are_filtered_by_state_site_and_what_is_in_their_way(full: ServedCentral) -> None:
    """Together, and with the rest."""
    client, details = full.client(), full.central.details
    for number, state in ((1, "active"), (2, "powered"), (3, "powered")):
        blocked = [{"code": "E_NOT_LOCALIZED"}] if number == 3 else []
        details.known[StationId(f"z-{number:04}")] = {
            "lifecycle": state,
            "blocked_by": blocked,
            "site": {"site_id": "s1"},
        }
    for query, expected in {
        "lifecycle=powered": [2, 3],
        "lifecycle=powered&site=s1&blocked=true": [3],
        "site=s1&blocked=false": [1, 2],
        "site=empty": [],
    }.items():
        answer = await client.get(f"/api/v1/stations?{query}")
        found = [each["station_id"] for each in answer.json()]
        assert found == [f"z-{number:04}" for number in expected], query
        assert answer.headers["x-total-count"] == str(len(expected))


async def test_a_filter_that_can_fit_no_station_is_refused(full: ServedCentral) -> None:
    """An empty list would pass for an answer."""
    client = full.client()
    for query, status, code, text in (
        ("lifecycle=actve", 422, "invalid_request", "did you mean `active`?"),
        ("site=nowhere", 404, "site_unknown", "There is no site nowhere"),
        ("after=%00", 422, "after_invalid", "is of no list"),
    ):
        refused = await client.get(f"/api/v1/stations?{query}")
        assert (refused.status_code, refused.json()["code"]) == (status, code), query
        assert text in refused.json()["detail"]


async def test_some_stations_are_asked_for_by_name(full: ServedCentral) -> None:
    """In any spelling, each once; what names none is left out."""
    answer = await full.client().get(
        f"/api/v1/stations?station=Z-0003&station={A16}&station=z-0003&station=nobody"
    )
    assert [each["station_id"] for each in answer.json()] == ["z-0003", A16]


async def test_a_page_of_the_list_reads_only_its_own_stations(full: ServedCentral) -> None:
    """The rest is known already."""
    client = full.client()
    await client.get("/api/v1/stations?limit=1")
    full.central.records.states_read.clear()
    await client.get("/api/v1/stations?limit=5&after=z-0100")
    assert full.central.records.states_read == [f"z-{number:04}" for number in range(101, 106)]
