"""Requests of ours that a station answers twice: at once, and then in reports that bear their request id."""

from datetime import timedelta

from csms.domain.commands import RawCall
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command
from ocppj.model.customers import NotifyCustomerInformation
from ocppj.model.display import NotifyDisplayMessages
from ocppj.model.monitoring import NotifyMonitoringReport
from ocppj.model.smart_charging import ReportChargingProfiles
from ocppj.model.variables import NotifyReport

REPORTS_WITHIN = timedelta(minutes=10)
"""From one part of a report to the next; when nothing came for so long, it stays incomplete."""
REPORTED = NotifyReport.__name__
"""The report of the model, by its action."""
_REPORTS = (
    NotifyReport,
    ReportChargingProfiles,
    NotifyMonitoringReport,
    NotifyDisplayMessages,
    NotifyCustomerInformation,
)
ANNOUNCED = {
    **{
        command.__name__: brought.__name__
        for command in COMMANDS.values()
        for brought in command.brings[:1]
        if brought in _REPORTS and "request_id" in command.__struct_fields__
    },
    "GetDERControl": "ReportDERControl",
}
"""By action: the one that brings its result, in parts (`tbc`). What the model lacks is a raw call."""


def announced_by(command: Command | RawCall) -> tuple[str, int] | None:
    """The action and the request id of the reports that a command asks for; None where it asks for none."""
    if isinstance(command, RawCall):
        action, payload = command.action, command.payload
        request_id = payload.get("requestId")
    else:
        action, request_id = type(command).__name__, getattr(command, "request_id", None)
    report = ANNOUNCED.get(action)
    return (report, request_id) if report is not None and isinstance(request_id, int) else None
