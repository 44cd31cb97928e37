"""Flags are documented, each once."""

from csms.rules import flags
from tests.support.sources import ROOT


def test_every_flag_is_explained() -> None:
    """In the code and in the reference."""
    constants = {value for name, value in vars(flags).items() if name.isupper() and isinstance(value, str)}
    assert constants == set(flags.MEANINGS)
    page = (ROOT / "docs" / "reference" / "flags.md").read_text(encoding="utf-8")
    for flag, meaning in flags.MEANINGS.items():
        assert f"| `{flag}` | {meaning} |" in page
