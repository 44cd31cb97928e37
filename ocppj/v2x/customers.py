"""OCPP 2.x, customer information: the wire and the model."""

from typing import Any

from ocppj.model.customers import CustomerCertificate, CustomerInformation, NotifyCustomerInformation
from ocppj.model.messages import StationMessage
from ocppj.timestamps import read_time, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x import convert
from ocppj.v2x.status import answered_by_status


def _part(m: Any, findings: list[str]) -> StationMessage:
    return NotifyCustomerInformation(
        m.request_id, m.seq_no, not m.tbc, m.data, read_time(m.generated_at, findings)
    )


def _part_to_wire(m: NotifyCustomerInformation) -> dict[str, Any]:
    return present(
        {
            "requestId": m.request_id,
            "seqNo": m.seq_no,
            "tbc": not m.is_last,
            "data": m.data,
            "generatedAt": time_to_wire(m.generated_at) if m.generated_at is not None else None,
        }
    )


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=NotifyCustomerInformation,
        action="NotifyCustomerInformation",
        request_from_wire=_part,
        request_to_wire=_part_to_wire,
    ),
)


def _to_v2x(c: CustomerInformation) -> dict[str, Any]:
    return present(
        {
            "requestId": c.request_id,
            "report": c.report,
            "clear": c.clear,
            "idToken": convert.id_token_to_v2x(c.id_token) if c.id_token is not None else None,
            "customerIdentifier": c.customer_identifier,
            "customerCertificate": _certificate_to_v2x(c.certificate) if c.certificate is not None else None,
        }
    )


def _certificate_to_v2x(certificate: CustomerCertificate) -> dict[str, str]:
    return {
        "hashAlgorithm": certificate.algorithm,
        "issuerNameHash": certificate.issuer_name_hash,
        "issuerKeyHash": certificate.issuer_key_hash,
        "serialNumber": certificate.serial_number,
    }


def _from_v2x(m: Any) -> CustomerInformation:
    known = m.customer_certificate
    return CustomerInformation(
        request_id=m.request_id,
        report=m.report,
        clear=m.clear,
        id_token=convert.id_token_from_v2x(m.id_token) if m.id_token is not None else None,
        customer_identifier=m.customer_identifier,
        certificate=CustomerCertificate(
            known.hash_algorithm, known.issuer_name_hash, known.issuer_key_hash, known.serial_number
        )
        if known is not None
        else None,
    )


def _refusal(c: CustomerInformation) -> str | None:
    """N09.FR.04, N10.FR.08: one reference; N09.FR.07: something is to be done."""
    if c.references != 1:
        return "name the customer by one of id_token, customer_identifier and certificate"
    return None if c.report or c.clear else "ask for report, for clear, or for both"


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        CustomerInformation,
        "CustomerInformation",
        request_to_wire=_to_v2x,
        request_from_wire=_from_v2x,
        refusal=_refusal,
        fields={"customerCertificate": "certificate", "hashAlgorithm": "algorithm"},
    ),
)
