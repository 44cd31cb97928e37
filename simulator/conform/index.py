"""Which case belongs to which profile, and for whom it is mandatory: facts of part 5, in a table."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from simulator.conform.case import FOLDER, Side

TABLE = "profiles.csv"
MANDATORY, CONDITIONAL = "M", "C"


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A case in a profile. `cs` and `csms` are M, C, or empty where it is not for that side."""

    profile: str
    case: str
    cs: str
    csms: str
    title: str

    def need(self, side: Side) -> str:
        """M, C, or nothing."""
        return self.cs if side == "cs" else self.csms

    def case_id(self, side: Side) -> str:
        """As its file is named."""
        return f"{self.case}_{side.upper()}"


@cache
def index_rows() -> tuple[IndexRow, ...]:
    """In the order of part 5."""
    text = files("scenarios").joinpath(FOLDER, TABLE).read_text(encoding="utf-8")
    return tuple(
        IndexRow(row["profile"], row["case"], row["cs"], row["csms"], row["title"])
        for row in csv.DictReader(text.splitlines())
    )


def profiles() -> list[str]:
    """Their names, in order."""
    return list(dict.fromkeys(row.profile for row in index_rows()))


def rows_of(side: Side, profile: str | None = None) -> list[IndexRow]:
    """The cases for one side."""
    return [row for row in index_rows() if row.need(side) and profile in (None, row.profile)]


def profiles_of(case_id: str, side: Side) -> dict[str, str]:
    """The profiles of a case, and whether it is mandatory in each."""
    return {row.profile: row.need(side) for row in rows_of(side) if row.case_id(side) == case_id}


def is_always_mandatory(case_id: str, side: Side) -> bool:
    """Mandatory without a condition in every profile that has it."""
    needs = set(profiles_of(case_id, side).values())
    return needs == {MANDATORY}
