"""MeterValues of 2.x, read and written."""

import pytest

from ocppj.model.metering import MeterValues
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from tests.ocppj.test_messages import read
from tests.ocppj.test_written_messages import SAMPLE


@pytest.mark.parametrize("version", [OcppVersion.V201, OcppVersion.V21])
def test_readings_outside_a_transaction_are_of_an_evse(version: OcppVersion) -> None:
    """2.x has no connector and no transaction for them; what was written is read again."""
    call = translation_for(version).request(MeterValues(2, "T", (SAMPLE,)))
    assert call is not None
    assert call.payload["evseId"] == 2
    event, findings = read(translation_for(version), "MeterValues", call.payload)
    assert (event, findings) == (MeterValues(2, None, (SAMPLE,)), [])
