"""`Standpoint`: what the durable work that a station needs follows from. Pure."""

from dataclasses import dataclass
from datetime import datetime

from ocppj.vocabulary import Availability
from provisioning.activation.desired import wanted_availability
from provisioning.activation.runs import ActivationRun
from provisioning.lifecycle import Lifecycle
from provisioning.records import Device, Site

_KEPT = (Lifecycle.ACTIVE, Lifecycle.SUSPENDED)
_NOT_IN_SERVICE = (Lifecycle.ORDERED, Lifecycle.POWERED, Lifecycle.LOCALIZED)
_WORKED_ON = (Lifecycle.CONFIGURING, *_KEPT)


@dataclass(frozen=True, slots=True)
class Standpoint:
    """`may_charge`: it was accepted, and goes by that."""

    device: Device
    site: Site | None
    run: ActivationRun | None
    state: Lifecycle | None
    is_quiet: bool
    may_charge: bool

    def wanted(self, at: datetime) -> Availability | None:
        """None where there is nothing to keep: under test, being configured, or not accepted anyway.

        A station that was taken away from its place while its registration goes on must not charge (R7).
        """
        if self.device.test_window is not None and self.device.activated_at is None:
            return wanted_availability(self.device, self.site, at)
        if self.is_quiet or self.state is None:
            return None
        if self.state in _NOT_IN_SERVICE and self.may_charge:
            return Availability.INOPERATIVE
        return wanted_availability(self.device, self.site, at) if self.state in _KEPT else None

    def is_pending(self, at: datetime) -> bool:
        """Whether it is not agreed to what it should be."""
        return self.wanted(at) not in (None, self.device.asserted)

    @property
    def is_to_activate(self) -> bool:
        """Whether an activation is open and may go on: under test only where somebody asked for it there."""
        is_open = self.run is not None and self.run.finished_at is None and self.state in _WORKED_ON
        return is_open and not self.is_paused

    @property
    def is_paused(self) -> bool:
        """Whether what is open of its activation waits: it is under test, and nobody asked for it there."""
        return self.is_quiet and self.run is not None and self.run.waits_for_request
