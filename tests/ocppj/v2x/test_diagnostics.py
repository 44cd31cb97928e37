"""NotifyEvent of 2.x, read and written."""

from datetime import UTC, datetime

import pytest

from ocppj.model.diagnostics import MonitoredEvent, NotifyEvent
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef
from tests.ocppj.test_messages import read

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
STATE = VariableRef("Connector", "AvailabilityState", evse_id=1, connector_id=1)


@pytest.mark.parametrize("version", [OcppVersion.V201, OcppVersion.V21])
def test_an_event_is_written_and_read_again(version: OcppVersion) -> None:
    """With what is odd in it named: a status in another case than the specification's."""
    sent = NotifyEvent((MonitoredEvent(STATE, "faulted", NOON, 7),), 0, True, NOON)
    call = translation_for(version).request(sent)
    assert call is not None
    event, findings = read(translation_for(version), "NotifyEvent", call.payload)
    assert isinstance(event, NotifyEvent)
    assert [(each.ref, each.value, each.at) for each in event.events] == [(STATE, "faulted", NOON)]
    assert findings == ["unknown-value"]
