"""Which parts of a message are kept with its transaction as they came: all but what is beyond any measure."""

from collections.abc import Sequence
from typing import Any

import msgspec

from ocppj.findings import add_finding

LONGEST = 64 * 1024
"""Characters of one part: 2.1 allows 32,768 for a signed value."""
SIGNED_MOST = 400
"""Signed values of one message; a transaction keeps little more of all its messages (`storage.reviews`)."""
ATTACHMENT_CUT = "attachment-cut"
"""Finding: signed values or cost details beyond the bounds; those are not kept with the transaction."""


def bounded_signed_values(texts: Sequence[str], findings: list[str]) -> tuple[str, ...]:
    """The signed values to keep: of too many the first and the last, which prove what was delivered."""
    if not texts:
        return ()
    kept = [text for text in texts if len(text) <= LONGEST]
    if len(kept) > SIGNED_MOST:
        half = SIGNED_MOST // 2
        kept = [*kept[:half], *kept[-half:]]
    if len(kept) < len(texts):
        add_finding(findings, ATTACHMENT_CUT)
    return tuple(kept)


def has_bounded_details(details: Any, findings: list[str]) -> bool:
    """Whether 2.1's costDetails are there to be kept; `details` is their struct, or None."""
    if details is None:
        return False
    if len(msgspec.json.encode(details)) <= LONGEST:
        return True
    add_finding(findings, ATTACHMENT_CUT)
    return False
