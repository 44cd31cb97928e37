"""OCPP 2.x, authorization: the wire and the model."""

from typing import Any

from ocppj.model.authorization import (
    Authorize,
    AuthorizeResponse,
    CertificateHash,
    CertificateStatus,
    ClearCache,
    ContractCertificate,
)
from ocppj.model.messages import Reply, StationMessage
from ocppj.translator import CommandTranslator, MessageTranslator, no_arguments, present
from ocppj.v2x import convert
from ocppj.v2x.status import answered_by_status


def _authorize(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return Authorize(convert.id_token_from_v2x(m.id_token), _contract(m))


def _contract(m: Any) -> ContractCertificate | None:
    """What is there makes it a contract, were it empty: nobody could verify that either."""
    if m.certificate is None and m.iso15118_certificate_hash_data is None:
        return None
    hashes = m.iso15118_certificate_hash_data or ()
    return ContractCertificate(m.certificate, tuple(_hash(each) for each in hashes))


def _hash(each: Any) -> CertificateHash:
    return CertificateHash(
        algorithm=str(each.hash_algorithm),
        issuer_name_hash=each.issuer_name_hash,
        issuer_key_hash=each.issuer_key_hash,
        serial_number=each.serial_number,
        responder_url=each.responder_url,
    )


def _authorize_to_wire(m: Authorize) -> dict[str, Any]:
    contract = m.contract or ContractCertificate()
    return present(
        {
            "idToken": convert.id_token_to_v2x(m.id_token),
            "certificate": contract.chain,
            "iso15118CertificateHashData": [_hash_to_wire(each) for each in contract.hashes] or None,
        }
    )


def _hash_to_wire(each: CertificateHash) -> dict[str, Any]:
    return {
        "hashAlgorithm": each.algorithm,
        "issuerNameHash": each.issuer_name_hash,
        "issuerKeyHash": each.issuer_key_hash,
        "serialNumber": each.serial_number,
        "responderURL": each.responder_url,
    }


def _verdict(m: Any) -> Reply:
    return AuthorizeResponse(
        convert.id_token_info_from_v2x(m.id_token_info), _certificate_status(m.certificate_status)
    )


_CERTIFICATE_STATUSES = {status.value: status for status in CertificateStatus}


def _certificate_status(word: str | None) -> CertificateStatus | None:
    """An unknown word is an error of the chain, so that nobody charges on a typing error."""
    if word is None:
        return None
    return _CERTIFICATE_STATUSES.get(word, CertificateStatus.CERT_CHAIN_ERROR)


def _verdict_to_wire(reply: AuthorizeResponse) -> dict[str, Any]:
    status = reply.certificate_status
    return present(
        {
            "idTokenInfo": convert.id_token_info_to_v2x(reply.info),
            "certificateStatus": status.value if status is not None else None,
        }
    )


def _clear_cache(m: Any) -> ClearCache:  # noqa: ARG001 - it has no arguments
    return ClearCache()


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=Authorize,
        action="Authorize",
        request_from_wire=_authorize,
        request_to_wire=_authorize_to_wire,
        response_from_wire=_verdict,
        response_to_wire=_verdict_to_wire,
    ),
)
COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        ClearCache, "ClearCache", request_to_wire=no_arguments, request_from_wire=_clear_cache
    ),
)
