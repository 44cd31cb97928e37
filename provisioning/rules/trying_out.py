"""Opening and ending a test window: for minutes a station is accepted, for one token. Pure.

What follows from the fact that is stored (boot answer, who may charge, availability, mark of transactions) is
derived where each of these is derived for any station: `gates.test_over`, `access`, `activation.desired`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from csms.domain.audit import Change
from ocppj.vocabulary import IdToken
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem, unknown_station
from provisioning.records import Device, TestWindow
from runtime.audit import Act
from runtime.wording import Phrase
from runtime.work.request import Lane, WorkKind

LONGEST = timedelta(minutes=15)
BEGIN = WorkKind("test_begin", Lane.CONFIGURATION)
"""A station is made ready: asked to boot, its cache and local list emptied. Its subject is the station."""
END = WorkKind("test_end", Lane.ACCESS)
"""The window closes, and what still charges is stopped. Its subject is the station."""
NOBODYS = Phrase("personne n'a commandé ni adopté cette borne", "nobody ordered or adopted this station")
NEVER_SEEN = Phrase("cette borne ne s'est jamais connectée", "this station has never connected")
IN_SERVICE = Phrase(
    "cette borne est en service, ou va l'être dès qu'elle se présente",
    "this station is in service, or is as soon as it boots",
)


@dataclass(frozen=True, slots=True)
class WindowOpening:
    """Who wants to try a station out, when, for how long, with which token."""

    id_token: IdToken
    at: datetime
    by: str
    lasts: timedelta = LONGEST


def open_window(device: Device | None, opening: WindowOpening) -> ChangeSet:
    """The station is tried out from now on; a window that is open goes on with this token and time.

    Its end is asked for in the same change: whatever becomes of this process, it comes. Raises
    ProvisioningProblem: E_TEST_REFUSED, E_STATION_UNKNOWN.
    """
    device = _testable(device)
    until = opening.at + min(opening.lasts, LONGEST)
    window = TestWindow(opening.id_token, opening.at, until, opening.by)
    act = Act(device.station_id, opening.at, opening.by, Change.TEST_OPENED.value)
    change = ChangeSet(act.cause, acts=[act])
    change.put(device, replace(device, test_window=window))
    station_id = device.station_id
    change.work += [
        BEGIN.request(station_id, opening.at, cause="test window"),
        END.request(station_id, opening.at, due_at=until, cause="test window"),
    ]
    return change


def end_window(device: Device | None, at: datetime, by: str | None = None) -> ChangeSet:
    """It is over: at its time, or because somebody (`by`) says so; nothing where none is open."""
    window = device.test_window if device is not None else None
    if device is None or window is None or not window.is_open:
        return ChangeSet("test window over")
    act = Act(device.station_id, at, by, Change.TEST_ENDED.value) if by is not None else None
    change = ChangeSet("test window over", acts=[act] if act is not None else [])
    change.put(device, replace(device, test_window=replace(window, ended_at=at)))
    if by is not None:  # takes the place of the end at its time
        change.work.append(END.request(device.station_id, at, cause="closed by hand"))
    return change


def _testable(device: Device | None) -> Device:
    if device is None:
        raise unknown_station("")
    reason = None
    if not device.is_ours:
        reason = NOBODYS
    elif device.released_at is not None or device.activated_at is not None:
        reason = IN_SERVICE
    elif device.first_seen_at is None:
        reason = NEVER_SEEN
    if reason is not None:
        raise ProvisioningProblem(Code.TEST_REFUSED, id=device.station_id, reason=reason)
    return device
