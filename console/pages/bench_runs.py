"""A scenario on the bench: begun, watched step by step, ended; a step that failed leads to its frames."""

from datetime import datetime, timedelta
from typing import TypedDict
from urllib.parse import urlencode

from starlette.responses import Response

from console.navigation import BENCH
from console.page_routes import POST, PageRoute, no_such_page, see_other
from console.rendering import Shown
from console.station_values import station_href
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from csms.domain.bench_runs import BenchRun, BenchRunState, BenchStep
from runtime.texts import instant_text

RUNS = f"{BENCH}/runs"
LOOKS = {"passed": "ready", "failed": "faulted", "inconclusive": "waiting", "not applicable": ""}
SHOWN_AFTER = timedelta(seconds=1)
"""The wire log is opened at this instant after the step: what led to it is the last that is shown."""


class BenchStepLine(TypedDict):
    """A step: `depth` how far it stands in, `frames` where its frames are."""

    number: str
    title: str
    depth: int
    verdict: str
    look: str
    seconds: str
    notes: list[str]
    frames: str


class RunLine(TypedDict):
    """A run as one of a list."""

    href: str
    title: str
    about: str
    verdict: str
    look: str


async def begin_run(visit: PageVisit, views: ConsoleViews) -> Response:
    """Play one, on a station of the page's or on one that is made for it."""
    typed = await visit.form()
    run_id = await views.of_bench.begin_run(
        visit.who, typed.get("scenario", ""), typed.get("on", ""), visit.words.language
    )
    return see_other(f"{RUNS}/{run_id}")


async def run(visit: PageVisit, views: ConsoleViews) -> Shown:
    """One, as far as it has come."""
    words, found = visit.words, await views.of_bench.run(visit.who, visit.request.path_params["run_id"])
    if found is None:
        raise no_such_page(visit.path)
    line = run_line(found, words)
    values = {
        "run": line,
        "title": line["title"],
        "href": line["href"],
        "is_running": found.state is BenchRunState.RUNNING,
        "prompt": words.as_is(found.prompt) if found.prompt else "",
        "reason": words.as_is(found.reason) if found.reason else "",
        "steps": [_step_line(each, found, words) for each in found.steps],
        "stations": [(each, station_href(each)) for each in found.stations],
    }
    return Shown("bench_run.html", "bench.run", values, heading=line["title"])


async def change_run(visit: PageVisit, views: ConsoleViews) -> Response:
    """What was asked for is done, or the run is to stop."""
    run_id, typed = visit.request.path_params["run_id"], await visit.form()
    if typed.get("act") == "done":
        await views.of_bench.prompt_done(visit.who, run_id)
    else:
        await views.of_bench.end_run(visit.who, run_id)
    return see_other(f"{RUNS}/{run_id}")


def run_line(found: BenchRun, words: Words) -> RunLine:
    """A run in a line."""
    word = found.verdict or found.state.value
    about = words(
        "bench.run_about",
        who=found.begun_by,
        at=words.instant(instant_text(found.began_at)),
        on=", ".join(found.bindings),
    )
    return {
        "href": f"{RUNS}/{found.run_id}",
        "title": words.as_is(found.title) or found.scenario,
        "about": about,
        "verdict": words.of("bench_verdict", word),
        "look": LOOKS.get(found.verdict or "", "charging" if found.state is BenchRunState.RUNNING else ""),
    }


def _step_line(step: BenchStep, found: BenchRun, words: Words) -> BenchStepLine:
    is_wrong = step.verdict in ("failed", "inconclusive")
    notes = [step.text] if is_wrong and step.text else []
    if is_wrong and step.expected is not None:
        notes.append(words("bench.expected", what=step.expected))
    notes += [words("bench.found", what=each) for each in step.found]
    if is_wrong and step.advice is not None:
        notes.append(step.advice)
    return {
        "number": step.number,
        "title": words.as_is(step.title),
        "depth": min(step.number.count("."), 3),
        "verdict": words.of("bench_verdict", step.verdict) if step.verdict else "",
        "look": LOOKS.get(step.verdict or "", ""),
        "seconds": words("bench.seconds", count=words.number(step.seconds, 1)) if step.seconds >= 0.1 else "",
        "notes": [words.as_is(each) for each in notes],
        "frames": _frames(step, found) if is_wrong and not step.is_group else "",
    }


def _frames(step: BenchStep, found: BenchRun) -> str:
    """Where the wire log of the run's first station ends with what led to it."""
    if step.ended_at is None or not found.stations:
        return ""
    at = datetime.fromisoformat(step.ended_at) + SHOWN_AFTER
    query = urlencode({"at": at.replace(tzinfo=None, microsecond=0).isoformat()})
    return f"{station_href(found.stations[0])}/messages?{query}"


ROUTES = (
    PageRoute(RUNS, begin_run, POST),
    PageRoute(f"{RUNS}/{{run_id}}", run),
    PageRoute(f"{RUNS}/{{run_id}}", change_run, POST),
)
