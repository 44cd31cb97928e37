"""`borne conform`: the open test bench. Cases of OCPP 2.0.1 against a station or a central system."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from borne.language import speech_of
from borne.terminal import Terminal, complain, one_line, print_json, print_text
from runtime.client import ApiError
from runtime.errors import RuntimeProblem
from runtime.lifecycle import Background, Stop, run_process
from runtime.logs import configure_logs
from simulator.conform.errors import ConformError
from simulator.scenario.errors import ScenarioError
from simulator.scenario.values import Language

if TYPE_CHECKING:
    from borne.conform.config import ConformConfig
    from borne.conform.suite import Choice, Suite
    from simulator.conform.case import ConformCase, Side
    from simulator.conform.results import CaseResult

WRONG_USAGE, STOPPED = 2, 130
STOP_WITHIN_S = 5.0

Station = Annotated[
    str | None,
    typer.Option(
        help="Play the station cases: sim:TEMPLATE, or wire:STATION-ID for one that dials the tool."
    ),
]
Csms = Annotated[
    str | None,
    typer.Option(
        help="Play the central-system cases against this one, ws://HOST:PORT/PATH; by default against ours."
    ),
]
Profiles = Annotated[
    list[str] | None, typer.Option("--profile", help="Only the cases of this profile; repeatable.")
]
Only = Annotated[
    list[str] | None, typer.Option(help="Only these cases, by id or its beginning (B_2, TC_B_20).")
]
From = Annotated[str | None, typer.Option("--from", help="Begin with this case.")]
Strict = Annotated[
    bool, typer.Option("--strict", help="What the official tool alone wants is a failure too.")
]
Prove = Annotated[
    bool,
    typer.Option(
        "--prove", help="Play each case once more, against a side that lacks what it validates: it must fail."
    ),
]
Init = Annotated[bool, typer.Option("--init", help="Write a commented conform.yaml, and leave.")]
Config = Annotated[
    Path | None, typer.Option(help="The configuration; conform.yaml where it is there.", dir_okay=False)
]
Junit = Annotated[Path | None, typer.Option(help="Write the results as JUnit XML.", dir_okay=False)]
Html = Annotated[Path | None, typer.Option(help="Write the results as one HTML file.", dir_okay=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print the results as JSON.")]
RigFile = Annotated[
    Path | None,
    typer.Option(help="Which machine is which hand; rig.yaml where it is there.", dir_okay=False),
]
IsList = Annotated[bool, typer.Option("--list", help="List the cases that were chosen, and leave.")]
Lang = Annotated[str | None, typer.Option(help="fr or en; by default the terminal's language.")]
Seed = Annotated[int, typer.Option(min=0, help="Makes the same stations and ids again.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformOptions:
    """What was asked for on the command line."""

    station: str | None
    csms: str | None
    language: Language
    junit: Path | None
    html: Path | None
    prints_json: bool
    rig: Path | None = None


def conform(
    *,
    station: Station = None,
    csms: Csms = None,
    profile: Profiles = None,
    only: Only = None,
    begin: From = None,
    is_strict: Strict = False,
    proves: Prove = False,
    wants_file: Init = False,
    config: Config = None,
    junit: Junit = None,
    html: Html = None,
    prints_json: AsJson = False,
    rig: RigFile = None,
    is_list: IsList = False,
    lang: Lang = None,
    seed: Seed = 1,
) -> None:
    """Play the cases of the OCPP 2.0.1 test specification, and say what came of each.

    Without `--station` the tool plays the station, against a central system: ours, started for the purpose,
    or `--csms`. Exit code 0 if all passed, 1 if one failed, 2 for a wrong option or file, 3 if something
    could not be judged, 130 after Ctrl-C. This is no certification.
    """
    from borne.conform.suite import Choice

    if station is not None and csms is not None:
        raise typer.BadParameter("--station and --csms: the tool plays one side at a time")
    if lang not in (None, "fr", "en"):
        raise typer.BadParameter(f"--lang is fr or en, not {lang}")
    side: Side = "csms" if station is None else "cs"
    choice = Choice(
        side=side,
        profiles=tuple(profile or ()),
        only=tuple(only or ()),
        begin=begin,
        is_strict=is_strict,
        proves=proves,
        seed=seed,
    )
    options = ConformOptions(
        station=station,
        csms=csms,
        language="fr" if speech_of(lang).language == "fr" else "en",
        junit=junit,
        html=html,
        prints_json=prints_json,
        rig=rig,
    )
    try:
        if wants_file:
            raise typer.Exit(_write_first_file(options, choice, config))
        raise typer.Exit(_conform(options, choice, config, is_list=is_list))
    except ScenarioError as error:
        complain(*str(error).splitlines())
        raise typer.Exit(WRONG_USAGE) from None


def _write_first_file(options: ConformOptions, choice: "Choice", file: Path | None) -> int:
    """A station is asked for its device model, which answers for some of its features."""
    from borne.conform.config import DEFAULT_FILE, ConformConfig
    from borne.conform.first_file import first_file
    from simulator.conform.declared import declared_features, inventory_case

    path = file or DEFAULT_FILE
    if path.exists():
        raise ConformError(f"{path} is there already; name another one with --config")
    features: dict[str, bool] = {}
    if options.station is not None:
        configure_logs("error")
        view = _View(options)
        suite = _suite([inventory_case()], options, ConformConfig(), choice, view)
        results: list[CaseResult] = []
        if options.station.startswith("sim:"):
            results = _simulated_results(suite, options)
        else:
            run_process(lambda stop: _until(suite, options, view, stop, results), stop_within_s=STOP_WITHIN_S)
        if not results or results[0].culprit is not None:
            raise ConformError("the station did not tell its device model")
        features = declared_features(results[0].frames)
    path.write_text(first_file(choice.side, features), encoding="utf-8")
    print_text(str(path))
    return 0


def _conform(options: ConformOptions, choice: "Choice", file: Path | None, *, is_list: bool) -> int:
    from borne.conform.config import read_config
    from borne.conform.suite import chosen_cases

    config = read_config(file)
    cases = chosen_cases(choice)
    if is_list:
        _print_cases(cases)
        return 0
    configure_logs("error")
    view = _View(options)
    suite = _suite(cases, options, config, choice, view)
    if options.station is not None and options.station.startswith("sim:"):
        return _simulated(suite, options)
    return run_process(lambda stop: _until(suite, options, view, stop), stop_within_s=STOP_WITHIN_S)


def _suite(
    cases: "Sequence[ConformCase]",
    options: ConformOptions,
    config: "ConformConfig",
    choice: "Choice",
    view: "_View",
) -> "Suite":
    from borne.conform.suite import Suite
    from simulator.scenario.words import RunTexts

    words = RunTexts(options.language)
    return Suite(cases=cases, config=config, choice=choice, words=words, publish=view.publish)


def _simulated_results(suite: "Suite", options: ConformOptions) -> "list[CaseResult]":
    """All on a loop of its own, which never waits."""
    from simulator.errors import SimulatorError

    try:
        return suite.simulated_station(str(options.station).removeprefix("sim:"))
    except SimulatorError as error:
        raise ConformError(str(error)) from None


def _simulated(suite: "Suite", options: ConformOptions) -> int:
    try:
        results = _simulated_results(suite, options)
    except KeyboardInterrupt:
        return STOPPED
    return _report(options, suite.choice, results)


async def _until(
    suite: "Suite",
    options: ConformOptions,
    view: "_View",
    stop: Stop,
    kept: "list[CaseResult] | None" = None,
) -> int:
    """Play, or until stopped; a report is written unless the results are kept for somebody."""
    results: list[CaseResult] = [] if kept is None else kept

    async def play() -> None:
        results.extend(await _played(suite, options, view))

    async with Background("conform") as tasks:
        playing, stopping = tasks.start(play()), tasks.start(stop.wait())
        await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            return STOPPED
        try:
            await playing
        except (ScenarioError, ApiError, RuntimeProblem, OSError) as error:
            complain(*str(error).splitlines())
            return WRONG_USAGE
    return 0 if kept is not None else _report(options, suite.choice, results)


async def _played(suite: "Suite", options: ConformOptions, view: "_View") -> "list[CaseResult]":
    from borne.prompts import TerminalPrompter
    from borne.rig.bench import open_bench
    from runtime.clock import SystemClock

    prompter = TerminalPrompter(view.show_prompt, lambda: None)
    if options.station is not None:
        kind, _, station_id = options.station.partition(":")
        if kind != "wire" or not station_id:
            raise ConformError(f"--station is sim:TEMPLATE or wire:STATION-ID, not {options.station}")
        async with open_bench(options.rig, SystemClock(), view.show_note) as bench:
            return await suite.wired_station(station_id, prompter, bench)
    url = options.csms or suite.config.csms.url
    return await (suite.own_central() if url is None else suite.other_central(url, prompter))


_SIGNS = {
    "passed": ("✓", "green"),
    "failed": ("✗", "red"),
    "not applicable": ("-", "dim"),
    "inconclusive": ("?", "yellow"),
}


class _View:
    """One line for each case, as it ends."""

    def __init__(self, options: ConformOptions) -> None:
        self._terminal = Terminal(stderr=options.prints_json)

    def publish(self, result: "CaseResult") -> None:
        """A case has ended."""
        sign, style = _SIGNS[result.verdict.value]
        line = f"{sign} {result.case_id:<14} {result.title}"
        self._terminal.print(one_line(line, style), soft_wrap=True)
        if result.why:
            self._terminal.print(one_line(f"    {result.why}", style), soft_wrap=True)
        if result.proved is False:
            self._terminal.print(one_line(f"    proves nothing: {result.proof}", "red"), soft_wrap=True)
        for warning in result.warnings:
            text = f"    wanted by the official tool only: {warning.title}: {warning.text}"
            self._terminal.print(one_line(text, "yellow"), soft_wrap=True)

    def show_note(self, text: str) -> None:
        """What a frame has set off."""
        self._terminal.print(one_line(f"  ➜ {text}", "dim"), soft_wrap=True)

    def show_prompt(self, text: str) -> None:
        """Somebody must do something."""
        self._terminal.print(one_line(f"  ➜ {text}", "bold"), soft_wrap=True)


def _report(options: ConformOptions, choice: "Choice", results: "Sequence[CaseResult]") -> int:
    from borne.conform.html_report import conform_html
    from borne.conform.reports import conform_json, conform_junit
    from simulator.conform.results import EDITION, NO_CERTIFICATION, count_profiles, exit_code
    from simulator.scenario.words import RunTexts

    against = options.station or options.csms or "this program's own central system"
    if options.junit is not None:
        _write(options.junit, conform_junit(choice.side, results, RunTexts(options.language)))
    if options.html is not None:
        _write(options.html, conform_html(choice.side, results, f"Against {against}, seed {choice.seed}."))
    if options.prints_json:
        print_json(conform_json(choice.side, results))
    terminal = Terminal(stderr=options.prints_json)
    terminal.print()
    for each in count_profiles(choice.side, results):
        terminal.print(one_line(each.line, "bold"), soft_wrap=True)
    if choice.proves:
        proved = sum(each.proved is True for each in results)
        unproved = [each.case_id for each in results if each.proved is False]
        missing = f"; these prove nothing: {', '.join(unproved)}" if unproved else ""
        terminal.print(one_line(f"{proved} cases fail against their mutant{missing}", "bold"), soft_wrap=True)
    terminal.print(one_line(f"{EDITION}. {NO_CERTIFICATION}", "dim"), soft_wrap=True)
    return exit_code(results)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConformError(f"{file} cannot be written: {error.strerror or error}") from None


def _print_cases(cases: "Sequence[ConformCase]") -> None:
    from simulator.conform.index import profiles_of

    table = Table(box=None, show_header=False, pad_edge=False)
    for case in cases:
        needs = ", ".join(f"{name} {need}" for name, need in profiles_of(case.case_id, case.side).items())
        table.add_row(one_line(case.case_id, "bold"), one_line(case.title), one_line(needs, "dim"))
    Terminal().print(table)
