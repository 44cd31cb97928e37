"""BootNotification and Heartbeat: who is there, and what time it is."""

from csms.handlers.context import Context, Proposal
from ocppj.model.boot import BootNotification, BootNotificationResponse, Heartbeat, HeartbeatResponse


def station_booted(event: BootNotification, context: Context) -> Proposal:
    """Answer what the boot policy says; a boot is never refused with a CALLERROR (quirk 25)."""
    return _decide(event, context)


async def _decide(event: BootNotification, context: Context) -> BootNotificationResponse:
    decision = await context.policies.boot.decide(context.station_id, event)
    return BootNotificationResponse(
        status=decision.status,
        interval_s=decision.interval_s,
        current_time=context.received_at,
        reason_code=decision.reason_code,
        additional_info=decision.additional_info,
    )


def heartbeat_received(event: Heartbeat, context: Context) -> HeartbeatResponse:  # noqa: ARG001 - table
    """Tell the time."""
    return HeartbeatResponse(context.received_at)
