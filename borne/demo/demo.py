"""`borne up --demo`: three simulated stations, the people around them, and a live table of it all.

Everything here stands outside the server: stations speak OCPP to it, people and the table its REST API.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from borne.app import RunningServer
from borne.demo.director import Director
from borne.demo.drivers import HANDS_S, Drivers
from borne.demo.opening import Opening
from borne.demo.plan import BOXES, DemoStation
from borne.demo.stage import Stage
from borne.demo.story import Story
from borne.invocation import command_for
from borne.language import Speech, speech_of
from borne.live_stations import LiveStations
from borne.live_table import Hints, Screen, screen_for, until_nobody_reads, watch
from borne.settings import ServerSettings
from borne.terminal import Terminal
from runtime.chance import SystemChance
from runtime.client import ApiClient, ApiError
from runtime.clock import Clock, SystemClock
from runtime.errors import RuntimeProblem, first_of
from runtime.lifecycle import Stop
from runtime.logs import configure_logs
from runtime.wording import Phrase
from simulator.errors import SimulatorError
from simulator.model.stored_state import StateFile
from simulator.model.template import StationTemplate, identify, load_template
from simulator.station.station import Station

PENDING_INTERVAL_S = 5
SAMPLE_INTERVAL_S = 5
POWER_UP_EVERY_S = 2.0


def demo_settings(settings: ServerSettings) -> ServerSettings:
    """The settings of a demo: short waits, a quarantine, few logs; what somebody chose stays."""
    wanted = {
        "pending_interval_s": PENDING_INTERVAL_S,
        "unknown": "quarantine",
        "log_level": "warning",
    }
    return settings.model_copy(
        update={name: value for name, value in wanted.items() if name not in settings.model_fields_set}
    )


async def run_demo(server: RunningServer, settings: ServerSettings, stop: Stop) -> int:
    """Play until `stop` is requested; the exit code. Raises RuntimeProblem with what stands in the way."""
    speech, clock = speech_of(), SystemClock()
    failure: BaseException | None = None
    try:
        async with ApiClient(server.http_url, server.token) as api:
            with until_nobody_reads(), _screen(settings, clock, speech, server.http_url) as screen:
                stage = Stage(
                    api=api,
                    live=LiveStations(api, clock),
                    story=Story(lambda line: screen.print_text(line, "bold"), speech.language),
                    speech=speech,
                    clock=clock,
                    chance=SystemChance(),
                )
                await Demo(stage, screen, server.ocpp_url, settings.var).play(stop)
    except* (SimulatorError, ApiError) as group:
        failure = first_of(group)
    if failure is not None:
        raise RuntimeProblem(
            Phrase(f"La démonstration ne peut pas continuer : {failure}", f"The demo cannot go on: {failure}")
        ) from failure
    return 0


class Demo:
    """The players and the stage. Files of the stations are in `var/demo`."""

    def __init__(self, stage: Stage, screen: Screen, ocpp_url: str, var: Path) -> None:
        self._stage, self._screen, self._ocpp_url, self._var = stage, screen, ocpp_url, var
        opening = Opening(stage)
        self._director = Director(stage, opening)
        self._drivers = Drivers(stage, opening)

    async def play(self, stop: Stop) -> None:
        """Everything at once, until `stop` is requested: to the stations that is a power cut."""
        async with asyncio.TaskGroup() as group:
            parts = (self._perform(), watch(self._stage.live, self._screen, self._stage.speech))
            tasks = [group.create_task(part) for part in parts]
            await stop.wait()
            for task in tasks:
                task.cancel()

    async def _perform(self) -> None:
        is_new = await self._director.prepare()
        if not is_new:
            self._stage.story.write("resumed", folder=self._var)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._director.run(), name="demo director")
            for box in BOXES:
                if is_new:
                    self._stage.story.write("powered" if box.claim_code else "powered_unordered", mac=box.mac)
                group.create_task(self._power_up(box), name=f"demo station {box.mac}")
                await self._stage.clock.sleep(POWER_UP_EVERY_S)

    async def _power_up(self, box: DemoStation) -> None:
        """A station and those who charge there."""
        template = demo_template(box)
        station = Station(
            template,
            identify(template, mac=box.mac),
            url=self._ocpp_url,
            clock=self._stage.clock,
            chance=self._stage.chance,
            state_file=StateFile(self._var / "demo" / f"{box.station_id}.json"),
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(station.run(), name=f"station {box.mac}")
            for evse_id in range(1, len(template.evses) + 1):
                group.create_task(
                    self._drivers.visit(box, station, evse_id), name=f"cars at {box.mac}, EVSE {evse_id}"
                )
                await self._stage.clock.sleep(HANDS_S)


def demo_template(box: DemoStation) -> StationTemplate:
    """The box's template, telling its meter's values often enough for people who watch."""
    template = load_template(box.template)
    often = {"SampledDataCtrlr.TxUpdatedInterval": str(SAMPLE_INTERVAL_S)}
    return template.model_copy(update={"variables": template.variables | often})


@contextmanager
def _screen(settings: ServerSettings, clock: Clock, speech: Speech, http_url: str) -> Iterator[Screen]:
    """The live table, with the server's log lines above it rather than through it."""
    console = speech.text("console", url=http_url, file=settings.var / "token")
    hints = Hints(command_for(settings), (console, speech.text("stop")))
    try:
        with screen_for(Terminal(), clock, speech, hints) as screen:
            configure_logs(settings.log_level, settings.log_format)  # the table stands in for stderr now
            yield screen
    finally:
        configure_logs(settings.log_level, settings.log_format)
