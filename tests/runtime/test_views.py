"""What is told of something: typed for pages, JSON for programs."""

import json

import httpx
import pytest
from fastapi import FastAPI
from msgspec import UNSET, UnsetType
from pydantic import BaseModel, TypeAdapter

from runtime.paging import json_response
from runtime.views import View


class Wheel(View, frozen=True, kw_only=True):
    """A part."""

    size: int
    note: str | UnsetType | None = UNSET
    maker: str | UnsetType = UNSET


class Bicycle(View, frozen=True, kw_only=True):
    """What has parts."""

    wheels: tuple[Wheel, ...]
    owner: str | None = None


class Menu(BaseModel):
    """As a file has it."""

    path: str


class Sheet(View, frozen=True, kw_only=True):
    """What is told of a file."""

    menu: Menu


def test_what_was_not_given_is_not_told() -> None:
    """Null is told where it was given; within others, and in rows that are not views, too."""
    told = Bicycle(wheels=(Wheel(size=28), Wheel(size=26, note=None)))
    wheels = [{"size": 28}, {"size": 26, "note": None}]
    assert json.loads(bytes(json_response(told).body)) == {"wheels": wheels, "owner": None}
    assert json.loads(bytes(json_response([{"row": told.wheels}]).body)) == [{"row": wheels}]


def test_an_answer_has_the_status_that_was_asked_for() -> None:
    """Such as that of something new."""
    assert [json_response(Wheel(size=1)).status_code, json_response([], status=201).status_code] == [200, 201]


def test_what_was_told_is_not_changed() -> None:
    """Pages share it."""
    with pytest.raises(AttributeError, match="immutable"):
        Wheel(size=28).size = 26  # type: ignore[misc] # that is what is tried


def test_what_is_no_view_is_a_mistake_of_ours() -> None:
    """It names the class."""
    with pytest.raises(NotImplementedError, match="object is no JSON"):
        json_response(object())


def test_what_stands_in_a_file_is_told_as_it_is() -> None:
    """A view may hold it whole."""
    menu = Menu(path="Réseau")
    told = {"menu": {"path": "Réseau"}}
    assert json.loads(bytes(json_response(Sheet(menu=menu)).body)) == told
    assert TypeAdapter(Sheet).dump_python(Sheet(menu=menu)) == told


def test_the_document_says_what_a_view_is() -> None:
    """Each under its name, with its words; what may be missing is not required."""
    schema = TypeAdapter(list[Bicycle]).json_schema()
    wheel, bicycle = schema["$defs"]["Wheel"], schema["$defs"]["Bicycle"]
    assert schema["items"] == {"$ref": "#/$defs/Bicycle"}
    assert bicycle["properties"]["wheels"]["items"] == {"$ref": "#/$defs/Wheel"}
    assert (wheel["description"], wheel["required"]) == ("A part.", ["size"])
    assert wheel["properties"]["maker"] == {"type": "string", "title": "Maker"}
    assert [each["type"] for each in wheel["properties"]["note"]["anyOf"]] == ["string", "null"]


async def test_a_route_may_answer_a_view_as_it_is() -> None:
    """FastAPI encodes it, and describes it."""
    app = FastAPI()

    @app.get("/wheel")
    async def wheel() -> Wheel:
        """One."""
        return Wheel(size=28)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        assert (await client.get("/wheel")).json() == {"size": 28}
    assert "Wheel" in app.openapi()["components"]["schemas"]
