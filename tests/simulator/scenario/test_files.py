"""Scenario files: what is found, what is refused, and that a refusal names file, line, column, way out."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.api.bodies import BODIES
from simulator.scenario.document import Scenario
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.files import load_scenario, parse_scenario, shipped_names
from simulator.scenario.model import KINDS, GroupStep
from simulator.scenario.vocabulary import COMMANDS

HEAD = "scenario: x\ntitle: X\n"


def flaws(text: str) -> list[tuple[int, int, str]]:
    """What is wrong with a file, in order."""
    with pytest.raises(ScenarioFileError) as caught:
        parse_scenario(text, "x.yaml")
    for line in str(caught.value).splitlines():
        assert line.startswith("x.yaml:")
    return [(flaw.line, flaw.column, flaw.rule) for flaw in caught.value.flaws]


def steps(text: str) -> str:
    """A file with these steps; the first step is on line 4."""
    return f"{HEAD}steps:\n{text}"


def test_the_shipped_ones_are_good_and_bilingual() -> None:
    """Seven ship; every title and advice in them is in both languages, and not the same."""
    assert shipped_names() == [
        "activation",
        "charging-session",
        "cold-boot",
        "contract-certificate",
        "monitoring",
        "power-up",
        "reservation",
        "smart-charging",
    ]
    for name in shipped_names():
        scenario = load_scenario(name)
        assert scenario.scenario == name
        assert scenario.about is not None
        texts: list[Any] = [
            scenario.title,
            scenario.about,
            *_texts(scenario.steps),
            *_texts(scenario.on_failure),
        ]
        assert [text for text in texts if text["en"] == text["fr"]] == []


def _texts(found: list) -> list[dict[str, str]]:  # type: ignore[type-arg] # steps of every kind
    texts = []
    for step in found:
        texts += [text for text in (step.title, step.advice) if text is not None]
        if isinstance(step, GroupStep):
            texts += _texts(step.steps)
    return texts


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    """Anything that is no shipped name is a file."""
    path = tmp_path / "mine.yaml"
    path.write_text(steps("  - plug:\n"))
    assert load_scenario(str(path)).scenario == "x"


@pytest.mark.parametrize(
    ("content", "rule"),
    [(None, "cannot be read"), (b"scenario: x\ntitle: \xff\n", "no UTF-8"), (b"- 1\n", "is a mapping")],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, rule: str) -> None:
    """Missing, not text, or no scenario."""
    path = tmp_path / "bad.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ScenarioFileError, match=rule) as caught:
        load_scenario(str(path))
    assert str(caught.value).startswith(f"{path}:")


def test_a_name_that_nothing_has() -> None:
    """Tells the nearest one, or those that there are."""
    with pytest.raises(ScenarioFileError, match="did you mean power-up"):
        load_scenario("powerup")
    with pytest.raises(ScenarioFileError, match="choose one of activation"):
        load_scenario("zzz")


WITH_ITS_NEIGHBOURS = pytest.mark.held_before("this word was looked at; those around it were not")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("§title: X\nsteps:\n  - plug:\n", "`scenario` is missing"),
        ("scenario: §X y\ntitle: X\nsteps:\n  - plug:\n", "scenario: string should match"),
        ("scenario: x\ntitle: §{en: X}\nsteps:\n  - plug:\n", "{en: …, fr: …}"),
        (HEAD + "steps: §[]\n", "at least 1 item"),
        (HEAD + "§stebs:\n  - plug:\nsteps:\n  - plug:\n", "did you mean `steps`"),
        (steps("  - §plog:\n"), "there is no step `plog`; did you mean `plug`"),
        (steps("  - §zzz:\n"), "steps are connect"),
        (steps("  - §plug\n"), "a step is a mapping with one verb"),
        (steps("  - §within: 5 s\n"), "says nothing to do"),
        (steps("  - plug:\n    §unplug:\n"), "make two steps of plug and unplug"),
        (steps("  - plug: {§evze: 1}\n"), "did you mean `evse`"),
        (steps("  - plug: {evse: §one}\n"), "a whole number"),
        (steps("  - plug: {evse: §true}\n"), "a whole number"),
        (steps("  - plug: §1\n"), "must be a mapping"),
        (steps("  - plug:\n    within: §5 parsec\n"), "no duration"),
        (steps("  - plug:\n    within: §0\n"), "above zero"),
        (steps("  - plug:\n    within: §[5]\n"), "a duration is a text"),
        (steps("  - plug:\n    only: §1.7\n"), "1.6"),
        (steps("  - plug:\n    on: §b\n"), "there is no role `b`; this file has a"),
        (steps("  - plug:\n    §capture: {x: y}\n"), "nothing to capture from"),
        (steps("  - steps:\n      - §plog:\n"), "did you mean `plug`"),
        (steps("  - steps:\n      - plug: {§evze: 1}\n"), "did you mean `evse`"),
        (steps("  - ask: §FETCH /x\n"), "ask:"),
        (steps("  - ask: PUT /x\n    §until: 5\n"), "only a GET"),
        (steps("  - ask: GET /x\n    §refused: 5\n    answer: 5\n"), "answered or refused"),
        (steps("  - ask: GET /x\n    answer: {a: §<foo>}\n"), "there is no pattern <foo>"),
        (steps("  - command: §resett\n"), "did you mean `reset`"),
        (steps("  - §check: 1\n"), "`is` is missing"),
        (steps("  - check: 1\n    is: §<between 5 and 1>\n"), "the lower one"),
        (steps("  - status: §Availble\n"), "did you mean `Available`"),
        (steps("  - status: {is: §Availble, evse: 1}\n"), "did you mean `Available`"),
        (steps("  - expect: {event: §bot}\n"), "did you mean `boot`"),
        (steps("  - expect: {event: boot, §vendr: x}\n"), "did you mean `vendor`"),
        (steps("  - expect: {event: boot, registration: §Acepted}\n"), "did you mean `Accepted`"),
        (steps("  - expect: {event: boot, vendor: §<foo>}\n"), "there is no pattern <foo>"),
        (steps("  - expect: {1.6: {event: §bot}}\n"), "did you mean `boot`"),
        (steps("  - expect: {1.6: §boot}\n"), "must be a mapping"),
        (steps("  - expect: §{match: 1}\n"), "expect an `event`, or one of"),
        (steps("  - expect: {call: §5}\n"), "the name of an action"),
        pytest.param(
            steps("  - expect: {call: Heartbeat, from: §me}\n"), "station or csms", marks=WITH_ITS_NEIGHBOURS
        ),
        pytest.param(
            steps("  - expect: {call: Heartbeat, match: [§<foo>]}\n"),
            "there is no pattern <foo>",
            marks=WITH_ITS_NEIGHBOURS,
        ),
        pytest.param(
            steps("  - expect: {call: Heartbeat, mach: §1}\n"), "not `mach`", marks=WITH_ITS_NEIGHBOURS
        ),
        (steps("  - expect: {call: §StopTransactoin}\n"), "did you mean `StopTransaction`?"),
        (steps("  - expect: {call: StopTransaction, match: {§idTga: x}}\n"), "did you mean `idTag`?"),
        (steps("  - never: {result: Heartbeat, match: {§curentTime: x}}\n"), "`currentTime`?"),
        (steps("  - expect: {error: Reset, match: {§cod: x}}\n"), "did you mean `code`?"),
        (steps("  - expect: {error: §StopTransactoin}\n"), "did you mean `StopTransaction`?"),
        (steps("  - expect: {1.6: {call: §TransactionEvent}}\n"), "there is no action"),
        (
            steps("  - expect: {1.6: {call: StopTransaction, match: {§evse: 1}}}\n"),
            "no field of StopTransaction",
        ),
        (steps("  - expect: {call: §TransactionEvent}\n    only: 1.6\n"), "there is no action"),
        (steps("  - call: {action: §GetLogs}\n"), "did you mean `GetLog`?"),
        (steps("  - call: {action: Reset, payload: {§typ: Hard}}\n"), "did you mean `type`?"),
        (steps("  - call: §{payload: {}}\n"), "{action: …, payload: {…}}"),
        pytest.param(steps("  - call: {action: Reset, §pay: 1}\n"), "not `pay`", marks=WITH_ITS_NEIGHBOURS),
        pytest.param(
            steps("  - call: {action: Reset, payload: §1}\n"),
            "a payload is a mapping",
            marks=WITH_ITS_NEIGHBOURS,
        ),
        (steps("  - present: §${tokn}\n"), "${tokn} has no value here"),
        (steps("  - plug:\n    title: {en: §'${a.idd}', fr: x}\n"), "did you mean ${a.id}"),
        (HEAD + "variables: {v: §'${w}', w: 1}\nsteps:\n  - plug:\n", "${w} has no value here"),
        (
            steps("  - present: §${x}\n  - expect: {event: boot}\n    capture: {x: vendor}\n"),
            "${x} has no value here",
        ),
    ],
)
def test_every_mistake_has_its_place_and_its_rule(text: str, rule: str) -> None:
    """The line and column are those of the mistake itself (§ here); the rule says what to do."""
    before = text[: text.index("§")]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    found = flaws(text.replace("§", ""))
    assert [each[:2] for each in found] == [place], found
    assert rule in found[0][2]


def test_all_mistakes_are_told_at_once() -> None:
    """In the order of the file."""
    found = flaws(steps("  - plog:\n  - plug: {evze: 1}\n  - unplug:\n    within: x\n"))
    assert [each[0] for each in found] == [4, 5, 7]


def test_variables_are_known_once_captured() -> None:
    """Given ones, those of the run and of the roles are known from the start."""
    text = steps(
        "  - expect: {event: boot, vendor: '${v}', model: '${a.model}'}\n"
        "    capture: {x: vendor}\n"
        "  - steps:\n"
        "      - check: ${x} ${turn} ${run}\n"
        "        is: <at least ${limit}>\n"
    )
    assert isinstance(parse_scenario(text + "variables: {v: A, limit: 5}\n", "x.yaml"), Scenario)


@given(st.lists(st.sampled_from([*KINDS, "within", "on", "title", "only"]), max_size=4), st.text(max_size=20))
def test_any_step_is_read_or_refused(words: list[str], value: str) -> None:
    """Nothing but ScenarioFileError is ever raised, whatever stands together in a step."""
    content = ", ".join(f"{word}: {value!r}" for word in dict.fromkeys(words))
    try:
        parse_scenario(steps(f"  - {{{content}}}\n"), "x.yaml")
    except ScenarioFileError as error:
        assert all(flaw.rule for flaw in error.flaws)  # noqa: PT017 - both ends are good


def test_the_commands_are_those_of_the_central_system() -> None:
    """A command that the API has not is a typing error, one that it has is none."""
    assert set(COMMANDS) == set(BODIES)
