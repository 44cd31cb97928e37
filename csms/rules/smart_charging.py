"""Smart charging: what stations report of limits is kept, and what cars say is answered."""

import msgspec

from csms.domain.inbound import Inbound
from csms.rules.keeping import message_kept
from csms.rules.state import Decision, State
from ocppj.model.messages import Reply
from ocppj.model.smart_charging import ReportedLimits


def limits_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """ReportChargingProfiles, NotifyChargingLimit, ClearedChargingLimit, NotifyPriorityCharging."""
    event: ReportedLimits = inbound.event  # type: ignore[assignment] # the table's key
    if event.report is None:
        return Decision(proposal)
    return message_kept(state, msgspec.structs.replace(inbound, event=event.report), proposal)


def only_answered(state: State, inbound: Inbound, proposal: Reply) -> Decision:  # noqa: ARG001 - table
    """What a car asks for: there is no schedule of ours to hold it against."""
    return Decision(proposal)
