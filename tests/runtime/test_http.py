"""Refusals as problem documents: whom to ring stands in each."""

import httpx
import pytest
from fastapi import FastAPI

from runtime.http import Problem, install_problems
from runtime.wording import Phrase, WayOut


async def refusals(contact: dict[str, str | None] | None) -> list[dict[str, object]]:
    """What an app answers to what it refuses, and to what has a wrong parameter."""
    app = FastAPI()
    install_problems(app, contact)

    @app.get("/no")
    async def no() -> None:
        raise Problem(409, "no", Phrase("non", "no"), WayOut("Demandez.", "Ask."))

    @app.get("/number")
    async def number(value: int) -> int:
        return value

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://borne") as client:
        answers = [await client.get("/no"), await client.get("/number?value=x")]
    assert [each.status_code for each in answers] == [409, 422]
    return [each.json() for each in answers]


@pytest.mark.requirement("R2", "refuses")
async def test_a_refusal_names_whom_to_ring() -> None:
    """The team, by name and phone, whatever was refused."""
    ann: dict[str, str | None] = {"name": "Ann, activation", "phone": "+1 514 555 0100"}
    for document in await refusals(ann):
        assert document["contact"] == ann
        assert document["way_out"]


@pytest.mark.requirement("R2", "passes")
async def test_where_nobody_said_whom_to_ring_nobody_is_named() -> None:
    """No empty name, and no other than the team."""
    for document in await refusals(None):
        assert "contact" not in document
