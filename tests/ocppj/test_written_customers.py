"""Customer information on the wire, by hand from the specifications."""

import pytest

from ocppj.model.customers import CustomerCertificate, CustomerInformation, NotifyCustomerInformation
from ocppj.translation import WireCall, translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdToken
from tests.ocppj.test_written_messages import BOTH_2X, NOON, V16, V201, WIRE_NOON, read_again, written


@pytest.mark.parametrize("version", BOTH_2X)
def test_what_is_known_comes_in_parts(version: OcppVersion) -> None:
    """N09; it stands in no log."""
    message = NotifyCustomerInformation(7, 1, False, "Ann", NOON)
    assert written(version, message) == WireCall(
        "NotifyCustomerInformation",
        {"requestId": 7, "seqNo": 1, "tbc": True, "data": "Ann", "generatedAt": WIRE_NOON},
    )
    assert read_again(version, message) == message
    assert "Ann" not in repr(message)
    assert translation_for(V16).request(message) is None


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (CustomerInformation(request_id=1), "name the customer"),
        (CustomerInformation(request_id=1, id_token=IdToken("A"), customer_identifier="C"), "name the"),
        (CustomerInformation(request_id=1, report=False, customer_identifier="C"), "report"),
        (CustomerInformation(request_id=1, customer_identifier="C"), None),
        (
            CustomerInformation(
                request_id=1, clear=True, certificate=CustomerCertificate("SHA256", "a", "b", "c")
            ),
            None,
        ),
    ],
)
def test_a_customer_is_named_once_for_something(command: CustomerInformation, reason: str | None) -> None:
    """N09.FR.04, .07, N10.FR.08."""
    found = translation_for(V201).refusal(command)
    assert (found is None) is (reason is None)
    assert (reason or "") in (found or "")
