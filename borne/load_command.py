"""`borne load`: keep a central system busy with many light stations, and say what that took."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from borne.terminal import Terminal, complain, print_lines
from runtime.chance import SystemChance
from runtime.clock import SystemClock
from runtime.lifecycle import Stop, run_process
from simulator.load.errors import LoadError, TargetRefusedError
from simulator.load.plan import LoadPlan, Mix, check_target
from simulator.model.template import VERSIONS

FAILED, CANNOT_RUN, STOPPED = 1, 3, 130
DEFAULT_URL = "ws://127.0.0.1:9000/ocpp"
CLOSED_LOOP = "closed-loop"
STOP_WITHIN_S = 60.0


def load(
    url: Annotated[str, typer.Argument(help="Where stations connect, without a station id.")] = DEFAULT_URL,
    *,
    stations: Annotated[int, typer.Option(min=1, max=100_000, help="How many stations.")] = 200,
    seconds: Annotated[
        float, typer.Option(min=0.1, help="How long to make load once all are booted.")
    ] = 30.0,
    version: Annotated[str, typer.Option(help="OCPP version of the stations: 1.6 or 2.0.1.")] = "1.6",
    mix: Annotated[
        Mix, typer.Option(help="What they say; transactions are starts, meter values and ends.")
    ] = Mix.HEARTBEAT,
    rate: Annotated[
        str,
        typer.Option(help="Messages per second of all stations together; closed-loop: as fast as answered."),
    ] = CLOSED_LOOP,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the stations.")] = 1,
    connecting: Annotated[int, typer.Option(min=1, help="Stations that connect at the same time.")] = 200,
    prefix: Annotated[str, typer.Option(help="Station ids are PREFIX-00000 and so on.")] = "LOAD",
    password: Annotated[
        str | None,
        typer.Option(envvar="BORNE_LOAD_PASSWORD", help="Basic auth password of all stations."),
    ] = None,
    timeout_s: Annotated[
        float, typer.Option(min=0.1, help="How long an answer may take, in seconds.")
    ] = 30.0,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", help="Also write the figures to this file as JSON; - prints them."),
    ] = None,
    is_agreed: Annotated[
        bool, typer.Option("--yes-load-this-host", help="Allow a target that is not this machine.")
    ] = False,
) -> None:
    """Keep a central system busy with many light stations; print rate and latency of each action.

    Exit code 0 if every message was answered, 1 if any was not, 3 if the run could not begin, 130 after
    Ctrl-C, which prints what was measured until then.
    """
    try:
        check_target(url, is_agreed=is_agreed)
    except TargetRefusedError as error:
        raise typer.BadParameter(str(error)) from None
    if version not in VERSIONS:
        raise typer.BadParameter(f"--version is {' or '.join(VERSIONS)}, not {version}")
    plan = LoadPlan(
        url=url,
        version=VERSIONS[version],
        stations=stations,
        seconds=seconds,
        mix=mix,
        rate=_rate(rate),
        prefix=prefix,
        connecting=connecting,
        timeout_s=timeout_s,
        password=password,
    )

    async def run(stop: Stop) -> int:
        return await _run(plan, processes, json_file, stop)

    raise typer.Exit(run_process(run, stop_within_s=STOP_WITHIN_S))


async def _run(plan: LoadPlan, processes: int, json_file: Path | None, stop: Stop) -> int:
    """Conduct the run and print its report; the exit code."""
    from simulator.load.progress import ProgressBars
    from simulator.load.report import report_remarks, report_table
    from simulator.load.run import run_load

    prints_json = json_file == Path("-")
    console = Terminal(stderr=prints_json)
    try:
        with ProgressBars(plan, console) as bars:
            report = await run_load(
                plan, processes, bars.show, stop, clock=SystemClock(), chance=SystemChance()
            )
    except LoadError as error:
        complain(str(error))
        return CANNOT_RUN
    console.print(report_table(report))
    console.print(report_remarks(report), soft_wrap=True)
    if prints_json:
        print_lines(report.as_json())
    elif json_file is not None:
        await asyncio.to_thread(json_file.write_text, report.as_json() + "\n", encoding="utf-8")
    if report.is_stopped:
        return STOPPED
    return 0 if report.is_clean else FAILED


def _rate(text: str) -> float | None:
    if text == CLOSED_LOOP:
        return None
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < 1e7:
        raise typer.BadParameter(f"--rate is a number of messages per second or {CLOSED_LOOP}, not {text}")
    return rate
