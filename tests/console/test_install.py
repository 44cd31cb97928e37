"""The installer's pages on a real server: jobs, the label, the claim, the box; with forms alone."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.console.test_label_photo import MATRICES, code_picture, on_a_wall, photo
from tests.support.html import Html
from tests.support.installing import MAC, OTHER_MAC, PlannedSite, made, planned_site
from tests.support.wire_station import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PlannedSite]:
    """One for all tests here."""
    async with planned_site(tmp_path_factory.mktemp("install"), MAC, OTHER_MAC) as planned:
        yield planned


def form_of(page: Html, action: str) -> dict[str, str]:
    """What a form of the page would send as it stands."""
    fields = page.all(f'form[action="{action}"] input')
    kinds = ("checkbox", "radio")
    shown = [
        each for each in fields if each.attributes.get("type") not in kinds or "checked" in each.attributes
    ]
    return {str(each.attributes["name"]): str(each.attributes.get("value") or "") for each in shown}


async def test_the_jobs_of_today_are_the_first_thing_seen(site: PlannedSite) -> None:
    page = Html(await site.installer.get("/install"))
    assert page.heading == "Vos installations"
    assert "Garage Nord" in page.text
    assert f"/install/jobs/{site.job['job_id']}" in page.links()


async def test_a_job_says_what_is_missing_before_anybody_travels_and_who_clears_it(site: PlannedSite) -> None:
    page = Html(await site.installer.get(f"/install/jobs/{site.job['job_id']}"))
    assert "Pas encore prêt" in page.text
    assert "Le site Garage Nord n'a pas de tarif." in page.text
    assert "wss://" in page.text or "ws://" in page.text
    assert [each for each in page.links() if f"place={site.places[0]}" in each]


async def test_a_job_of_somebody_else_is_unknown(site: PlannedSite) -> None:
    answer = await site.installer.get("/install/jobs/no-such-job")
    assert answer.status_code == 404


async def test_who_installs_nowhere_is_told_whom_to_ask(site: PlannedSite) -> None:
    answer = await site.viewer.get("/install")
    assert answer.status_code == 403
    assert "Demandez à la personne qui gère le site" in Html(answer).text


async def test_the_link_of_a_label_fills_the_form_in(site: PlannedSite) -> None:
    """The phone's own camera opens it."""
    page = Html(await site.installer.get("/install/claim", params={"mac": MAC, "code": "K7Q2-M4XD9"}))
    form = form_of(page, "/install/claim")
    assert (form["mac"], form["code"]) == (MAC, "K7Q2-M4XD9")
    assert form["key"]


@pytest.mark.parametrize("kind", MATRICES)
async def test_a_photo_of_the_label_fills_the_form_in(site: PlannedSite, kind: str) -> None:
    text = f"https://borne.example/install/claim?mac={MAC}&code={site.codes[MAC]}"
    files = {"photo": ("label.jpg", photo(on_a_wall(code_picture(text, kind))), "image/jpeg")}
    answer = await site.installer.post("/install/label", files=files, data=site.form, follow_redirects=True)
    form = form_of(Html(answer), "/install/claim")
    assert (form["mac"], form["code"], form["job"]) == (MAC, site.codes[MAC], site.job["job_id"])


async def test_a_photo_without_a_code_is_answered_with_what_to_do(site: PlannedSite) -> None:
    files = {"photo": ("label.jpg", photo(on_a_wall()), "image/jpeg")}
    answer = await site.installer.post("/install/label", files=files, data=site.form | {"mac": MAC})
    page = Html(answer)
    assert answer.status_code == 422
    assert "Aucun code n'a été trouvé sur la photo" in page.text
    assert form_of(page, "/install/claim")["mac"] == MAC, "nothing is typed twice"


async def test_a_photo_as_long_as_cameras_make_them_is_taken(site: PlannedSite) -> None:
    """Longer than any other body may be; and no longer than its own limit."""
    files = {"photo": ("label.png", photo(on_a_wall()) + bytes(3 << 20), "image/jpeg")}
    answer = await site.installer.post("/install/label", files=files)
    assert answer.status_code == 422
    files = {"photo": ("label.png", bytes(13 << 20), "image/jpeg")}
    answer = await site.installer.post("/install/label", files=files)
    assert answer.status_code == 413


async def test_a_form_that_lacks_something_comes_back_with_what_was_typed(site: PlannedSite) -> None:
    answer = await site.installer.post(
        "/install/claim", data=site.form | {"mac": MAC, "code": "", "floor": "P1"}
    )
    page = Html(answer)
    assert answer.status_code == 422
    assert page.all("[role=alert]")
    assert form_of(page, "/install/claim")["floor"] == "P1"


async def test_a_new_place_needs_a_name(site: PlannedSite) -> None:
    """And what was typed stays; a comma is a point where French writes one."""
    given = site.form | {"mac": MAC, "code": "K7Q2-M4XD9", "latitude": "45,5", "longitude": "-73,6"}
    page = Html(await site.installer.post("/install/claim", data=given))
    assert page.texts("[role=alert] p")[0] == "un nouvel emplacement a besoin d'un nom ou d'un numéro"
    assert form_of(page, "/install/claim")["latitude"] == "45,5"


async def test_a_wrong_code_is_told_with_macs_near_the_typed_one(site: PlannedSite) -> None:
    """And the form has a new key: what is corrected is another claim."""
    given = site.form | {
        "mac": OTHER_MAC,
        "code": site.codes[MAC],
        "place": site.places[0],
        "key": "the-wrong-one",
    }
    page = Html(await site.installer.post("/install/claim", data=given))
    assert page.all("[role=alert]")
    assert form_of(page, "/install/claim")["key"] != "the-wrong-one"


async def test_a_claim_that_is_sent_twice_is_one(site: PlannedSite) -> None:
    """The answer was lost on the way: the same form again leads to the same station, to a script as JSON."""
    given = site.form | {
        "mac": MAC,
        "code": site.codes[MAC],
        "place": site.places[0],
        "key": "the-form-of-lea",
    }
    first = await site.installer.post("/install/claim", data=given)
    assert first.status_code == 303, Html(first).text
    again = await site.installer.post("/install/claim", data=given, headers={"Accept": "application/json"})
    assert again.json() == {"next": first.headers["location"]}
    assert await site.granted() == [MAC.replace(":", "").lower()]


async def test_the_box_has_its_checklist_and_what_to_type(site: PlannedSite) -> None:
    """Found by its MAC in any spelling; while it is silent, what to type stands there to be copied."""
    given = {"station": "0024b1029f81"}
    answer = await site.installer.get("/install/stations", params=given, follow_redirects=True)
    page = Html(answer)
    assert answer.status_code == 200
    assert len(page.all(".checks > li")) > 3
    assert "en attente" in page.text
    copied = [str(each.attributes["data-copy"]) for each in page.all("details[open] [data-copy]")]
    assert any(each.startswith(("ws://borne.example", "wss://borne.example")) for each in copied), copied


async def test_a_run_is_begun_tried_out_and_ended_with_buttons(site: PlannedSite) -> None:
    """Each of them a form; what is wrong stands on the page with what was typed."""
    name = OTHER_MAC.replace(":", "").lower()
    path = f"/install/stations/{name}"

    async def pressed(where: str, **given: str) -> Html:
        return Html(await site.installer.post(f"{path}/{where}", data=given, follow_redirects=True))

    assert "Terminer la vérification" in (await pressed("power-up", do="begin")).text
    assert (await pressed("test-window", id_token="BADGE-7")).texts("[role=alert]"), "it never connected"
    async with connected(f"{site.ocpp_url}/{name}", "1.6", boots=False) as station:
        await station.ask("BootNotification", {"chargePointVendor": "Acme", "chargePointModel": "Uno"})
        assert (await pressed("test-window", id_token="")).texts("[role=alert]")
        assert "seul BADGE-7 peut charger" in (await pressed("test-window", id_token="BADGE-7")).text
        window = await made(site.team, f"/stations/{name}/test-window", {}, "GET")
        assert (window["is_open"], window["opened_by"]) == (True, "lea")
        assert "Commencer l'essai" in (await pressed("test-window", do="close")).text
    assert "coché" in (await pressed("checks", **{"check-1": "1"})).text
    sent = await site.installer.post(
        f"{path}/photos",
        data={"item": "label"},
        files={"photo": ("a.jpg", photo(on_a_wall()), "image/jpeg")},
        follow_redirects=True,
    )
    assert [each for each in Html(sent).links() if "/power-up/photo?sha256=" in each]
    no_photo = {"photo": ("a.jpg", b"GIF89a", "image/jpeg")}
    refused = await site.installer.post(f"{path}/photos", data={"item": "label"}, files=no_photo)
    assert (refused.status_code, bool(Html(refused).all("[role=alert]"))) == (422, True)
    done = await pressed("power-up", do="finish", handed_to="Ann Roy")
    assert "Certificat de mise sous tension" in done.text
    assert "Commencer une autre vérification" in done.text
    run = (await made(site.team, f"/stations/{name}/power-up", {}, "GET"))["run"]
    assert (run["started_by"], run["finished_by"]) == ("lea", "lea")
    frames = (await site.team.get(f"/api/v1/stations/{name}/power-up/frames")).text
    assert '"BootNotification\\"' in frames
    file = (await site.team.get(f"/api/v1/stations/{name}/power-up/certificate")).content
    signed = json.loads(file)
    assert signed["certificate"]["frames"]["tap"] == "server"
    assert [each["name"] for each in signed["certificate"]["photos"]] == ["label.jpg"]
    beside = ("beside", ("frames.jsonl", frames.encode(), "application/jsonl"))

    async def verified(content: bytes) -> Html:
        files = [("certificate", ("cp.json", content, "application/json")), beside]
        return Html(await site.installer.post("/install/verify", files=files))

    found = await verified(file)
    assert found.texts(".verdict") == ["Valide : signé par ce serveur, et rien n'a été changé."]
    assert name in found.text
    changed = await verified(file.replace(b"Acme", b"Acne"))
    assert changed.texts(".verdict") == ["Refusé."]
    assert "quelque chose a été changé" in changed.text, changed.text
    assert signed["certificate"]["location"]["site"] is None, "nobody claimed it yet"


async def test_a_reading_that_the_product_does_not_ask_for_is_refused(site: PlannedSite) -> None:
    path = "/install/stations/0024b1029f81"
    await site.installer.post(f"{path}/power-up", data={"do": "begin"})
    answer = await site.installer.post(f"{path}/readings", data={"moon-phase": "1,5"})
    assert answer.status_code == 422
    assert Html(answer).all("[role=alert]")


async def test_who_only_looks_tries_nothing_out(site: PlannedSite) -> None:
    answer = await site.viewer.post("/install/stations/0024b1029f81/power-up", data={"do": "begin"})
    assert answer.status_code == 403


async def test_a_refusal_is_told_to_the_script_in_the_readers_language(site: PlannedSite) -> None:
    given = site.form | {"mac": "00:24:B1:02:9F", "code": "x", "name": "P1"}
    answer = await site.installer.post("/install/claim", data=given, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "adresse MAC" in answer.json()["text"]


@pytest.mark.parametrize("path", ["/install", "/install/claim"])
async def test_these_pages_alone_may_ask_for_camera_and_position(site: PlannedSite, path: str) -> None:
    allowed = (await site.installer.get(path)).headers["permissions-policy"]
    assert "camera=(self)" in allowed
    assert "geolocation=(self)" in allowed
    assert "camera=()" in (await site.installer.get("/")).headers["permissions-policy"]


async def test_the_pages_can_be_put_on_the_home_screen(site: PlannedSite) -> None:
    page = Html(await site.installer.get("/install"))
    (link,) = page.all("link[rel=manifest]")
    told = (await site.installer.get(str(link.attributes["href"]))).json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/install", "/install", "standalone")
    assert (await site.installer.get(told["icons"][0]["src"])).status_code == 200
    worker = await site.installer.get("/install/worker.js")
    assert worker.headers["service-worker-allowed"] == "/install"
    assert worker.headers["content-type"].startswith("text/javascript")


async def test_another_site_cannot_claim_through_an_installers_browser(site: PlannedSite) -> None:
    given = site.form | {"mac": OTHER_MAC, "code": site.codes[OTHER_MAC], "place": site.places[1]}
    answer = await site.installer.post(
        "/install/claim", data=given, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


async def test_a_measured_position_says_how_far_off_it_may_be(site: PlannedSite) -> None:
    """A rough one is kept beside the pin; the next place of the job has the floor of the last station."""
    given = site.form | {"mac": OTHER_MAC, "code": site.codes[OTHER_MAC], "place": site.places[1]}
    given |= {"floor": "P2", "latitude": "45.5", "longitude": "-73.6", "accuracy_m": "80"}
    assert (await site.installer.post("/install/claim", data=given)).status_code == 303
    places = {each["place_id"]: each for each in await made(site.team, "/places", {}, "GET")}
    place = places[site.places[1]]
    assert (place["latitude"], place["accuracy_m"], place["floor"]) == (None, 80.0, "P2")
    page = Html(await site.installer.get("/install/claim", params={"job": site.job["job_id"]}))
    assert form_of(page, "/install/claim")["floor"] == "P2"
