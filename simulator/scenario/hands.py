"""What a hand does at a station on a bench, by name, and whoever does it: a rig, or else a person.

A rig that fails says nothing about the station: the step is inconclusive, never failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from simulator.scenario.verdicts import Inconclusive
from simulator.scenario.words import RunTexts

HANDS: Mapping[str, tuple[str, ...]] = {
    "plug": ("evse", "connector"),
    "unplug": ("evse", "connector"),
    "present": ("token", "evse"),
    "power_on": (),
    "power_off": (),
    "restart": (),
    "network_on": (),
    "network_off": (),
    "ev_ready": ("evse", "connector"),
    "ev_not_ready": ("evse", "connector"),
    "lock_failure": ("evse", "connector"),
    "lock_repaired": ("evse", "connector"),
}
"""The hands that steps know, and what each is told; a prompt may name others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandAction:
    """One thing to do. `text` is what a person would be told."""

    name: str
    station_id: str
    text: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """All that a command, a request or a function is given."""
        return {"hand": self.name, "station": self.station_id, "text": self.text, **self.arguments}


class RigFailedError(Exception):
    """The rig did not do it; the text says how it failed."""


class RigTrouble(Inconclusive):
    """Ends the step: what the rig did not do cannot be judged."""


class Rig(Protocol):
    """Machines that are hands."""

    def can(self, name: str) -> bool:
        """Whether it does this; else a person is asked."""
        ...

    async def act(self, action: HandAction) -> None:
        """Do it. Raises RigFailedError."""
        ...


async def act_by_rig(rig: Rig, action: HandAction, words: RunTexts) -> None:
    """Have it done. Raises RigTrouble."""
    try:
        await rig.act(action)
    except RigFailedError as error:
        raise RigTrouble(words.text("rig_failed", hand=action.name, problem=error)) from None
