"""Two organisations on one server: every route, with every role, on one's own and on the other's.

The routes are those that the app has: a new one is in here by itself.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
import pytest_asyncio
from fastapi.routing import RouteContext

from access.actions import OF_WHO_RUNS_THE_SERVER
from access.guard import OF_THE_SERVER, About
from access.principals import DEFAULT, Role
from tests.contract.test_roles import STREAM, asked, routes_of
from tests.support.payloads import START
from tests.support.server import LiveServer
from tests.support.waiting import patient_http

pytestmark = pytest.mark.asyncio(loop_scope="module")
OTHER = "autre"
OURS, THEIRS = "ours-1", "theirs-1"
ID_TOKEN = "04A1B2C3D4E5F6"
PARAMETER = re.compile(r"\{([^}]*)\}")
NOBODY = "nobody-0"


@dataclass
class Party:
    """An organisation: a site, a station at a place on it, a transaction there; a client for each role."""

    organisation_id: str
    station_id: str
    named: dict[str, str] = field(default_factory=dict)
    """What is put into paths."""
    clients: dict[Role, httpx.AsyncClient] = field(default_factory=dict)

    @property
    def marks(self) -> list[str]:
        """What a list that holds anything of theirs has in it."""
        return [self.station_id, *(self.named[each] for each in ("site_id", "place_id", "tariff_id"))]

    async def ask(self, role: Role, name: str, named: dict[str, str]) -> httpx.Response:
        """Ask for a route, about what is `named`, with a body that no route takes."""
        method, path = name.split(" ")
        filled = PARAMETER.sub(lambda match: named.get(match[1], NOBODY), path)
        body = {"within_s": -1} if method != "GET" else None
        return await self.clients[role].request(method, filled, json=body)


async def set_up(server: LiveServer, party: Party) -> None:
    """Give it what belongs to it."""
    organisation, station_id = party.organisation_id, party.station_id
    whose = {} if organisation == DEFAULT else {"organisation_id": organisation}
    site = await server.post("/sites", {"name": f"Site {organisation}", **whose}, 201)
    tariff = await server.post("/tariffs", {"name": f"T {organisation}", "currency": "CAD", **whose}, 201)
    position = {"site_id": site["site_id"], "name": "P1", "latitude": 45.5, "longitude": -73.6}
    await server.post("/adoptions", {"station_id": station_id, "position": position}, 201)
    (place,) = await server.get("/places", site=site["site_id"])
    stops = [{"place_id": place["place_id"]}]
    job = await server.post("/jobs", {"site_id": site["site_id"], "day": "2026-05-05", "places": stops}, 201)
    invited = await server.post("/invitations", {"label": "Sam", **whose}, 201)
    party.named |= {
        "invitation_id": invited["invitation_id"],
        "station_id": station_id,
        "site_id": site["site_id"],
        "place_id": place["place_id"],
        "job_id": job["job_id"],
        "tariff_id": tariff["tariff_id"],
        "organisation_id": organisation,
    }
    for role in Role:
        name = f"{organisation}-{role.value}"
        body = {"role": role.value, **whose}
        answer = await server.api.put(f"/access/programs/{name}", json=body)
        headers = {"Authorization": f"Bearer {answer.json()['token']}"}
        party.clients[role] = patient_http(base_url=server.api.base_url, headers=headers)


def set_aside(server: LiveServer, party: Party) -> None:
    """A message in quarantine, a reservation and a lease of its station: nobody has time to wait for them."""
    number = party.named["quarantine_id"] = party.named["number"] = str(77 + (party.organisation_id == OTHER))
    at = "1790000000000000"
    server.write(
        "INSERT INTO quarantine (quarantine_id, station_id, epoch, raw, reason, received_at)"
        f" VALUES ({number}, '{party.station_id}', 1, X'5B5D', 'no', {at})"
    )
    server.write(
        "INSERT INTO reservations (command_id, number, station_id, id_token, id_token_type, id_token_key,"
        " expires_at, state, asked_by, asked_at, moved_at)"
        f" VALUES ('c{number}', {number}, '{party.station_id}', 'A', 'Central', 'a', {at}, 'used', 'x', 1, 1)"
    )
    lease_id = party.named["lease_id"] = f"l{number}"
    server.write(
        "INSERT INTO leases (lease_id, station_id, holder, purpose, tags, lasts_s, since, renewed_at,"
        " expires_at, state, baseline, moved_at)"
        f" VALUES ('{lease_id}', '{party.station_id}', 'x', 'x', '', 60, 1, 1, 2, 'over', 'unread', 2)"
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parties(server: LiveServer) -> AsyncIterator[tuple[Party, Party]]:
    """Who runs the server, and another organisation; each with a transaction that goes on."""
    await server.api.put(f"/organisations/{OTHER}", json={"name": "Autre inc."})
    await server.api.put(f"/organisations/{OTHER}/programs/first", json={"role": "admin"})
    both = Party(DEFAULT, OURS), Party(OTHER, THEIRS)
    await server.add_token(ID_TOKEN)
    for party in both:
        async with server.station(party.station_id) as station:
            answer = await station.ask("StartTransaction", START | {"idTag": ID_TOKEN})
            party.named["transaction_id"] = str(answer["transactionId"])
        await set_up(server, party)
        set_aside(server, party)
    yield both
    for party in both:
        for client in party.clients.values():
            await client.aclose()


def is_about(name: str, route: RouteContext) -> bool:
    """Whether a route is about something that belongs to somebody."""
    return asked(route).about is About.PATH and bool(set(PARAMETER.findall(name)) - OF_THE_SERVER)


async def test_what_is_ones_own_is_open_to_the_roles_of_the_table(
    server: LiveServer, parties: tuple[Party, Party]
) -> None:
    """And to no other: 403 `role_required`. What would end or change anything is asked of what nobody has."""
    wrong = []
    for party in parties:
        for name, route in routes_of(server):
            method, path = name.split(" ")
            of_server = not is_about(name, route) and asked(route).about is not About.ANYTHING
            for role in Role:
                may = role in asked(route).roles and (party.organisation_id == DEFAULT or not of_server)
                if may and (STREAM.search(path) or method != "GET"):
                    continue  # a stream has no end; what changes something has tests of its own
                answer = await party.ask(role, name, party.named)
                is_refused = answer.status_code == 403 and answer.json()["code"] == "role_required"
                if is_refused is may:
                    wrong.append(f"{party.organisation_id} {role} {name}: {answer.status_code}")
    assert wrong == []


async def test_what_is_anothers_is_not_there(server: LiveServer, parties: tuple[Party, Party]) -> None:
    """404 for who may do it at home, as for a thing that nobody has; 403 for who may do it nowhere."""
    wrong = []
    for party, other in (parties, parties[::-1]):
        for name, route in routes_of(server):
            if not is_about(name, route):
                continue
            for role in Role:
                is_everywhere = "organisation_id" in name or asked(route).action in OF_WHO_RUNS_THE_SERVER
                if is_everywhere and party.organisation_id == DEFAULT:
                    continue  # who runs the server lets in the first administrator, and prepares sites
                answer = await party.ask(role, name, other.named)
                expected = 404 if role in asked(route).roles else 403
                if answer.status_code != expected:
                    wrong.append(f"{party.organisation_id} {role} {name}: {answer.status_code}")
    assert wrong == []


async def test_no_list_has_anything_of_the_other(server: LiveServer, parties: tuple[Party, Party]) -> None:
    """Whatever lists there are, for every role; and each has what is one's own in some of them."""
    wrong, found = [], set()
    for party, other in (parties, parties[::-1]):
        for name, route in routes_of(server):
            method, path = name.split(" ")
            if method != "GET" or asked(route).about is not About.ANYTHING or STREAM.search(path):
                continue
            for role in asked(route).roles:
                text = (await party.ask(role, name, {})).text
                wrong += [f"{role} {name} tells {each}" for each in other.marks if each in text]
                found |= {each for each in party.marks if each in text}
        assert found >= set(party.marks)
    assert wrong == []


async def test_lists_are_counted_as_they_are_narrowed(parties: tuple[Party, Party]) -> None:
    """The number of rows is a number of one's own."""
    for party in parties:
        for path in ("/stations", "/transactions", "/sites", "/places", "/tariffs"):
            answer = await party.clients[Role.VIEWER].get(path)
            assert int(answer.headers["x-total-count"]) == len(answer.json()) == 1, (path, answer.text)
        for path in ("/reservations", "/quarantine"):
            (row,) = (await party.clients[Role.MANAGER].get(path)).json()
            assert row["station_id"] == party.station_id, path


async def test_a_filter_does_not_reach_further(parties: tuple[Party, Party]) -> None:
    """By the name of a station, of a site, or by what is searched for."""
    ours, theirs = parties
    asked_for = (
        f"/stations?station={THEIRS}",
        f"/stations?q={THEIRS}",
        f"/transactions?station={THEIRS}",
        f"/reservations?station={THEIRS}",
        f"/quarantine?station={THEIRS}",
        f"/work?station={THEIRS}",
        f"/places?site={theirs.named['site_id']}",
    )
    for path in asked_for:
        answer = await ours.clients[Role.ADMIN].get(path)
        assert (answer.status_code, answer.json()) == (200, []), path
    id_of = theirs.named["transaction_id"]
    answer = await ours.clients[Role.ADMIN].get(f"/transactions/{id_of}?station={THEIRS}")
    assert (answer.status_code, answer.json()["code"]) == (404, "transaction_unknown")


async def test_what_a_body_names_is_ones_own(parties: tuple[Party, Party]) -> None:
    """A place on another's site, a site with another's tariff, a reservation at another's station."""
    ours, theirs = parties
    manager = ours.clients[Role.MANAGER]
    answer = await manager.post("/places", json={"site_id": theirs.named["site_id"], "name": "P9"})
    assert (answer.status_code, answer.json()["code"]) == (404, "E_SITE_UNKNOWN")
    change = {"tariff_id": theirs.named["tariff_id"]}
    answer = await manager.patch(f"/sites/{ours.named['site_id']}", json=change)
    assert answer.json()["code"] == "E_TARIFF_UNKNOWN"
    answer = await manager.post("/sites", json={"name": "Elsewhere", "organisation_id": OTHER})
    assert (answer.status_code, answer.json()["code"]) == (404, "organisation_unknown")
    wanted = {"station": THEIRS, "id_token": {"value": "A"}, "expires_in_s": 600}
    answer = await manager.post("/reservations", json=wanted)
    assert answer.status_code in (404, 422)
    position = {"place_id": theirs.named["place_id"]}
    answer = await ours.clients[Role.ADMIN].post(
        "/adoptions", json={"station_id": "new-1", "position": position}
    )
    assert answer.json()["code"] == "E_PLACE_UNKNOWN"
    position = {"place_id": ours.named["place_id"]}
    answer = await ours.clients[Role.ADMIN].post(
        "/adoptions", json={"station_id": THEIRS, "position": position}
    )
    assert answer.json()["code"] == "E_STATION_UNKNOWN"


async def test_who_runs_the_server_takes_nothing_from_an_organisation(
    server: LiveServer, parties: tuple[Party, Party]
) -> None:
    """To make a station known is no way to another's; nor is its order to where the box is by now."""
    ours, theirs = parties
    wanted = {"station_id": THEIRS, "admission": "refuse"}
    answer = await ours.clients[Role.ADMIN].post("/stations", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (409, "station_exists")
    assert (await server.get(f"/stations/{THEIRS}"))["admission"] != "refuse"
    lines = [{"mac": "02:B0:16:00:AA:01"}]
    order = await server.post("/orders", {"reference": "A-77", "lines": lines}, 201)
    (box,) = order["lines"]
    claim = {"mac": box["mac"], "claim_code": box["claim_code"], "site_id": theirs.named["site_id"]}
    position = {"name": "P2", "latitude": 45.5, "longitude": -73.6}
    await server.post("/claims", claim | position, 201)
    (known,) = (await server.get("/orders/A-77"))["lines"]
    assert known["place"] == "P2"
    assert (await ours.clients[Role.MANAGER].get("/orders/A-77")).json()["lines"] == []
    listed = (await ours.clients[Role.VIEWER].get("/orders")).text
    assert "A-77" in listed
    assert "P2" not in listed
    assert (await server.api.delete(f"/stations/{known['station_id']}/assignment")).is_success


async def test_nobody_is_drawn_into_an_organisation_by_it(parties: tuple[Party, Party]) -> None:
    """One role more would narrow what they are shown elsewhere; whose names there are is not told."""
    _, theirs = parties
    admin = theirs.clients[Role.ADMIN]
    for name in (f"{DEFAULT}-admin", "nobody"):
        answer = await admin.put(f"/organisations/{OTHER}/programs/{name}", json={"role": "viewer"})
        assert (answer.status_code, answer.json()["code"]) == (404, "program_unknown")
    own = f"/organisations/{OTHER}/programs/{OTHER}-viewer"
    assert (await admin.put(own, json={"role": "viewer"})).status_code == 200


async def test_a_name_is_not_taken_from_others(parties: tuple[Party, Party]) -> None:
    """A station that went by it would have its box turned away: names are the server's."""
    _, theirs = parties
    manager = theirs.clients[Role.MANAGER]
    answer = await manager.post(f"/stations/{THEIRS}/macs", json={"mac": "bench-1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "role_required")


async def test_what_is_not_there_is_called_as_it_was_typed(parties: tuple[Party, Party]) -> None:
    """Else a serial would tell whether a station of others goes by it, and which."""
    _, theirs = parties
    typed, manager = OURS.upper(), theirs.clients[Role.MANAGER]
    until = {"id_token": "A", "expires_at": "2030-01-01T00:00:00Z", "reservation_id": 1}
    for answer in (
        await manager.get(f"/stations/{typed}"),
        await manager.get("/events", params={"station": typed}),
        await manager.post("/reservations", json={"station": typed, **until}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "station_unknown")
        assert typed in answer.text
        assert OURS not in answer.text.removesuffix('/"}').replace(typed, "")


async def test_events_are_told_to_whose_they_are(server: LiveServer, parties: tuple[Party, Party]) -> None:
    """The stream of all news has those of one's own stations; another's station cannot be asked for."""
    ours, theirs = parties
    answer = await ours.clients[Role.ADMIN].get("/events", params={"station": THEIRS})
    assert (answer.status_code, answer.json()["code"]) == (404, "station_unknown")
    async with theirs.clients[Role.VIEWER].stream("GET", "/events") as events:
        lines = events.aiter_lines()
        await anext(lines)  # it listens
        for party in parties:
            async with server.station(party.station_id, boots=False):
                pass
        async for line in lines:
            assert OURS not in line
            if THEIRS in line:
                break


async def test_a_role_on_one_site_counts_there_alone(
    server: LiveServer, parties: tuple[Party, Party]
) -> None:
    """A manager of the organisation's other site sees nothing of this one; and a role can be taken away."""
    _, theirs = parties
    made = await server.api.put("/access/programs/on-site", json={"role": "viewer", "organisation_id": OTHER})
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    members = f"/organisations/{OTHER}/programs/on-site"
    async with patient_http(base_url=server.api.base_url, headers=headers) as client:
        assert (await client.post(f"/stations/{THEIRS}/suspend", json={"reason": "x"})).status_code == 403
        site = {"role": "manager", "site_id": theirs.named["site_id"]}
        assert (await server.api.put(members, json=site)).status_code == 200
        assert (await server.api.delete(members)).status_code == 204  # in all of the organisation
        assert len((await client.get("/stations")).json()) == 1
        assert (await client.post(f"/stations/{THEIRS}/calls", json={})).status_code == 422
        assert (await client.post("/sites", json={"name": "Mine"})).status_code == 422
        assert (await server.api.delete(members, params={"site": site["site_id"]})).status_code == 204
        assert (await client.get("/stations")).status_code == 403
    assert (await server.api.delete("/access/programs/on-site")).status_code == 204
