"""Which of our requests are answered in reports too."""

from typing import Any

import pytest

from csms.domain.announced import ANNOUNCED, announced_by
from csms.domain.commands import RawCall
from csms.gateway.reception import RECEPTIONS
from ocppj.actions import Sender, actions_of
from ocppj.model.boot import Reset
from ocppj.model.command import Command
from ocppj.model.variables import GetBaseReport
from ocppj.versions import OcppVersion

CUSTOMER = ("NotifyCustomerInformation", 7)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (RawCall("GetMonitoringReport", {"requestId": 7}), ("NotifyMonitoringReport", 7)),
        (RawCall("CustomerInformation", {"requestId": 7, "report": True}), ("NotifyCustomerInformation", 7)),
        (RawCall("CustomerInformation", {"requestId": 7, "report": False, "clear": True}), CUSTOMER),
        (RawCall("GetMonitoringReport", {}), None),
        (RawCall("GetLog", {"requestId": 7}), None),
        (GetBaseReport(8), ("NotifyReport", 8)),
        (Reset(), None),
    ],
    ids=str,
)
def test_a_request_announces_its_reports(command: Command | RawCall, expected: Any) -> None:
    """By their action and its request id; one that asks for none announces none."""
    assert announced_by(command) == expected


@pytest.mark.parametrize("version", OcppVersion)
def test_the_table_has_all_that_come_in_parts(version: OcppVersion) -> None:
    """Read from the classes: what we ask for with a request id, and what comes of it with `tbc`."""
    actions, reception = actions_of(version), RECEPTIONS[version]
    found = {}
    for name, action in actions.items():
        if action.sender is Sender.STATION or not hasattr(action.request, "request_id"):
            continue
        for report in reception.expected_before_accept(name, {}):
            if hasattr(actions[report].request, "tbc"):
                found[name] = report
    assert found == {name: report for name, report in ANNOUNCED.items() if name in actions}
