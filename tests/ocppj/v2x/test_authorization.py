"""Contracts in OCPP 2.x (C07): what a station sends of them, and the verdict on them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.codec import codec_for
from ocppj.model.authorization import (
    Authorize,
    AuthorizeResponse,
    CertificateHash,
    CertificateStatus,
    ContractCertificate,
)
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo, IdTokenType

BOTH = pytest.mark.parametrize("version", [OcppVersion.V201, OcppVersion.V21])
EMAID = IdToken("DE8AC12E46L5VL", IdTokenType.EMAID)
HASH = CertificateHash("SHA256", "n", "k", "9", "http://ocsp")
WORDS = st.text("abc", min_size=1, max_size=9)
HASHES = st.builds(CertificateHash, st.sampled_from(["SHA256", "SHA512"]), WORDS, WORDS, WORDS, WORDS)
CONTRACTS = st.builds(ContractCertificate, st.none() | WORDS, st.lists(HASHES, max_size=4).map(tuple))


@BOTH
def test_a_contract_on_the_wire(version: OcppVersion) -> None:
    """C07.FR.02, .06."""
    call = translation_for(version).request(Authorize(EMAID, ContractCertificate("PEM", (HASH,))))
    assert call is not None
    assert call.payload == {
        "idToken": {"idToken": EMAID.value, "type": "eMAID"},
        "certificate": "PEM",
        "iso15118CertificateHashData": [
            {
                "hashAlgorithm": "SHA256",
                "issuerNameHash": "n",
                "issuerKeyHash": "k",
                "serialNumber": "9",
                "responderURL": "http://ocsp",
            }
        ],
    }


@BOTH
@given(contract=st.none() | CONTRACTS)
def test_what_a_station_asks_comes_back(version: OcppVersion, contract: ContractCertificate | None) -> None:
    """Model → wire → model; of a contract with nothing in it nothing is there to send."""
    codec, translation = codec_for(version), translation_for(version)
    message = Authorize(EMAID, contract)
    call = translation.request(message)
    assert call is not None
    request = codec.decode_request(
        "Authorize", codec.encode_request("Authorize", call.payload), lenient=False
    )
    expected = message if contract != ContractCertificate() else Authorize(EMAID)
    assert translation.message("Authorize", request.message, []) == expected


@BOTH
@pytest.mark.parametrize("status", [None, *CertificateStatus])
@pytest.mark.parametrize("token", [AuthorizationStatus.ACCEPTED, AuthorizationStatus.BLOCKED])
def test_the_verdict_comes_back(
    version: OcppVersion, status: CertificateStatus | None, token: AuthorizationStatus
) -> None:
    """C07.FR.14: both must be accepted."""
    codec, translation = codec_for(version), translation_for(version)
    verdict = AuthorizeResponse(IdTokenInfo(token), status)
    text = codec.encode_response("Authorize", translation.reply_payload("Authorize", verdict))
    found = translation.reply("Authorize", codec.decode_response("Authorize", text, lenient=False).message)
    assert found == verdict
    is_good = status in (None, CertificateStatus.ACCEPTED) and token is AuthorizationStatus.ACCEPTED
    assert verdict.may_charge is is_good


def test_a_strange_verdict_lets_nobody_charge() -> None:
    """It may be a typing error."""
    text = msgspec.json.encode({"idTokenInfo": {"status": "Accepted"}, "certificateStatus": "OurOwn"})
    found = codec_for(OcppVersion.V201).decode_response("Authorize", text)
    reply = translation_for(OcppVersion.V201).reply("Authorize", found.message)
    assert reply == AuthorizeResponse(
        IdTokenInfo(AuthorizationStatus.ACCEPTED), CertificateStatus.CERT_CHAIN_ERROR
    )


def test_1_6_has_no_contract_certificates() -> None:
    """So none can be presented."""
    translation = translation_for(OcppVersion.V16)
    assert translation.request(Authorize(IdToken("A1"), ContractCertificate("PEM"))) is None
