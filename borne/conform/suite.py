"""Plays the chosen cases one after the other, against whom was asked for."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx

from borne.conform.config import ConformConfig
from borne.conform.operators import TIMEOUT_S, operator_of
from borne.rig.bench import OpenBench
from borne.run_central import central_system
from ocppj.aio.server import OcppServer
from runtime.client import ApiClient, ApiRefused
from runtime.clock import Clock, SystemClock
from runtime.virtual_time import VirtualClock, VirtualLoop, run_virtual
from simulator.conform.case import ConformCase, Side, case_ids, load_case, preparations
from simulator.conform.errors import ConformError
from simulator.conform.index import profiles, profiles_of
from simulator.conform.play import (
    STATION_PASSWORD,
    CaseSettings,
    CentralUnderTest,
    WiredPeers,
    WiredStation,
    not_applicable,
    play_central,
    play_simulated,
    play_wired,
    with_proof,
)
from simulator.conform.results import CaseResult
from simulator.conform.station_driver import CaseCentral
from simulator.scenario.station_drivers.driver import Prompter
from simulator.scenario.steps.run_context import CsmsOperator
from simulator.scenario.verdicts import Verdict
from simulator.scenario.words import RunTexts

CREDENTIALS = "A"
"""The block whose cases need a password; hashing one takes a while."""
Publish = Callable[[CaseResult], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which cases, and how. `only` are ids or beginnings of ids."""

    side: Side
    profiles: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    begin: str | None = None
    is_strict: bool = False
    proves: bool = False
    seed: int = 1


def chosen_cases(choice: Choice) -> list[ConformCase]:
    """In the order of their ids. Raises ConformError, ScenarioFileError."""
    wanted = [_profile(name) for name in choice.profiles]
    ids = [each for each in case_ids(choice.side) if not wanted or _is_in(each, choice.side, wanted)]
    if choice.only:
        beginnings = tuple(_beginning(each) for each in choice.only)
        ids = [each for each in ids if f"{each}_".startswith(tuple(f"{one}_" for one in beginnings))]
    if choice.begin is not None:
        begin = next((each for each in ids if each.startswith(_beginning(choice.begin))), None)
        if begin is None:
            raise ConformError(f"--from: there is no case {choice.begin} among those that were chosen")
        ids = ids[ids.index(begin) :]
    if not ids:
        raise ConformError("no case was chosen: borne conform --list shows those that there are")
    return [load_case(each, choice.side) for each in ids]


def _profile(name: str) -> str:
    known = {each.lower().replace(" ", "-"): each for each in profiles()}
    key = name.lower().replace(" ", "-").replace("_", "-")
    if key not in known:
        raise ConformError(f"there is no profile {name}; there are {', '.join(known)}")
    return known[key]


def _beginning(text: str) -> str:
    text = text.upper().removesuffix("_")
    return text if text.startswith("TC_") else f"TC_{text}"


def _is_in(case_id: str, side: Side, wanted: Sequence[str]) -> bool:
    return any(profile in wanted for profile in profiles_of(case_id, side))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The chosen cases, and what they are played with; each result is published as it comes."""

    cases: Sequence[ConformCase]
    config: ConformConfig
    choice: Choice
    words: RunTexts
    publish: Publish

    def settings(self, clock: Clock, number: int = 0) -> CaseSettings:
        """What a case has around it; another `number` makes other ids."""
        config, choice = self.config, self.choice
        return CaseSettings(
            clock=clock,
            words=self.words,
            seed=choice.seed + number,
            is_strict=choice.is_strict,
            values=config.values,
            tokens=config.token_values,
            features=config.features,
        )

    def simulated_station(self, template: str) -> list[CaseResult]:
        """All in virtual time: it takes as long as the machine computes."""

        async def play(loop: VirtualLoop) -> list[CaseResult]:
            settings = self.settings(VirtualClock(loop, SystemClock().now()))

            async def once(case: ConformCase, *, is_mutant: bool = False) -> CaseResult:
                return await play_simulated(case, template, settings, is_mutant=is_mutant)

            return await self._all(once)

        return run_virtual(play)

    async def wired_station(
        self, station_id: str, prompter: Prompter, bench: OpenBench | None = None
    ) -> list[CaseResult]:
        """In real time: the station dials the port of conform.yaml."""
        clock = SystemClock()
        peers = WiredPeers()
        bench = bench or OpenBench()
        password = self.config.station.password
        central = CaseCentral(station_id, peers.receiver, (password,) if password is not None else ())
        wired = WiredStation(
            station_id,
            peers,
            prompter,
            rig=bench.rig,
            password=password,
            password_changed=central.require if password is not None else None,
            seen=bench.hooks.listener(station_id) if bench.hooks is not None else None,
        )
        host, _, port = self.config.station.listen.rpartition(":")

        async def once(case: ConformCase, *, is_mutant: bool = False) -> CaseResult:
            return await play_wired(case, wired, self.settings(clock), is_mutant=is_mutant)

        async with OcppServer(central, clock=clock) as server:
            await server.listen(host, int(port))
            return await self._all(once)

    async def own_central(self) -> list[CaseResult]:
        """Against a server of this program, started for the purpose."""
        async with central_system(url=None, is_wired=False, wants_own=True, words=self.words) as central:
            if central.api is not None:
                await _make_tokens_known(central.api, self.config)
            return await self._central(central.ocpp_url, api=central.api)

    async def other_central(self, url: str, prompter: Prompter) -> list[CaseResult]:
        """Against any central system, operated as conform.yaml says."""
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            operator = operator_of(self.config.csms, prompter, self.words, client)
            return await self._central(url, operator=operator)

    async def _central(
        self, url: str, *, api: ApiClient | None = None, operator: CsmsOperator | None = None
    ) -> list[CaseResult]:
        numbers = itertools.count(1)

        async def once(case: ConformCase, *, is_mutant: bool = False) -> CaseResult:
            number = next(numbers)
            password = self.config.csms.password
            if api is not None and case.block == CREDENTIALS:
                password = STATION_PASSWORD
            central = CentralUnderTest(
                url=url,
                station_id=self._station_id(number),
                api=api,
                operator=operator,
                password=password,
            )
            return await play_central(
                case, central, self.settings(SystemClock(), number), is_mutant=is_mutant
            )

        return await self._all(once)

    def _station_id(self, number: int) -> str:
        given = self.config.csms.station_ids
        return given[(number - 1) % len(given)] if given else f"CONF-{number}"

    async def _all(self, once: "PlayOnce") -> list[CaseResult]:
        results = []
        for case in self.cases:
            result = not_applicable(case, self.settings(SystemClock()))
            if result is None:
                result = await once(case)
                if self.choice.proves and result.verdict is Verdict.PASSED:
                    result = with_proof(result, await once(case, is_mutant=True))
            results.append(result)
            self.publish(result)
        return results


class PlayOnce(Protocol):
    """Plays one case."""

    async def __call__(self, case: ConformCase, *, is_mutant: bool = False) -> CaseResult:
        """Against the other side, or against a mutant of it."""
        ...


async def _make_tokens_known(api: ApiClient, config: ConformConfig) -> None:
    """What the cases say of tokens must be what the central system knows of them."""
    tokens = {**preparations("csms").tokens, **config.token_values}
    for one in tokens.values():
        body = {"status": one.get("status", "Accepted"), "group_id_token": one.get("group")}
        try:
            await api.put(f"/tokens/{one['id_token']}", body)
        except ApiRefused as error:
            raise ConformError(f"the token {one['id_token']} cannot be made known: {error}") from None
