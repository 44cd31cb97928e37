"""Opening hours as a form: what was typed is kept, and what cannot be meant is said where it stands."""

import pytest

from console.week_form import DAYS, TypedPeriod, typed_from, typed_in
from console.words import Words
from provisioning.api.bodies import HoursBody
from provisioning.api.site_views import HoursAnswer, PeriodAnswer

EN = Words("en")
MONDAY = {"open": "weekly", "w0-0-opens": "08:00", "w0-0-closes": "21:00"}


def test_what_holds_becomes_a_form_and_the_same_again() -> None:
    """Overnight, two periods, a day that is different."""
    day = (PeriodAnswer(opens="08:00", closes="12:00"), PeriodAnswer(opens="22:00", closes="02:00"))
    hours = HoursAnswer(weekly=(day, *((),) * 6), exceptions={"2026-12-25": ()})
    typed = typed_from(hours)
    form = {"open": "weekly", "x0-date": "2026-12-25"}
    for number, each in enumerate(typed.week[0].periods):
        form |= {f"w0-{number}-opens": each.opens, f"w0-{number}-closes": each.closes}
    assert typed_in(form, EN) == typed
    body = HoursBody.model_validate(typed.as_body())
    assert body.weekly is not None
    assert [len(each) for each in body.weekly] == [2, 0, 0, 0, 0, 0, 0]
    assert list(body.exception_periods()) == ["2026-12-25"]
    always = typed_from(HoursAnswer(weekly=None, exceptions={}))
    assert (always.is_always, len(always.week), always.as_body()["weekly"]) == (True, DAYS, None)


@pytest.mark.parametrize("text", ["8", "8h", "8:00", "08 h 00", "08:00"])
def test_a_time_is_read_as_people_write_it(text: str) -> None:
    """Midnight at the end of a day is 24:00 too."""
    typed = typed_in(MONDAY | {"w0-0-opens": text, "w0-0-closes": "24:00"}, EN)
    assert typed.week[0].periods == (TypedPeriod("08:00", "00:00"),)
    assert not typed.is_wrong


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"w0-0-closes": ""}, "Say when it opens and when it closes."),
        ({"w0-0-opens": "25:00"}, "Write hours and minutes, such as 08:00."),
        ({"w0-0-opens": "noon"}, "Write hours and minutes, such as 08:00."),
        ({"x0-0-opens": "10:00", "x0-0-closes": "11:00"}, "Say for which date, such as 2026-12-25."),
        ({"x0-date": "2026-12-25", "x1-date": "2026-12-25"}, EN("hours.date_twice")),
    ],
)
def test_what_cannot_be_meant_is_said_where_it_stands(fields: dict[str, str], text: str) -> None:
    """And what was typed stays."""
    typed = typed_in(MONDAY | fields, EN)
    days = (*typed.week, *typed.exceptions)
    faults = {day.fault for day in days} | {each.fault for day in days for each in day.periods}
    assert (typed.is_wrong, faults - {""}) == (True, {text})
    assert typed.week[0].periods[0].opens == (MONDAY | fields)["w0-0-opens"]


def test_a_week_that_does_not_count_is_not_looked_at() -> None:
    """Where it is always open."""
    assert not typed_in(MONDAY | {"open": "always", "w0-0-closes": ""}, EN).is_wrong


def test_buttons_change_the_form_alone() -> None:
    """Monday for every day; one more period, also on a day that is different; nothing for what is no day."""
    typed = typed_in(MONDAY, EN)
    assert {each.periods for each in typed.same_on_all_days().week} == {typed.week[0].periods}
    assert len(typed.with_one_more("w0").week[0].periods) == 2
    assert len(typed.with_one_more("w1").week[1].periods) == 2
    assert len(typed.with_one_more("x0").exceptions[0].periods) == 2
    assert [typed.with_one_more(each) for each in ("w9", "x5", "wx", "")] == [typed] * 4
