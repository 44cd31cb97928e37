"""`borne run`: play scenarios against simulated or real stations, and say what came of it."""

import asyncio
import sys
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.console import Console
from rich.table import Table

from borne.language import speech_of
from borne.terminal import Terminal, complain, one_line, print_json
from runtime.chance import SystemChance
from runtime.client import ApiError
from runtime.clock import SystemClock
from runtime.errors import RuntimeProblem
from runtime.lifecycle import Background, Stop, run_process
from runtime.logs import configure_logs
from simulator.scenario.errors import BindingError, CannotRunError, ScenarioFileError
from simulator.scenario.values import Language

if TYPE_CHECKING:
    from borne.certificate.certifier import RunCertifier
    from borne.run_evidence import RunEvidence
    from simulator.scenario.bindings import Binding
    from simulator.scenario.document import Scenario
    from simulator.scenario.verdicts import RunResult
    from simulator.scenario.words import RunTexts

DEFAULT_FOLDER = Path("borne-run")
FAILED, WRONG_USAGE, CANNOT_RUN, STOPPED = 1, 2, 3, 130
SIMULATED_PACE = 20.0
"""How much faster than people's time runs go in which every station is simulated."""
STOP_WITHIN_S = 5.0
LARGEST_SEED = 999_999


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What was asked for on the command line."""

    scenarios: tuple[str, ...]
    bindings: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    url: str | None = None
    wants_own_server: bool = False
    fast: float | None = None
    seed: int = 1
    language: Language = "en"
    junit: Path | None = None
    certificate: Path | None = None
    signing_key: Path | None = None
    keep: Path | None = None
    rig: Path | None = None
    prints_json: bool = False


Bindings = Annotated[
    list[str] | None,
    typer.Option(
        help="Who plays a role: a=sim:TEMPLATE, or a=wire:STATION-ID for a station that is connected to "
        "the central system. Twice for the same role: one run each."
    ),
]
Values = Annotated[
    list[str] | None, typer.Option("--set", help="Give a variable of the scenario a value: name=value.")
]
Url = Annotated[
    str | None,
    typer.Option(help="Where simulated stations connect, without a station id: any central system's."),
]
KeepFolder = Annotated[
    Path | None,
    typer.Option(
        help="Where the frames of a run that does not pass are kept, and the log of a server that was "
        "started for it; a server that ran before has its own log.",
        file_okay=False,
    ),
]
CertificateFile = Annotated[
    Path | None,
    typer.Option(
        help="Write a signed certificate of the run to this file, its frames and a PDF beside it.",
        dir_okay=False,
    ),
]
SigningKey = Annotated[
    Path | None,
    typer.Option(
        help="The key that signs it (Ed25519, PEM), made where there is none; var/certificate-key.pem "
        "by default.",
        dir_okay=False,
    ),
]
RigFile = Annotated[
    Path | None,
    typer.Option(help="Which machine is which hand; rig.yaml where it is there.", dir_okay=False),
]
Speed = Annotated[
    float | None,
    typer.Option(
        min=0.1, max=1000, help="How much faster than real time simulated stations live; by default 20."
    ),
]
Seed = Annotated[
    int | None, typer.Option(min=0, help="Makes the same stations and ids again; by default by chance.")
]
NoKeep = Annotated[bool, typer.Option("--no-keep", help="Keep nothing of a run that does not pass.")]


def run(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(help="Names of scenarios that ship, or files.", metavar="[SCENARIO]..."),
    ] = None,
    *,
    bind: Bindings = None,
    values: Values = None,
    url: Url = None,
    wants_own_server: Annotated[
        bool,
        typer.Option("--own-server", help="Start a server for these runs alone, even if one is running."),
    ] = False,
    fast: Speed = None,
    seed: Seed = None,
    lang: Annotated[str | None, typer.Option(help="fr or en; by default the terminal's language.")] = None,
    junit: Annotated[
        Path | None, typer.Option(help="Write the results to this file as JUnit XML, for CI.", dir_okay=False)
    ] = None,
    certificate: CertificateFile = None,
    signing_key: SigningKey = None,
    keep: KeepFolder = DEFAULT_FOLDER,
    keeps_nothing: NoKeep = False,
    rig: RigFile = None,
    prints_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    is_list: Annotated[bool, typer.Option("--list", help="List the scenarios that ship.")] = False,
) -> None:
    """Play scenarios and judge them: `borne run power-up`, or a file of your own.

    Without a running server it starts one for the occasion. Exit code 0 if all passed, 1 if one failed or
    could not be judged, 2 for a bad file or binding, 3 if it cannot run here (nobody answers, or the token's
    role lacks a step: said before the first one) or a machine of the rig failed, 130 after Ctrl-C.
    """
    language = _language(lang)
    if is_list or not scenarios:
        print_list(Terminal(), language)
        raise typer.Exit(0 if is_list else WRONG_USAGE)
    _check_folder("--junit", junit)
    _check_folder("--certificate", certificate)
    options = RunOptions(
        scenarios=tuple(scenarios),
        bindings=tuple(bind or ()),
        values=tuple(values or ()),
        url=url,
        wants_own_server=wants_own_server,
        fast=fast,
        seed=SystemChance().integer(1, LARGEST_SEED) if seed is None else seed,
        language=language,
        junit=junit,
        certificate=certificate,
        signing_key=signing_key,
        keep=None if keeps_nothing else keep,
        rig=rig,
        prints_json=prints_json,
    )
    raise typer.Exit(_run(options))


def _check_folder(option: str, file: Path | None) -> None:
    if file is not None and not file.absolute().parent.is_dir():
        raise typer.BadParameter(f"{option}: there is no folder {file.absolute().parent}")


def _run(options: RunOptions) -> int:
    from borne.run_evidence import evidence_in

    with evidence_in(options.keep) as evidence:
        _prepare_output(evidence.log)
        return run_process(lambda stop: run_until(options, stop, evidence), stop_within_s=STOP_WITHIN_S)


def _prepare_output(log: TextIO) -> None:
    """The server's troubles only, all else for later; a station's text may not suit the terminal."""
    configure_logs("error", copy=log)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _language(wish: str | None) -> Language:
    if wish not in (None, "fr", "en"):
        raise typer.BadParameter(f"--lang is fr or en, not {wish}")
    return "fr" if speech_of(wish).language == "fr" else "en"


async def run_until(options: RunOptions, stop: Stop, evidence: "RunEvidence | None" = None) -> int:
    """Play everything, or until stopped; the exit code."""
    codes: list[int] = []

    async def play() -> None:
        codes.append(await _run_or_complain(options, evidence))

    async with Background("run") as tasks:
        playing, stopping = tasks.start(play()), tasks.start(stop.wait())
        await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if playing.done():
            await playing
    return codes[0] if codes else STOPPED


async def _run_or_complain(options: RunOptions, evidence: "RunEvidence | None") -> int:
    try:
        return await run_scenarios(options, evidence)
    except (ScenarioFileError, BindingError) as error:
        return _complain(error, WRONG_USAGE)
    except (CannotRunError, ApiError, RuntimeProblem) as error:
        return _complain(error, CANNOT_RUN)


async def run_scenarios(options: RunOptions, evidence: "RunEvidence | None" = None) -> int:
    """Read, bind, play, report. Raises ScenarioError, ApiError."""
    from borne.prompts import TerminalPrompter
    from borne.rig.bench import open_bench
    from borne.run_central import central_system
    from borne.run_view import RunView
    from simulator.scenario.run import RunSettings, run_scenario
    from simulator.scenario.verdicts import exit_code
    from simulator.scenario.words import RunTexts

    plans = plan(options)
    is_wired = any(one.bound == "wire" for _, roles, _ in plans for one in roles.values())
    if is_wired and options.fast not in (None, 1.0):
        raise BindingError("--fast is for simulated stations: one on the wire lives in real time")
    clock, words = SystemClock(), RunTexts(options.language)
    certifier = _certifier(options, plans, clock)
    console = Terminal(stderr=options.prints_json)
    view = RunView(console, words, clock)
    async with (
        open_bench(options.rig, clock, view.show_note) as bench,
        central_system(
            url=options.url, is_wired=is_wired, wants_own=options.wants_own_server, words=words
        ) as central,
    ):
        console.print(one_line(central.remark, "dim"), soft_wrap=True)
        settings = RunSettings(
            ocpp_url=central.ocpp_url,
            api=central.api,
            prompter=TerminalPrompter(view.show_prompt, view.hide_prompt),
            people=clock,
            language=options.language,
            factor=options.fast or SIMULATED_PACE,
            seed=options.seed,
            evidence=[each for each in (evidence, certifier, bench.hooks) if each is not None],
            rig=bench.rig,
        )
        results = []
        try:
            for index, (scenario, roles, given) in enumerate(plans):
                settings = replace(settings, seed=options.seed + index, given=given)
                results.append(await run_scenario(scenario, roles, settings, view))
        finally:
            view.close()
    await asyncio.to_thread(_report, options, results)
    if certifier is not None:
        file = await asyncio.to_thread(certifier.issue)
        console.print(one_line(words.text("certified", file=file), "dim"), soft_wrap=True)
    if evidence is not None:
        await asyncio.to_thread(evidence.keep_log)
        _print_kept(evidence, words, console)
    return exit_code(results)


def _certifier(
    options: RunOptions,
    plans: "list[tuple[Scenario, dict[str, Binding], dict[str, object]]]",
    clock: SystemClock,
) -> "RunCertifier | None":
    if options.certificate is None:
        return None
    from borne.certificate.run_wish import certifier_of

    return certifier_of(
        options.certificate,
        options.signing_key,
        plans,
        options.language,
        clock=clock,
        chance=SystemChance(),
    )


def _print_kept(evidence: "RunEvidence", words: "RunTexts", console: Console) -> None:
    if evidence.kept:
        kept = words.text("kept_log" if evidence.has_log else "kept", folder=evidence.kept[0].parent)
        console.print(one_line(kept, "dim"), soft_wrap=True)
    for trouble in evidence.troubles:
        complain(trouble)


def plan(options: RunOptions) -> "list[tuple[Scenario, dict[str, Binding], dict[str, object]]]":
    """Every run: the scenario, who plays its roles, and the values given. Raises ScenarioError."""
    from simulator.scenario.bindings import bind_roles, given_values, parse_binding
    from simulator.scenario.files import load_scenario
    from simulator.scenario.run import check_binding

    loaded = [load_scenario(name) for name in options.scenarios]
    bindings = [parse_binding(text) for text in options.bindings]
    plans = [
        (scenario, roles, given_values(scenario, options.values))
        for scenario in loaded
        for roles in bind_roles(scenario, bindings)
    ]
    for _, roles, _ in plans:
        for binding in roles.values():
            check_binding(binding)
    return plans


def _report(options: RunOptions, results: "list[RunResult]") -> None:
    from simulator.scenario.junit import junit_xml, report_json
    from simulator.scenario.words import RunTexts

    if options.junit is not None:
        try:
            options.junit.write_text(junit_xml(results, RunTexts(options.language)), encoding="utf-8")
        except OSError as error:
            reason = error.strerror or error
            raise CannotRunError(f"the results cannot be written to {options.junit}: {reason}") from None
    if options.prints_json:
        print_json(report_json(results))


def print_list(console: Console, language: Language) -> None:
    """The scenarios that ship."""
    from simulator.scenario.files import load_scenario, shipped_names

    table = Table(box=None, show_header=False, pad_edge=False)
    for name in shipped_names():
        scenario = load_scenario(name)
        about = scenario.about or scenario.title
        table.add_row(one_line(name, "bold"), one_line(about[language]))
    console.print(table)


def _complain(error: Exception, code: int) -> int:
    for text in str(error).splitlines():
        complain(text)
    return code
