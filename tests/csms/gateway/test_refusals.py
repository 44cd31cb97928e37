"""What is not built is refused as the specification says; nothing that a station reports is."""

from datetime import UTC, datetime
from typing import Any

import pytest

from csms.gateway.reception import RECEPTIONS
from csms.gateway.refusals import REFUSALS
from ocppj.actions import Sender, actions_of, reporting_actions
from ocppj.codec import codec_for
from ocppj.versions import OcppVersion
from tests.support.schemas import message_schemas, smallest

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
CASES = [(version, action) for version, refusals in REFUSALS.items() for action in refusals]
HASH = {"hashAlgorithm": "SHA256", "issuerNameHash": "n", "issuerKeyHash": "k", "serialNumber": "s"}


def refused(version: OcppVersion, action: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request, which its schema accepts."""
    codec = codec_for(version)
    request = codec.decode_request(action, codec.encode_request(action, payload)).message
    answer = RECEPTIONS[version].refusal(action, request, NOON)
    assert answer is not None
    codec.encode_response(action, answer)
    return answer


@pytest.mark.parametrize(("version", "action"), CASES, ids=lambda each: str(getattr(each, "label", each)))
def test_a_refusal_is_an_answer_of_its_schema_and_says_no(version: OcppVersion, action: str) -> None:
    """Whatever was asked."""
    schema = next(each for each in message_schemas() if str(each) == f"{version.label}-{action}Request")
    answer = refused(version, action, smallest(schema.whole))
    statuses = (
        [answer["status"]] if "status" in answer else [e["status"] for e in answer["certificateStatus"]]
    )
    assert set(statuses) <= {"Rejected", "Failed"}
    assert REFUSALS[version][action].clause


@pytest.mark.parametrize("version", OcppVersion)
def test_everything_that_a_station_sends_has_one_outcome(version: OcppVersion) -> None:
    """Handled, kept or refused: NotSupported is left for what only we send."""
    reception = RECEPTIONS[version]
    for name, action in actions_of(version).items():
        is_send = action.response is None
        outcomes = [
            reception.translation.knows(name),
            reception.keeps(name, is_send=is_send),
            name in REFUSALS[version],
        ]
        assert sum(outcomes) == (0 if action.sender is Sender.CSMS else 1), name
        if name in reporting_actions(version):
            assert outcomes[:2] != [False, False], name


def test_each_certificate_of_a_chain_has_its_status() -> None:
    """M07.FR.02, M07.FR.05; it can be asked again at once."""
    asked = [
        {"certificateHashData": HASH, "source": source, "urls": ["http://ocsp"]} for source in ("OCSP", "CRL")
    ]
    answer = refused(OcppVersion.V21, "GetCertificateChainStatus", {"certificateStatusRequests": asked})
    assert [(each["source"], each["status"]) for each in answer["certificateStatus"]] == [
        ("OCSP", "Failed"),
        ("CRL", "Failed"),
    ]
    assert answer["certificateStatus"][0]["certificateHashData"] == HASH
    assert answer["certificateStatus"][0]["nextUpdate"] == "2026-05-01T12:00:00.000Z"


def test_a_vat_number_is_repeated_with_its_evse() -> None:
    """C18.FR.10."""
    answer = refused(OcppVersion.V21, "VatNumberValidation", {"vatNumber": "FR1", "evseId": 2})
    assert (answer["vatNumber"], answer["evseId"], answer["status"]) == ("FR1", 2, "Rejected")
