"""How far a station is, from what is stored of it and what is true of it at this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from csms.domain.station_events import StationEvent
from csms.domain.station_lists import OwnedStation
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun
from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.change_set import ChangeSet, NoteTopic
from provisioning.gates.facts import AccountFacts, Commissioning, GateFacts, PreparedFacts
from provisioning.gates.lifecycle_status import LifecycleStatus, derive
from provisioning.records import CredentialState, Device
from provisioning.storage.runs import HistoryLine
from runtime.texts import instant_text
from runtime.work.request import WorkRequest


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """What its own rows do not hold: whether it is connected, under test, what people are told of it, how far
    the account is of whose site it is on and that site itself, and what its product asks for.
    """

    is_online: bool = False
    is_quiet: bool = False
    notes: Mapping[NoteTopic, Blocker] = field(default_factory=dict)
    account: AccountFacts | None = None
    site: PreparedFacts | None = None
    commissioning: Commissioning = Commissioning.NONE


@dataclass(frozen=True, slots=True)
class Move:
    """A station's lifecycle status before a change, None where it had none, and after it."""

    station_id: StationId
    before: LifecycleStatus | None
    now: LifecycleStatus
    live: LiveFacts
    """What it was decided from beside what is stored."""

    @property
    def is_published(self) -> bool:
        """Whether anything is another than it was."""
        return self.before != self.now

    @property
    def is_kept(self) -> bool:
        """Whether it is a line of the history: that tells states and what blocked them, no remarks."""
        before, now = self.before, self.now
        return before is None or before.state != now.state or _codes(before) != _codes(now)

    def line(self, at: datetime, cause: str) -> HistoryLine:
        """The line of the history."""
        return HistoryLine(self.station_id, at, self.now.state.value, ",".join(_codes(self.now)), cause)

    def event(self, at: datetime, cause: str) -> StationEvent:
        """What the bus and the broker are told."""
        payload = {
            "lifecycle": self.now.state.value,
            "previous": self.before.state.value if self.before else None,
            "blocked_by": [each.as_json for each in self.now.blocked_by],
            "who_clears": self.now.who_clears.value if self.now.who_clears else None,
            "cause": cause,
        }
        return StationEvent("station.lifecycle", self.station_id, at, payload)


@dataclass(frozen=True, slots=True)
class Planned:
    """A change that is decided, and all that is to be written and told of it."""

    change: ChangeSet
    at: datetime
    moves: Sequence[Move]
    history: Sequence[HistoryLine] = ()
    events: Mapping[StationId, StationEvent] = field(default_factory=dict)
    work: Sequence[WorkRequest] = ()
    owned: Sequence[OwnedStation] = ()
    """What the central system's lists of stations are to know."""


def facts_of(device: Device, run: ActivationRun | None, live: LiveFacts) -> GateFacts:
    """What the gates are asked over. Pure."""
    remarks = tuple(live.notes[topic] for topic in (NoteTopic.DOOR, NoteTopic.HOURS) if topic in live.notes)
    if device.credential.forgotten_at is not None:
        remarks = (blocker(Code.SECRET_FORGOTTEN), *remarks)
    if run is not None:
        is_verified = device.credential.state is CredentialState.VERIFIED
        remarks += tuple(
            each for each in run.remarks if not (is_verified and each.code is Code.CREDENTIAL_REFUSED)
        )
    return GateFacts(
        is_ours=device.is_ours,
        is_seen=device.first_seen_at is not None,
        tested_until=_tested_until(device),
        is_assigned=device.place_id is not None,
        account=live.account,
        site=live.site,
        commissioning=live.commissioning,
        is_commissioned=device.commissioned_at is not None,
        is_requested=device.requested_at is not None,
        is_released=device.released_at is not None,
        is_activated=device.activated_at is not None,
        is_suspended=device.suspended_at is not None,
        suspend_reason=device.suspend_reason or "",
        is_online=live.is_online,
        progress=live.notes.get(NoteTopic.ACTIVATION),
        is_paused=run is not None and run.waits_for_request and live.is_quiet,
        pending=run.pending if run is not None else None,
        remarks=remarks,
    )


def lifecycle_status_of(device: Device, run: ActivationRun | None, live: LiveFacts) -> LifecycleStatus:
    """Pure: nothing stores or sets a state."""
    return derive(facts_of(device, run, live)).at(device.station_id)


def _tested_until(device: Device) -> str:
    window = device.test_window
    return instant_text(window.until) if window is not None and window.is_open else ""


def _codes(lifecycle_status: LifecycleStatus) -> list[str]:
    return [each.code.value for each in lifecycle_status.blocked_by]
