"""The sequence numbers of a transaction that have arrived, as text like `0..14,16`.

Stations may start at any number and go on over a restart (OCPP 2.0.1 part 2 §1.3.2.1), and messages may come
in any order, so all that counts is which numbers were seen.
"""

RUNS_KEPT = 64
"""Gaps are rare; from this many runs on, the two lowest are taken for one."""


def runs(text: str) -> list[tuple[int, int]]:
    """The runs of numbers, lowest first."""
    found = []
    for run in text.split(",") if text else ():
        first, _, last = run.partition("..")
        found.append((int(first), int(last or first)))
    return found


def has_seen(text: str, number: int) -> bool:
    """Whether the number is among them."""
    first, _, last = text.rpartition(",")[2].partition("..")
    if not first or number > int(last or first):  # the usual case: it is newer than all
        return False
    return any(low <= number <= high for low, high in runs(text))


def with_number(text: str, number: int) -> str:
    """The text with one more number."""
    prefix, _, tail = text.rpartition(",")
    first, _, last = tail.partition("..")
    if tail and int(last or first) + 1 == number:  # the usual case: the next one
        run = f"{first}..{number}"
        return f"{prefix},{run}" if prefix else run
    merged: list[tuple[int, int]] = []
    for low, high in sorted([*runs(text), (number, number)]):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], high)
        else:
            merged.append((low, high))
    if len(merged) > RUNS_KEPT:
        merged[:2] = [(merged[0][0], merged[1][1])]
    return ",".join(f"{low}..{high}" if high > low else str(low) for low, high in merged)


def has_gap(text: str, last: int | None) -> bool:
    """Whether a number between the first seen and `last` is missing."""
    found = runs(text)
    return len(found) > 1 or (last is not None and bool(found) and found[-1][1] < last)
