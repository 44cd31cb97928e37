"""The flags of transactions: those in the code, and what the reference says of each."""

import re

from csms.domain import flags
from tests.support.sources import ROOT

_ROW = re.compile(r"^\| `([a-z-]+)` \| (.+) \|$", re.MULTILINE)


def known_flags() -> set[str]:
    """Those that the rules set."""
    return {value for name, value in vars(flags).items() if name.isupper() and isinstance(value, str)}


def documented_flags() -> dict[str, str]:
    """Each flag of docs/reference/flags.md, with its meaning."""
    return dict(_ROW.findall((ROOT / "docs" / "reference" / "flags.md").read_text(encoding="utf-8")))
