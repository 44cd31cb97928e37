"""What the routes of the central system answer, for the API's own document. Members may be added."""

from typing import Any, Literal

from pydantic import BaseModel

from csms.api.display_messages import DisplayMessageView
from csms.api.frames import Kind
from csms.api.history import ConnectorStateAnswer, FleetHistoryAnswer
from csms.api.inventory_views import AttemptAnswer, ConnectorAnswer, VariableAnswer
from csms.api.kept_views import AuditAnswer, CommandLogAnswer, KeptMessageAnswer, SecurityEventAnswer
from csms.api.messages import MarkerAnswer
from csms.api.outcome_views import OfferedCommandAnswer, OutcomeAnswer
from csms.api.prices import TransactionPriceAnswer
from csms.api.quarantine_views import QuarantineAnswer
from csms.api.timeline import TimelineAnswer
from csms.api.transaction_views import (
    SampledTransactionAnswer,
    TokenAnswer,
    TransactionAnswer,
    WholeTransactionAnswer,
)
from csms.api.views import StationAnswer


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


class ProbeAnswer(BaseModel):
    """For supervisors."""

    status: str


COMMAND = "POST /api/v1/stations/{station_id}/commands/"
ANSWERS: dict[str, Any] = {
    "GET /api/v1/stations": list[StationAnswer],
    "POST /api/v1/stations": StationAnswer,
    "GET /api/v1/stations/{station_id}": StationAnswer,
    "GET /api/v1/stations/{station_id}/connectors": list[ConnectorAnswer],
    "GET /api/v1/stations/{station_id}/display-messages": list[DisplayMessageView],
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
    "GET /api/v1/stations/{station_id}/timeline": list[TimelineAnswer],
    "GET /api/v1/stations/{station_id}/security-events": list[SecurityEventAnswer],
    "GET /api/v1/stations/{station_id}/kept": list[KeptMessageAnswer],
    "PUT /api/v1/stations/{station_id}/admission": StationAnswer,
    "PUT /api/v1/stations/{station_id}/quiet": StationAnswer,
    "GET /api/v1/connection-attempts": list[AttemptAnswer],
    "GET /api/v1/transactions": list[TransactionAnswer],
    "GET /api/v1/transactions/{transaction_id}": SampledTransactionAnswer,
    "GET /api/v1/transactions/{transaction_id}/price": TransactionPriceAnswer,
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
