"""/firmware: the firmware files that stations can be given."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field

from csms.api.ports import ApiParts
from csms.api.roles import FirmwareKeeper, Lister
from csms.api.transfer_views import FirmwareView, firmware_view
from csms.central.station_files import FileInUse, FileTooLong, TooManyFiles
from csms.domain.files import FIRMWARE_BYTES_MOST, FIRMWARE_KEPT_MOST, FileRole, StoredFile
from csms.errors import MessageNotStored
from runtime.bodies import Body
from runtime.http import Problem
from runtime.paging import PageWanted, cut, list_response, moment_from, moment_text
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

FIRMWARE_PATH = "/api/v1/firmware"
Word = Annotated[str | None, Query(min_length=1, max_length=50)]
SEE_FIRMWARE = WayOut(
    "Voyez ceux qui sont ici.",
    "Look at those that are here.",
    command="ctl get /firmware",
    route="GET /api/v1/firmware",
)
SMALLER = WayOut(
    f"Envoyez au plus {FIRMWARE_BYTES_MOST} octets.", f"Send at most {FIRMWARE_BYTES_MOST} bytes."
)
OCTETS = {"schema": {"type": "string", "format": "binary"}}


class SignatureBody(Body):
    """The signature of a firmware's maker: RSA-PSS or ECDSA over SHA-256, and the certificate for it."""

    signature: str = Field(min_length=1, max_length=800, description="Base64.")
    signing_certificate: str = Field(min_length=1, max_length=5500, description="PEM.")


def build_firmware_router(parts: ApiParts) -> ApiRouter:
    """The routes of firmware files."""
    router = ApiRouter()

    @router.get("/firmware", response_model=list[FirmwareView])
    async def firmware(request: Request, page: PageWanted, who: Lister) -> Response:  # noqa: ARG001 - asked
        """The firmware files that are here, latest first."""
        after = moment_from(page.after) if page.after is not None else None
        found = await parts.files.firmware(page.limit + 1, after)
        listed = cut(found, lambda each: moment_text(each.stored_at, each.file_id), page, None)
        return list_response(request, listed.shown_as(firmware_view))

    _add_upload(router, parts)

    @router.put("/firmware/{file_id}/signature", response_model=FirmwareView)
    async def sign(file_id: str, body: SignatureBody, who: FirmwareKeeper) -> FirmwareView:  # noqa: ARG001 - asked
        """Keep its maker's signature, which is checked at once; stations that can check it get it too."""
        stored = await known_firmware(parts, file_id)
        trouble = await parts.files.sign(stored, body.signature, body.signing_certificate)
        if trouble is not None:
            text = Phrase(
                f"La signature ne vaut pas pour {stored.name} : {trouble}",
                f"The signature is not good for {stored.name}: {trouble}",
            )
            raise Problem(422, "signature_invalid", text, GET_IT_FROM_THE_MAKER)
        return firmware_view(await known_firmware(parts, file_id))

    @router.delete("/firmware/{file_id}", status_code=204, response_model=None)
    async def remove(file_id: str, who: FirmwareKeeper) -> Response:  # noqa: ARG001 - asked
        """Delete a firmware that no station is about to fetch."""
        stored = await known_firmware(parts, file_id)
        try:
            await parts.files.remove_firmware(file_id)
        except FileInUse:
            text = Phrase(f"Une borne installe {stored.name}", f"A station installs {stored.name}")
            raise Problem(409, "firmware_in_use", text, WAIT_FOR_IT) from None
        return Response(status_code=204)

    return router


def _add_upload(router: ApiRouter, parts: ApiParts) -> None:
    @router.post(
        "/firmware",
        status_code=201,
        response_model=FirmwareView,
        openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": OCTETS}}},
    )
    async def add(
        *,
        request: Request,
        version: Annotated[
            str,
            Query(min_length=1, max_length=50, description="What a station that has it tells when it boots."),
        ],
        name: Annotated[
            str, Query(min_length=1, max_length=100, description="Of the file.")
        ] = "firmware.bin",
        vendor: Word = None,
        model: Word = None,
        who: FirmwareKeeper,
    ) -> FirmwareView:
        """Put a firmware here: the body is the file, at most 512 MiB; a station gets it as it is."""
        try:
            written = await parts.files.write(request.stream(), FIRMWARE_BYTES_MOST)
            stored = await parts.files.add_firmware(
                written, name, who.name, version=version, vendor=vendor, model=model
            )
        except FileTooLong:
            raise Problem(
                413, "body_too_long", Phrase("Ce fichier est trop long", "This file is too long"), SMALLER
            ) from None
        except TooManyFiles:
            raise _too_many() from None
        except OSError as error:
            raise MessageNotStored(str(error)) from error
        return firmware_view(stored)


GET_IT_FROM_THE_MAKER = WayOut(
    "Demandez au fabricant la signature de ce fichier et le certificat.",
    "Ask the maker for this file's signature and the certificate.",
)
WAIT_FOR_IT = WayOut(
    "Attendez la fin de la mise à jour.",
    "Wait until the update is over.",
    command="ctl work",
    route="GET /api/v1/work",
)


async def known_firmware(parts: ApiParts, file_id: str) -> StoredFile:
    """The firmware of this id. Raises Problem 404."""
    stored = await parts.files.one(file_id)
    if stored is None or stored.role is not FileRole.FIRMWARE:
        text = Phrase(f"Il n'y a pas de micrologiciel {file_id}", f"There is no firmware {file_id}")
        raise Problem(404, "firmware_unknown", text, SEE_FIRMWARE)
    return stored


def _too_many() -> Problem:
    text = Phrase(
        f"Il y a déjà {FIRMWARE_KEPT_MOST} micrologiciels ici",
        f"There are {FIRMWARE_KEPT_MOST} firmware files here already",
    )
    way_out = WayOut(
        "Supprimez-en un qui ne sert plus.",
        "Delete one that is of no use any more.",
        command="ctl delete /firmware/ID",
        route="DELETE /api/v1/firmware/{file_id}",
    )
    return Problem(409, "firmware_full", text, way_out)
