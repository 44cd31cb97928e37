"""Authorize."""

from ocppj.model.authorization import (
    Authorize,
    AuthorizeResponse,
    CertificateStatus,
    ContractCertificate,
)
from ocppj.vocabulary import AuthorizationStatus, IdTokenInfo
from tests.support.inbound import ACCEPTED, TAG, Bench


def test_authorize_is_only_told() -> None:
    """No row; the answer is the handler's."""
    bench = Bench()
    reply = AuthorizeResponse(ACCEPTED)
    assert bench.send(Authorize(TAG), proposal=reply) == reply
    assert bench.rows == []
    assert bench.events[-1].payload == {"id_token": TAG.value, "status": "Accepted"}


def test_the_verdict_on_a_contract_is_told_as_well() -> None:
    """2.x C07.FR.17."""
    bench = Bench()
    refused = IdTokenInfo(AuthorizationStatus.INVALID)
    reply = AuthorizeResponse(refused, CertificateStatus.CERT_CHAIN_ERROR)
    assert bench.send(Authorize(TAG, ContractCertificate("PEM")), proposal=reply) == reply
    assert bench.events[-1].payload == {
        "id_token": TAG.value,
        "status": "Invalid",
        "certificate_status": "CertChainError",
    }
