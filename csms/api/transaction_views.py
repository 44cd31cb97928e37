"""Transactions, id tokens and what belongs to them, as they are told; for the API and the console alike."""

from typing import Any

from charging.tariff import amount_text
from csms.domain.flags import unmeasured
from csms.domain.records import AttachmentRecord, SampleRecord, TokenRecord, TransactionRecord
from csms.domain.reviews import ReviewRecord
from csms.rules.metering import sample_fields
from ocppj.vocabulary import IdToken, IdTokenType
from runtime.texts import instant_text
from runtime.views import View


class IdTokenAnswer(View, frozen=True, kw_only=True):
    """An id token; shortened for viewers."""

    value: str
    type: str


class TokenAnswer(IdTokenAnswer, frozen=True, kw_only=True):
    """An id token with the verdict on it."""

    status: str
    group_id_token: str | None
    expires_at: str | None
    note: str | None


class TransactionAnswer(View, frozen=True, kw_only=True):
    """A transaction."""

    transaction_id: str
    number: int
    station_id: str
    evse_id: int | None
    connector_id: int | None
    id_token: IdTokenAnswer | None
    started_at: str | None
    ended_at: str | None
    is_open: bool
    charging_state: str | None
    power_w: float | None
    energy_wh: float | None
    stopped_reason: str | None
    cost_micro: int | None
    currency: str | None
    is_provisional: bool
    review: str | None
    unmeasured: tuple[str, ...]
    flags: tuple[str, ...]


class SampleAnswer(View, frozen=True, kw_only=True):
    """A metered value in its base unit."""

    measurand: str
    value: float | None
    unit: str | None
    phase: str | None
    location: str | None
    context: str | None
    at: str | None
    received_at: str


class ReviewAnswer(View, frozen=True, kw_only=True):
    """What a person decided about a transaction."""

    decision: str
    reason: str
    decided_by: str
    decided_at: str
    before: Any
    after: Any


class AttachmentAnswer(View, frozen=True, kw_only=True):
    """A part of a message as it came, as text: whoever checks a signature needs every character."""

    kind: str
    content: str
    received_at: str


class WholeTransactionAnswer(TransactionAnswer, frozen=True, kw_only=True):
    """A transaction with what was decided about it, and what is kept as it came."""

    reviews: tuple[ReviewAnswer, ...]
    attachments: tuple[AttachmentAnswer, ...]


class SampledTransactionAnswer(WholeTransactionAnswer, frozen=True, kw_only=True):
    """The same with its metered values, oldest first."""

    samples: tuple[SampleAnswer, ...]


def transaction_view(record: TransactionRecord) -> TransactionAnswer:
    """A transaction without its samples. `is_provisional`: energy and cost may still change; `unmeasured`:
    priced components that the station did not tell.
    """
    return TransactionAnswer(
        transaction_id=record.transaction_id,
        number=record.transaction_no,
        station_id=record.station_id,
        evse_id=record.evse_id,
        connector_id=record.connector_id,
        id_token=id_token_view(record.id_token) if record.id_token is not None else None,
        started_at=instant_text(record.started_at),
        ended_at=instant_text(record.ended_at),
        is_open=record.is_open,
        charging_state=record.charging_state.value if record.charging_state is not None else None,
        power_w=record.power_w,
        energy_wh=record.energy_wh,
        stopped_reason=record.stopped_reason,
        cost_micro=record.cost_micro,
        currency=record.currency,
        is_provisional=record.is_provisional,
        review=record.review.value if record.review is not None else None,
        unmeasured=tuple(unmeasured(record.flags)),
        flags=record.flags,
    )


def cost_text(amount_micro: int, currency: str, language: str) -> str:
    """A cost as people write it, at the coin."""
    return amount_text(amount_micro, currency, "fr-CA" if language == "fr" else "en")


def review_view(record: ReviewRecord) -> ReviewAnswer:
    """What a person decided about a transaction."""
    return ReviewAnswer(
        decision=record.decision.value,
        reason=record.reason,
        decided_by=record.decided_by,
        decided_at=instant_text(record.decided_at),
        before=record.before,
        after=record.after,
    )


def attachment_view(record: AttachmentRecord) -> AttachmentAnswer:
    """A part of a message as it came, as text: whoever checks a signature needs every character."""
    return AttachmentAnswer(
        kind=record.kind,
        content=record.content,
        received_at=instant_text(record.received_at),
    )


def sample_view(record: SampleRecord) -> SampleAnswer:
    """A metered value in its base unit."""
    sample = record.sample
    fields = sample_fields(sample, instant_text(sample.at))
    return SampleAnswer(**fields, received_at=instant_text(record.received_at))


def id_token_view(id_token: IdToken) -> IdTokenAnswer:
    """An id token; a type that no version knows is kept as it came."""
    return IdTokenAnswer(value=id_token.value, type=_type_word(id_token))


def _type_word(id_token: IdToken) -> str:
    kind = id_token.type
    return kind.value if isinstance(kind, IdTokenType) else kind


def token_view(record: TokenRecord) -> TokenAnswer:
    """An id token with the verdict on it."""
    return TokenAnswer(
        value=record.id_token.value,
        type=_type_word(record.id_token),
        status=record.status.value,
        group_id_token=record.group_id_token,
        expires_at=instant_text(record.expires_at),
        note=record.note,
    )
