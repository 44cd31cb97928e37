"""Requests of ours that a station answers twice: at once, and then in reports that bear their request id."""

from datetime import timedelta

from csms.domain.commands import RawCall
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command
from ocppj.model.display import GetDisplayMessages, NotifyDisplayMessages
from ocppj.model.smart_charging import GetChargingProfiles, ReportChargingProfiles
from ocppj.model.variables import NotifyReport

REPORTS_WITHIN = timedelta(minutes=10)
"""From one part of a report to the next; when nothing came for so long, it stays incomplete."""
REPORTED = NotifyReport.__name__
"""The report of the model, by its action."""
ANNOUNCED = {
    **{
        command.__name__: REPORTED
        for command in COMMANDS.values()
        if NotifyReport in command.brings and "request_id" in command.__struct_fields__
    },
    GetChargingProfiles.__name__: ReportChargingProfiles.__name__,
    "GetMonitoringReport": "NotifyMonitoringReport",
    GetDisplayMessages.__name__: NotifyDisplayMessages.__name__,
    "CustomerInformation": "NotifyCustomerInformation",
    "GetDERControl": "ReportDERControl",
}
"""By action: the one that brings its result, in parts (`tbc`). What the model lacks is a raw call."""


def announced_by(command: Command | RawCall) -> tuple[str, int] | None:
    """The action and the request id of the reports that a command asks for; None where it asks for none."""
    if isinstance(command, RawCall):
        action, payload = command.action, command.payload
        request_id = payload.get("requestId")
        if payload.get("report") is False:  # CustomerInformation that only clears (2.0.1 N10)
            return None
    else:
        action, request_id = type(command).__name__, getattr(command, "request_id", None)
    report = ANNOUNCED.get(action)
    return (report, request_id) if report is not None and isinstance(request_id, int) else None
