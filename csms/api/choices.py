"""/stations/{id}/admission and /quiet: what an administrator chose for a station can be changed later."""

from fastapi import Response

from csms.api.ports import ApiParts
from csms.api.roles import Founder
from csms.api.stations import known_station, unknown
from csms.api.views import StationViews
from csms.domain.audit import Change
from csms.domain.records import UnknownPolicy
from ocppj.model.remote_control import TriggerMessage
from ocppj.vocabulary import RegistrationStatus, StationId, TriggeredMessage
from runtime.audit import Act
from runtime.bodies import Body
from runtime.paging import json_response
from runtime.routers import ApiRouter

ANSWER_WITHIN_S = 10.0
SERVICE_RESTART = 1012


class AdmissionBody(Body):
    """`accept`: no lifecycle; `quarantine`: let it wait; `reject`: answer Rejected; `refuse`: 401."""

    admission: UnknownPolicy


class QuietBody(Body):
    """`quiet`: the station is under test, and only what somebody asks for is sent to it."""

    quiet: bool


def build_choices_router(parts: ApiParts) -> ApiRouter:
    """The routes of what is chosen for single stations."""
    router = ApiRouter(prefix="/stations/{station_id}")
    views = StationViews(parts)

    async def answer(station_id: StationId) -> Response:
        shown = await views.station(station_id)
        if shown is None:
            raise unknown(station_id)
        return json_response(shown)

    @router.put("/admission")
    async def choose_admission(station_id: str, body: AdmissionBody, who: Founder) -> Response:
        """Change what becomes of a station that nobody ordered; it has to boot once more for it."""
        known = await known_station(parts, station_id)
        act = Act(known, parts.clock.now(), who.name, Change.ADMISSION_CHOSEN.value, body.admission)
        await parts.records.choose(known, act, admission=body.admission)
        await _let_boot(parts, known, body.admission)
        return await answer(known)

    @router.put("/quiet")
    async def choose_quiet(station_id: str, body: QuietBody, who: Founder) -> Response:
        """Mark a station as under test: nothing is sent to it by itself; or take that back."""
        known = await known_station(parts, station_id)
        what = Change.PUT_UNDER_TEST if body.quiet else Change.TAKEN_OUT_OF_TEST
        act = Act(known, parts.clock.now(), who.name, what.value)
        await parts.records.choose(known, act, is_quiet=body.quiet)
        return await answer(known)

    return router


async def _let_boot(parts: ApiParts, station_id: StationId, admission: UnknownPolicy) -> None:
    """A Pending station may be asked to boot; an accepted one must not be (errata of 1.6, §3.40), and has to
    connect again where it is not welcome any more.
    """
    link = await parts.presence.link(station_id)
    if link is None or parts.details.details(station_id).lifecycle not in (None, "quarantine"):
        return  # one that somebody ordered is led by its lifecycle
    if link.registration is RegistrationStatus.PENDING:
        boot = TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION)
        await parts.commands.send(station_id, boot, timeout_s=ANSWER_WITHIN_S, before_accepted=True)
    elif admission != "accept":
        await parts.commands.disconnect(station_id, code=SERVICE_RESTART, reason="please connect again")
