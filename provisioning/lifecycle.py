"""The states of a station's lifecycle, as words and as a drawing. Nothing stores or sets one: it follows from
facts (`provisioning.gates`).
"""

from enum import StrEnum

from runtime.wording import Phrase


class Lifecycle(StrEnum):
    """How far a station is."""

    QUARANTINE = "quarantine"
    TESTING = "testing"
    ORDERED = "ordered"
    POWERED = "powered"
    LOCALIZED = "localized"
    CONFIGURING = "configuring"
    ACTIVE = "active"
    SUSPENDED = "suspended"


STATE_WORDS: dict[Lifecycle, Phrase] = {
    Lifecycle.QUARANTINE: Phrase("quarantaine", "quarantine"),
    Lifecycle.TESTING: Phrase("à l'essai", "being tested"),
    Lifecycle.ORDERED: Phrase("commandée", "ordered"),
    Lifecycle.POWERED: Phrase("alimentée", "powered"),
    Lifecycle.LOCALIZED: Phrase("localisée", "localized"),
    Lifecycle.CONFIGURING: Phrase("en configuration", "configuring"),
    Lifecycle.ACTIVE: Phrase("active", "active"),
    Lifecycle.SUSPENDED: Phrase("suspendue", "suspended"),
}
"""The states as people read them."""


IN_SERVICE = frozenset({Lifecycle.ACTIVE, Lifecycle.SUSPENDED})
"""The states in which a station is expected to be connected."""


TRANSITIONS: tuple[tuple[Lifecycle, str, Lifecycle], ...] = (
    (Lifecycle.QUARANTINE, "ordered or adopted", Lifecycle.POWERED),
    (Lifecycle.QUARANTINE, "adopted at a place", Lifecycle.LOCALIZED),
    (Lifecycle.QUARANTINE, "adopted at a place, approved in advance", Lifecycle.CONFIGURING),
    (Lifecycle.QUARANTINE, "ordered, never booted", Lifecycle.ORDERED),
    (Lifecycle.ORDERED, "first boot", Lifecycle.POWERED),
    (Lifecycle.ORDERED, "first boot, claimed before", Lifecycle.LOCALIZED),
    (Lifecycle.ORDERED, "first boot, claimed and activation asked for before", Lifecycle.CONFIGURING),
    (Lifecycle.ORDERED, "order cancelled", Lifecycle.QUARANTINE),
    (Lifecycle.POWERED, "claimed", Lifecycle.LOCALIZED),
    (Lifecycle.POWERED, "claimed, approved in advance", Lifecycle.CONFIGURING),
    (Lifecycle.POWERED, "order cancelled", Lifecycle.QUARANTINE),
    (Lifecycle.LOCALIZED, "activation asked for", Lifecycle.CONFIGURING),
    (Lifecycle.LOCALIZED, "taken away", Lifecycle.POWERED),
    (Lifecycle.CONFIGURING, "released, and accepted", Lifecycle.ACTIVE),
    (Lifecycle.CONFIGURING, "taken away", Lifecycle.POWERED),
    (Lifecycle.POWERED, "test window opened", Lifecycle.TESTING),
    (Lifecycle.LOCALIZED, "test window opened", Lifecycle.TESTING),
    (Lifecycle.CONFIGURING, "test window opened", Lifecycle.TESTING),
    (Lifecycle.TESTING, "order cancelled", Lifecycle.QUARANTINE),
    (Lifecycle.TESTING, "test window over, at no place", Lifecycle.POWERED),
    (Lifecycle.TESTING, "test window over, at its place", Lifecycle.LOCALIZED),
    (Lifecycle.TESTING, "test window over, activation asked for", Lifecycle.CONFIGURING),
    (Lifecycle.ACTIVE, "suspended", Lifecycle.SUSPENDED),
    (Lifecycle.ACTIVE, "taken away", Lifecycle.POWERED),
    (Lifecycle.SUSPENDED, "resumed", Lifecycle.ACTIVE),
    (Lifecycle.SUSPENDED, "taken away", Lifecycle.POWERED),
)
"""What moves a station; the drawing in docs/reference/lifecycle.md is made from it."""


def diagram() -> str:
    """The transitions as a Mermaid state diagram."""
    lines = [
        "stateDiagram-v2",
        "    [*] --> quarantine: a station boots that nobody ordered",
        "    [*] --> ordered: ordered or adopted before it ever booted",
    ]
    lines += [f"    {before} --> {after}: {event}" for before, event, after in TRANSITIONS]
    return "\n".join(lines)
