"""BootNotification and Heartbeat: who is there, and what time it is."""

from csms.domain.events import BootReply, HeartbeatReceived, HeartbeatReply, StationBooted
from csms.handlers.context import Context, Proposal


def station_booted(event: StationBooted, context: Context) -> Proposal:
    """Answer what the boot policy says; a boot is never refused with a CALLERROR (quirk 25)."""
    return _decide(event, context)


async def _decide(event: StationBooted, context: Context) -> BootReply:
    decision = await context.policies.boot.decide(context.station_id, event)
    return BootReply(
        status=decision.status,
        interval_s=decision.interval_s,
        current_time=context.received_at,
        reason_code=decision.reason_code,
        additional_info=decision.additional_info,
    )


def heartbeat_received(event: HeartbeatReceived, context: Context) -> HeartbeatReply:  # noqa: ARG001 - table
    """Tell the time."""
    return HeartbeatReply(context.received_at)
