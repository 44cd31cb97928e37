"""GET /certificate-keys: the public keys that sign, and ever signed, power-up certificates. For anybody."""

from datetime import datetime
from typing import Any, Literal

from fastapi import Response
from pydantic import BaseModel

from charging.certificate.document import canonical
from provisioning.issuer import IssuerKeys, IssuerKeyUnusable
from runtime.http import Problem
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

UNUSABLE = Phrase(
    "Les clés publiques des certificats sont illisibles", "The public keys of the certificates cannot be read"
)
RESTORE = WayOut(
    "Restaurez certificate-key.public.json de la sauvegarde.",
    "Restore certificate-key.public.json from the backup.",
)


class CertificateKeyAnswer(BaseModel):
    """A public key (base64url), and when it signed: `valid_from` on, before `valid_until`."""

    key_id: str
    algorithm: Literal["Ed25519"]
    public_key: str
    valid_from: datetime | None
    valid_until: datetime | None


class CertificateKeysAnswer(BaseModel):
    """All keys, the oldest first. What `borne certificate verify --key` takes."""

    format: Literal["borne-certificate-keys/1"]
    issuer: str
    keys: list[CertificateKeyAnswer]


ANSWERS: dict[str, Any] = {"GET /api/v1/certificate-keys": CertificateKeysAnswer}
"""By route."""


def build_certificate_keys_router(keys: IssuerKeys) -> ApiRouter:
    """The route; its path is one of `access.public_paths`."""
    router = ApiRouter()

    @router.get("/certificate-keys")
    async def certificate_keys() -> Response:
        """The public keys that sign power-up certificates, those of before too; no token needed."""
        try:
            found = keys.published()  # a file of a few hundred bytes
        except IssuerKeyUnusable:
            raise Problem(503, "certificate_keys_unusable", UNUSABLE, RESTORE) from None
        return Response(canonical(found), media_type="application/json")

    return router
