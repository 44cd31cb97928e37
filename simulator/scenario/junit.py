"""Results as JUnit XML, the form that every CI reads, and as JSON."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from simulator.scenario.verdicts import RunResult, StepResult, Verdict
from simulator.scenario.words import RunTexts

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 §2.2 does not have: stations send them, too."""


def junit_xml(runs: Sequence[RunResult], words: RunTexts) -> str:
    """One `testsuite` per run, one `testcase` per step, named alike in every run, station and language.

    Failed is `failure`, inconclusive is `error`, not applicable and not asked are `skipped` with the reason.
    """
    suites = [_suite(run, words) for run in runs]
    root = Element("testsuites", {"name": "borne run"} | _counts(suites))
    root.set("time", _seconds(sum(run.seconds for run in runs)))
    root.extend(suites)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def report_json(runs: Sequence[RunResult]) -> dict[str, Any]:
    """Everything that is known of the runs; a step without verdict was not asked."""
    return {"runs": [asdict(run) for run in runs]}


def _suite(run: RunResult, words: RunTexts) -> Element:
    steps = [leaf for step in (*run.steps, *run.cleanup) for leaf in step.leaves()]
    suite = Element("testsuite", name=clean_xml(f"{run.scenario} ({run.bindings})"), timestamp=run.started_at)
    properties = SubElement(suite, "properties")
    for name, value in _properties(run):
        SubElement(properties, "property", name=name, value=clean_xml(value))
    for step in steps:
        suite.append(_case(run, step, words))
    verdicts = [step.verdict for step in steps]
    suite.set("tests", str(len(steps)))
    suite.set("failures", str(verdicts.count(Verdict.FAILED)))
    suite.set("errors", str(verdicts.count(Verdict.INCONCLUSIVE)))
    suite.set("skipped", str(verdicts.count(Verdict.NOT_APPLICABLE) + verdicts.count(None)))
    suite.set("time", _seconds(run.seconds))
    return suite


def _properties(run: RunResult) -> Iterable[tuple[str, str]]:
    yield "verdict", run.verdict.value
    yield "stations", run.stations
    yield "seed", str(run.seed)
    yield "versions", ", ".join(run.versions)
    if run.reason:
        yield "reason", run.reason


def _case(run: RunResult, step: StepResult, words: RunTexts) -> Element:
    name = clean_xml(f"{step.number} {step.name or step.title}")
    classname = clean_xml(f"{run.scenario} ({run.bindings})")
    case = Element("testcase", classname=classname, name=name, time=_seconds(step.seconds))
    match step.verdict:
        case Verdict.FAILED:
            SubElement(case, "failure", message=clean_xml(step.text)).text = clean_xml(details(step, words))
        case Verdict.INCONCLUSIVE:
            SubElement(case, "error", message=clean_xml(step.text)).text = clean_xml(details(step, words))
        case Verdict.NOT_APPLICABLE:
            SubElement(case, "skipped", message=clean_xml(f"{words.verdict(step.verdict)}: {step.text}"))
        case None:
            SubElement(case, "skipped", message=clean_xml(run.reason or words.text("not_asked")))
        case Verdict.PASSED if step.line or step.mistakes:
            lines = [step.line, *(each.text for each in step.mistakes)]
            SubElement(case, "system-out").text = clean_xml("\n".join(filter(None, lines)))
    return case


def details(step: StepResult, words: RunTexts) -> str:
    """What was expected, what there was, what the central system got wrong, what to do: one line each."""
    lines = [step.text]
    if step.expected is not None:
        lines.append(f"{words.text('expected')}: {step.expected}")
    lines += [f"{words.text('found')}: {each}" for each in step.found]
    lines += [each.text for each in step.mistakes]
    if step.advice is not None:
        lines.append(f"{words.text('to_do')}: {step.advice}")
    return "\n".join(lines)


def _counts(suites: Sequence[Element]) -> dict[str, str]:
    names = ("tests", "failures", "errors", "skipped")
    return {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in names}


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def clean_xml(text: str) -> str:
    """A text without the characters that XML does not have."""
    return _NOT_XML.sub("�", text)
