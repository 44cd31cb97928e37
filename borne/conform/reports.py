"""The results as JUnit XML, which every CI reads, and as JSON."""

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from borne.station_cli.log_lines import masked_content
from ocppj.timestamps import time_to_wire
from simulator.conform.case import Side
from simulator.conform.index import profiles_of
from simulator.conform.results import EDITION, NO_CERTIFICATION, CaseResult, count_profiles
from simulator.scenario.conversation import SeenFrame
from simulator.scenario.junit import clean_xml, details
from simulator.scenario.verdicts import Verdict
from simulator.scenario.words import RunTexts


def conform_junit(side: Side, results: Sequence[CaseResult], words: RunTexts) -> str:
    """One `testcase` for each case. Failed is `failure`, inconclusive `error`, not applicable `skipped`."""
    suite = Element("testsuite", name=f"borne conform {side}")
    properties = SubElement(suite, "properties")
    for name, value in (("edition", EDITION), ("remark", NO_CERTIFICATION)):
        SubElement(properties, "property", name=name, value=value)
    for result in results:
        suite.append(_testcase(side, result, words))
    verdicts = [result.verdict for result in results]
    suite.set("tests", str(len(results)))
    suite.set("failures", str(verdicts.count(Verdict.FAILED) + sum(each.proved is False for each in results)))
    suite.set("errors", str(verdicts.count(Verdict.INCONCLUSIVE)))
    suite.set("skipped", str(verdicts.count(Verdict.NOT_APPLICABLE)))
    suite.set("time", f"{sum(result.run.seconds for result in results):.3f}")
    root = Element("testsuites", name="borne conform")
    root.append(suite)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _testcase(side: Side, result: CaseResult, words: RunTexts) -> Element:
    profile = ", ".join(profiles_of(result.case_id, side))
    case = Element("testcase", classname=f"{side}.{profile}", name=result.case_id)
    case.set("time", f"{result.run.seconds:.3f}")
    culprit = result.culprit
    text = clean_xml(details(culprit, words)) if culprit is not None else ""
    why = clean_xml(result.why)
    match result.verdict:
        case Verdict.FAILED:
            SubElement(case, "failure", message=why).text = text
        case Verdict.INCONCLUSIVE:
            SubElement(case, "error", message=why).text = text
        case Verdict.NOT_APPLICABLE:
            SubElement(case, "skipped", message=why)
        case Verdict.PASSED if result.proved is False:
            SubElement(case, "failure", message=clean_xml(f"proves nothing: {result.proof}"))
        case Verdict.PASSED if result.warnings:
            SubElement(case, "system-out").text = clean_xml("\n".join(each.text for each in result.warnings))
    return case


def conform_json(side: Side, results: Sequence[CaseResult]) -> dict[str, Any]:
    """Everything that is known; secrets in frames are masked."""
    return {
        "edition": EDITION,
        "remark": NO_CERTIFICATION,
        "side": side,
        "profiles": [
            {
                "profile": each.profile,
                "mandatory": each.mandatory,
                "passed": each.passed,
                "failed": each.failed,
                "inconclusive": each.inconclusive,
                "not_played": each.unplayed,
                "not_written": each.unwritten,
                "conditional_passed": each.others,
            }
            for each in count_profiles(side, results)
        ],
        "cases": [_case_json(side, result) for result in results],
    }


def _case_json(side: Side, result: CaseResult) -> dict[str, Any]:
    return {
        "id": result.case_id,
        "title": result.title,
        "profiles": profiles_of(result.case_id, side),
        "verdict": result.verdict.value,
        "why": result.why,
        "proved": result.proved,
        "warnings": [each.text for each in result.warnings],
        "steps": [
            {
                "number": step.number,
                "title": step.title,
                "clause": step.clause,
                "verdict": step.verdict.value if step.verdict is not None else None,
                "text": step.text,
                "expected": step.expected,
                "found": list(step.found),
            }
            for step in result.steps
        ],
        "frames": [frame_json(frame) for frame in result.frames],
    }


def frame_json(frame: SeenFrame) -> dict[str, Any]:
    """One frame, its secrets masked."""
    about = {"at": time_to_wire(frame.at), "from": frame.sender}
    return about | masked_content(frame.raw.encode("utf-8", "surrogatepass"))
