"""Messages in quarantine, looked at and decided on by people: taken in again, or dismissed.

What is taken in goes the way of a message that has just come: decoded, read, judged and stored, with the time
at which it was received. The station got its answer long ago, and hears nothing.
"""

import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from csms.domain.inbound import Inbound
from csms.domain.quarantine import (
    OPEN_STATES,
    QuarantineCause,
    QuarantineDecision,
    QuarantineRecord,
    QuarantineState,
)
from csms.gateway.noting import content_digest
from csms.gateway.reception import RECEPTIONS
from csms.handlers.context import Context, Policies
from csms.handlers.table import propose
from ocppj.codec import codec_for
from ocppj.frames import write_call
from ocppj.model.messages import Reply
from ocppj.session import Refused, Request, Session
from ocppj.versions import OcppVersion
from ocppj.vocabulary import StationId
from runtime.clock import Clock

log = structlog.get_logger("csms.quarantine")

UNANSWERED = frozenset({QuarantineCause.REFUSED, QuarantineCause.EARLY})
"""Causes whose messages have no first answer: the same one from the station is recognised as the same."""


class NotReadmitted(Exception):  # noqa: N818 - named like the decision it is
    """Why a message cannot be taken in; nothing was stored. The text is a sentence for people."""


class QuarantineStore(Protocol):
    """Where messages in quarantine lie (`csms.central.quarantine.Quarantine`)."""

    async def readmit(self, inbound: Inbound, proposal: Reply, decision: QuarantineDecision) -> str | None:
        """Store it together with the decision; the objection where it contradicts what is stored."""
        ...

    async def decide(self, decision: QuarantineDecision) -> None:
        """Store a decision alone."""
        ...

    async def last_version(self, station_id: StationId) -> OcppVersion | None:
        """What the station spoke last."""
        ...


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody says that a message should have been."""

    action: str
    payload: dict[str, Any] = field(repr=False)


class Readmission:
    """Decides about messages in quarantine."""

    def __init__(self, store: QuarantineStore, policies: Policies, clock: Clock) -> None:
        self._store = store
        self._policies = policies
        self._clock = clock

    async def readmit(
        self, record: QuarantineRecord, by: str, reason: str, correction: Correction | None = None
    ) -> None:
        """Store what it says. Raises NotReadmitted."""
        _must_be_open(record)
        version = await self._version(record)
        raw = record.raw if correction is None else _corrected(record, correction)
        request = _read(raw, version)
        inbound = _inbound(record, request, version, raw, is_corrected=correction is not None)
        proposal = propose(inbound.event, Context(record.station_id, record.received_at, self._policies))
        decision = QuarantineDecision(
            record.quarantine_id,
            QuarantineState.TAKEN_IN,
            self._clock.now(),
            by,
            reason,
            raw if correction is not None else None,
        )
        reply = await proposal if isinstance(proposal, Coroutine) else proposal
        objection = await self._store.readmit(inbound, reply, decision)
        if objection is not None:
            raise NotReadmitted(objection)
        self._log_decision(record, decision)

    async def dismiss(self, record: QuarantineRecord, by: str, reason: str) -> None:
        """It counts for nothing, and stays to be read. Raises NotReadmitted."""
        _must_be_open(record)
        state = QuarantineState.DISMISSED
        decision = QuarantineDecision(record.quarantine_id, state, self._clock.now(), by, reason)
        await self._store.decide(decision)
        self._log_decision(record, decision)

    def _log_decision(self, record: QuarantineRecord, decision: QuarantineDecision) -> None:
        log.info(
            "quarantine_decided",
            quarantine_id=record.quarantine_id,
            station_id=record.station_id,
            state=decision.state.value,
            by=decision.by,
            reason=decision.reason,
        )

    async def _version(self, record: QuarantineRecord) -> OcppVersion:
        """That of the message; of one from before it was noted, that of its station."""
        if record.version is not None:
            version = OcppVersion.from_subprotocol(f"ocpp{record.version}")
        else:
            version = await self._store.last_version(record.station_id)
        return version or OcppVersion.V16


def _must_be_open(record: QuarantineRecord) -> None:
    if record.state not in OPEN_STATES:
        raise NotReadmitted(f"it was decided on already: {record.state.value} by {record.decided_by}")


def _corrected(record: QuarantineRecord, correction: Correction) -> bytes:
    message_id = f"quarantine-{record.quarantine_id}"
    return write_call(message_id, correction.action, json.dumps(correction.payload).encode())


def _read(raw: bytes, version: OcppVersion) -> Request:
    """The request, read as leniently as one from the wire. Raises NotReadmitted."""
    match Session(codec_for(version)).receive(raw):
        case Request() as request if RECEPTIONS[version].is_billing(request.action):
            return request
        case Refused() as refused:
            raise NotReadmitted(f"it still cannot be read: {refused.detail}")
        case _:
            raise NotReadmitted("it is no message about a transaction or its meter values")


def _inbound(
    record: QuarantineRecord, request: Request, version: OcppVersion, raw: bytes, *, is_corrected: bool
) -> Inbound:
    findings = [finding.slug for finding in request.findings]
    event = RECEPTIONS[version].translation.message(request.action, request.message, findings)
    if event is None:
        raise NotReadmitted(f"{request.action} is not handled here")
    name = request.action
    if record.cause not in UNANSWERED and not is_corrected:
        name = f"quarantine-{record.quarantine_id}"  # its first answer is there, and stored nothing
    return Inbound(
        station_id=record.station_id,
        epoch=record.epoch,
        message_id=request.message_id,
        digest=content_digest(name, request.payload),
        received_at=record.received_at,
        event=event,
        findings=tuple(findings),
        raw=raw,
        version=version.label,
    )
