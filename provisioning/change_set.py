"""`ChangeSet`: all that one change writes and tells, decided from loaded facts, before anything is written.

A use case is `load(connection) → facts`, then a pure `decide(facts) → ChangeSet`; `StationCache.change`
writes it in one transaction with its history, acts and events (architecture §4.16); memory moves after the
commit. A row that was there before is updated, any other is inserted: nothing is overwritten unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from charging.calendar import OpeningHours
from csms.ports import ChangePart
from ocppj.vocabulary import StationId
from provisioning.accounts import AccountSetUp
from provisioning.activation.runs import ActivationRun
from provisioning.blockers import Blocker
from provisioning.errors import ProvisioningProblem
from provisioning.install_policy import Certification
from provisioning.preparation import SitePreparation
from provisioning.records import Assignment, Device, Installer, Job, NamedTariff, Order, Place, Site
from provisioning.rules.claim_keys import KeyedClaim
from provisioning.shipping import Entitlement, ShippedBox
from runtime.audit import Act
from runtime.work.request import WorkRequest

T = TypeVar("T")


class NoteTopic(StrEnum):
    """What a note is about. Notes are not stored: whoever leaves one knows it again when it goes on."""

    ACTIVATION = "activation"
    HOURS = "hours"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class Changed(Generic[T]):
    """A record as it was stored, None where there was none, and as it is to be."""

    before: T | None
    after: T


@dataclass(frozen=True, slots=True)
class NewHours:
    """A site's opening hours, and who set them when."""

    hours: OpeningHours
    at: datetime
    by: str


@dataclass(slots=True)
class ChangeSet:
    """What a change comes to. `cause` is what the history tells of it."""

    cause: str
    devices: dict[StationId, Changed[Device]] = field(default_factory=dict)
    gone: set[StationId] = field(default_factory=set)
    """Devices whose record is deleted."""
    runs: dict[StationId, Changed[ActivationRun]] = field(default_factory=dict)
    """The current runs; another one than before ends that."""
    ended_runs: dict[StationId, datetime] = field(default_factory=dict)
    """Stations that have no current run any more."""
    opened: list[Assignment] = field(default_factory=list)
    closed: dict[StationId, datetime] = field(default_factory=dict)
    sites: dict[str, Changed[Site]] = field(default_factory=dict)
    hours: dict[str, NewHours] = field(default_factory=dict)
    """Sites whose opening hours are replaced; they are in the sites' records too."""
    places: dict[str, Changed[Place]] = field(default_factory=dict)
    set_ups: dict[str, Changed[AccountSetUp]] = field(default_factory=dict)
    """By organisation."""
    ended_set_ups: set[str] = field(default_factory=set)
    """Organisations that are asked for none any more."""
    preparations: dict[str, Changed[SitePreparation]] = field(default_factory=dict)
    """By site."""
    ended_preparations: set[str] = field(default_factory=set)
    """Sites that nobody prepares any more."""
    orders: list[Order] = field(default_factory=list)
    changed_orders: list[Order] = field(default_factory=list)
    boxes: list[ShippedBox] = field(default_factory=list)
    """Boxes that are on their way, or are to be so."""
    entitlements: list[Entitlement] = field(default_factory=list)
    tariffs: list[tuple[NamedTariff, datetime]] = field(default_factory=list)
    installers: list[tuple[Installer, datetime]] = field(default_factory=list)
    certifications: list[Certification] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    adoptions: list[dict[str, Any]] = field(default_factory=list)
    claim_keys: list[KeyedClaim] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    """Jobs that are made, or are to be so."""
    acts: list[Act] = field(default_factory=list)
    work: list[WorkRequest] = field(default_factory=list)
    """What must happen later because of it; what stations need (availability, activation) is found anyway."""
    notes: dict[tuple[StationId, NoteTopic], Blocker | None] = field(default_factory=dict)
    """What people are told of a station, or not any more. Not stored; its status follows from it."""
    about: set[StationId] = field(default_factory=set)
    """Stations that are concerned without a record of theirs being changed: their listeners hear of it."""

    quiet: dict[StationId, bool] = field(default_factory=dict)
    """Stations that are under test from now on, or no longer; what stores it is one of the `parts`."""
    parts: list[ChangePart] = field(default_factory=list)
    """What the central system stores with it."""
    refusal: ProvisioningProblem | None = None
    """What whoever asked is told, though this is kept: a try that failed counts."""

    def put(self, before: Device | None, after: Device) -> None:
        """A device is to be so. Put twice, it is what it was before the first, and what it is in the last."""
        known = self.devices.get(after.station_id)
        self.devices[after.station_id] = Changed(known.before if known else before, after)

    def put_run(self, before: ActivationRun | None, after: ActivationRun) -> None:
        """The station's current run is to be so."""
        known = self.runs.get(after.station_id)
        self.runs[after.station_id] = Changed(known.before if known else before, after)

    def put_site(self, before: Site | None, after: Site) -> None:
        """A site is to be so."""
        self.sites[after.site_id] = Changed(before, after)

    def put_place(self, before: Place | None, after: Place) -> None:
        """A place is to be so."""
        self.places[after.place_id] = Changed(before, after)

    def set_up_of(self, organisation_id: str, known: AccountSetUp | None) -> AccountSetUp | None:
        """The organisation's set-up afterwards; `known` is the one before."""
        if organisation_id in self.set_ups:
            return self.set_ups[organisation_id].after
        return None if organisation_id in self.ended_set_ups else known

    def put_set_up(self, before: AccountSetUp | None, after: AccountSetUp) -> None:
        """The set-up of an account is to be so."""
        self.set_ups[after.organisation_id] = Changed(before, after)

    def preparation_of(self, site_id: str, known: SitePreparation | None) -> SitePreparation | None:
        """How the site is prepared afterwards; `known` is the one before."""
        if site_id in self.preparations:
            return self.preparations[site_id].after
        return None if site_id in self.ended_preparations else known

    def put_preparation(self, before: SitePreparation | None, after: SitePreparation) -> None:
        """The preparation of a site is to be so."""
        self.preparations[after.site_id] = Changed(before, after)

    def note(self, station_id: StationId, topic: NoteTopic, note: Blocker | None) -> None:
        """Tell people something about a station, or take it back."""
        self.notes[station_id, topic] = note

    def note_all(self, station_id: StationId, notes: Mapping[NoteTopic, Blocker | None]) -> None:
        """The same of several topics."""
        for topic, note in notes.items():
            self.note(station_id, topic, note)

    def run_of(self, station_id: StationId, known: ActivationRun | None) -> ActivationRun | None:
        """The station's current run afterwards; `known` is the one before."""
        if station_id in self.runs:
            return self.runs[station_id].after
        return None if station_id in self.ended_runs else known

    @property
    def stations(self) -> tuple[StationId, ...]:
        """Those whose lifecycle status may be another afterwards, in the order in which they were put."""
        noted = (station_id for station_id, _ in self.notes)
        every = (*self.devices, *self.runs, *self.ended_runs, *noted, *sorted(self.about))
        return tuple(dict.fromkeys(each for each in every if each not in self.gone))


def is_renamed(changed: Changed[Device]) -> bool:
    """Whether the box goes by other names than before."""
    before, after = changed.before, changed.after
    return before is None or (before.macs, before.aliases) != (after.macs, after.aliases)
