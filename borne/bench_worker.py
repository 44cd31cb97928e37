"""The process of the bench: simulated stations with their hands, and scenarios, as a server orders them.

It stands apart, so that nothing of it takes time from real stations, and so that what goes wrong in it ends
nothing but itself. Orders come as JSON lines on the standard input, news goes as JSON lines to the standard
output: `{"do": "start", …}`, `{"of": "station", …}`. It ends when the input does, whoever started it being
gone.

::

    python -m borne.bench_worker ws://127.0.0.1:9000/ocpp http://127.0.0.1:8080
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from ocppj.timestamps import time_to_wire
from runtime.chance import SystemChance
from runtime.client import ApiClient
from runtime.clock import SystemClock
from runtime.lifecycle import Background
from simulator.errors import SimulatorError
from simulator.model.template import identify, load_template
from simulator.scenario.bindings import bind_roles, parse_binding
from simulator.scenario.errors import BindingError, CannotRunError, ScenarioFileError
from simulator.scenario.files import load_scenario
from simulator.scenario.run import RunListener, RunSettings, run_scenario
from simulator.scenario.station_drivers.driver import StationDriver
from simulator.scenario.verdicts import RunResult, StepResult
from simulator.station.station import Station

LOOK_EVERY_S = 0.5
"""A station that has changed is told of so late at most."""
LONGEST_LINE = 1 << 20
FRAMES_KEPT = 0
"""The server has a wire log."""
SIMULATED_PACE = 20.0
LARGEST_SEED = 999_999
REFUSED = (SimulatorError, BindingError, CannotRunError, ScenarioFileError)
Order = Mapping[str, Any]


@dataclass(slots=True)
class _Simulated:
    station: Station
    task: "asyncio.Task[object]"
    shown: dict[str, Any] = field(default_factory=dict)


class BenchWorker:
    """Does what it is ordered to, and writes news through `write`."""

    def __init__(self, ocpp_url: str, api_url: str, write: Callable[[dict[str, Any]], None]) -> None:
        self._ocpp_url, self._api_url, self._write = ocpp_url, api_url, write
        self._clock, self._chance = SystemClock(), SystemChance()
        self._stations: dict[str, _Simulated] = {}
        self._runs: dict[str, BenchRunView] = {}
        self._playing: dict[str, asyncio.Task[object]] = {}
        self._tasks = Background("bench")
        self._orders: dict[str, Callable[[Order], Awaitable[None]]] = {
            "start": self._start,
            "stop": self._stop,
            "hand": self._use_hand,
            "run": self._run,
            "end-run": self._end_run,
            "done": self._prompt_done,
        }

    async def close(self) -> None:
        """Switch everything off."""
        await self._tasks.close()

    def watch(self) -> None:
        """Tell of stations as they change, from now on."""
        self._tasks.start(self._look(), name="look")

    def accept(self, order: Order) -> None:
        """One beside the others: a token may wait for its verdict."""
        self._tasks.start(self.obey(order), name=order["do"])

    async def obey(self, order: Order) -> None:
        """Do it, and say whether it was done."""
        fault = None
        try:
            await self._orders[order["do"]](order)
        except REFUSED as error:
            fault = str(error)
        self._write({"of": "answer", "number": order["number"], "fault": fault})

    # Stations -----------------------------------------------------------------------------------------

    async def _start(self, order: Order) -> None:
        station_id = order["station_id"]
        if station_id in self._stations:
            return
        template = load_template(order["template"])
        identity = identify(template, chance=self._chance, station_id=station_id)
        station = Station(
            template,
            identity,
            url=self._ocpp_url,
            clock=self._clock,
            chance=self._chance,
            frames_kept=FRAMES_KEPT,
        )
        task = self._tasks.start(station.run(), name=f"station {station_id}")
        self._stations[station_id] = _Simulated(station, task)
        self._show(station_id)

    async def _stop(self, order: Order) -> None:
        simulated = self._stations.pop(order["station_id"], None)
        if simulated is not None:
            simulated.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await simulated.task
        self._write({"of": "gone", "station_id": order["station_id"]})

    async def _use_hand(self, order: Order) -> None:
        simulated = self._stations.get(order["station_id"])
        if simulated is None:
            raise CannotRunError(f"{order['station_id']} is not running")
        await _use(simulated.station, order["hand"], order["evse_id"], order.get("id_token", ""))
        self._show(order["station_id"])

    async def _look(self) -> None:
        while True:
            await self._clock.sleep(LOOK_EVERY_S)
            for station_id in list(self._stations):
                self._show(station_id)

    def _show(self, station_id: str) -> None:
        simulated = self._stations[station_id]
        shown = _shown(simulated.station)
        if shown != simulated.shown:
            simulated.shown = shown
            self._write({"of": "station", "station_id": station_id, **shown})

    # Runs ---------------------------------------------------------------------------------------------

    async def _run(self, order: Order) -> None:
        """Begin; what comes of it is told as it comes."""
        scenario = load_scenario(order["scenario"])
        bindings = [parse_binding(each) for each in order["bindings"]]
        roles = bind_roles(scenario, bindings)[0]
        view = self._runs[order["run_id"]] = BenchRunView(order["run_id"], self._clock, self._write)
        settings = RunSettings(
            ocpp_url=self._ocpp_url,
            api=ApiClient(self._api_url, order["token"]),
            prompter=view,
            people=self._clock,
            language=order["language"],
            factor=SIMULATED_PACE,
            seed=self._chance.integer(1, LARGEST_SEED),
            evidence=[view],
        )

        async def play() -> None:
            fault = None
            try:
                async with settings.api:  # type: ignore[union-attr] # it was made above
                    await run_scenario(scenario, roles, settings, view)
            except asyncio.CancelledError:
                fault = "stopped"
            except Exception as error:  # noqa: BLE001 - whatever it was, its run is over and says why
                fault = str(error) or type(error).__name__
            view.over(fault)
            self._runs.pop(order["run_id"], None)
            self._playing.pop(order["run_id"], None)

        self._playing[order["run_id"]] = self._tasks.start(play(), name=f"run {order['run_id']}")

    async def _end_run(self, order: Order) -> None:
        task = self._playing.get(order["run_id"])
        if task is not None:
            task.cancel()

    async def _prompt_done(self, order: Order) -> None:
        view = self._runs.get(order["run_id"])
        if view is not None:
            view.done()


class BenchRunView(RunListener):
    """A run as the server is told of it: all of it anew after each step. Implements `Prompter` and
    `EvidenceKeeper` too: what a person has to do is shown on the page, which has a button for *done*.
    """

    is_interactive = True

    def __init__(self, run_id: str, clock: SystemClock, write: Callable[[dict[str, Any]], None]) -> None:
        self._run_id, self._clock, self._write = run_id, clock, write
        self._result: RunResult | None = None
        self._prompt: str | None = None
        self._pressed: asyncio.Event = asyncio.Event()
        self._stations: list[str] = []
        self._ended: dict[str, str] = {}

    def run_began(self, drivers: Mapping[str, StationDriver]) -> None:
        """Which stations play."""
        self._stations = [each.station_id for each in drivers.values()]

    def run_ended(self, result: RunResult, drivers: Mapping[str, StationDriver] | None = None) -> None:
        """Its verdict is there; told with its end."""

    def run_started(self, run: RunResult) -> None:
        """Its steps follow."""
        self._result = run

    def step_started(self, step: StepResult) -> None:  # noqa: ARG002 - the run is told of as a whole
        """It is the one that is played now."""
        self._publish()

    def step_ended(self, step: StepResult) -> None:
        """When: by that its frames are found."""
        self._ended[step.number] = time_to_wire(self._clock.now())
        self._publish()

    async def request(self, text: str) -> None:
        """Something for a person to do, until they say that it is done, or it is seen on the wire."""
        self._prompt = text
        self._pressed.clear()
        self._publish()
        try:
            await self._pressed.wait()
        finally:
            self._prompt = None
            self._publish()

    def done(self) -> None:
        """A person says so."""
        self._pressed.set()

    def over(self, fault: str | None) -> None:
        """Nothing more comes of it."""
        self._prompt = None
        self._publish(is_over=True, fault=fault)

    def _publish(self, *, is_over: bool = False, fault: str | None = None) -> None:
        run = self._result
        steps = [*run.steps, *run.cleanup] if run is not None else []
        self._write(
            {
                "of": "run",
                "run_id": self._run_id,
                "title": run.title if run is not None else "",
                "stations": self._stations,
                "verdict": run.verdict.value if run is not None and is_over and fault is None else None,
                "reason": fault or (run.reason if run is not None else ""),
                "seconds": run.seconds if run is not None else 0.0,
                "prompt": self._prompt,
                "is_over": is_over,
                "steps": [each for step in steps for each in self._lines(step)],
            }
        )

    def _lines(self, step: StepResult) -> list[dict[str, Any]]:
        one = {
            "number": step.number,
            "title": step.title,
            "verdict": step.verdict.value if step.verdict is not None else None,
            "seconds": round(step.seconds, 1),
            "text": step.text,
            "expected": step.expected,
            "found": [*step.found, *(each.text for each in step.mistakes)],
            "advice": step.advice,
            "is_group": step.is_group,
            "ended_at": self._ended.get(step.number),
        }
        return [one, *(each for inner in step.steps for each in self._lines(inner))]


def _shown(station: Station) -> dict[str, Any]:
    now = station.snapshot()
    return {
        "version": now.version.label,
        "model": now.model,
        "is_powered": now.is_powered,
        "is_connected": now.is_connected,
        "is_accepted": now.is_accepted,
        "evses": [
            {
                "evse_id": each.evse_id,
                "power_w": each.power_w,
                "energy_wh": each.energy_wh,
                "transaction_id": each.transaction_id,
                "id_token": each.id_token,
                "state": now.connector(each.evse_id).state.value,
                "is_plugged": now.connector(each.evse_id).is_plugged,
                "error": now.connector(each.evse_id).error,
            }
            for each in now.evses
        ],
    }


async def _use(station: Station, hand: str, evse_id: int, id_token: str) -> None:
    """What a person does at the box. Raises SimulatorError."""
    match hand:
        case "plug":
            station.plug(evse_id)
        case "unplug":
            station.unplug(evse_id)
        case "present":
            await station.present(id_token, evse_id)
        case "fault":
            station.fault(evse_id=evse_id)
        case "repair":
            station.clear_fault(evse_id)
        case "power-off":
            station.power_cut(None)
        case "power-on":
            station.power_back()
        case "network-off":
            station.drop_link()
        case "network-on":
            station.restore_link()
        case "restart":
            station.reset()


async def work(ocpp_url: str, api_url: str, out: TextIO) -> None:
    """Until the standard input ends."""

    def write(news: dict[str, Any]) -> None:
        out.write(json.dumps(news) + "\n")
        out.flush()

    worker = BenchWorker(ocpp_url, api_url, write)
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    worker.watch()
    try:
        while line := await reader.readline():
            worker.accept(json.loads(line))
    finally:
        await worker.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], sys.stdout))
