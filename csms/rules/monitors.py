"""Monitors: what a 2.x station reports of them, in parts (2.x N02)."""

import msgspec

from csms.domain.inbound import Inbound
from csms.rules.keeping import message_kept
from csms.rules.state import Decision, State
from ocppj.model.messages import Reply
from ocppj.model.monitoring import NotifyMonitoringReport


def monitors_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """The report as it came, and how far the command that asked for it has come with it."""
    event: NotifyMonitoringReport = inbound.event  # type: ignore[assignment] # the table's key
    if event.report is None:
        return Decision(proposal)
    return message_kept(state, msgspec.structs.replace(inbound, event=event.report), proposal)
