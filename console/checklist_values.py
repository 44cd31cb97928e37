"""The power-up checklist as the page shows it: items, what to type, ticks, photos, what is next."""

from collections.abc import Iterator, Sequence

from console.words import Words
from provisioning.api.power_up_views import CheckItemView, CheckValueView, PowerUpView, ToTypeView
from provisioning.records import RunPhoto
from provisioning.rules.photos import with_label
from provisioning.rules.power_up import SIGNAL, TICKED

MARKS = {
    "passed": "available",
    "tester_only": "available",
    "failed": "faulted",
    "cannot_be_checked": "reserved",
    "waiting": "waiting",
}
"""How an item looks; its word says the same."""
STEPS = 7
"""From the label to the hand-over; the first two are the claim."""
STEP_OF = (
    (3, "box", ("box",)),
    (4, "checks", ("reading-", TICKED, SIGNAL)),
    (5, "link", ("link", "credential", "boot", "firmware", "clock", "connector-", "configuration")),
    (6, "window", ("charge",)),
    (7, "hand_over", ("photo-",)),
)
"""The number of a step, its name, and how its items begin."""
ACCEPTED = [CheckValueView(name="registration", value="Accepted", unit=None)]
"""What a boot was answered so that the station tells what happens at it."""
EMPTY = ("items", "to_type", "readings", "checks", "photos", "is_accepted", "is_box_known")
DONE = ("passed", "tester_only", "cannot_be_checked")


def checklist_values(
    checklist: PowerUpView | None, photos: Sequence[RunPhoto], words: Words
) -> dict[str, object]:
    """All of it; nothing for a station that is not led here."""
    if checklist is None:
        empty: dict[str, object] = dict.fromkeys(
            ("items", "to_type", "readings", "checks", "photos", "is_accepted", "is_box_known"), ()
        )
        nothing = {
            "run": None,
            "certificate": None,
            "verdict": "",
            "menu": "",
            "step": 3,
            "next_step": "",
            "next_part": "",
        }
        return empty | nothing
    is_french = words.language == "fr"
    product = checklist.product
    is_open = checklist.run is not None and checklist.run.finished_at is None
    step, name = next_step(checklist.items)
    told = {each.item: each for each in checklist.items}
    return {
        "items": [_item_row(each, words) for each in checklist.items],
        "run": checklist.run if is_open else None,
        "certificate": checklist.certificate,
        "verdict": words.of("check", checklist.verdict),
        "step": step,
        "next_step": words.of("install_step", name) if is_open else "",
        "next_part": name,
        "to_type": [_typed_row(each, words) for each in checklist.to_type],
        "readings": [
            {
                "name": each.reading,
                "title": words.as_is(each.name.fr if is_french else each.name.en),
                "unit": each.unit,
                "bounds": each.bounds_text,
            }
            for each in checklist.readings
        ],
        "is_accepted": told["boot"].values[:1] == ACCEPTED,
        "is_box_known": told["box"].verdict.value == "passed",
        "checks": list(_ticks(checklist.items, words)),
        "photos": list(_photos(checklist, photos, words)),
        "menu": words.as_is(product.menu.path.fr if is_french else product.menu.path.en),
    }


def next_step(items: Sequence[CheckItemView]) -> tuple[int, str]:
    """The first step of which something is open; the last one where nothing is."""
    for number, name, beginnings in STEP_OF:
        mine = [each for each in items if each.item.startswith(beginnings)]
        if any(each.verdict.value not in DONE for each in mine):
            return number, name
    return STEP_OF[-1][:2]


def _item_row(item: CheckItemView, words: Words) -> dict[str, str]:
    is_french = words.language == "fr"
    return {
        "item": item.item,
        "slug": item.verdict.value,
        "title": words.as_is(item.title_fr if is_french else item.title_en),
        "mark": MARKS[item.verdict],
        "verdict": words.of("check", item.verdict),
        "found": ", ".join(_value_text(each, words) for each in item.values),
        "detail": words.as_is((item.detail_fr if is_french else item.detail_en) or ""),
        "who": words.of("clearer", item.who_clears) if item.who_clears else "",
    }


def _value_text(value: CheckValueView, words: Words) -> str:
    shown = words.number(value.value, 1) if isinstance(value.value, float) else str(value.value)
    unit = f" {value.unit}" if value.unit else ""
    return f"{words.of('checked', value.name)} {words.as_is(shown)}{unit}"


def _ticks(items: Sequence[CheckItemView], words: Words) -> Iterator[dict[str, object]]:
    is_french = words.language == "fr"
    for item in items:
        if item.item.startswith(TICKED):
            title = words.as_is(item.title_fr if is_french else item.title_en)
            by = next((str(each.value) for each in item.values if each.name == "by"), "")
            yield {"item": item.item, "title": title, "is_done": bool(item.values), "by": by}


def _photos(checklist: PowerUpView, photos: Sequence[RunPhoto], words: Words) -> Iterator[dict[str, object]]:
    """Each that is wanted, with those that are there."""
    base = f"/api/v1/stations/{checklist.station_id}/power-up/photo"
    for wanted in with_label(checklist.product.photos):
        name, title = wanted.photo, wanted.name
        there = [each for each in photos if each.item == name and each.is_whole]
        yield {
            "name": name,
            "title": words.as_is(title.fr if words.language == "fr" else title.en),
            "is_done": bool(there),
            "paths": [f"{base}?sha256={each.sha256}" for each in there],
        }


def _typed_row(field: ToTypeView, words: Words) -> tuple[str, str]:
    """What the station's menu calls it, and what goes in."""
    if words.language == "fr":
        return words.as_is(field.name_fr), words.as_is(field.value_fr)
    return words.as_is(field.name_en), words.as_is(field.value_en)
