"""Has a hand's work done: by a command, an HTTP request, or a Python function."""

import asyncio
import contextlib
import importlib
import inspect
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from borne.environment import RIG_PREFIX
from borne.rig.config import RigAct, RigConfig, RigRequest
from runtime.clock import Clock
from simulator.scenario.hands import HandAction, RigFailedError
from simulator.scenario.scope import NoValueError, Scope

RESTART, IN_TWO = "restart", ("power_off", "power_on")
"""A restart that has no entry of its own is done in two steps."""
SHOWN_OF_OUTPUT = 300
"""Characters of what a command printed."""


class BenchRig:
    """Implements `simulator.scenario.hands.Rig` by rig.yaml; commands run in its folder."""

    def __init__(self, config: RigConfig, folder: Path, clock: Clock) -> None:
        self._config = config
        self._folder = folder
        self._clock = clock

    def can(self, name: str) -> bool:
        """What is mapped to a person, or to nothing, is asked of a person."""
        return isinstance(self._config.hands.get(name), RigAct) or self._is_restart_in_two(name)

    def _is_restart_in_two(self, name: str) -> bool:
        hands = self._config.hands
        return (
            name == RESTART
            and name not in hands
            and all(isinstance(hands.get(each), RigAct) for each in IN_TWO)
        )

    async def act(self, action: HandAction) -> None:
        """Do it. Raises RigFailedError."""
        if self._is_restart_in_two(action.name):
            for name in IN_TWO:
                await self.act(replace(action, name=name))
            return
        how = self._config.hands.get(action.name)
        if not isinstance(how, RigAct):
            raise RigFailedError(f"rig.yaml has nothing for {action.name}")
        await perform(how, action, self._folder, self._clock)


async def perform(how: RigAct, action: HandAction, folder: Path, clock: Clock) -> None:
    """In the time that it has. Raises RigFailedError."""
    try:
        async with clock.timeout(how.within):
            if how.command is not None:
                await _command(how.command, action, folder)
            elif how.http is not None:
                await _request(how.http, action)
            else:
                await _function(str(how.python), action, folder)
    except TimeoutError:
        raise RigFailedError(f"it was not done within {how.within:g} s") from None
    except NoValueError as error:
        raise RigFailedError(f"it names ${{{error.name}}}, which {action.name} does not give") from None


async def _command(words: tuple[str, ...], action: HandAction, folder: Path) -> None:
    """Each word stays one word, whatever is filled in; no shell reads it. It ends with its time."""
    scope = Scope(action.values)
    filled = [str(scope.fill(word)) for word in words]
    try:
        process = await asyncio.create_subprocess_exec(
            *filled,
            cwd=folder,
            env={**os.environ, **_environment(action.values)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise RigFailedError(f"{filled[0]} cannot be run: {error.strerror or error}") from None
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode:
        said = output.decode("utf-8", "replace").strip()[-SHOWN_OF_OUTPUT:]
        raise RigFailedError(f"{filled[0]} ended with {process.returncode}{': ' if said else ''}{said}")


def _environment(values: Mapping[str, Any]) -> dict[str, str]:
    """`HAND`, `STATION`, `TOKEN`… behind the prefix of rigs, for scripts."""
    return {f"{RIG_PREFIX}{name.upper()}": str(value) for name, value in values.items() if value is not None}


async def _request(wanted: RigRequest, action: HandAction) -> None:
    scope = Scope(action.values)
    try:
        async with httpx.AsyncClient(timeout=None) as client:  # noqa: S113 - `perform` has the time
            answer = await client.request(
                wanted.method,
                str(scope.fill(wanted.url)),
                json=scope.fill(wanted.body),
                headers=wanted.headers,
            )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RigFailedError(f"{wanted.url} cannot be asked: {error}") from None
    if answer.is_error:
        raise RigFailedError(f"{wanted.url} answered with {answer.status_code}")


async def _function(name: str, action: HandAction, folder: Path) -> None:
    """One that blocks, as those of labgrid do, has a thread of its own."""
    function = load_function(name, folder)
    try:
        if inspect.iscoroutinefunction(function):
            await function(action)
        else:
            await asyncio.to_thread(function, action)
    except Exception as error:
        raise RigFailedError(f"{name} failed: {str(error) or type(error).__name__}") from error


def load_function(name: str, folder: Path) -> Any:
    """`module:function`, also from the folder of rig.yaml. Raises RigFailedError."""
    module, _, path = name.partition(":")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        found: Any = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise RigFailedError(f"{name} cannot be used: {error}") from None
    return found
