"""conform.yaml, and who operates a central system."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from borne.conform.config import ConformConfig, config_in, read_config
from borne.conform.first_file import first_file
from borne.conform.operators import ClassCommands, PersonCommands, RestCommands, operator_of
from simulator.conform.errors import ConformError
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.verdicts import Inconclusive
from simulator.scenario.words import RunTexts

WORDS = RunTexts("en")
REST = """
csms:
  url: ws://x/ocpp
  rest:
    headers: {A: b}
    commands:
      reset: {url: "http://c.test/${station}/reset", body: {type: "${kind}"}}
      broken: {url: "http://c.test/${nobody}"}
"""


class MyOperator:
    """Of whoever tests."""

    seen: list[tuple[str, str, dict[str, Any]]] = []  # noqa: RUF012 - shared with the test

    async def command(self, station_id: str, name: str, arguments: Mapping[str, Any]) -> None:
        """Kept, or it fails."""
        if name == "fail":
            raise RuntimeError("no way")
        self.seen.append((station_id, name, dict(arguments)))


class Hand:
    """A person, or nobody."""

    def __init__(self, *, is_there: bool) -> None:
        self.is_interactive = is_there
        self.texts: list[str] = []

    async def request(self, text: str) -> None:
        """Enter is pressed at once."""
        self.texts.append(text)


def test_a_file_and_its_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder's own, a named one, none; every fault with its place."""
    monkeypatch.chdir(tmp_path)
    assert read_config(None) == ConformConfig()
    (tmp_path / "conform.yaml").write_text("tokens: {valid_token: {id_token: A}}\n", encoding="utf-8")
    assert read_config(None).token_values == {"valid_token": {"id_token": "A", "status": "Accepted"}}
    with pytest.raises(ConformError, match="cannot be read"):
        read_config(tmp_path / "none.yaml")
    assert config_in("", "x") == ConformConfig()
    for text in ("- a", "nonsense: 1", "{", "csms: {url: 1}"):
        with pytest.raises(ScenarioFileError, match="x:"):
            config_in(text, "x")


def test_the_first_file_can_be_read() -> None:
    """With features that the device model answers, and without."""
    for side in ("cs", "csms"):
        assert config_in(first_file(side), "x") == ConformConfig()
    assert config_in(first_file("cs", {"C-13": True}), "x").features == {"C-13": True}


def test_requests_of_an_api() -> None:
    """With the station and the arguments; what it lacks or refuses leaves the case open."""
    seen: list[tuple[str, bytes]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((str(request.url), request.content))
        return httpx.Response(500 if "refused" in str(request.url) else 200)

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer), timeout=None) as client:
            operator = operator_of(config_in(REST, "x").csms, Hand(is_there=True), WORDS, client)
            assert isinstance(operator, RestCommands)
            await operator.command("BENCH", "reset", {"kind": "OnIdle"})
            await operator.allow("T")
            for station, name in (("BENCH", "clear-cache"), ("BENCH", "broken"), ("refused", "reset")):
                with pytest.raises(Inconclusive):
                    await operator.command(station, name, {"kind": "OnIdle"})

    asyncio.run(main())
    assert seen[0] == ("http://c.test/BENCH/reset", b'{"type":"OnIdle"}')


def test_a_class_and_a_person() -> None:
    """A class that fails, and nobody at the terminal, leave the case open."""

    async def main() -> None:
        async with httpx.AsyncClient(timeout=None) as client:
            config = config_in(f"csms: {{python: '{__name__}:MyOperator'}}", "x").csms
            operator = operator_of(config, Hand(is_there=True), WORDS, client)
            assert isinstance(operator, ClassCommands)
            await operator.command("S", "reset", {"kind": "OnIdle"})
            await operator.allow("T")
            with pytest.raises(Inconclusive):
                await operator.command("S", "fail", {})
            for name in ("nowhere:X", "json:Nothing", ""):
                with pytest.raises(ConformError):
                    operator_of(
                        config.model_copy(update={"python": name}), Hand(is_there=True), WORDS, client
                    )
            hand = Hand(is_there=True)
            person = operator_of(ConformConfig().csms, hand, WORDS, client)
            assert isinstance(person, PersonCommands)
            await person.command("S", "reset", {"kind": "OnIdle"})
            await person.allow("T")
            assert "reset" in hand.texts[0]
            with pytest.raises(Inconclusive):
                await PersonCommands(Hand(is_there=False), WORDS).command("S", "reset", {})

    asyncio.run(main())
    assert MyOperator.seen == [("S", "reset", {"kind": "OnIdle"})]
