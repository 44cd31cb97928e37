"""Reports for programs: JUnit XML and JSON."""

import json
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from simulator.model.mistakes import Mistake
from simulator.scenario.junit import details, junit_xml, report_json
from simulator.scenario.verdicts import RunResult, StepResult, Verdict
from simulator.scenario.words import RunTexts

EN, FR = RunTexts("en"), RunTexts("fr")


def run(*steps: StepResult, verdict: Verdict = Verdict.FAILED, reason: str = "") -> RunResult:
    """A run with these steps."""
    result = RunResult("x", "X", "a = sim:ac-16", ("1.6",), 7, "2026-01-05T12:00:00.000Z", verdict)
    result.bindings = "a=sim:ac-16"
    result.steps = list(steps)
    result.seconds, result.reason = 2.5, reason
    return result


FAILING = StepResult(
    "2", "Boot", Verdict.FAILED, 1.25, "Nothing came.", "boot", ("status", "meter"), "Look at it."
)
RUN = run(
    StepResult("1", "Link", Verdict.PASSED, 0.5, line="x = 1", name="Link"),
    FAILING,
    StepResult(
        "3",
        "Group",
        Verdict.INCONCLUSIVE,
        steps=[
            StepResult("3.1", "By hand", Verdict.INCONCLUSIVE, text="Nobody did it."),
            StepResult("3.2", "Other version", Verdict.NOT_APPLICABLE, text="Only for 2.0.1."),
            StepResult("3.3", "Later"),
        ],
    ),
)


def test_every_step_is_a_testcase() -> None:
    """Failed is failure, inconclusive is error, not applicable and not asked are skipped; each says why."""
    root = fromstring(junit_xml([RUN], EN))
    counts = {"tests": "5", "failures": "1", "errors": "1", "skipped": "2"}
    assert root.tag == "testsuites"
    assert root.attrib == {"name": "borne run", "time": "2.500"} | counts
    (suite,) = root.findall("testsuite")
    assert suite.attrib.items() >= (counts | {"name": "x (a=sim:ac-16)"}).items()
    properties = {each.get("name"): each.get("value") for each in suite.findall("properties/property")}
    assert properties == {
        "verdict": "failed",
        "stations": "a = sim:ac-16",
        "seed": "7",
        "versions": "1.6",
    }
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [
        "1 Link",
        "2 Boot",
        "3.1 By hand",
        "3.2 Other version",
        "3.3 Later",
    ]
    assert [[child.tag for child in case] for case in cases] == [
        ["system-out"],
        ["failure"],
        ["error"],
        ["skipped"],
        ["skipped"],
    ]
    assert cases[1][0].get("message") == "Nothing came."
    assert cases[1][0].text == details(FAILING, EN)
    assert cases[3][0].get("message") == "not applicable: Only for 2.0.1."
    assert cases[4][0].get("message") == "not asked"


def test_a_scenario_that_does_not_apply_says_why() -> None:
    """In each of its steps."""
    skipped = run(StepResult("1", "Link"), verdict=Verdict.NOT_APPLICABLE, reason="It is for OCPP 2.0.1.")
    root = fromstring(junit_xml([skipped], EN))
    found = root.find("testsuite/testcase/skipped")
    assert found is not None
    assert found.get("message") == "It is for OCPP 2.0.1."


def test_the_details_say_what_to_do() -> None:
    """One line for each."""
    assert details(FAILING, FR).splitlines() == [
        "Nothing came.",
        "attendu: boot",
        "trouvé: status",
        "trouvé: meter",
        "que faire: Look at it.",
    ]


def test_what_the_central_system_got_wrong_is_told() -> None:
    """At a step that passed, too; for programs with frame, field and rule."""
    mistake = Mistake(
        what="answer to Heartbeat", detail="no time", frame=9, path="$.currentTime", rule="enum"
    )
    passed = StepResult("1", "Link", Verdict.PASSED, mistakes=(mistake,))
    failed = StepResult("2", "Boot", Verdict.FAILED, text="Nothing came.", mistakes=(mistake,))
    root = fromstring(junit_xml([run(passed, failed)], EN))
    assert [each.text for each in root.iter("system-out")] == [mistake.text]
    assert details(failed, EN) == f"Nothing came.\n{mistake.text}"
    (step, _) = report_json([run(passed, failed)])["runs"][0]["steps"]
    assert step["mistakes"][0].items() >= {"frame": 9, "path": "$.currentTime", "rule": "enum"}.items()


@given(st.text())
def test_any_text_of_a_station_is_xml(text: str) -> None:
    """XML has no NUL, and stations send one."""
    step = StepResult("1", text, Verdict.FAILED, text=text, expected=text, found=(text,), line=text)
    fromstring(junit_xml([run(step, reason=text)], EN))


def test_json_has_everything() -> None:
    """Also what was not asked."""
    shown = json.loads(json.dumps(report_json([RUN])))
    assert shown["runs"][0]["verdict"] == "failed"
    assert shown["runs"][0]["steps"][2]["steps"][2]["verdict"] is None
    assert shown["runs"][0]["steps"][1]["found"] == ["status", "meter"]


def test_a_clean_up_that_fails_is_in_the_report() -> None:
    """What was not put back concerns whoever runs the next scenario on the same station."""
    result = run(FAILING)
    result.cleanup = [StepResult("4", "Unplug", Verdict.FAILED, 0.1, "Nothing came.")]
    (suite,) = fromstring(junit_xml([result], EN)).findall("testsuite")
    assert [case.get("name") for case in suite.findall("testcase")] == ["2 Boot", "4 Unplug"]
    assert suite.get("failures") == "2"
