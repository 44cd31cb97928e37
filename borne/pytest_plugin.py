"""The pytest plugin: stations as fixtures, scenarios as tests, and what is kept of the red ones.

Whoever has borne installed gets this module in every pytest run: it loads nothing of borne before a test asks
for it, and a run without such tests is as it would be without it.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from borne.testing.stash import FRAMES, PLACE, SESSION, bench_of

if TYPE_CHECKING:
    from borne.testing.github import TestNote
    from borne.testing.server import BorneServer
    from borne.testing.station import StationUnderTest

SCENARIO = ".scenario.yaml"
MOST_TURNS = 1_000_000
_REPEAT = (("--repeat", "--until-failed"), ("--borne-repeat", "--borne-until-failed"))
_NOTES: "pytest.StashKey[list[TestNote]]" = pytest.StashKey()
_LOG: "pytest.StashKey[Any]" = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options; where another plugin has taken the short names, ours are longer."""
    group = parser.getgroup("borne", "stations and scenarios (borne)")
    group.addoption("--borne-station", metavar="BINDING", help="sim:TEMPLATE (sim:ac-201) or wire:STATION-ID")
    group.addoption(
        "--borne-url", metavar="URL", help="where simulated stations connect; by default an own server"
    )
    group.addoption("--borne-rig", metavar="FILE", help="which machine is which hand (rig.yaml)")
    group.addoption(
        "--borne-folder", metavar="FOLDER", default="borne-run", help="where red tests leave what was seen"
    )
    taken = _names_in(parser)
    repeat, until = _REPEAT[1] if taken & set(_REPEAT[0]) else _REPEAT[0]
    group.addoption(repeat, dest="borne_repeat", type=int, metavar="N", help="run everything N times")
    group.addoption(until, dest="borne_until", action="store_true", help="... or until the first red test")


def _names_in(parser: pytest.Parser) -> set[str]:
    """Of the options that other plugins have added before: two of one name end every run."""
    groups = [*getattr(parser, "_groups", ()), *filter(None, [getattr(parser, "_anonymous", None)])]
    return {name for group in groups for option in group.options for name in option.names()}


def pytest_configure(config: pytest.Config) -> None:
    """The marker."""
    config.addinivalue_line(
        "markers", "borne_station(binding): the station of this test, sim:TEMPLATE or wire:ID"
    )


# Scenarios as tests


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """`*.scenario.yaml`."""
    if not file_path.name.endswith(SCENARIO):
        return None
    from borne.testing.scenario_tests import ScenarioTestFile

    return ScenarioTestFile.from_parent(parent, path=file_path)


# Fixtures


def pytest_unconfigure(config: pytest.Config) -> None:
    """The server ends."""
    if SESSION in config.stash:
        config.stash[SESSION].close()
        del config.stash[SESSION]


@pytest.fixture(scope="session")
def borne_server(pytestconfig: pytest.Config) -> "BorneServer":
    """A central system: one of its own, or the one at BORNE_API where a station is on the wire."""
    return bench_of(pytestconfig).server


@pytest.fixture
def station(request: pytest.FixtureRequest) -> "Iterator[StationUnderTest]":
    """A station, by `--borne-station`, the marker `borne_station`, or an indirect parameter."""
    marker = request.node.get_closest_marker("borne_station")
    binding = getattr(request, "param", None) or (marker.args[0] if marker is not None else None)
    with bench_of(request.config).station(binding) as made:
        try:
            yield made
        finally:
            request.node.stash[FRAMES] = {"a": made.frames}


@pytest.fixture
def rig(pytestconfig: pytest.Config) -> Any:
    """The hands of the bench: `rig.act("plug", connector=1)`. Skips where there is no rig.yaml."""
    bench = bench_of(pytestconfig)
    hands = bench.rig
    if hands is None:
        pytest.skip("there is no rig: write rig.yaml, or name one with --borne-rig")
    return hands


# What came of it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> Any:
    """What could not be judged is an error, no failure."""
    report: pytest.TestReport = yield
    if FRAMES not in item.stash and PLACE not in item.stash and SESSION not in item.config.stash:
        return report
    if call.excinfo is not None and call.when == "call":
        from borne.testing.station import StepUnclearError

        if isinstance(call.excinfo.value, StepUnclearError):
            report.when = "setup"
    _note(item, report)
    return report


def _note(item: pytest.Item, report: pytest.TestReport) -> None:
    """Red ones leave their folder; all are in GitHub's summary."""
    from borne.testing.github import TestNote

    is_last = report.when == "call" or (report.when == "setup" and not report.passed)
    if report.when == "teardown" or not is_last:
        if report.when == "teardown":
            _keep(item)
        return
    file, line = item.stash.get(PLACE, ("", 0))
    if not file:
        file, number, _ = item.location
        line = (number or 0) + 1
    verdict = report.outcome if report.when == "call" or report.skipped else "error"
    text = "" if report.passed else _text_of(report)
    note = TestNote(item.nodeid, verdict, report.duration, text, file, line)
    item.config.stash.setdefault(_NOTES, []).append(note)
    if note.is_red:
        item.stash[_LOG] = note


def _text_of(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash is not None else report.longrepr or "")


def _keep(item: pytest.Item) -> None:
    if _LOG not in item.stash or FRAMES not in item.stash:
        return
    from borne.testing.evidence import keep

    log = item.config.stash[SESSION].log_text() if SESSION in item.config.stash else ""
    try:
        kept = keep(Path(item.config.getoption("borne_folder")), item.nodeid, item.stash[FRAMES], log)
    except OSError as error:
        item.warn(pytest.PytestWarning(f"what was seen cannot be kept: {error}"))
        return
    item.add_report_section("teardown", "borne", f"what was seen is in {kept}")
    item.config.stash.setdefault(_KEPT, []).append(kept)


_KEPT: "pytest.StashKey[list[Path]]" = pytest.StashKey()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Where it is kept; and for GitHub Actions, notes at the lines and the summary of the job."""
    for folder in config.stash.get(_KEPT, []):
        terminalreporter.write_line(f"borne: what was seen is in {folder}")
    notes = config.stash.get(_NOTES, [])
    if not notes or os.environ.get("GITHUB_ACTIONS") != "true":
        return
    from borne.testing.github import error_line, summary

    for note in notes:
        if note.is_red:
            terminalreporter.write_line(error_line(note))
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        with Path(file).open("a", encoding="utf-8") as out:
            out.write(summary(notes))


# Again and again


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Everything `--repeat` times, or until something is red."""
    config = session.config
    turns, is_until = config.getoption("borne_repeat"), config.getoption("borne_until")
    if (turns is None and not is_until) or hasattr(config, "workerinput") or config.option.collectonly:
        return None
    if session.testsfailed and not config.option.continue_on_collection_errors:
        raise session.Interrupted(f"{session.testsfailed} errors during collection")
    for _ in range(turns or MOST_TURNS):
        for index, item in enumerate(session.items):
            following = session.items[index + 1] if index + 1 < len(session.items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
            if is_until and session.testsfailed:
                item.session._setupstate.teardown_exact(None)  # noqa: SLF001 - as pytest's own loop ends
                return True
    return True
