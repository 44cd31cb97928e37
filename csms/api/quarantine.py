"""/quarantine: messages that are kept as they came, to be read, taken in again, or dismissed."""

from typing import Annotated, Any

from fastapi import Path, Query, Response
from pydantic import Field

from access.actions import Permission, scope_of
from access.principals import Principal
from csms.api.ports import ApiParts
from csms.api.quarantine_views import QuarantineAnswer, quarantine_view, whole_quarantine_view
from csms.api.roles import QUARANTINE_KEEPER, QuarantineKeeper, QuarantineLister
from csms.api.stations import resolved
from csms.domain.quarantine import QuarantineRecord, QuarantineState
from csms.gateway.readmission import Correction, NotReadmitted
from runtime.bodies import Body
from runtime.http import Problem
from runtime.paging import GREATEST_NUMBER, json_response
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

RowId = Annotated[int, Path(ge=1, le=GREATEST_NUMBER)]
LONGEST_REASON = 500
Reason = Annotated[str, Field(min_length=3, max_length=LONGEST_REASON)]
CORRECT_IT = WayOut(
    "Corrigez-le (l'action et le contenu qu'il aurait dû avoir), ou écartez-le.",
    "Correct it (the action and the payload that it should have had), or dismiss it.",
    "/quarantine",
    "ctl post /quarantine/{number}/take-in "
    """'{{"reason": "…", "correction": {{"action": "…", "payload": {{}}}}}}'""",
    "POST /api/v1/quarantine/{number}/take-in",
)
SEE_WHO_DECIDED = WayOut(
    "Il n'y a plus rien à décider; voyez qui a décidé, et pourquoi.",
    "Nothing more is to be decided about it; see who decided, and why.",
    "/quarantine",
    "ctl get /quarantine/{number}",
    "GET /api/v1/quarantine/{number}",
)


class DismissBody(Body):
    """Why a message counts for nothing."""

    reason: Reason


class CorrectionBody(Body):
    """What the message should have been."""

    action: str = Field(min_length=1, max_length=50)
    payload: dict[str, Any]


class TakeInBody(Body):
    """Why a message is taken in again, and what it should have been where it cannot be as it came."""

    reason: Reason
    correction: CorrectionBody | None = None


def build_quarantine_router(parts: ApiParts) -> ApiRouter:
    """The routes of messages in quarantine; managers and administrators only: they hold id tokens."""
    router = ApiRouter()
    _add_reading(router, parts)
    _add_deciding(router, parts)
    return router


def _add_reading(router: ApiRouter, parts: ApiParts) -> None:
    @router.get("/quarantine")
    async def quarantine(
        who: QuarantineLister,
        station: str | None = None,
        state: QuarantineState | None = None,
        before: Annotated[int | None, Query(ge=1, le=GREATEST_NUMBER)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """Messages in quarantine, newest first; `before` the last one's id for the next page."""
        found = await parts.quarantine.find(
            station_id=resolved(parts, station) if station is not None else None,
            state=state,
            before=before,
            limit=limit,
            scope=scope_of(who, Permission.DECIDE_QUARANTINE),
        )
        return json_response([quarantine_view(each) for each in found])

    @router.get("/quarantine/{quarantine_id}", dependencies=[QUARANTINE_KEEPER])
    async def one(quarantine_id: RowId) -> Response:
        """One message in quarantine, as it came."""
        return json_response(whole_quarantine_view(await found_in_quarantine(parts, quarantine_id)))


def _add_deciding(router: ApiRouter, parts: ApiParts) -> None:
    @router.post("/quarantine/{quarantine_id}/take-in")
    async def take_in(quarantine_id: RowId, body: TakeInBody, who: QuarantineKeeper) -> Response:
        """Read and store a message in quarantine again, as it came or corrected; who and why is kept."""
        return json_response(await readmitted(parts, quarantine_id, body, who))

    @router.post("/quarantine/{quarantine_id}/dismiss")
    async def dismiss(quarantine_id: RowId, body: DismissBody, who: QuarantineKeeper) -> Response:
        """Decide that a message in quarantine counts for nothing; it stays, with who and why."""
        return json_response(await dismissed(parts, quarantine_id, body, who))


async def readmitted(
    parts: ApiParts, quarantine_id: int, body: TakeInBody, who: Principal
) -> QuarantineAnswer:
    """Take a message in again. Raises Problem 404, 409."""
    record = await found_in_quarantine(parts, quarantine_id)
    wanted = body.correction
    correction = Correction(wanted.action, wanted.payload) if wanted is not None else None
    try:
        await parts.readmission.readmit(record, who.name, body.reason, correction)
    except NotReadmitted as refused:
        text = Phrase(
            f"Le message {quarantine_id} n'a pas été repris : {refused}",
            f"Message {quarantine_id} was not taken in: {refused}",
        )
        raise Problem(
            409, "quarantine_not_taken_in", text, CORRECT_IT.filled({"number": record.quarantine_id})
        ) from None
    return whole_quarantine_view(await found_in_quarantine(parts, quarantine_id))


async def dismissed(
    parts: ApiParts, quarantine_id: int, body: DismissBody, who: Principal
) -> QuarantineAnswer:
    """Dismiss a message. Raises Problem 404, 409."""
    record = await found_in_quarantine(parts, quarantine_id)
    try:
        await parts.readmission.dismiss(record, who.name, body.reason)
    except NotReadmitted as refused:
        text = Phrase(
            f"Le message {quarantine_id} n'a pas été écarté : {refused}",
            f"Message {quarantine_id} was not dismissed: {refused}",
        )
        raise Problem(
            409, "quarantine_decided", text, SEE_WHO_DECIDED.filled({"number": record.quarantine_id})
        ) from None
    return whole_quarantine_view(await found_in_quarantine(parts, quarantine_id))


async def found_in_quarantine(parts: ApiParts, quarantine_id: int) -> QuarantineRecord:
    """One message. Raises Problem 404."""
    record = await parts.quarantine.one(quarantine_id)
    if record is None:
        raise quarantine_unknown(quarantine_id)
    return record


def quarantine_unknown(quarantine_id: int | str) -> Problem:
    """There is none of this number."""
    text = Phrase(
        f"Il n'y a pas de message {quarantine_id} en quarantaine; les anciens sont oubliés",
        f"There is no message {quarantine_id} in quarantine; old ones are forgotten",
    )
    way_out = WayOut(
        "Voyez ceux qui y sont.",
        "Look at those that are.",
        "/quarantine",
        "ctl get /quarantine",
        "GET /api/v1/quarantine",
    )
    return Problem(404, "quarantine_unknown", text, way_out)
