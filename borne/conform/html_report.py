"""The results as one HTML file: counts, cases, and of each the steps and the frames between both sides.

It needs nothing but itself: no script, no picture, no font of elsewhere.
"""

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from borne.conform.reports import frame_json
from simulator.conform.case import Side
from simulator.conform.index import profiles_of
from simulator.conform.results import EDITION, NO_CERTIFICATION, CaseResult, count_profiles
from simulator.scenario.conversation import SeenFrame
from simulator.scenario.verdicts import StepResult, Verdict

LONGEST_FRAME = 4000
MOST_FRAMES = 400
STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e6e9ec); --soft: light-dark(#59636e, #9aa4ae);
  --line: light-dark(#d5dae0, #3a424b);
  --good: light-dark(#1a7f37, #4ac26b); --bad: light-dark(#c0262d, #ff7b72);
  --open: light-dark(#9a6700, #d4a72c); --back: light-dark(#ffffff, #14181c);
  --card: light-dark(#f6f8fa, #1c2228); }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); margin: 0 auto;
  max-width: 68rem; padding: 1.5rem 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p, li { margin: .25rem 0; } .soft { color: var(--soft); }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .35rem 0; background: var(--card); }
summary { cursor: pointer; padding: .6rem .8rem; display: flex; gap: .75rem;
  flex-wrap: wrap; align-items: baseline; }
summary .id { font: 600 .9rem ui-monospace, monospace; min-width: 9.5rem; }
summary .title { flex: 1 1 14rem; }
.inside { padding: 0 .8rem .8rem; overflow-x: auto; }
.passed { color: var(--good); } .failed { color: var(--bad); } .inconclusive { color: var(--open); }
.why { flex-basis: 100%; color: var(--bad); overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
td, th { text-align: left; vertical-align: top;
  padding: .25rem .5rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
td:first-child, td:last-child { white-space: nowrap; }
td.clause { white-space: nowrap; color: var(--soft); }
.wire { display: grid; grid-template-columns: 1fr 1fr;
  border-inline: 2px solid var(--line); margin-top: .75rem;
  font-size: .8125rem; } .wire b.end { padding: .25rem .5rem; } .wire b.end + b.end { text-align: right; }
.frame { grid-column: 1 / 3; padding: .15rem .5rem; border-top: 1px dotted var(--line); }
.frame.back { text-align: right; } .frame code { display: block; font: .75rem/1.4 ui-monospace, monospace;
  color: var(--soft); overflow-wrap: anywhere; text-align: left; }
"""


def conform_html(side: Side, results: Sequence[CaseResult], against: str) -> str:
    """The whole file."""
    sides = "central system" if side == "csms" else "station"
    lines = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Conformance of a {sides}</title><style>{STYLE}</style></head><body>",
        f"<h1>Conformance of a {sides}</h1>",
        f'<p>{escape(against)}</p><p class="soft">{escape(EDITION)}. {escape(NO_CERTIFICATION)}</p>',
        "<h2>Profiles</h2><ul>",
        *(f"<li>{escape(each.line)}</li>" for each in count_profiles(side, results)),
        "</ul><h2>Cases</h2>",
        *(part for result in results for part in _case(side, result)),
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _case(side: Side, result: CaseResult) -> Iterator[str]:
    is_open = " open" if result.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE) else ""
    kind = result.verdict.value.replace(" ", "-")
    yield f'<details id="{result.case_id}"{is_open}><summary><span class="id">{result.case_id}</span>'
    yield f'<span class="title">{escape(result.title)}</span>'
    yield f'<span class="{kind}">{result.verdict.value}</span>'
    if result.why:
        yield f'<span class="why">{escape(result.why)}</span>'
    if result.proved is False:
        yield f'<span class="why">proves nothing: {escape(result.proof)}</span>'
    profiles = ", ".join(f"{name} ({need})" for name, need in profiles_of(result.case_id, side).items())
    yield f'</summary><div class="inside"><p class="soft">{escape(profiles)}</p><table>'
    for step in result.steps:
        yield _step(step)
    yield "</table>"
    yield from sequence(result.frames)
    yield "</div></details>"


def _step(step: StepResult) -> str:
    verdict = step.verdict.value if step.verdict is not None else "not reached"
    kind = verdict.replace(" ", "-")
    told = [step.text, f"expected: {step.expected}" if step.expected else "", *step.found]
    text = "".join(f'<br><span class="soft">{escape(each)}</span>' for each in told if each)
    clause = escape(step.clause or "")
    return (
        f"<tr><td>{step.number}</td><td>{escape(step.title)}{text}</td>"
        f'<td class="clause">{clause}</td><td class="{kind}">{verdict}</td></tr>'
    )


def sequence(frames: Sequence[SeenFrame]) -> Iterator[str]:
    """The frames as a sequence: the station on the left, the central system on the right."""
    if not frames:
        return
    yield '<div class="wire"><b class="end">station</b><b class="end">central system</b>'
    for frame in frames[:MOST_FRAMES]:
        is_back = frame.sender == "csms"
        arrow = f"← {frame.kind}" if is_back else f"{frame.kind} →"
        name = f"{escape(frame.action or '')}"
        shown = escape(_cut(json.dumps(_content(frame_json(frame)), ensure_ascii=False)))
        told = f'<b>{name}</b> <span class="soft">{escape(arrow)} {frame.at:%H:%M:%S}</span>'
        yield f'<div class="frame{" back" if is_back else ""}">{told}<code>{shown}</code></div>'
    yield "</div>"


def _content(frame: dict[str, Any]) -> Any:
    return {key: value for key, value in frame.items() if key not in ("at", "from")}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_FRAME else text[:LONGEST_FRAME] + "…"
