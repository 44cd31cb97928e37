"""/stations/{id}/display-messages: a message is set, shown by a simulated station, reported and cleared."""

import pytest

from tests.field.test_simulator import station_at
from tests.support.server import LiveServer, server
from tests.support.waiting import until
from tests.support.websocket import WAIT_S

__all__ = ["server"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def listed(server: LiveServer, name: str) -> list[tuple[str, str, str | None]]:
    """(text, state, reason) of each."""
    found = await server.get(f"/stations/{name}/display-messages")
    return [(each["text"], each["state"], each["reason"]) for each in found]


@pytest.mark.parametrize("template", ["ac-201", "ac-21"])
async def test_from_setting_to_clearing(server: LiveServer, template: str) -> None:
    """Set, replaced, alone in front, reported, cleared; the station shows each, and the server knows."""
    name = f"display-{template}"
    async with station_at(server, template, name) as station:
        first = {"message_id": 1, "text": "Bonjour", "language": "fr-CA", "priority": "InFront"}
        assert (await server.command(name, "set-display-message", **first))["is_accepted"]
        assert station.snapshot().display == ("Bonjour",)
        again = first | {"text": "Bonsoir"}
        assert (await server.command(name, "set-display-message", **again))["is_accepted"]
        alone = {"text": "Panne ce soir", "priority": "AlwaysFront", "ends_at": "2099-01-01T00:00:00Z"}
        made = await server.command(name, "set-display-message", **alone)
        assert made["is_accepted"]
        assert station.snapshot().display == ("Panne ce soir",)
        assert sorted(await listed(server, name)) == [
            ("Bonsoir", "held", None),
            ("Panne ce soir", "held", None),
        ]
        html = {"text": "<b>no</b>", "format": "HTML"}
        refused = await server.command(name, "set-display-message", **html)
        assert refused["answer"]["status"] == "NotSupportedMessageFormat"
        cleared = await server.command(name, "clear-display-message", message_id=1)
        assert cleared["is_accepted"]
        assert ("Bonsoir", "gone", "Cleared") in await listed(server, name)


async def test_what_a_station_holds_no_longer(server: LiveServer) -> None:
    """One that it removed itself is gone with the next whole report, one that it told of is there."""
    async with station_at(server, "ac-201", "display-report") as station:
        for number in range(6):
            asked = {"message_id": number, "text": f"text {number}"}
            assert (await server.command("display-report", "set-display-message", **asked))["is_accepted"]
        lost = station._parts.display.held
        del lost[2]
        asked = await server.command("display-report", "get-display-messages")
        assert asked["is_accepted"], asked
        query = "SELECT 1 FROM display_messages WHERE station_id = 'display-report' AND state = 'gone'"
        await until(lambda: server.rows(query), WAIT_S)
        found = await listed(server, "display-report")
        assert [text for text, state, _ in found if state == "gone"] == ["text 2"]
        assert len(found) == 6
        lost.clear()
        none = await server.command("display-report", "get-display-messages")
        assert none["answer"]["status"] == "Unknown"
        assert {state for _, state, _ in await listed(server, "display-report")} == {"gone"}


async def test_1_6_has_no_such_messages(server: LiveServer) -> None:
    """409 with what there is instead."""
    async with station_at(server, "ac-16", "display-16"):
        answer = await server.api.post(
            "/stations/display-16/commands/set-display-message", json={"text": "Bonjour"}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "command_unsupported")
