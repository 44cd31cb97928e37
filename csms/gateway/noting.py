"""The one place where it is noted that something was put up with: at the link, in the metrics, and with the
message that it belongs to."""

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b

from msgspec.structs import replace

from csms.domain.inbound import Inbound
from csms.gateway.registering import Registering
from csms.metrics import Metrics
from ocppj.findings import LOST
from ocppj.model.authorization import AuthorizeResponse
from ocppj.model.availability import StatusNotification
from ocppj.model.diagnostics import NotifyEvent
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.transactions import TransactionEventResponse
from ocppj.session import Request
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, StationId

TOKEN_AMBIGUOUS = "token-ambiguous"  # noqa: S105 - a finding
"""Finding: an id token without a type, and several known ones have its value (1.6)."""
STATUS_MESSAGES = frozenset({StatusNotification, NotifyEvent})
"""Those that tell what a connector does."""
FINDINGS_KEPT = 256
"""Kinds of findings at one link: more than there are in the code, so that none is left out."""


def noted(findings: tuple[str, ...], slug: str, metrics: Metrics) -> tuple[str, ...]:
    """The findings of a link with one more; it is counted each time."""
    metrics.findings[slug,] += 1
    if slug in findings or len(findings) >= FINDINGS_KEPT:
        return findings
    return (*findings, slug)


def with_verdict(inbound: Inbound, reply: Reply, note: Callable[[str], object]) -> Inbound:
    """The message with what was put up with in judging its id token."""
    info = reply.info if isinstance(reply, TransactionEventResponse | AuthorizeResponse) else None
    if info is None or not info.is_ambiguous:
        return inbound
    note(TOKEN_AMBIGUOUS)
    return replace(inbound, findings=(*inbound.findings, TOKEN_AMBIGUOUS))


def content_digest(action: str, payload: bytes) -> bytes:
    """What tells a message that comes again under another id."""
    return blake2b(payload, digest_size=16, key=action.encode()).digest()


def inbound_of(
    request: Request,
    event: StationMessage,
    *,
    station_id: StationId,
    epoch: Epoch,
    version: OcppVersion,
    received_at: datetime,
    raw: bytes,
    findings: tuple[str, ...],
    registering: Registering,
) -> Inbound:
    """A request on its way to the database, with everything that was put up with in it."""
    lost: tuple[str, ...] = ()
    if request.is_partial:
        lost = tuple(finding.detail_at for finding in request.findings if finding.slug in LOST)
    return Inbound(
        station_id=station_id,
        epoch=epoch,
        message_id=request.message_id,
        digest=content_digest(request.action, request.payload),
        received_at=received_at,
        event=event,
        findings=findings,
        raw=raw,
        left_out=lost,
        version=version.label,
        online_since=registering.online_since(event, received_at),
        accepted_at=registering.accepted_at if type(event) in STATUS_MESSAGES else None,
    )
