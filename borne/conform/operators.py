"""Who has a central system under test do something: its own API, a class, or a person."""

import importlib
import inspect
from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from borne.conform.config import CsmsConfig, RestOperator
from runtime.patterns import shown
from simulator.conform.errors import ConformError
from simulator.scenario.scope import NoValueError, Scope
from simulator.scenario.station_drivers.driver import Prompter
from simulator.scenario.steps.run_context import CsmsOperator
from simulator.scenario.verdicts import Inconclusive
from simulator.scenario.words import RunTexts

TIMEOUT_S = 60.0


class OperatorClass(Protocol):
    """What a class of one's own has; `command` may be a coroutine."""

    def command(self, station_id: str, name: str, arguments: Mapping[str, Any]) -> Any:
        """Have the central system send it."""
        ...


class RestCommands:
    """Implements `CsmsOperator` by the requests that conform.yaml has for each command."""

    def __init__(self, config: RestOperator, client: httpx.AsyncClient) -> None:
        self._config = config
        self._client = client

    async def command(self, station_id: str, name: str, arguments: Mapping[str, Any]) -> None:
        """One request; what the central system then sends is seen on the wire."""
        wanted = self._config.commands.get(name)
        if wanted is None:
            raise Inconclusive(f"conform.yaml has no request for the command {name}")
        scope = Scope({"station": station_id, **arguments, "arguments": dict(arguments)})
        try:
            url, body = str(scope.fill(wanted.url)), scope.fill(wanted.body)
            answer = await self._client.request(
                wanted.method, url, json=body, headers=self._config.headers, timeout=TIMEOUT_S
            )
        except NoValueError as error:
            raise Inconclusive(
                f"the request for {name} names {error.name}, which the case does not give"
            ) from None
        except httpx.HTTPError as error:
            raise Inconclusive(f"the request for {name} failed: {error}") from None
        if answer.is_error:
            raise Inconclusive(f"the request for {name} was answered with {answer.status_code}")

    async def allow(self, token: str) -> None:
        """The tokens of conform.yaml are there before."""


class ClassCommands:
    """Implements `CsmsOperator` by a class of whoever tests."""

    def __init__(self, operator: OperatorClass) -> None:
        self._operator = operator

    async def command(self, station_id: str, name: str, arguments: Mapping[str, Any]) -> None:
        """What the class raises leaves the case open."""
        try:
            done = self._operator.command(station_id, name, arguments)
            if inspect.isawaitable(done):
                await done
        except Exception as error:
            raise Inconclusive(f"{type(self._operator).__name__}.command({name}) failed: {error}") from error

    async def allow(self, token: str) -> None:
        """The tokens of conform.yaml are there before."""


class PersonCommands:
    """Implements `CsmsOperator` by whoever sits at the terminal."""

    def __init__(self, prompter: Prompter, words: RunTexts) -> None:
        self._prompter = prompter
        self._words = words

    async def command(self, station_id: str, name: str, arguments: Mapping[str, Any]) -> None:
        """Done when Enter is pressed."""
        text = self._words.text(
            "do_operate", station=station_id, command=name, arguments=shown(arguments, 400)
        )
        if not self._prompter.is_interactive:
            raise Inconclusive(self._words.text("nobody_there", within="0 s", text=text))
        await self._prompter.request(text)

    async def allow(self, token: str) -> None:
        """The tokens of conform.yaml are there before."""


def operator_of(
    config: CsmsConfig, prompter: Prompter, words: RunTexts, client: httpx.AsyncClient
) -> CsmsOperator:
    """As conform.yaml says. Raises ConformError."""
    if config.rest is not None:
        return RestCommands(config.rest, client)
    if config.python is not None:
        return ClassCommands(_made(config.python))
    return PersonCommands(prompter, words)


def _made(name: str) -> OperatorClass:
    module, _, class_name = name.partition(":")
    try:
        made: OperatorClass = getattr(importlib.import_module(module), class_name)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise ConformError(f"{name} cannot be used as an operator: {error}; write module:Class") from None
    return made
