"""Writes docs/reference/lifecycle.md: the states of a station, drawn from the tables of the code.

Run: python -m tools.generate_lifecycle_page [--check]. With --check nothing is written, and a stale page is
named with exit code 1.
"""

import sys
from pathlib import Path

from provisioning.activation.runs import STEP_WORDS, StepName, StepState
from provisioning.blockers import NOTES, Code, Severity
from provisioning.gates.table import gates_table, table
from provisioning.lifecycle import diagram
from provisioning.remark_texts import REMARKS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "lifecycle.md"
REMARK = "<!-- Written by tools/generate_lifecycle_page.py; change the code, then run it. -->\n\n"

HEAD = """# Lifecycle of a station

A state is never stored: it follows from facts (ordered or adopted, booted, at a place, activation asked for,
every step done with, suspended), in whatever order they come. Why it is made this way:
[lifecycle, explained](../explanation/lifecycle.md).

"""
INTERVALS = """
`pending` is `--pending-interval-s`, `heartbeat` is `--heartbeat-interval-s` ([settings](settings.md)). A
station that nobody ordered is in quarantine only under `--unknown quarantine`; under `accept` it is Accepted,
under `reject` Rejected, and under `refuse` it gets HTTP 401. Stations of OCPP 2.x are told the first code and
its text with the answer (`statusInfo`). What each code means and what to do about it: [errors](errors.md).

"""
GATES_HEAD = """## Gates

Each state is where a station stands that a **gate** holds up. A gate is one requirement, in a file of its own
(`provisioning/gates/`); those that do not wait for each other are asked at once. `gates` of
`GET /stations/{id}/lifecycle` is a station's checklist: each is `passed`, `blocked` by one of its codes, or
`waiting` for another gate. A station in service is held up by none that led there, also not by one that is
new.

"""
BESIDE_HEAD = """## Active, but

What blocks a station is more than what keeps it from being active: an active one may be faulted,
silent, or share its id with another box. `remarks` of the API names that with a `severity`: a `problem` is in
the way (page, live table and `borne doctor` say so, the doctor with exit code 1), a `note` is worth knowing.
`who_clears` is whoever has to act on the first thing that is in the way.

| Code | Severity | What it is | Cleared by |
|---|---|---|---|
"""
STEPS_HEAD = """
## Steps of an activation

| Step | Sends | Proved by |
|---|---|---|
"""
STEPS: dict[StepName, tuple[str, str]] = {
    StepName.CLOCK: (
        "heartbeat interval; the site's time zone where the version has a variable for it",
        "reading each back",
    ),
    StepName.CREDENTIAL: (
        "a secret made by the server (1.6 `AuthorizationKey`, 2.x `BasicAuthPassword`)",
        "a new connection with it: at once, with the security profile raised from 0, or after a restart",
    ),
    StepName.ACCESS_LIST: (
        "the site's authorization list, in chunks of what the station takes, and the keys that put it in use",
        "reading the list's version back",
    ),
    StepName.HOURS: (
        "open or closed, as the hours say now",
        "2.x: reading its availability; 1.6: asking its connectors for their status",
    ),
    StepName.TARIFF: (
        "the price for the display (1.6 `DefaultPrice`, `DefaultPriceText`; 2.x `TariffCostCtrlr`)",
        "reading each back",
    ),
    StepName.RESTART: (
        "one restart, if a value asked for it and no vehicle charges",
        "its boot, and reading the values back",
    ),
    StepName.RELEASE: ("a request to boot, if it is not accepted yet", "its boot, which is Accepted"),
}
STATES_HEAD = """
## State of a step

| State | Means |
|---|---|
"""
STATES: dict[StepState, str] = {
    StepState.WAITING: "its turn has not come",
    StepState.RETRYING: "no answer, or the link was lost: tried again after 1, 2, 4 … at most 300 s",
    StepState.DONE: "proved",
    StepState.REFUSED: "the station refused some of it; what it took is in force, and the run goes on",
    StepState.LACKING: "the station does not have some of it; the run goes on",
    StepState.SKIPPED: "nothing to do",
    StepState.DEFERRED: "put off until the station is accepted; the other steps go on meanwhile",
}


def page() -> str:
    """The whole page."""
    steps = "".join(
        f"| `{name.value}` ({STEP_WORDS[name].en}) | {sent} | {proof} |\n"
        for name, (sent, proof) in STEPS.items()
    )
    states = "".join(f"| `{state.value}` | {text} |\n" for state, text in STATES.items())
    beside = "".join(_remark_row(code) for code in REMARKS)
    drawing = f"```mermaid\n{diagram()}\n```\n\n"
    told = table() + "\n" + INTERVALS + GATES_HEAD + gates_table() + "\n\n" + BESIDE_HEAD + beside
    return REMARK + HEAD + drawing + told + STEPS_HEAD + steps + STATES_HEAD + states


def _remark_row(code: Code) -> str:
    entry, severity = REMARKS[code], Severity.NOTE if code in NOTES else Severity.PROBLEM
    return f"| `{code.value}` | {severity.value} | {entry.text.en} | {entry.clearer.value} |\n"


def main(arguments: list[str]) -> int:
    """Write or check the page; the exit code."""
    is_fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
    if is_fresh:
        return 0
    if "--check" in arguments:
        print(f"docs/reference/{PAGE.name} is not fresh: run python -m tools.generate_lifecycle_page")
        return 1
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote docs/reference/{PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
