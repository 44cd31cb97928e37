"""The errors of provisioning.

ProvisioningProblem      a request that cannot be granted: a line of the catalogue, with who clears it
└── ClaimRefused         wrong MAC or code, or locked; tells near MACs, never which of the two was wrong
ManifestRefused          lines of a manifest that are wrong, each with why: nothing of it was taken
PepperUnreadable         a RuntimeProblem: the pepper file cannot be read or made
PepperWrong              a RuntimeProblem: the secrets in the database were sealed with another pepper
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from provisioning.blockers import Blocker, Code
from provisioning.catalogue import CATALOGUE, blocker
from runtime.errors import RuntimeProblem
from runtime.wording import Phrase


class ProvisioningProblem(Exception):  # noqa: N818 - what the API answers with
    """A request that cannot be granted as things are; `blocker` says what, what to do, and who can."""

    def __init__(self, code: Code, *, near: tuple[str, ...] = (), **fields: Any) -> None:
        self.blocker: Blocker = blocker(code, near=", ".join(near), **fields)
        super().__init__(f"{code.value}: {self.blocker.text.en}")
        self.code = code
        self.fields = fields
        self.near = near
        self.status = CATALOGUE[code].status


class ClaimRefused(ProvisioningProblem):
    """The claim is not granted; the same for an unknown MAC and a wrong code."""


@dataclass(frozen=True, slots=True)
class ManifestFault:
    """Where a manifest is wrong, and why."""

    where: str
    fault: Phrase


class ManifestRefused(Exception):  # noqa: N818 - what the API answers with
    """Nothing of a manifest was taken: `faults` are its wrong lines."""

    def __init__(self, faults: Sequence[ManifestFault]) -> None:
        super().__init__("; ".join(f"{each.where}: {each.fault}" for each in faults))
        self.faults = tuple(faults)


class PepperUnreadable(RuntimeProblem):
    """The file with the server's pepper cannot be read or written; the text says which and what to do."""


class PepperWrong(RuntimeProblem):
    """The pepper is not the one of the database, or has no need to be replaced; the text says what to do."""


def unknown_station(text: str, near: tuple[str, ...] = ()) -> ProvisioningProblem:
    """Nobody knows `text`: with the MACs it may have been meant to be, if there are any."""
    if near:
        return ProvisioningProblem(Code.MAC_UNKNOWN, near=near)
    return ProvisioningProblem(Code.STATION_UNKNOWN, text=text)


def not_led(station_id: str) -> ProvisioningProblem:
    """It connected, or somebody made it known, but nobody ordered it."""
    return ProvisioningProblem(Code.NO_LIFECYCLE, id=station_id)
