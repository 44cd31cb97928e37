"""Sites, places, hours and lists over the pages: made, changed, refused with what was typed kept."""

import httpx
import pytest

from access.principals import Role
from tests.console.conftest import PLACE, SITE, TARIFF
from tests.support.central import ServedCentral
from tests.support.html import Html
from tests.support.pictures import picture_file

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENGLISH = {"Accept-Language": "en"}


def value(page: Html, name: str) -> str | None:
    """What stands in a field."""
    (found,) = page.all(f'[name="{name}"]')
    return found.attributes.get("value")


async def sent(console: ServedCentral, path: str, **typed: str) -> httpx.Response:
    """A manager's form, as browsers send it."""
    return await console.client(Role.MANAGER).post(path, data=typed, headers=ENGLISH)


async def seen(console: ServedCentral, path: str, by: Role = Role.MANAGER) -> Html:
    """A page."""
    answer = await console.client(by).get(path, headers=ENGLISH)
    assert answer.status_code == 200, answer.text
    return Html(answer)


async def made(console: ServedCentral, name: str) -> str:
    """The path of a new site."""
    answer = await sent(console, "/sites/new", name=name, zone="America/Toronto", tariff_id=TARIFF)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removesuffix("?done=1")


async def test_a_site_is_made_and_changed(console: ServedCentral) -> None:
    """It is in the list, always open until somebody says otherwise."""
    path = await made(console, "Quai")
    page = await seen(console, f"{path}?done=1")
    assert (page.heading, "Always open" in page.text, "Saved." in page.text) == ("Quai", True, True)
    assert "$0.25/kWh" in page.text
    assert path in (await seen(console, "/sites")).links("Quai")
    fields = {"name": "Quai 2", "address": "", "zone": "Europe/Paris", "tariff_id": ""}
    assert (await sent(console, f"{path}/change", **fields)).status_code == 303
    page = await seen(console, path)
    assert (page.heading, "Europe/Paris" in page.text) == ("Quai 2", True)
    assert "No tariff: charging is free" in page.text
    form = await seen(console, f"{path}/change")
    assert not form.all('[name="activates_on_claim"][checked]')


@pytest.mark.parametrize(
    ("fields", "where", "fault"),
    [
        ({"name": "", "zone": "UTC"}, "name", "at least 1 character"),
        ({"name": "Neu", "zone": "Mars/Olympus"}, "zone", "There is no time zone Mars/Olympus."),
    ],
)
async def test_a_refused_site_keeps_what_was_typed(
    console: ServedCentral, fields: dict[str, str], where: str, fault: str
) -> None:
    """The fault stands at its field."""
    answer = await sent(console, "/sites/new", address="Rue 1", **fields)
    page = Html(answer)
    assert answer.status_code == 422
    assert fault in page.texts(f"#fault-{where}")[0]
    assert [value(page, name) for name in ("address", *fields)] == ["Rue 1", *fields.values()]


async def test_a_name_is_one_sites(console: ServedCentral) -> None:
    """Said, with the status that the API has for it."""
    await made(console, "Double")
    answer = await sent(console, "/sites/new", name="Double", zone="UTC")
    assert answer.status_code == 409
    assert "The name Double exists already." in Html(answer).texts(".fault")[0]


async def test_places_are_added_and_moved(console: ServedCentral) -> None:
    """A decimal comma is one; a pin has both of its numbers."""
    path = await made(console, "Places")
    assert "No place yet." in (await seen(console, path)).text
    fields = {"name": "P1", "floor": "2", "latitude": "46,81", "longitude": "-71.2"}
    assert (await sent(console, f"{path}/places/new", **fields)).status_code == 303
    page = await seen(console, path)
    assert "P1 floor 2 · 46.81000, -71.20000" in page.text
    assert "Waits for a station" in page.text
    (place,) = page.links("Change")[1:]
    answer = await sent(console, place, name="P2", latitude="91", longitude="0")
    assert (answer.status_code, value(Html(answer), "name")) == (422, "P2")
    assert (await sent(console, place, name="P2", latitude="46.8")).status_code == 422
    assert (await sent(console, place, name="P2")).status_code == 303
    assert "P2 46.81000, -71.20000" in (await seen(console, path)).text
    assert (await sent(console, f"{path}/places/new", name="P2")).status_code == 409


async def test_hours_are_a_form(console: ServedCentral) -> None:
    """In the site's own time; over midnight; a button of the form saves nothing."""
    path = await made(console, "Heures")
    week = {
        f"w{day}-0-{end}": at for day in range(7) for end, at in (("opens", "22:00"), ("closes", "06:00"))
    }
    fields = {"open": "weekly", **week, "x0-date": "2026-01-06"}
    more = Html(await sent(console, f"{path}/hours", act="w0", **fields))
    assert (value(more, "w0-1-opens"), value(more, "w0-0-opens")) == ("", "22:00")
    same = Html(await sent(console, f"{path}/hours", act="same", **fields | {"w0-0-opens": "23:00"}))
    assert value(same, "w6-0-opens") == "23:00"
    assert "Always open" in (await seen(console, path)).text
    wrong = await sent(console, f"{path}/hours", act="save", **fields | {"w3-0-closes": ""})
    assert wrong.status_code == 422
    assert "Say when it opens and when it closes." in Html(wrong).text
    assert value(Html(wrong), "w3-0-opens") == "22:00"
    assert (await sent(console, f"{path}/hours", act="save", **fields)).status_code == 303
    page = await seen(console, path)
    assert "22:00–06:00 (next day)" in page.text
    assert "closed" in page.texts(".week-lines")[1]
    assert "Closed until Mon 5 Jan, 22:00" in page.text


async def test_a_list_is_pasted_and_comes_back_as_a_file(console: ServedCentral) -> None:
    """Line by line: one that is wrong takes nothing in."""
    path = f"{await made(console, 'Liste')}/list"
    wrong = await sent(console, path, change="add", lines=f"A1\n{'X' * 40}")
    page = Html(wrong)
    assert (wrong.status_code, "Nothing was taken in: 1 of 2 lines" in page.text) == (422, True)
    assert f"Line 2: {'X' * 40} is longer than 36 characters" in page.text
    assert page.texts("textarea") == [f"A1 {'X' * 40}"]
    assert "Nobody is on the list." in page.text
    done = await sent(console, path, change="add", lines="A1\nB2,eMAID")
    assert done.headers["location"] == f"{path}?changed=2&stations=0"
    assert "Tokens added or taken out: 2." in (await seen(console, done.headers["location"])).text
    file = await console.client(Role.MANAGER).get(f"{path}.csv")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert set(file.text.split()) == {"value,type", "A1,ISO14443", "B2,eMAID"}
    upload = {"file": ("list.csv", file.text.replace("A1", "C3"), "text/csv")}
    sent_file = await console.client(Role.MANAGER).post(path, data={"change": "replace"}, files=upload)
    assert sent_file.headers["location"] == f"{path}?changed=2&stations=0"
    assert {"C3", "B2 eMAID"} == set((await seen(console, path)).texts(".tokens li"))
    for typed in ({"lines": "A1"}, {"change": "add", "lines": ""}):
        assert (await sent(console, path, **typed)).status_code == 422
    both = await console.client(Role.MANAGER).post(path, data={"change": "add", "lines": "A1"}, files=upload)
    assert both.status_code == 422


async def test_a_plan_is_sent_as_a_photo_shown_with_its_places_and_removed(console: ServedCentral) -> None:
    """However large the camera made it; what is no picture comes back with the floor that was typed."""
    path, client = await made(console, "Plan"), console.client(Role.MANAGER)
    wrong = await client.post(
        f"{path}/plans/new", data={"floor": "P1"}, files={"picture": b"hello"}, headers=ENGLISH
    )
    assert (wrong.status_code, value(Html(wrong), "floor")) == (422, "P1")
    assert "The plan is not taken" in Html(wrong).text
    files = {"picture": picture_file(3000, 1500, "JPEG")}
    assert (await client.post(f"{path}/plans/new", data={"floor": "P1"}, files=files)).status_code == 303
    assert (await sent(console, f"{path}/places/new", name="B2", floor="p1")).status_code == 303
    page = await seen(console, path)
    (picture,) = page.all("figure.plan > img")
    assert (picture.attributes["width"], picture.attributes["height"]) == ("2000", "1000")
    assert "Not on the plan yet: B2" in page.text
    (form,) = page.all('form[action$="/remove"]')
    assert (await client.post(str(form.attributes["action"]))).status_code == 303
    assert "No plan yet" in (await seen(console, path)).text


async def test_a_place_on_a_plan_is_a_link_at_its_pixels(console: ServedCentral) -> None:
    page = await seen(console, f"/sites/{SITE}")
    (pin,) = page.all("figure.plan circle")
    assert (pin.attributes["cx"], pin.attributes["cy"]) == ("30.0", "10.0")
    assert page.all(f'figure.plan a[href="/places/{PLACE}"]')


@pytest.mark.parametrize("role", [Role.VIEWER, Role.INSTALLER])
async def test_others_see_sites_and_change_nothing(console: ServedCentral, role: Role) -> None:
    """No way leads there, and none is open."""
    page = await seen(console, f"/sites/{SITE}", role)
    assert not page.links("Change")
    assert "AB12" not in page.text
    for path in ("/sites/new", f"/sites/{SITE}/change", f"/sites/{SITE}/hours", f"/sites/{SITE}/list"):
        refused = await console.client(role).post(path, data={"name": "X", "zone": "UTC"})
        assert refused.status_code == 403, path
    for path in (f"/sites/{SITE}/list.csv", f"/places/{PLACE}"):
        assert (await console.client(role).get(path)).status_code == 403, path


async def test_what_is_not_there_is_said(console: ServedCentral) -> None:
    """As the API says it."""
    for path in ("/sites/none", "/sites/none/hours", "/places/none"):
        assert (await console.client(Role.MANAGER).get(path)).status_code == 404
