"""Authorize: the verdict is the handler's; that somebody asked is news."""

from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.state import Decision, State
from ocppj.model.authorization import Authorize, AuthorizeResponse
from ocppj.model.messages import Reply


def authorization_requested(state: State, inbound: Inbound, proposal: Reply) -> Decision:  # noqa: ARG001 - table
    """Nothing to keep: asked again, the verdict is a fresh one."""
    event: Authorize = inbound.event  # type: ignore[assignment] # the table's key
    reply: AuthorizeResponse = proposal  # type: ignore[assignment] # what the handler of this event proposes
    payload = {"id_token": event.id_token.value, "status": reply.info.status.value}
    if reply.certificate_status is not None:
        payload["certificate_status"] = reply.certificate_status.value
    station_event = StationEvent("authorization.requested", inbound.station_id, inbound.received_at, payload)
    return Decision(reply, (), (station_event,))
