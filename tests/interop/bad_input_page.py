"""Writes docs/reference/bad-input.md from the tables: `python -m tests.interop.bad_input_page`."""

from collections.abc import Iterable
from pathlib import Path

from tests.interop.bad_input import ENVELOPES, FRAMES, HANDSHAKES, PAYLOADS, STARTS, TEXTS, BadInput
from tests.support.wire_station import VERSIONS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "bad-input.md"
HEAD = """# Bad input

Everything that can come in wrong has one outcome. It costs nobody but the one who sent it: while the tests
below play each row, a healthy station of each OCPP version stays connected and is answered. The names in the
last column find the test: `pytest tests/interop -k NAME`.
"""
MESSAGES_TEXT = """
An error code means a CALLERROR with the id of the message; the link stays open. "Served" means: read as it
can only be meant, answered, and noted at the link under that name ([findings](findings.md)). "No answer" is
counted and noted too. A message that bills (1.6: StartTransaction, StopTransaction, MeterValues; 2.x:
TransactionEvent, MeterValues, SecurityEventNotification) is kept as it came, in quarantine, before it is
refused. What each code means and when it is used: [OCPP errors](ocpp-errors.md).
"""
FRAMES_TEXT = """
Each of these ends its connection with a close code. All codes are in
[Connection attempts](connection-attempts.md#close-codes).
"""
HANDSHAKES_TEXT = """
The peer is told an HTTP status, and the attempt is kept with its reason, its first bytes and a sentence on
what to change ([Connection attempts](connection-attempts.md)).
"""
ANSWERS_TEXT = """
What a station answers to a command can be wrong too; the command still ends, exactly once.
"""
STARTS_TEXT = """
`borne up` prints one line that tells what to do, and leaves with exit code 3.
"""
ELSEWHERE = (
    (
        "an answer that breaks its schema",
        "the command ends as `error`; OCPP 2.1 is told with a CALLRESULTERROR",
        "test_an_answer_that_breaks_its_schema_is_an_error",
    ),
    (
        "an answer that comes too late",
        "the command has ended as `timeout`; the answer is counted and noted",
        "test_a_late_answer_counts_for_nothing",
    ),
    (
        "answers to nothing, beyond 1,000 at once and 50 a second (before the boot is accepted: 100 and 5)",
        "close 1008",
        "test_answers_to_nothing_are_counted_and_then_cut_off",
    ),
    (
        "what is refused, beyond the same numbers: bad frames, empty texts, broken payloads, unknown actions",
        "each is answered until then; close 1008",
        "test_a_flood_of_what_is_refused_is_cut_off",
    ),
    (
        "pings, and pongs that nobody asked for, beyond 100 at once and 10 a second",
        "close 1008",
        "test_a_flood_of_control_frames_is_cut_off",
    ),
    (
        "thousands of requests without waiting for an answer",
        "answered in turns with the others' messages; the socket is not read meanwhile",
        "test_a_flood_in_one_read_waits_and_is_answered",
    ),
)
FILES = (
    (
        "a scenario file that is none, or says what no scenario can",
        "one line per fault with file, line and column; exit code 2",
        "tests/simulator/scenario",
    ),
    (
        "a setting that makes no sense",
        "one line per setting; exit code 2",
        "test_half_of_a_certificate_is_wrong_usage",
    ),
)


def page() -> str:
    """The whole page."""
    return "".join(
        (
            HEAD,
            "\n## Messages\n",
            MESSAGES_TEXT,
            _messages("The envelope", ENVELOPES),
            _messages("The payload", PAYLOADS),
            _messages("The text", TEXTS),
            "\n### Answers\n",
            ANSWERS_TEXT,
            _table(("Input", "Outcome", "Test"), ELSEWHERE),
            "\n## Frames\n",
            FRAMES_TEXT,
            _table(("Input", "Close code", "Test"), ((f.says, str(f.code), f.slug) for f in FRAMES)),
            "\n## Handshakes\n",
            HANDSHAKES_TEXT,
            _table(
                ("Input", "Status", "Attempt", "Test"),
                ((h.says, str(h.status or "nothing"), f"`{h.reason}`", h.slug) for h in HANDSHAKES),
            ),
            "\n## Starts\n",
            STARTS_TEXT,
            _table(("Why it cannot run", "The way out", "Test"), ((s.says, s.hint, s.slug) for s in STARTS)),
            "\n## Files\n",
            _table(("Input", "Outcome", "Test"), FILES),
        )
    )


def _messages(title: str, rows: tuple[BadInput, ...]) -> str:
    heads = ("Input", *(f"OCPP {version}" for version in VERSIONS), "Test")
    lines = ((row.says, *map(str, row.outcomes), row.slug) for row in rows)
    return f"\n### {title}\n{_table(heads, lines)}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [" | ".join(heads), "|".join(["---"] * len(heads))]
    lines += [" | ".join((*(cell.replace("|", "\\|") for cell in row[:-1]), f"`{row[-1]}`")) for row in rows]
    return "\n" + "".join(f"| {line} |\n" if "---" not in line else f"|{line}|\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
