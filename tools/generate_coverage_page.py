"""Writes docs/reference/coverage.md: what is built of each action in each version, and what shows it.

What is there is read from the code and from the tests' sources (`message_sources`). Which block an action is
of, and why a cell of a built block is empty, stands in `tools/message_coverage.toml`.

Run: python -m tools.generate_coverage_page [--check]. With --check nothing is written, and a stale page is
named with exit code 1.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from csms.gateway.reception import RECEPTIONS
from csms.gateway.refusals import REFUSALS
from ocppj.actions import Sender, actions_of
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from tools.message_sources import Place, played_by_peer, sent_by_simulator, used_by_scenarios

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "coverage.md"
LIST = Path(__file__).with_name("message_coverage.toml")
COLUMNS = {
    "central": "Central system",
    "command": "Command",
    "simulator": "Simulator",
    "scenario": "Scenario",
    "peer": "Independent peer",
}
NOT_ITS_OWN = {Sender.CSMS: "central", Sender.STATION: "command"}
"""The column that an action has no cell in: the other side sends it."""
VERSIONS = (OcppVersion.V16, OcppVersion.V201, OcppVersion.V21)

HEAD = """<!-- Written by tools/generate_coverage_page.py; reasons are in tools/message_coverage.toml. -->

# Coverage of the messages

Every action of OCPP 1.6, 2.0.1 and 2.1, by functional block.

- **Central system**: what becomes of a request that a station sends: handled, kept or refused
  ([messages](messages.md)).
- **Command**: the central system's command that sends it; without one it is a raw call.
- **Simulator**: a simulated station sends it, or answers it with what it does (which may be a refusal).
- **Scenario**: the first shipped scenario, case for a station and case for a central system that bring it
  about or wait for it; one that names it itself before one whose preparations do. Cases are of 2.0.1.
- **Independent peer**: the modules of our tests in which a station or a central system on the package `ocpp`
  sends it or answers it. Only the sources are read: it says that they can, a test says that they do.
- **·** stands where the other side sends the action.

In the blocks that are built ({built}) an empty cell names its reason; elsewhere it is **–**.
"""


@dataclass(frozen=True, slots=True)
class BlockOfMessages:
    """A functional block: its letter, its name, and the actions that it has in any version."""

    letter: str
    title: str
    actions: Sequence[str]
    is_built: bool = False


@dataclass(frozen=True, slots=True)
class EmptyReason:
    """Why cells are empty. `cells` are places with their column; `clause` what gives it, if anything does."""

    slug: str
    because: str
    clause: str
    cells: Sequence[tuple[OcppVersion, str, str]]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One action in one version. By column: what is there; empty where nothing is, absent where none can."""

    version: OcppVersion
    action: str
    filled: Mapping[str, str]
    refused: bool = False

    @property
    def empty(self) -> Sequence[str]:
        """The columns of its empty cells."""
        return [column for column, content in self.filled.items() if not content]


def blocks() -> Sequence[BlockOfMessages]:
    """All, in the order of their letters."""
    return [BlockOfMessages(letter, **each) for letter, each in _listed()["blocks"].items()]


def reasons() -> Sequence[EmptyReason]:
    """All, in the order of the list."""
    return [
        EmptyReason(slug, each["because"], each.get("clause", ""), list(_cells(each["cells"])))
        for slug, each in _listed()["reasons"].items()
    ]


def _listed() -> Mapping[str, Any]:
    return tomllib.loads(LIST.read_text(encoding="utf-8"))


def _cells(groups: Iterable[Mapping[str, Sequence[str]]]) -> Iterator[tuple[OcppVersion, str, str]]:
    labels = {each.label: each for each in OcppVersion}
    for group in groups:
        for version in group["versions"]:
            for action in group["actions"]:
                for column in group["columns"]:
                    yield labels[version], action, column


@cache
def rows() -> Mapping[Place, CoverageRow]:
    """By version and action."""
    return {
        (version, action): CoverageRow(version, action, _filled(version, action), action in REFUSALS[version])
        for version in VERSIONS
        for action in actions_of(version)
    }


def _filled(version: OcppVersion, action: str) -> Mapping[str, str]:
    translation, place = translation_for(version), (version, action)
    is_command = translation.has_command(action)
    command = translation.our_command(action).name if is_command else ""
    has_part = (is_command and "answers") or (place in sent_by_simulator() and "sends") or ""
    found = {
        "central": _received(version, action),
        "command": f"`{command}`" if command else "",
        "simulator": has_part,
        "scenario": _scenarios(place),
        "peer": " ".join(_link(path) for path in played_by_peer().get(place, ())),
    }
    found.pop(NOT_ITS_OWN.get(actions_of(version)[action].sender, ""), None)
    return found


def _received(version: OcppVersion, action: str) -> str:
    """Handled or kept; empty where it is refused."""
    reception = RECEPTIONS[version]
    if reception.translation.knows(action):
        return "handled"
    is_send = actions_of(version)[action].response is None
    return "kept" if reception.keeps(action, is_send=is_send) else ""


def _scenarios(place: Place) -> str:
    """The first of each folder, so that the page stays as it is when another case comes."""
    first: dict[str, str] = {}
    for use in used_by_scenarios().get(place, ()):
        first.setdefault(str(Path(use.path).parent), use.path)
    return " ".join(_link(path) for path in first.values())


def _link(path: str) -> str:
    return f"[`{Path(path).stem}`](../../{path})"


def flaws(
    listed: Sequence[BlockOfMessages], given: Sequence[EmptyReason], found: Mapping[Place, CoverageRow]
) -> Sequence[str]:
    """What is wrong with the list, as sentences."""
    wrong = list(_flaws_of_blocks(listed, found))
    built = {action for block in listed if block.is_built for action in block.actions}
    reasoned: dict[tuple[OcppVersion, str, str], str] = {}
    for reason in given:
        for cell in reason.cells:
            name = f"{reason.slug}: {_cell_name(cell)}"
            row = found.get(cell[:2])
            if row is None or cell[2] not in row.filled:
                wrong.append(f"{name} is no cell")
            elif row.filled[cell[2]]:
                wrong.append(f"{name} is filled")
            elif cell[1] not in built:
                wrong.append(f"{name} is of a block that is not built")
            elif cell in reasoned:
                wrong.append(f"{name} has the reason {reasoned[cell]}")
            reasoned.setdefault(cell, reason.slug)
    wrong += [
        f"{_cell_name((*place, column))} is empty without a reason"
        for place, row in found.items()
        if row.action in built
        for column in row.empty
        if (*place, column) not in reasoned
    ]
    return wrong


def _flaws_of_blocks(listed: Sequence[BlockOfMessages], found: Mapping[Place, CoverageRow]) -> Iterator[str]:
    known = {action for _, action in found}
    placed: dict[str, str] = {}
    for block in listed:
        for action in block.actions:
            if action not in known:
                yield f"{block.letter}: no version has {action}"
            if action in placed:
                yield f"{block.letter}: {action} is of {placed[action]}"
            placed[action] = block.letter
    yield from (f"{action} is of no block" for action in sorted(known - set(placed)))


def _cell_name(cell: tuple[OcppVersion, str, str]) -> str:
    version, action, column = cell
    return f"{version.label} {action} {column}"


def page() -> str:
    """The whole page."""
    given = reasons()
    why = {cell: reason.slug for reason in given for cell in reason.cells}
    built = ", ".join(block.letter for block in blocks() if block.is_built)
    parts = [HEAD.replace("{built}", built)]
    for block in blocks():
        head = " | ".join(("Action", "Version", *COLUMNS.values()))
        parts.append(f"\n## {block.letter}. {block.title}\n\n| {head} |\n{'|---' * (len(COLUMNS) + 2)}|\n")
        parts += [
            _line(rows()[version, action], why)
            for action in block.actions
            for version in VERSIONS
            if (version, action) in rows()
        ]
    parts.append("\n## Why cells are empty\n")
    parts += [_told(each) for each in given]
    return "".join(parts)


def _told(reason: EmptyReason) -> str:
    clause = f" ({reason.clause})" if reason.clause else ""
    return f"\n### {reason.slug}\n\n{reason.because}{clause}.\n"


def _line(row: CoverageRow, why: Mapping[tuple[OcppVersion, str, str], str]) -> str:
    cells = (_shown(row, column, why) for column in COLUMNS)
    return f"| {row.action} | {row.version.label} | {' | '.join(cells)} |\n"


def _shown(row: CoverageRow, column: str, why: Mapping[tuple[OcppVersion, str, str], str]) -> str:
    if column not in row.filled:
        return "·"
    if row.filled[column]:
        return row.filled[column]
    slug = why.get((row.version, row.action, column))
    reason = f"[{slug}](#{slug})" if slug is not None else "–"
    if column == "central" and row.refused:
        return f"refused: {reason}" if slug is not None else "refused"
    return reason


def main(arguments: list[str]) -> int:
    """Write or check the page; the exit code."""
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    if "--check" in arguments:
        print(f"docs/reference/{PAGE.name} is not fresh: run python -m tools.generate_coverage_page")
        return 1
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote docs/reference/{PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
