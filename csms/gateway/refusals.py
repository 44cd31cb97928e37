"""What a station is told where an answer decides something that is not built: what the specification gives.

An action that is neither handled nor in here, nor kept (`Reception.keeps`), gets NotSupported.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ocppj.timestamps import time_to_wire
from ocppj.versions import OcppVersion

UNSUPPORTED = {"reasonCode": "UnsupportedRequest"}
"""OCPP 2.1 appendix 5: «This request is not supported.»"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """How one action is refused. `answer(message, at)` is the response's payload, sent at that instant.

    `words` is its verdict for people; `clause` is what gives it.
    """

    words: str
    clause: str
    answer: Callable[[Any, datetime], dict[str, Any]]


def _plain(status: str, clause: str, **more: Any) -> Refusal:
    payload = {"status": status} | more
    return Refusal(status, clause, lambda m, at: payload)  # noqa: ARG005 - as every answer


def _chain_status(m: Any, at: datetime) -> dict[str, Any]:
    """Failed for each certificate; asking again makes sense at once."""
    return {
        "certificateStatus": [
            {
                "certificateHashData": _hash_data(each.certificate_hash_data),
                "source": each.source,
                "status": "Failed",
                "nextUpdate": time_to_wire(at),
            }
            for each in m.certificate_status_requests
        ]
    }


def _hash_data(data: Any) -> dict[str, Any]:
    return {
        "hashAlgorithm": data.hash_algorithm,
        "issuerNameHash": data.issuer_name_hash,
        "issuerKeyHash": data.issuer_key_hash,
        "serialNumber": data.serial_number,
    }


def _vat_number(m: Any, at: datetime) -> dict[str, Any]:  # noqa: ARG001 - table
    evse = {"evseId": m.evse_id} if m.evse_id is not None else {}
    return {"vatNumber": m.vat_number, **evse, "status": "Rejected", "statusInfo": UNSUPPORTED}


_SIGN_V16 = {"SignCertificate": _plain("Rejected", "Security whitepaper A02.FR.12")}

_V201 = {
    "SignCertificate": _plain("Rejected", "A02.FR.12", statusInfo=UNSUPPORTED),
    # «no exiResponse included» (Iso15118EVCertificateStatusEnumType); the schema wants the field.
    "Get15118EVCertificate": _plain("Failed", "M01, M02", statusInfo=UNSUPPORTED, exiResponse=""),
    "GetCertificateStatus": _plain("Failed", "M06.FR.04", statusInfo=UNSUPPORTED),
}

_V21 = _V201 | {
    "GetCertificateChainStatus": Refusal("Failed for each", "M07.FR.02, M07.FR.05", _chain_status),
    # The station then reports by NotifyEvent (N11.FR.07).
    "OpenPeriodicEventStream": _plain("Rejected", "N11.FR.05", statusInfo=UNSUPPORTED),
    "VatNumberValidation": Refusal("Rejected", "C18.FR.09, C18.FR.10", _vat_number),
}

REFUSALS: Mapping[OcppVersion, Mapping[str, Refusal]] = {
    OcppVersion.V16: _SIGN_V16,
    OcppVersion.V201: _V201,
    OcppVersion.V21: _V21,
}
"""By version and action."""
