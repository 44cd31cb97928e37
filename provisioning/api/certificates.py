"""/stations/{id}/power-up/certificate: what a power-up run ended with, as signed; its page; its frames."""

from typing import Annotated, Literal

from fastapi import Query, Response

from charging.certificate.document import MEDIA_TYPE
from charging.certificate.page_words import PaperSize
from provisioning.api.certificate_keys import RESTORE, UNUSABLE
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import Tester
from provisioning.api.stations import known_station
from provisioning.app import Provisioning
from provisioning.issuer import IssuerKeyUnusable
from runtime.http import Problem
from runtime.routers import ApiRouter

PDF, JSON_LINES = "application/pdf", "application/jsonl"
RunName = Annotated[str | None, Query(max_length=64, description="Of which run; by default the last.")]
TEXT: dict[str, object] = {"schema": {"type": "string"}}
SIGNED: dict[str, object] = {
    "schema": {
        "type": "object",
        "description": "docs/reference/power-up-certificate.md",
        "properties": {"certificate": {"type": "object"}, "signature": {"type": "object"}},
        "required": ["certificate", "signature"],
    }
}


def build_certificates_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of certificates."""
    router = ApiRouter(route_class=ProvisioningRoute, prefix="/stations/{station_id}/power-up")
    hand_over = provisioning.power_ups.hand_over

    @router.get("/certificate", response_class=Response, responses={200: {"content": {MEDIA_TYPE: SIGNED}}})
    async def certificate(station_id: str, who: Tester, run: RunName = None) -> Response:  # noqa: ARG001 - asked
        """The power-up certificate, byte for byte as it was signed."""
        known = await known_station(provisioning, station_id)
        found = await hand_over.certificate(known, run)
        return attached(found.document, MEDIA_TYPE, f"{known}.json")

    @router.get("/certificate.pdf", response_class=Response, responses={200: {"content": {PDF: TEXT}}})
    async def page(
        station_id: str,
        who: Tester,  # noqa: ARG001 - asked
        language: Literal["fr", "en"] = "en",
        paper: PaperSize = "Letter",
        run: RunName = None,
    ) -> Response:
        """The certificate as a PDF for people, with its QR code; the signed file is inside."""
        known = await known_station(provisioning, station_id)
        found = await hand_over.certificate(known, run)
        try:
            content = await hand_over.page(found, language, paper)
        except IssuerKeyUnusable as problem:
            raise key_unusable(problem) from problem
        return attached(content, PDF, f"{known}-{language}.pdf")

    @router.get("/frames", response_class=Response, responses={200: {"content": {JSON_LINES: TEXT}}})
    async def frames(station_id: str, who: Tester, run: RunName = None) -> Response:  # noqa: ARG001 - asked
        """The frames of the run that the certificate's chain is of, as JSON Lines."""
        known = await known_station(provisioning, station_id)
        found = await hand_over.certificate(known, run)
        return attached(found.frames, JSON_LINES, f"{known}.frames.jsonl")

    return router


def attached(content: bytes, media_type: str, name: str) -> Response:
    """A file to keep."""
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


def key_unusable(_: IssuerKeyUnusable) -> Problem:
    """Nothing can be signed; the log of the server says which file."""
    return Problem(503, "certificate_keys_unusable", UNUSABLE, RESTORE)
