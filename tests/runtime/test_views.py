"""What is told of something: typed for pages, JSON for programs."""

import json

import pytest
from pydantic import ValidationError

from runtime.paging import json_response
from runtime.views import View


class Wheel(View):
    """A part."""

    size: int
    note: str | None = None


class Bicycle(View):
    """What has parts."""

    wheels: tuple[Wheel, ...]
    owner: str | None = None


def test_what_was_not_given_is_not_told() -> None:
    """Null is told where it was given; within others, and in rows that are not views, too."""
    told = Bicycle(wheels=(Wheel(size=28), Wheel(size=26, note=None)))
    wheels = [{"size": 28}, {"size": 26, "note": None}]
    assert json.loads(json_response(told).body) == {"wheels": wheels}
    assert json.loads(json_response([{"row": told}]).body) == [{"row": {"wheels": wheels}}]


def test_an_answer_has_the_status_that_was_asked_for() -> None:
    """Such as that of something new."""
    assert [json_response(Wheel(size=1)).status_code, json_response([], status=201).status_code] == [200, 201]


def test_what_was_told_is_not_changed() -> None:
    """Pages share it."""
    with pytest.raises(ValidationError, match="frozen"):
        Wheel(size=28).size = 26  # type: ignore[misc] # that is what is tried


def test_what_is_no_view_is_a_mistake_of_ours() -> None:
    """It names the class."""
    with pytest.raises(NotImplementedError, match="object is no JSON"):
        json_response(object())
