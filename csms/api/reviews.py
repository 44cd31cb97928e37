"""POST /transactions/{id}/review and /end: a person decides about what cannot be as it was told."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from fastapi import Response
from pydantic import AwareDatetime, Field, model_validator

from access.principals import Principal
from csms.api.ports import ApiParts
from csms.api.roles import Reviewer
from csms.api.transaction_views import WholeTransactionAnswer
from csms.api.transactions import find_one, whole_transaction
from csms.domain.records import TransactionRecord
from csms.domain.reviews import EndRequest, ReviewDecision, ReviewRequest
from runtime.bodies import Body
from runtime.http import Problem
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

ENERGY_MOST_WH = 1e9
COST_MOST_MICRO = 10**15
LONGEST_REASON = 1000
END_FIRST = WayOut(
    "Décidez-en quand elle sera terminée; ce qu'elle a de mesuré se voit déjà.",
    "Decide about it when it has ended; what was measured so far can be seen.",
    "/stations/{id}",
    "ctl get /transactions/{number}'?'station={id}",
    "GET /api/v1/transactions/{number}?station={id}",
)
_CORRECTIONS = ("started_at", "ended_at", "energy_wh", "cost_micro")

Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON, pattern=r"\S")]


class EndBody(Body):
    """Why it is over, and when it ended where that is known; else with the last that was heard of it."""

    reason: Reason
    ended_at: AwareDatetime | None = None


NEEDS_ONE = Phrase("correct demande au moins l'un de {names}", "correct needs at least one of {names}")
NOT_WITH = Phrase(
    "{names} vont avec la décision correct, pas avec {decision}",
    "{names} go with the decision correct, not {decision}",
)


class ReviewBody(Body):
    """What to make of it, and why. Corrections go with `correct` alone; a cost that is not given is counted
    again from the other values.
    """

    decision: Literal["accept", "correct", "void"]
    reason: Reason
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    energy_wh: float | None = Field(default=None, ge=0, le=ENERGY_MOST_WH, allow_inf_nan=False)
    cost_micro: int | None = Field(default=None, ge=0, le=COST_MOST_MICRO)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        given = [name for name in _CORRECTIONS if getattr(self, name) is not None]
        if self.decision == "correct" and not given:
            raise ValueError(NEEDS_ONE.filled({"names": ", ".join(_CORRECTIONS)}))
        if self.decision != "correct" and given:
            raise ValueError(NOT_WITH.filled({"names": ", ".join(given), "decision": self.decision}))
        return self


def build_reviews_router(parts: ApiParts) -> ApiRouter:
    """The routes of decisions."""
    router = ApiRouter()
    _add_review(router, parts)
    _add_end(router, parts)
    return router


def _add_review(router: ApiRouter, parts: ApiParts) -> None:
    @router.post("/transactions/{transaction_id}/review")
    async def review(
        transaction_id: str,
        body: ReviewBody,
        who: Reviewer,
        station: str | None = None,
        number: int | None = None,
    ) -> Response:
        """Decide about a transaction that has ended: `accept` it as it was counted, `correct` it, or `void`
        it. Who, when, why, and the values before and after are kept with it, under `reviews`.
        """
        return json_response(await reviewed(parts, station, transaction_id, number, body, who))


def _add_end(router: ApiRouter, parts: ApiParts) -> None:
    records = parts.records

    @router.post("/transactions/{transaction_id}/end")
    async def end(
        transaction_id: str,
        body: EndBody,
        who: Reviewer,
        station: str | None = None,
        number: int | None = None,
    ) -> Response:
        """End a transaction whose end never came, with what is known of it. Who, when and why are kept with
        it, under `reviews`; its real end still counts when it comes after all. Stations are not told.
        """
        one = await find_one(parts, who, station, transaction_id, number)
        now, ended_at = parts.clock.now(), _utc(body.ended_at)
        _check_end(one, ended_at, now)
        request = EndRequest(
            station_id=one.station_id,
            transaction_id=one.transaction_id,
            transaction_no=one.transaction_no,
            at=now,
            since=ended_at or now,
            ended_at=ended_at,
            reason=body.reason,
            decided_by=who.name,
        )
        await records.end(request)
        after = await find_one(parts, who, one.station_id, transaction_id, one.transaction_no)
        return json_response(await whole_transaction(parts, after, who))


async def reviewed(  # noqa: PLR0917 - what a request says
    parts: ApiParts,
    station: str | None,
    transaction_id: str,
    number: int | None,
    body: ReviewBody,
    who: Principal,
) -> WholeTransactionAnswer:
    """Decide, for the API and the console alike; the transaction as it stands then. Raises Problem."""
    one = await find_one(parts, who, station, transaction_id, number)
    _check(one, body, parts.clock.now())
    request = ReviewRequest(
        station_id=one.station_id,
        transaction_id=one.transaction_id,
        transaction_no=one.transaction_no,
        decision=ReviewDecision(body.decision),
        reason=body.reason,
        decided_by=who.name,
        at=parts.clock.now(),
        started_at=_utc(body.started_at),
        ended_at=_utc(body.ended_at),
        energy_wh=body.energy_wh,
        cost_micro=body.cost_micro,
    )
    await parts.records.review(request)
    now = await find_one(parts, who, one.station_id, transaction_id, one.transaction_no)
    return await whole_transaction(parts, now, who)


def _check_end(one: TransactionRecord, ended_at: datetime | None, now: datetime) -> None:
    if one.ended_at is not None:
        raise Problem(
            409,
            "transaction_ended",
            Phrase(
                f"La transaction {one.transaction_id} de {one.station_id} est terminée",
                f"Transaction {one.transaction_id} of {one.station_id} has ended",
            ),
            WayOut("Corrigez-la.", "Correct it.", route="POST /api/v1/transactions/{id}/review").filled(
                {"id": one.transaction_id}
            ),
        )
    if ended_at is not None and not one.started_at <= ended_at <= now:
        raise Problem(
            422,
            "end_impossible",
            Phrase(f"Elle ne peut pas s'être terminée à {ended_at}", f"It cannot have ended at {ended_at}"),
            WayOut(
                "Donnez une heure passée, après son début.", "Give a time after its start that has passed."
            ),
        )


def _check(one: TransactionRecord, body: ReviewBody, now: datetime) -> None:
    if one.ended_at is None:
        raise Problem(
            409,
            "transaction_open",
            Phrase(
                f"La transaction {one.transaction_id} de {one.station_id} est en cours",
                f"Transaction {one.transaction_id} of {one.station_id} goes on",
            ),
            END_FIRST.filled({"number": one.transaction_id}).at(one.station_id),
        )
    started_at, ended_at = body.started_at or one.started_at, body.ended_at or one.ended_at
    is_dated = body.started_at is not None or body.ended_at is not None
    if is_dated and (ended_at < started_at or ended_at > now):
        raise Problem(
            422,
            "review_impossible",
            Phrase(
                f"Elle n'a pas pu durer du {started_at} au {ended_at}",
                f"It cannot have lasted from {started_at} to {ended_at}",
            ),
            WayOut(
                "Donnez un début avant la fin, et une fin passée.",
                "Give a start before the end, and an end that has passed.",
            ),
        )


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at is not None else None
