"""What stations told of themselves, and the connections that failed, as the API and the console tell them."""

from csms.domain.records import ConnectorRecord, VariableRecord
from csms.gateway.attempts import Attempt
from ocppj.model.variables import ReportedAttribute
from runtime.texts import instant_text
from runtime.views import View


class VariableAttributeAnswer(View, frozen=True, kw_only=True):
    """An attribute of a variable beside the Actual one: Target, MinSet or MaxSet."""

    type: str
    value: str | None
    is_read_only: bool
    is_write_only: bool
    is_persistent: bool
    is_constant: bool


class VariableAnswer(View, frozen=True, kw_only=True):
    """What a station reported of a variable, or of a 1.6 configuration key; `value` null for a secret.

    `value` is that of the Actual attribute, `attributes` are the others. What it did not say is null.
    """

    name: str
    component: str
    component_instance: str | None
    variable: str
    variable_instance: str | None
    evse_id: int | None
    connector_id: int | None
    value: str | None
    is_read_only: bool | None
    is_write_only: bool | None
    is_persistent: bool | None
    is_constant: bool | None
    unit: str | None
    data_type: str | None
    min_limit: float | None
    max_limit: float | None
    max_elements: int | None
    values_list: tuple[str, ...]
    supports_monitoring: bool | None
    attributes: tuple[VariableAttributeAnswer, ...]
    reported_at: str | None


class ConnectorAnswer(View, frozen=True, kw_only=True):
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


class AttemptAnswer(View, frozen=True, kw_only=True):
    """A connection that failed."""

    at: str
    peer: str
    identity: str | None
    reason: str
    detail: str
    cause: str | None
    status: int | None
    first_bytes: str


def variable_view(record: VariableRecord) -> VariableAnswer:
    """A variable; `name` is how people write it."""
    ref = record.ref
    return VariableAnswer(
        name=str(ref),
        component=ref.component,
        component_instance=ref.component_instance,
        variable=ref.variable,
        variable_instance=ref.variable_instance,
        evse_id=ref.evse_id,
        connector_id=ref.connector_id,
        value=record.value,
        is_read_only=record.is_read_only,
        is_write_only=record.is_write_only,
        is_persistent=record.is_persistent,
        is_constant=record.is_constant,
        unit=record.unit,
        data_type=record.data_type,
        min_limit=record.min_limit,
        max_limit=record.max_limit,
        max_elements=record.max_elements,
        values_list=_words(record.values_list),
        supports_monitoring=record.supports_monitoring,
        attributes=tuple(_attribute_view(each) for each in record.attributes),
        reported_at=instant_text(record.reported_at),
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (text or "").split(",") if each.strip())


def _attribute_view(attribute: ReportedAttribute) -> VariableAttributeAnswer:
    return VariableAttributeAnswer(
        type=attribute.type,
        value=attribute.value,
        is_read_only=attribute.is_read_only,
        is_write_only=attribute.is_write_only,
        is_persistent=attribute.is_persistent,
        is_constant=attribute.is_constant,
    )


def connector_view(record: ConnectorRecord) -> ConnectorAnswer:
    """A connector; register and power are what its EVSE metered last outside of transactions."""
    return ConnectorAnswer(
        evse_id=record.evse_id,
        connector_id=record.connector_id,
        status=record.status.value,
        reported=record.reported,
        at=instant_text(record.at),
        error_code=record.error_code,
        info=record.info,
        since=instant_text(record.since),
        register_wh=record.register_wh,
        power_w=record.power_w,
        metered_at=instant_text(record.metered_at),
    )


def attempt_view(attempt: Attempt) -> AttemptAnswer:
    """A connection that failed; `first_bytes` as text for people, with what cannot be shown escaped."""
    return AttemptAnswer(
        at=instant_text(attempt.at),
        peer=f"{attempt.address}:{attempt.port}",
        identity=attempt.identity,
        reason=attempt.reason.value,
        detail=attempt.detail,
        cause=attempt.cause,
        status=attempt.status,
        first_bytes=attempt.first_bytes[:200].decode("latin-1").encode("unicode_escape").decode("ascii"),
    )
