"""What a station keeps when its power fails, and the JSON file that lets it keep it across processes."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from ocppj.model.display import DisplayMessage
from ocppj.model.smart_charging import ChargingProfile
from ocppj.vocabulary import IdToken, IdTokenType, MeterSample
from simulator.errors import StateFileError
from simulator.model.authorization import KnownToken
from simulator.model.monitors import StationMonitor

FORMAT = 1
"""Counts up when a file of before can no longer be read."""


@dataclass(slots=True)
class KeptTransaction:
    """A transaction that runs. `csms_id` is None until a 1.6 central system has given one.

    `id_token` is empty until a driver is authorized; `stopped_reason` is why energy no longer flows in one
    that goes on all the same. `sampled` are the values that its end will tell, one list for each sampling.
    """

    transaction_id: str
    evse_id: int
    connector_id: int
    id_token: str
    id_token_type: str
    group: str | None
    started_at: datetime
    start_wh: float
    remote_start_id: int | None = None
    csms_id: str | None = None
    seq_no: int = 0
    stopped_reason: str | None = None
    sampled: list[list[MeterSample]] = field(default_factory=list)


@dataclass(slots=True)
class KeptReservation:
    """A reservation that is held; `evse_id` None: for any EVSE, or any with such a connector."""

    reservation_id: int
    id_token: str
    id_token_type: str
    has_token_type: bool
    expires_at: datetime
    evse_id: int | None = None
    connector_type: str | None = None
    group: str | None = None

    @property
    def token(self) -> IdToken:
        """Whom it is for."""
        kind = next((each for each in IdTokenType if each.value == self.id_token_type), self.id_token_type)
        return IdToken(self.id_token, kind, has_type=self.has_token_type)


@dataclass(slots=True)
class KeptProfile:
    """A charging profile that is held: where, since when, and who has set it."""

    profile: ChargingProfile
    evse_id: int
    at: datetime
    source: str


@dataclass(slots=True)
class KeptMessage:
    """A transaction message that was not answered yet; what it says never changes."""

    message_id: str
    action: str
    payload: dict[str, Any]
    transaction_id: str
    id_token: str | None = None
    csms_id: str | None = None
    is_start: bool = False
    is_end: bool = False
    attempts: int = 0
    id_token_type: str = IdTokenType.ISO14443.value
    evse_id: int = 0
    is_offline: bool = False
    """It happened while there was no connection."""


@dataclass(slots=True)
class StoredState:
    """Everything that outlives a power cut. Secrets are in it: never print one."""

    station_id: str
    format: int = FORMAT
    variables: dict[str, str] = field(default_factory=dict, repr=False)
    previous_password: str | None = field(default=None, repr=False)
    was_accepted: bool = False
    inoperative: list[tuple[int, int]] = field(default_factory=list)
    list_version: int = 0
    local_list: list[KnownToken] = field(default_factory=list, repr=False)
    cache: list[KnownToken] = field(default_factory=list, repr=False)
    registers_wh: list[float] = field(default_factory=list)
    transactions: list[KeptTransaction] = field(default_factory=list)
    queue: list[KeptMessage] = field(default_factory=list)
    reservations: list[KeptReservation] = field(default_factory=list, repr=False)
    profiles: list[KeptProfile] = field(default_factory=list)
    display: list[DisplayMessage] = field(default_factory=list)
    monitors: list[StationMonitor] = field(default_factory=list)
    monitoring_base: str = "All"
    monitoring_level: int = 9
    firmware: str | None = None
    """The version that was installed last; None: it runs what it was delivered with."""
    saved_at: datetime | None = None
    """By the station's clock; where power was cut, about then."""


class StateFile:
    """A station's state on disk: replaced as a whole, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, station_id: str) -> StoredState | None:
        """What was saved; None if nothing was. Raises StateFileError."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateFileError(
                f"cannot read the state file {self.path}: {error.strerror or error}"
            ) from None
        try:
            state = msgspec.json.decode(content, type=StoredState)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise StateFileError(
                f"the state file {self.path} cannot be used ({error}): "
                "delete it, and the station starts as new"
            ) from None
        if state.format != FORMAT:
            raise StateFileError(
                f"the state file {self.path} has format {state.format}, "
                f"this program reads {FORMAT}: delete it"
            )
        if state.station_id != station_id:
            raise StateFileError(
                f"the state file {self.path} belongs to station {state.station_id}, not {station_id}: "
                "give each station its own file"
            )
        return state

    def save(self, state: StoredState) -> None:
        """Write it so that a crash leaves either the old file or the new one. Raises StateFileError."""
        beside = self.path.with_name(self.path.name + ".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(state))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError as error:
            raise StateFileError(
                f"cannot write the state file {self.path}: {error.strerror or error}"
            ) from None
