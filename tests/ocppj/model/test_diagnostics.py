"""What an event of a variable says of a connector's status, in whatever spelling."""

import pytest

from ocppj.model.diagnostics import PROBLEM, MonitoredEvent, StatusInEvent, status_in_event
from ocppj.vocabulary import ConnectorStatus, VariableRef

FAULTED = StatusInEvent(1, 2, ConnectorStatus.FAULTED, "Faulted")
STATE = VariableRef("Connector", "AvailabilityState", evse_id=1, connector_id=2)
TROUBLE = VariableRef("connector", "problem", evse_id=1, connector_id=2)
OF_EVSE = StatusInEvent(1, 0, ConnectorStatus.FAULTED, "Faulted")
OF_STATION = StatusInEvent(0, 0, ConnectorStatus.FAULTED, "Faulted")
IS_THERE = StatusInEvent(1, 2, ConnectorStatus.FAULTED, PROBLEM)
IS_OVER = StatusInEvent(1, 2, None, PROBLEM)


@pytest.mark.parametrize(
    ("ref", "value", "said", "odd"),
    [
        (STATE, "Faulted", FAULTED, None),
        (STATE, " faulted", FAULTED, "unknown-value"),
        (STATE, "NaN", None, "unknown-connector-status"),
        (STATE, "", None, "unknown-connector-status"),
        (TROUBLE, "true", IS_THERE, None),
        (TROUBLE, "True", IS_THERE, "unknown-value"),
        (TROUBLE, "false", IS_OVER, None),
        (TROUBLE, "0", IS_OVER, "unknown-value"),
        (TROUBLE, "NaN", None, "unknown-value"),
        (VariableRef("EVSE", "AvailabilityState", evse_id=1), "Faulted", OF_EVSE, None),
        (VariableRef("ChargingStation", "AvailabilityState"), "Faulted", OF_STATION, None),
        (VariableRef("EVSE", "AvailabilityState"), "Faulted", None, "unknown-connector"),
        (VariableRef("EVSE", "AvailabilityState", evse_id=0), "Faulted", None, "unknown-connector"),
        (VariableRef("Connector", "AvailabilityState", evse_id=1), "Faulted", None, "unknown-connector"),
        (VariableRef("Connector", "Problem", evse_id=-1, connector_id=1), "true", None, "unknown-connector"),
        (VariableRef("Connector", "Temperature", evse_id=1, connector_id=2), "41", None, None),
        (VariableRef("CableBreakawaySensor", "Problem"), "true", None, None),
    ],
)
def test_what_an_event_says(
    ref: VariableRef, value: str, said: StatusInEvent | None, odd: str | None
) -> None:
    """2.0.1 part 2 §2.13.2, G01; names have no case. What cannot be read is named, and refuses nothing."""
    assert status_in_event(MonitoredEvent(ref, value)) == (said, odd)
