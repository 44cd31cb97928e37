"""What a station tells of its inside: how far an upload of logs is, and what its monitors have noticed."""

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

import msgspec

from ocppj.findings import UNKNOWN_CONNECTOR, UNKNOWN_CONNECTOR_STATUS, UNKNOWN_VALUE
from ocppj.model.command import EVERY_VERSION, MADE_UP, ONLY_2X, Command, CommandAnswer, Number
from ocppj.model.firmware import Location, Retries, RetryInterval
from ocppj.model.reports import MessageKept
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ConnectorStatus, VariableRef


class LogStatusNotification(msgspec.Struct, frozen=True, gc=False):
    """Also 1.6's DiagnosticsStatusNotification, which has no request id."""

    status: str
    request_id: int | None = None


LogType = Literal["DiagnosticsLog", "SecurityLog", "DataCollectorLog"]
"""The last one is of 2.1."""


class LogAnswer(CommandAnswer, frozen=True):
    """An upload that was under way is given up for this one (2.x N01.FR.12)."""

    filename: str | None = None
    """What the station calls the file that it uploads."""

    good: ClassVar[frozenset[str]] = frozenset({"Accepted", "AcceptedCanceled"})


class GetLog(Command, frozen=True, kw_only=True):
    """Have a station upload a log of its own; of 1.6 those with the security extension."""

    name: ClassVar[str] = "get-log"
    answer: ClassVar[type[CommandAnswer]] = LogAnswer
    brings = (LogStatusNotification,)

    request_id: Annotated[Number | None, MADE_UP] = None
    log_type: LogType = "DiagnosticsLog"
    location: Location
    """Where to: a URL that takes a PUT or POST, or one of FTP."""
    oldest_at: datetime | None = None
    latest_at: datetime | None = None
    retries: Retries | None = None
    retry_interval_s: RetryInterval | None = None


class GetDiagnostics(Command, frozen=True, kw_only=True):
    """Have a station of 1.6 upload its diagnostics (1.6 §5.9)."""

    name: ClassVar[str] = "get-diagnostics"
    versions: ClassVar[frozenset[OcppVersion]] = EVERY_VERSION - ONLY_2X
    instead: ClassVar[str] = "get-log asks for them"
    answer: ClassVar[type[CommandAnswer]] = LogAnswer
    brings = (LogStatusNotification,)

    location: Location
    oldest_at: datetime | None = None
    latest_at: datetime | None = None
    retries: Retries | None = None
    retry_interval_s: RetryInterval | None = None


class MonitoredEvent(msgspec.Struct, frozen=True, gc=False):
    """A value of a variable, as a monitor has told it. `event_id` counts up at the station."""

    ref: VariableRef
    value: str
    at: datetime | None = None
    event_id: int = 0
    trigger: str = "Delta"
    notification: str = "HardWiredNotification"
    """What has set the monitor; without anything said, the station's maker."""
    tech_code: str | None = None
    tech_info: str | None = None
    monitor_id: int | None = None
    is_cleared: bool = False
    """What was noticed before is over."""
    severity: int | None = None
    """Of the monitor, as far as the station says it (2.1)."""
    transaction_id: str | None = None


class NotifyEvent(msgspec.Struct, frozen=True, gc=False):
    """What monitors have noticed (2.x N07). 1.6 has no such message.

    `report` is the request as it came, for whoever has a use for the rest of it; who receives it adds that.
    """

    events: tuple[MonitoredEvent, ...]
    seq_no: int = 0
    is_last: bool = True
    generated_at: datetime | None = None
    report: MessageKept | None = None


STATUS_EVENTS = (NotifyEvent,)
"""What may tell a status beside the message for it."""


class StatusInEvent(msgspec.Struct, frozen=True, gc=False):
    """What an event says of a connector, an EVSE (connector 0) or the station (EVSE 0).

    `status` None: what was reported as `word` before is over.
    """

    evse_id: int
    connector_id: int
    status: ConnectorStatus | None
    word: str


PROBLEM = "Problem"
_STATUSES = MappingProxyType({status.value.lower(): status for status in ConnectorStatus})
_FLAGS = MappingProxyType({"true": True, "1": True, "false": False, "0": False})


def status_in_event(event: MonitoredEvent) -> tuple[StatusInEvent | None, str | None]:
    """What an event says of a status, if anything, and the slug of what is odd in it.

    AvailabilityState replicates the status (2.0.1 G01, part 2 §2.13.2); a Problem includes every fault
    (appendix 3). Names have no case (identifierString), values have.
    """
    read = _READ.get(event.ref.variable.lower())
    tier = event.ref.component.lower()
    if read is None or tier not in _PLACES:
        return None, None
    place = _PLACES[tier](event.ref)
    if place is None:
        return None, UNKNOWN_CONNECTOR
    return read(*place, event.value)


def _availability(evse_id: int, connector_id: int, value: str) -> tuple[StatusInEvent | None, str | None]:
    status = _STATUSES.get(value.strip().lower())
    if status is None:
        return None, UNKNOWN_CONNECTOR_STATUS
    odd = UNKNOWN_VALUE if value != status.value else None
    return StatusInEvent(evse_id, connector_id, status, status.value), odd


def _problem(evse_id: int, connector_id: int, value: str) -> tuple[StatusInEvent | None, str | None]:
    is_there = _FLAGS.get(value.strip().lower())
    if is_there is None:
        return None, UNKNOWN_VALUE
    odd = UNKNOWN_VALUE if value not in ("true", "false") else None
    status = ConnectorStatus.FAULTED if is_there else None
    return StatusInEvent(evse_id, connector_id, status, PROBLEM), odd


def _connector(ref: VariableRef) -> tuple[int, int] | None:
    evse_id, connector_id = ref.evse_id or 0, ref.connector_id or 0
    return (evse_id, connector_id) if evse_id > 0 and connector_id > 0 else None


def _evse(ref: VariableRef) -> tuple[int, int] | None:
    return (ref.evse_id, 0) if ref.evse_id is not None and ref.evse_id > 0 else None


_READ: MappingProxyType[str, Callable[[int, int, str], tuple[StatusInEvent | None, str | None]]] = (
    MappingProxyType({"availabilitystate": _availability, "problem": _problem})
)
_PLACES: MappingProxyType[str, Callable[[VariableRef], tuple[int, int] | None]] = MappingProxyType(
    {"connector": _connector, "evse": _evse, "chargingstation": lambda _: (0, 0)}
)
