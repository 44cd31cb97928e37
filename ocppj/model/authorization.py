"""Authorization: who may charge, and what a station remembers of it."""

import enum
from typing import ClassVar

import msgspec

from ocppj.model.command import Command
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo


class CertificateHash(msgspec.Struct, frozen=True, gc=False):
    """By what an OCSP responder knows one certificate (2.x OCSPRequestDataType)."""

    algorithm: str
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str
    responder_url: str


class ContractCertificate(msgspec.Struct, frozen=True, gc=False):
    """By what a driver's contract is verified (2.x C07): its chain (PEM), or the hashes of that; or both."""

    chain: str | None = None
    hashes: tuple[CertificateHash, ...] = ()


class CertificateStatus(enum.Enum):
    """The verdict on a contract certificate (2.x AuthorizeCertificateStatusEnumType)."""

    ACCEPTED = "Accepted"
    SIGNATURE_ERROR = "SignatureError"
    CERTIFICATE_EXPIRED = "CertificateExpired"
    CERTIFICATE_REVOKED = "CertificateRevoked"
    NO_CERTIFICATE_AVAILABLE = "NoCertificateAvailable"
    CERT_CHAIN_ERROR = "CertChainError"
    CONTRACT_CANCELLED = "ContractCancelled"


class Authorize(msgspec.Struct, frozen=True, gc=False):
    """A driver has presented an id token, or a car its contract: may it charge?"""

    id_token: IdToken
    contract: ContractCertificate | None = None
    """1.6 has none."""


class AuthorizeResponse(msgspec.Struct, frozen=True, gc=False):
    """The verdict on the token, and where there is a contract certificate on that."""

    info: IdTokenInfo
    certificate_status: CertificateStatus | None = None

    @property
    def may_charge(self) -> bool:
        """Whether nothing that was asked about was refused (2.x C07.FR.14)."""
        is_verified = self.certificate_status in (None, CertificateStatus.ACCEPTED)
        return is_verified and self.info.status is AuthorizationStatus.ACCEPTED


class ClearCache(Command, frozen=True):
    """Empty a station's authorization cache."""

    name: ClassVar[str] = "clear-cache"
