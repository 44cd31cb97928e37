"""What the routes of the central system answer, for the API's own document. Members may be added."""

from typing import Any, Literal

from pydantic import BaseModel

from csms.api.frames import Kind
from csms.api.history import ConnectorStateAnswer, FleetHistoryAnswer
from csms.api.inventory_views import AttemptAnswer, VariableAnswer
from csms.api.transaction_views import (
    SampledTransactionAnswer,
    TokenAnswer,
    TransactionAnswer,
    WholeTransactionAnswer,
)


class LinkAnswer(BaseModel):
    """A live link, and the node that holds it."""

    node: str
    version: str
    security: str
    is_unauthenticated: bool
    peer: str
    epoch: int
    registration: str | None
    connected_at: str
    last_received_at: str
    findings: list[str]


class ConnectorAnswer(BaseModel):
    """The last status of a connector."""

    evse_id: int
    connector_id: int | None
    status: str
    reported: str
    at: str | None
    error_code: str | None
    info: str | None
    since: str | None
    register_wh: float | None
    power_w: float | None
    metered_at: str | None


class LinkEndAnswer(BaseModel):
    """How the last link of a station ended: a close code (RFC 6455) with its reason."""

    at: str
    reason: str


class StationAnswer(BaseModel):
    """A station: what is stored, what is live, and what provisioning knows."""

    station_id: str
    vendor: str | None
    model: str | None
    serial_number: str | None
    firmware_version: str | None
    registration: str | None
    admission: str | None
    first_seen_at: str | None
    last_seen_at: str | None
    booted_at: str | None
    version: str | None
    is_online: bool
    link: LinkAnswer | None
    link_end: LinkEndAnswer | None = None
    connectors: list[ConnectorAnswer]
    transaction: TransactionAnswer | None
    open_transactions: int
    power_w: float
    energy_wh: float
    mac: str | None = None
    lifecycle: str | None = None
    blocked_by: list[dict[str, Any]] = []
    place: dict[str, Any] | None = None
    site: dict[str, Any] | None = None


class RefAnswer(BaseModel):
    """A variable's name, for people and for programs."""

    name: str
    component: str
    variable: str
    evse_id: int | None
    connector_id: int | None


class VariableResultAnswer(RefAnswer):
    """What became of one variable."""

    status: str
    value: str | None
    is_accepted: bool


class InventoryAnswer(RefAnswer):
    """A variable that a station told of itself."""

    value: str | None
    is_read_only: bool | None


class CommandAnswerAnswer(BaseModel):
    """The station's answer in neutral words."""

    status: str
    is_accepted: bool
    reason: str | None
    variables: list[VariableResultAnswer]
    inventory: list[InventoryAnswer]
    local_list_version: int | None
    text: str | None


class OutcomeAnswer(BaseModel):
    """How a command or a raw call ended. `seq` finds the answer in the wire log."""

    outcome: str
    command_id: str
    is_accepted: bool
    answer: CommandAnswerAnswer | None
    payload: Any
    error_code: str | None
    error_description: str | None
    seq: int | None


class OfferedCommandAnswer(BaseModel):
    """A command, and why this station cannot be asked it."""

    command: str
    is_supported: bool
    reason: str | None


class FrameAnswer(BaseModel):
    """A frame of the wire log, secrets masked."""

    seq: int
    station_id: str
    epoch: int
    at: str
    direction: Literal["in", "out"]
    kind: Kind
    message_id: str | None
    action: str | None
    payload: Any
    raw: str


class FramesAnswer(BaseModel):
    """Frames, oldest first; ask again with `since` = `last_seq`."""

    messages: list[FrameAnswer]
    last_seq: int


class QuarantineAnswer(BaseModel):
    """A message in quarantine; whole where it was asked for alone."""

    quarantine_id: int
    station_id: str
    received_at: str
    version: str | None
    cause: str
    reason: str
    state: str
    decided_at: str | None
    decided_by: str | None
    decision: str | None
    beginning: str = ""
    raw: str = ""
    corrected: str | None = None


class ReportsAnswer(BaseModel):
    """Reports that a command asks for: `awaited`, until all has come or nothing came for ten minutes."""

    action: str
    request_id: int
    state: Literal["awaited", "complete", "incomplete"]
    parts: int


class CommandLogAnswer(BaseModel):
    """A command that a station was sent: by whom (`origin`), with what, and how it ended."""

    command_id: str
    command: str
    arguments: Any
    origin: str
    sent_at: str
    finished_at: str | None
    outcome: str | None
    status: str | None
    error_code: str | None
    error_description: str | None
    reports: ReportsAnswer | None


class AuditAnswer(BaseModel):
    """What somebody did to a station. `what` is a word of its `kind`, `result` what it came to, `reference`
    the id of the command, the message in quarantine, the transaction, the activation, the place.
    """

    at: str
    by: str
    kind: Literal["change", "command", "quarantine", "review"]
    what: str
    result: str | None
    reason: str | None
    reference: str | None


class SecurityEventAnswer(BaseModel):
    """What a station told of its security."""

    number: int
    type: str
    tech_info: str | None
    at: str | None
    received_at: str


class KeptMessageAnswer(BaseModel):
    """A report that no answer decides, as it came but for its secrets; in the words of its OCPP version.

    `request_id` is of the request that asked for it, `is_last` says whether no more follows. `withheld` says
    why there is no payload: it is longer than what is kept, or only managers read it.
    """

    number: int
    action: str
    version: str | None
    request_id: int | None
    seq_no: int | None
    is_last: bool | None
    at: str | None
    received_at: str
    payload: dict[str, Any] | None
    payload_bytes: int
    withheld: Literal["personal", "too-long"] | None


class MarkerAnswer(BaseModel):
    """A note beside the frames; `seq` is its place among them."""

    seq: int
    text: str
    by: str


class ProbeAnswer(BaseModel):
    """For supervisors."""

    status: str


COMMAND = "POST /api/v1/stations/{station_id}/commands/"
ANSWERS: dict[str, Any] = {
    "GET /api/v1/stations": list[StationAnswer],
    "POST /api/v1/stations": StationAnswer,
    "GET /api/v1/stations/{station_id}": StationAnswer,
    "GET /api/v1/stations/{station_id}/connectors": list[ConnectorAnswer],
    "GET /api/v1/fleet/history": FleetHistoryAnswer,
    "GET /api/v1/stations/{station_id}/connector-states": list[ConnectorStateAnswer],
    "GET /api/v1/stations/{station_id}/variables": list[VariableAnswer],
    "GET /api/v1/stations/{station_id}/commands": list[OfferedCommandAnswer],
    "POST /api/v1/stations/{station_id}/calls": OutcomeAnswer,
    f"{COMMAND}*": OutcomeAnswer,
    "GET /api/v1/stations/{station_id}/messages": FramesAnswer,
    "POST /api/v1/stations/{station_id}/expect": FrameAnswer,
    "POST /api/v1/stations/{station_id}/markers": MarkerAnswer,
    "GET /api/v1/stations/{station_id}/command-log": list[CommandLogAnswer],
    "GET /api/v1/stations/{station_id}/audit": list[AuditAnswer],
    "GET /api/v1/stations/{station_id}/security-events": list[SecurityEventAnswer],
    "GET /api/v1/stations/{station_id}/kept": list[KeptMessageAnswer],
    "PUT /api/v1/stations/{station_id}/admission": StationAnswer,
    "PUT /api/v1/stations/{station_id}/quiet": StationAnswer,
    "GET /api/v1/connection-attempts": list[AttemptAnswer],
    "GET /api/v1/transactions": list[TransactionAnswer],
    "GET /api/v1/transactions/{transaction_id}": SampledTransactionAnswer,
    "POST /api/v1/transactions/{transaction_id}/review": WholeTransactionAnswer,
    "POST /api/v1/transactions/{transaction_id}/end": WholeTransactionAnswer,
    "GET /api/v1/quarantine": list[QuarantineAnswer],
    "GET /api/v1/quarantine/{quarantine_id}": QuarantineAnswer,
    "POST /api/v1/quarantine/{quarantine_id}/take-in": QuarantineAnswer,
    "POST /api/v1/quarantine/{quarantine_id}/dismiss": QuarantineAnswer,
    "GET /api/v1/tokens": list[TokenAnswer],
    "POST /api/v1/tokens": TokenAnswer,
    "GET /api/v1/tokens/{value}": TokenAnswer,
    "PUT /api/v1/tokens/{value}": TokenAnswer,
    "GET /healthz": ProbeAnswer,
    "GET /readyz": ProbeAnswer,
}
"""By route; a `*` at the end stands for the rest of the path."""
