"""Jobs, through forms alone, on a real server: planned, changed, cancelled; what is missing is said."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from access.principals import Role
from borne.app import running_server
from borne.settings import ServerSettings
from tests.support.html import Html
from tests.support.waiting import patient_http

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEADERS = {"Accept-Language": "en", "Accept": "text/html"}


@dataclass
class Planning:
    """A server with a site of two places, and a box that was ordered."""

    clients: dict[Role, httpx.AsyncClient]
    site: str
    places: list[str]

    @property
    def new(self) -> str:
        """Where a job at the site is planned."""
        return f"/jobs/new?site={self.site}"

    async def page(self, path: str, role: Role = Role.MANAGER) -> Html:
        """A page, as this role sees it."""
        return Html(await self.clients[role].get(path))

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """A form, by a manager."""
        return await self.clients[Role.MANAGER].post(path, data=fields)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def planning(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Planning]:
    """Everything as `borne up` starts it."""
    settings = ServerSettings(var=tmp_path_factory.mktemp("jobs"), ocpp_port=0, http_port=0)
    async with running_server(settings) as server:

        def client(token: str) -> httpx.AsyncClient:
            return patient_http(
                base_url=server.http_url, headers=HEADERS | {"Authorization": f"Bearer {token}"}
            )

        clients = {Role.ADMIN: client(server.token)}
        admin = clients[Role.ADMIN]
        for role in (Role.MANAGER, Role.INSTALLER, Role.VIEWER):
            made = await admin.put(f"/api/v1/access/programs/{role.value}", json={"role": role.value})
            clients[role] = client(made.json()["token"])
        assert "Make a site first" in Html(await clients[Role.MANAGER].get("/jobs")).text
        site = await admin.post("/api/v1/sites", json={"name": "Port", "zone": "America/Toronto"})
        site_id = str(site.json()["site_id"])
        places = [
            (await admin.post("/api/v1/places", json={"site_id": site_id, "name": name})).json()["place_id"]
            for name in ("P1", "P2")
        ]
        order = {"reference": "PO-1", "lines": [{"mac": "02:B0:16:00:00:01", "model": "RB-22"}]}
        assert (await admin.post("/api/v1/orders", json=order)).status_code == 201
        yield Planning(clients, site_id, places)
        for each in clients.values():
            await each.aclose()


async def test_a_job_is_planned_and_says_what_is_missing(planning: Planning) -> None:
    """Every free place is chosen at first, and the ordered box is proposed."""
    first = await planning.page("/jobs")
    assert first.links("Plan a job") == ["/jobs/new"]
    assert (await planning.page("/jobs/new")).links("Port") == [f"/jobs/new?site={planning.site}"]
    form = await planning.page(planning.new)
    assert len(form.all(".stop input[checked]")) == 2
    assert "02:B0:16:00:00:01" in [each.attributes["value"] for each in form.all("#boxes option")]
    one = planning.places[0]
    fields = {f"place-{one}": "1", f"box-{one}": "02b016000001", "note": "ring Ann"}
    made = await planning.send(planning.new, day="2030-01-05", **fields)
    assert made.status_code == 303
    page = await planning.page(made.headers["location"])
    assert page.heading == "Port"
    assert "no installer yet" in page.text
    assert page.all(".trouble")
    listed = await planning.page("/jobs")
    assert "no installer yet" in listed.text


async def test_a_job_is_changed_and_cancelled(planning: Planning) -> None:
    """What was there stands in the form; a cancelled one stays readable and has none."""
    made = await planning.send(planning.new, day="2030-02-01", **{f"place-{planning.places[1]}": "1"})
    path = made.headers["location"].partition("?")[0]
    form = await planning.page(path)
    assert form.all("#field-day")[0].attributes["value"] == "2030-02-01"
    both = {f"place-{each}": "1" for each in planning.places}
    saved = await planning.send(path, act="save", day="2030-02-02", installer="luc", **both)
    assert saved.headers["location"] == f"{path}?done=1"
    after = await planning.page(path)
    assert "luc" in after.text
    assert len(after.all(".stop input[checked]")) == 2
    assert (await planning.send(path, act="cancel")).headers["location"] == "/jobs"
    cancelled = await planning.page(path)
    assert "This job was cancelled." in cancelled.text
    assert cancelled.all("form.form") == []
    again = await planning.send(path, act="cancel")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("fields", "where"),
    [({"day": "soon"}, "#fault-day"), ({"day": "2030-01-05", "place": ""}, "fieldset.wrong .fault")],
)
async def test_what_is_wrong_stands_at_its_field(
    planning: Planning, fields: dict[str, str], where: str
) -> None:
    """No day, no place; what was typed stays."""
    chosen = {} if "place" in fields else {f"place-{planning.places[0]}": "1"}
    answer = await planning.send(planning.new, note="kept", **(fields | chosen))
    assert answer.status_code == 422
    page = Html(answer)
    assert page.all(where)
    assert page.all("#field-note")[0].attributes["value"] == "kept"


async def test_a_box_that_nobody_ordered_is_missing(planning: Planning) -> None:
    """The job is planned, and says it with who clears it."""
    one = planning.places[0]
    fields = {f"place-{one}": "1", f"box-{one}": "nobody"}
    made = await planning.send(planning.new, day="2030-01-05", **fields)
    page = await planning.page(made.headers["location"])
    assert any("nobody" in each.text() for each in page.all(".trouble"))


@pytest.mark.parametrize("role", [Role.INSTALLER, Role.VIEWER])
@pytest.mark.parametrize("path", ["/jobs", "/jobs/new", "new", "/jobs/none"])
async def test_who_plans_nothing_sees_no_plans(planning: Planning, role: Role, path: str) -> None:
    """Neither a way there nor a job."""
    path = planning.new if path == "new" else path
    assert (await planning.clients[role].get(path)).status_code in (403, 404)
    assert "/jobs" not in (await planning.page("/", role)).links()
