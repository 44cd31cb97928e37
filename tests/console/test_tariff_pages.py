"""Tariffs over the pages: begun from a ready one, looked at, saved; refused as the API refuses them."""

import httpx
import pytest

from access.principals import Role
from tests.console.conftest import SITE
from tests.support.central import ServedCentral
from tests.support.html import Html

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENGLISH = {"Accept-Language": "en"}
NEW = "/tariffs/new"
READY = ("free", "energy", "time", "idle", "night")


async def begun(console: ServedCentral, ready: str, language: str = "en") -> dict[str, str]:
    """What stands in the form at first."""
    answer = await console.client(Role.MANAGER).get(
        f"{NEW}?ready={ready}", headers={"Accept-Language": language}
    )
    assert answer.status_code == 200, answer.text
    return typed_in(Html(answer))


def typed_in(page: Html) -> dict[str, str]:
    """Each field of the form with its value, as a browser would send it."""
    fields = {
        str(each.attributes["name"]): each.attributes.get("value") or ""
        for each in page.all("form.form input")
    }
    chosen = {
        str(each.attributes["name"]): str(
            (each.css_first("option[selected]") or each.css("option")[0]).attributes["value"] or ""
        )
        for each in page.all("form.form select")
    }
    return fields | chosen


async def sent(console: ServedCentral, fields: dict[str, str], act: str = "preview") -> httpx.Response:
    """A manager's form."""
    return await console.client(Role.MANAGER).post(NEW, data={**fields, "act": act}, headers=ENGLISH)


async def saved(console: ServedCentral, fields: dict[str, str]) -> None:
    """Looked at, then saved."""
    page = Html(await sent(console, fields))
    answer = await sent(console, typed_in(page), "save")
    assert (answer.status_code, answer.headers.get("location")) == (303, "/tariffs?done=1"), answer.text


async def stored(console: ServedCentral, name: str) -> dict[str, object]:
    """Nobody changed what was typed: its card."""
    answer = await console.client(Role.MANAGER).get("/tariffs", headers=ENGLISH)
    (card,) = [each for each in Html(answer).texts(".card") if each.startswith(name)]
    return {"card": card}


@pytest.mark.parametrize(
    ("ready", "text", "total"),
    [
        ("free", "Free", "$0.00"),
        ("energy", "$0.30/kWh, plus tax", "$4.14"),
        ("time", "$2.00/h, plus tax", "$1.53"),
        ("idle", "$0.30/kWh + $6.00/h idle after 10 min, plus tax", "$6.44"),
        ("night", "$0.20/kWh (22:00–06:00); $0.30/kWh, plus tax", "$4.14"),
    ],
)
async def test_a_ready_tariff_is_looked_at_and_saved(
    console: ServedCentral, ready: str, text: str, total: str
) -> None:
    """12 kWh in 40 minutes on a Friday at 17:30; what it costs stands there before it is saved."""
    fields = await begun(console, ready) | {"name": f"Ready {ready}"}
    assert (fields["at"], fields["kwh"], fields["minutes"], fields["site_id"]) == ("17:30", "12", "40", SITE)
    page = Html(await sent(console, fields))
    assert page.texts("#preview-heading") == [f"It costs {total}"]
    assert "on Friday at 17:30 costs" in page.text
    assert text in page.text
    assert "OCPP 1.6" in page.text
    await saved(console, fields)
    assert text in str((await stored(console, f"Ready {ready}"))["card"])


async def test_what_is_lost_is_told(console: ServedCentral) -> None:
    """A 1.6 station has one text and the least prices: restrictions do not fit into its numbers."""
    page = Html(await sent(console, await begun(console, "night") | {"name": "Lost"}))
    (first,) = [each for each in page.texts("#preview .card") if each.startswith("OCPP 1.6")]
    assert "Nothing is lost." not in first


async def test_the_night_counts(console: ServedCentral) -> None:
    """6 kWh at each price, with the taxes of Québec: the example of the reference."""
    fields = await begun(console, "night") | {"name": "N", "at": "21:00", "minutes": "120"}
    page = Html(await sent(console, fields))
    assert page.texts("#preview-heading") == ["It costs $3.45"]
    assert [each.split()[-1] for each in page.texts(".bill tr")][-2:] == ["$0.30", "$3.45"]


async def test_prices_are_written_as_people_write_them(console: ServedCentral) -> None:
    """With a decimal comma in French, and whichever somebody types."""
    fields = await begun(console, "energy", "fr-CA")
    assert fields["energy_micro_per_kwh"] == "0,30"
    answer = await sent(
        console, fields | {"name": "Virgule", "energy_micro_per_kwh": "0,105", "taxes": "none"}
    )
    assert "$0.105/kWh" in Html(answer).text
    included = Html(await sent(console, fields | {"name": "Comprises", "taxes": "quebec-included"}))
    assert "$0.30/kWh, tax included" in included.text
    assert included.texts("#preview-heading") == ["It costs $3.60"]


@pytest.mark.parametrize(
    ("ready", "wrong", "where", "fault"),
    [
        ("energy", {"name": ""}, "name", "at least 1 character"),
        ("energy", {"energy_micro_per_kwh": "-1"}, "energy_micro_per_kwh", "Write an amount such as 0.30"),
        ("energy", {"energy_micro_per_kwh": "0.1234567"}, "energy_micro_per_kwh", "at most six decimals"),
        ("energy", {"currency": "dollars"}, "currency", ""),
        ("idle", {"idle_grace_s": "1441"}, "idle_grace_s", "from 0 to 1440"),
        ("idle", {"idle_grace_s": "9" * 5000}, "idle_grace_s", "from 0 to 1440"),
        ("night", {"night_from": "25:00"}, "night_from", "Write hours and minutes"),
        ("free", {"at": ""}, "at", "Write hours and minutes"),
        ("free", {"date": "Friday"}, "date", "Say for which date"),
        ("free", {"date": "20260109"}, "date", ""),
        ("free", {"kwh": "much"}, "kwh", "number"),
        ("free", {"minutes": "99999999"}, "minutes", "less than or equal"),
    ],
)
async def test_what_is_wrong_stands_at_its_field(
    console: ServedCentral, ready: str, wrong: dict[str, str], where: str, fault: str
) -> None:
    """Nothing is shown of its cost; what was typed stays."""
    fields = await begun(console, ready) | {"name": "Wrong"} | wrong
    answer = await sent(console, fields)
    page = Html(answer)
    assert answer.status_code == 422
    assert fault in page.texts(f"#fault-{where}")[0]
    assert not page.all("#preview")
    assert typed_in(page)[where] == fields[where]


async def test_what_is_saved_was_looked_at(console: ServedCentral) -> None:
    """Without a preview, or with other prices than those of the last one, there is one first."""
    fields = await begun(console, "energy") | {"name": "Unseen"}
    unseen = await sent(console, fields, "save")
    assert (unseen.status_code, "Nothing was saved" in unseen.text) == (422, True)
    looked = typed_in(Html(unseen))
    changed = await sent(console, looked | {"energy_micro_per_kwh": "9"}, "save")
    assert (changed.status_code, "It costs $124.17" in changed.text) == (422, True)
    assert (await sent(console, looked | {"name": "Seen"}, "save")).status_code == 303
    page = Html(await console.client(Role.MANAGER).get("/tariffs", headers=ENGLISH))
    assert "Unseen" not in page.text


async def test_refusals_are_those_of_the_api(console: ServedCentral) -> None:
    """A name that is taken stands at the name; a currency without coins, and a site that is not theirs."""
    fields = await begun(console, "free") | {"name": "Twice"}
    await saved(console, fields)
    again = await sent(console, typed_in(Html(await sent(console, fields))), "save")
    assert again.status_code == 409
    assert "The name Twice exists already." in Html(again).texts("#fault-name")[0]
    gold = await sent(console, fields | {"currency": "XAU"})
    assert gold.status_code == 422
    assert "ISO 4217 has no money called XAU" in Html(gold).texts(".fault")[0]
    assert (await sent(console, fields | {"site_id": "none"})).status_code == 404
    assert (await sent(console, {"ready": "else"})).headers["location"] == NEW


async def test_the_list_tells_who_has_it(console: ServedCentral) -> None:
    """The hostile site has the hostile tariff; a new one is nobody's, and the page of a site leads here."""
    page = Html(await console.client(Role.VIEWER).get("/tariffs?done=1", headers=ENGLISH))
    assert f"/sites/{SITE}" in page.links()
    assert "since 2026" in page.text
    assert "Saved. It holds nowhere yet" in page.text
    site = Html(await console.client(Role.VIEWER).get(f"/sites/{SITE}", headers=ENGLISH))
    assert site.links("All tariffs") == ["/tariffs"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.INSTALLER])
async def test_others_see_prices_and_set_none(console: ServedCentral, role: Role) -> None:
    """No way leads there, and none is open."""
    client = console.client(role)
    assert not Html(await client.get("/tariffs", headers=ENGLISH)).links("New tariff")
    assert (await client.get(NEW)).status_code == 403
    assert (await client.post(NEW, data={"ready": "free", "name": "X"})).status_code == 403
