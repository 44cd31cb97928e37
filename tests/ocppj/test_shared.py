"""A request to update firmware: what goes out comes back, with and without what may be left out."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from ocppj.model.firmware import SignedUpdateFirmware, UpdateFirmware
from ocppj.shared import update_arguments, update_to_wire

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
WIRE_NOON = "2026-12-01T12:00:00.000Z"


def test_what_is_not_said_is_not_written() -> None:
    payload = update_to_wire(UpdateFirmware(request_id=5, location="https://x/1.bin", retrieve_at=NOON))
    assert payload == {
        "requestId": 5,
        "firmware": {"location": "https://x/1.bin", "retrieveDateTime": WIRE_NOON},
    }


@pytest.mark.parametrize("install_at", [None, NOON])
def test_the_arguments_come_back(install_at: datetime | None) -> None:
    """As a codec gives a request: members by their names in the program, instants as text."""
    command = SignedUpdateFirmware(
        request_id=5,
        location="https://x/1.bin",
        retrieve_at=NOON,
        install_at=install_at,
        signing_certificate="PEM",
        signature="c2ln",
        retries=2,
        retry_interval_s=30,
    )
    written = update_to_wire(command)
    firmware = SimpleNamespace(
        location=written["firmware"]["location"],
        retrieve_date_time=written["firmware"]["retrieveDateTime"],
        install_date_time=written["firmware"].get("installDateTime"),
        signing_certificate=written["firmware"]["signingCertificate"],
        signature=written["firmware"]["signature"],
    )
    request = SimpleNamespace(
        request_id=written["requestId"],
        retries=written["retries"],
        retry_interval=written["retryInterval"],
        firmware=firmware,
    )
    assert SignedUpdateFirmware(**update_arguments(request)) == command
