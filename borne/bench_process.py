"""`BenchProcess`: orders the worker of the bench about (`borne.bench_worker`), and keeps what it tells.

The worker is started with the first order and ends with the server. Where it ends by itself, its stations are
gone and its runs lost; the next order starts another.
"""

import asyncio
import json
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from access.control import AccessControl
from access.principals import Principal
from console.bench_runner import Hand, PlayableScenario, SimulatedEvse, SimulatedStation
from csms.central.records import StoredRecords
from csms.domain.audit import Change
from csms.domain.bench_runs import BenchRun, BenchRunState, BenchStep
from csms.domain.records import StationRecord
from csms.storage.bench_runs import find_bench_runs, lose_runs, one_bench_run, save_run
from ocppj.vocabulary import StationId
from runtime.audit import Act
from runtime.chance import SystemChance
from runtime.database import Database
from runtime.http import Problem
from runtime.lifecycle import Background
from runtime.logs import get_logger
from runtime.wording import Phrase, WayOut, verbatim

log = get_logger("borne.bench")

SIMULATED_MOST = 8
"""Simulated stations at once. Each has one of so many names, so that there are never more of them among the
stations that are known.
"""
RUNS_AT_ONCE = 2
ANSWER_WITHIN_S = 60.0
WRITE_EVERY_S = 0.3
LONGEST_LINE = 4 << 20
STATION_FACTS = ("version", "model", "is_powered", "is_connected", "is_accepted")
NAMES = tuple(f"sim-{number}" for number in range(1, SIMULATED_MOST + 1))
STOP_ONE = WayOut("Arrêtez-en une d'abord.", "Stop one first.", "/bench")
WAIT_FOR_IT = WayOut(
    "Attendez la fin de l'un d'eux, ou arrêtez-le.",
    "Wait until one ends, or stop it.",
    "/bench",
)
TRY_AGAIN = WayOut(
    "Recommencez; le journal du serveur dit pourquoi.",
    "Try again; the server's log says why.",
    "/bench",
)
SEE_IT = WayOut(
    "Voyez ce que fait la borne, et choisissez un autre geste.",
    "See what the station does, and choose another act.",
    "/bench",
)
FULL = Phrase(
    f"Les {SIMULATED_MOST} bornes simulées tournent déjà",
    f"All {SIMULATED_MOST} simulated stations run already",
)
BUSY = Phrase(f"{RUNS_AT_ONCE} scénarios se jouent déjà", f"{RUNS_AT_ONCE} scenarios are played already")
ENDED = Phrase("Le banc d'essai s'est arrêté", "The bench has stopped")


class BenchProcess:
    """Implements `console.bench_runner.BenchRunner`. `urls`: where stations connect, and where the API is."""

    def __init__(
        self,
        database: Database,
        records: StoredRecords,
        access: AccessControl,
        *,
        folder: Path | None = None,
        urls: Callable[[], tuple[str, str]],
    ) -> None:
        self._database, self._records, self._access = database, records, access
        self._clock, self._chance, self._urls, self._folder = access.clock, SystemChance(), urls, folder
        self._tasks = Background("bench process")
        self._process: Process | None = None
        self._starting = asyncio.Lock()
        self._answers: dict[int, asyncio.Future[str | None]] = {}
        self._number = 0
        self._stations: dict[str, SimulatedStation] = {}
        self._templates: dict[str, str] = {}
        self._runs: dict[str, BenchRun] = {}
        self._unwritten: dict[str, BenchRun] = {}

    async def __aenter__(self) -> "BenchProcess":
        now = self._clock.now()
        await self._database.run_write(lambda connection: lose_runs(connection, now))
        return self

    async def __aexit__(self, *_: object) -> None:
        process = self._process
        await self._tasks.close()
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()

    # What there is ------------------------------------------------------------------------------------

    @cached_property
    def templates(self) -> Sequence[tuple[str, str]]:
        """Name and version of the stations that can be started."""
        from simulator.model.template import (
            shipped_templates,  # reads files: only who looks at the page needs it
        )

        return [(name, f"OCPP {each.version}") for name, each in shipped_templates().items()]

    @cached_property
    def scenarios(self) -> Sequence[PlayableScenario]:
        """Those that ship, and those of one's own folder; one that cannot be read is left out, and logged."""
        from simulator.scenario.errors import ScenarioFileError
        from simulator.scenario.files import load_scenario, shipped_names

        own = sorted(map(str, self._folder.glob("*.yaml"))) if self._folder is not None else []
        found: list[PlayableScenario] = []
        for source in (*shipped_names(), *own):
            try:
                one = load_scenario(source)
            except ScenarioFileError as error:
                log.warning("scenario_unusable", file=source, reason=str(error))
                continue
            title = Phrase(one.title["fr"], one.title["en"])
            found.append(PlayableScenario(one.scenario, title, tuple(one.roles), source))
        return found

    def stations(self) -> Sequence[SimulatedStation]:
        """Those that run now, by id."""
        return [self._stations[name] for name in sorted(self._stations)]

    async def runs(self, limit: int) -> Sequence[BenchRun]:
        """The latest first."""
        found = await self._database.run_read(lambda connection: find_bench_runs(connection, limit))
        return [self._runs.get(each.run_id, each) for each in found]

    async def run(self, run_id: str) -> BenchRun | None:
        """One."""
        if run_id in self._runs:
            return self._runs[run_id]
        return await self._database.run_read(lambda connection: one_bench_run(connection, run_id))

    # Orders -------------------------------------------------------------------------------------------

    async def start(self, template: str, by: str) -> str:
        """Switch one on, known to the server as one that may connect; its id. Raises Problem."""
        free = [name for name in NAMES if name not in self._templates]
        if not free:
            raise Problem(409, "bench_full", FULL, STOP_ONE)
        station_id = free[0]
        self._templates[station_id] = template
        try:
            act = Act(station_id, self._clock.now(), by, Change.ADDED.value, "accept")
            await self._records.add_station(StationRecord(StationId(station_id), admission="accept"), act)
            await self._order({"do": "start", "station_id": station_id, "template": template})
        except BaseException:
            self._templates.pop(station_id, None)
            raise
        return station_id

    async def stop(self, station_id: str) -> None:
        """Switch it off. Raises Problem."""
        if station_id in self._templates:
            await self._order({"do": "stop", "station_id": station_id})
            self._templates.pop(station_id, None)
            self._stations.pop(station_id, None)

    async def use_hand(self, station_id: str, hand: Hand, evse_id: int, id_token: str) -> None:
        """Do something to it. Raises Problem."""
        order = {
            "do": "hand",
            "station_id": station_id,
            "hand": hand,
            "evse_id": evse_id,
            "id_token": id_token,
        }
        await self._order(order)

    async def begin_run(self, who: Principal, scenario: str, bindings: Sequence[str], language: str) -> str:
        """Play a scenario, with the rights of whoever asks; the id of the run. Raises Problem."""
        if len(self._runs) >= RUNS_AT_ONCE:
            raise Problem(409, "bench_busy", BUSY, WAIT_FOR_IT)
        run_id, chosen = (
            str(self._chance.uuid()),
            next(each for each in self.scenarios if each.name == scenario),
        )
        run = BenchRun(
            run_id=run_id,
            scenario=scenario,
            bindings=tuple(bindings),
            title=chosen.title.in_(language),
            begun_by=who.name,
            began_at=self._clock.now(),
        )
        self._runs[run_id] = run
        await self._database.run_write(lambda connection: save_run(connection, run))
        order = {
            "do": "run",
            "run_id": run_id,
            "scenario": chosen.source,
            "bindings": list(bindings),
            "language": language,
            "token": await self._access.begin_session(who),
        }
        try:
            await self._order(order)
        except Problem as problem:
            await self._end(run_id, BenchRunState.LOST, problem.text.en)
            raise
        return run_id

    async def end_run(self, run_id: str) -> None:
        """Stop it. Raises Problem."""
        if run_id in self._runs:
            await self._order({"do": "end-run", "run_id": run_id})

    async def prompt_done(self, run_id: str) -> None:
        """A person has done what it was asking for. Raises Problem."""
        if run_id in self._runs:
            await self._order({"do": "done", "run_id": run_id})

    async def _order(self, order: Mapping[str, Any]) -> None:
        """Have the worker do it. Raises Problem."""
        process = await self._running()
        self._number += 1
        number = self._number
        answered = self._answers[number] = asyncio.get_running_loop().create_future()
        try:
            if process.stdin is None:
                raise Problem(503, "bench_stopped", ENDED, TRY_AGAIN)
            process.stdin.write(json.dumps({"number": number, **order}).encode() + b"\n")
            await process.stdin.drain()
            async with self._clock.unscaled.timeout(ANSWER_WITHIN_S):
                fault = await answered
        except (OSError, TimeoutError) as error:
            raise Problem(503, "bench_stopped", ENDED, TRY_AGAIN) from error
        finally:
            self._answers.pop(number, None)
        if fault is not None:
            raise Problem(409, "bench_refused", verbatim(fault), SEE_IT)

    async def _running(self) -> Process:
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "borne.bench_worker",
                    *self._urls(),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    limit=LONGEST_LINE,
                    start_new_session=True,  # Ctrl-C is for the server, which ends it
                )
                self._tasks.start(self._read(self._process), name="bench worker")
            return self._process

    # News ---------------------------------------------------------------------------------------------

    async def _read(self, process: Process) -> None:
        """What it tells, until it ends."""
        if process.stdout is None:
            return
        writing = self._tasks.start(self._write_often(), name="bench runs")
        try:
            while line := await process.stdout.readline():
                self._receive(json.loads(line))
        except ValueError:
            log.exception("bench_worker_unreadable")
        finally:
            writing.cancel()
        log.warning("bench_worker_ended")
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await self._forget()

    async def _forget(self) -> None:
        """It is gone, and all that it had."""
        self._stations.clear()
        self._templates.clear()
        for answered in self._answers.values():
            if not answered.done():
                answered.set_result(ENDED.en)
        for run_id in list(self._runs):
            await self._end(run_id, BenchRunState.LOST, ENDED.en)

    def _receive(self, news: Mapping[str, Any]) -> None:
        match news["of"]:
            case "answer":
                answered = self._answers.get(news["number"])
                if answered is not None and not answered.done():
                    answered.set_result(news["fault"])
            case "station":
                self._note_station(news)
            case "gone":
                self._stations.pop(news["station_id"], None)
            case "run":
                self._note_run(news)

    def _note_station(self, news: Mapping[str, Any]) -> None:
        station_id = news["station_id"]
        if station_id not in self._templates:
            return
        evses = tuple(SimulatedEvse(**each) for each in news["evses"])
        facts = {
            name: news[name] for name in ("version", "model", "is_powered", "is_connected", "is_accepted")
        }
        self._stations[station_id] = SimulatedStation(
            station_id=station_id, template=self._templates[station_id], evses=evses, **facts
        )

    def _note_run(self, news: Mapping[str, Any]) -> None:
        run = self._runs.get(news["run_id"])
        if run is None:
            return
        is_over, verdict = news["is_over"], news["verdict"]
        state = BenchRunState.RUNNING
        if is_over:
            state = BenchRunState.OVER if verdict is not None else BenchRunState.LOST
            state = BenchRunState.STOPPED if news["reason"] == "stopped" else state
        run = replace(
            run,
            title=news["title"] or run.title,
            stations=tuple(news["stations"]),
            state=state,
            verdict=verdict,
            reason="" if state is BenchRunState.STOPPED else news["reason"],
            seconds=news["seconds"],
            prompt=news["prompt"],
            ended_at=self._clock.now() if is_over else None,
            steps=tuple(BenchStep(**{**each, "found": tuple(each["found"])}) for each in news["steps"]),
        )
        self._runs[run.run_id] = self._unwritten[run.run_id] = run

    async def _write_often(self) -> None:
        while True:
            await self._clock.unscaled.sleep(WRITE_EVERY_S)
            await self._write()

    async def _write(self) -> None:
        """What has moved on, all of it in one transaction."""
        unwritten, self._unwritten = self._unwritten, {}
        if not unwritten:
            return

        def write(connection: Connection) -> None:
            for run in unwritten.values():
                save_run(connection, run)

        await self._database.run_write(write)
        for run in unwritten.values():
            if run.ended_at is not None and self._runs.get(run.run_id) == run:
                del self._runs[run.run_id]

    async def _end(self, run_id: str, state: BenchRunState, reason: str) -> None:
        run = self._runs.pop(run_id, None)
        if run is not None:
            self._unwritten[run_id] = replace(
                run, state=state, reason=reason, prompt=None, ended_at=self._clock.now()
            )
            await self._write()
