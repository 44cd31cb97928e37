"""/stations/{id}/power-up/box: an act at the box, by which the server sees which station it is."""

from typing import Annotated

from pydantic import Field, model_validator

from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import Tester
from provisioning.api.stations import known_station
from provisioning.app import Provisioning
from provisioning.rules.identifying import BoxAct, BoxCheck, BoxCheckState
from runtime.bodies import Body
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.views import InstantText, View
from runtime.wording import Phrase

CARD_NEEDED = Phrase("dites quelle carte est présentée", "say which card is presented")


class BoxCheckBody(Body):
    """What somebody does at the box: `plug`, `card` (with its id token) or `power`: off and on."""

    act: BoxAct
    id_token: Annotated[str, Field(min_length=1, max_length=36)] | None = None

    @model_validator(mode="after")
    def _card_has_a_token(self) -> "BoxCheckBody":
        if self.act is BoxAct.CARD and self.id_token is None:
            raise ValueError(CARD_NEEDED)
        return self


class BoxCheckView(View, frozen=True, kw_only=True):
    """`watching`, `seen`, `elsewhere` (at the station `seen_on`: the labels are exchanged) or `missed`."""

    act: BoxAct
    state: BoxCheckState
    began_at: InstantText
    until: InstantText
    seen_at: InstantText | None
    seen_on: str | None


class LastBoxCheckView(View, frozen=True, kw_only=True):
    """The last act that was waited for; null where there was none."""

    check: BoxCheckView | None


def build_box_checks_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of acts at a box."""
    router = ApiRouter(route_class=ProvisioningRoute, prefix="/stations/{station_id}/power-up")
    checks, clock = provisioning.box_checks, provisioning.station_cache.clock

    @router.post("/box", status_code=201)
    async def begin(station_id: str, body: BoxCheckBody, who: Tester) -> BoxCheckView:
        """Wait a minute for an act at the box: that it is this station is seen, and noted in the run."""
        known = await known_station(provisioning, station_id)
        check = await checks.begin(known, body.act, who.name, body.id_token)
        return box_check_view(check, check.state(clock.now()))

    @router.get("/box")
    async def state(station_id: str, who: Tester) -> LastBoxCheckView:  # noqa: ARG001 - asked
        """The last act that was waited for, and where it was seen."""
        known = await known_station(provisioning, station_id)
        check = await checks.look(known)
        shown = box_check_view(check, check.state(clock.now())) if check is not None else None
        return LastBoxCheckView(check=shown)

    return router


def box_check_view(check: BoxCheck, state: BoxCheckState) -> BoxCheckView:
    """As it stands; which card it is stays with who presented it."""
    return BoxCheckView(
        act=check.act,
        state=state,
        began_at=instant_text(check.began_at),
        until=instant_text(check.until),
        seen_at=instant_text(check.seen_at),
        seen_on=check.seen_on,
    )
