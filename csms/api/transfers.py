"""Firmware updates and logs of a station: asked for, carried out as durable work, told with all statuses."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import AwareDatetime, Field
from starlette.responses import FileResponse

from csms.api.firmware_files import SEE_FIRMWARE, known_firmware
from csms.api.ports import ApiParts
from csms.api.roles import FRAME_READER, READER, Operator
from csms.api.stations import known_station
from csms.api.transfer_views import TransferView, transfer_view
from csms.domain.transfers import TransferKind
from ocppj.model.diagnostics import LogType
from ocppj.vocabulary import StationId
from runtime.bodies import Body
from runtime.http import Problem
from runtime.paging import PageWanted, cut, list_response
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

Retries = Annotated[int, Field(ge=0, le=100)]
Interval = Annotated[int, Field(ge=0, le=2**31 - 1)]


class FirmwareUpdateBody(Body):
    """Which firmware, and when."""

    file_id: str = Field(min_length=1, max_length=64, description="Of GET /firmware.")
    retrieve_at: AwareDatetime | None = None
    """Null: at once."""
    install_at: AwareDatetime | None = None
    """Null: as soon as the station can; OCPP 1.6 has it for signed firmware only."""
    retries: Retries | None = None
    retry_interval_s: Interval | None = None
    signed: bool | None = None
    """With its maker's signature; null: where there is one."""


class LogRequestBody(Body):
    """Which log, of when."""

    log_type: LogType = "DiagnosticsLog"
    oldest_at: AwareDatetime | None = None
    latest_at: AwareDatetime | None = None
    retries: Retries | None = None
    retry_interval_s: Interval | None = None


def build_transfers_router(parts: ApiParts) -> ApiRouter:
    """The routes of transfers."""
    router = ApiRouter(prefix="/stations/{station_id}")

    @router.get("/transfers", dependencies=[READER], response_model=list[TransferView])
    async def listed(request: Request, station_id: str, page: PageWanted) -> Response:
        """Firmware updates and logs of a station, latest first, each with every status."""
        known = await known_station(parts, station_id)
        found = await parts.transfers.of_station(known, page.limit + 1, page.number)
        uploads = await parts.files.uploads([row.number for row, _ in found])
        cut_list = cut(found, lambda each: str(each[0].number), page, None)
        return list_response(
            request,
            cut_list.shown_as(lambda each: transfer_view(each[0], each[1], uploads.get(each[0].number))),
        )

    @router.post("/firmware-updates", status_code=202, response_model=TransferView)
    async def update(station_id: str, body: FirmwareUpdateBody, who: Operator) -> TransferView:
        """Have a station install a firmware that is here, as soon as it can be asked.

        `state` tells what is known; only a boot with the wanted version proves it (`proven`).
        """
        known = await known_station(parts, station_id)
        return await request_update(parts, known, body, f"api:{who.name}")

    @router.post("/log-requests", status_code=202, response_model=TransferView)
    async def log(station_id: str, body: LogRequestBody, who: Operator) -> TransferView:
        """Have a station send a log of its own here, as soon as it can be asked."""
        known = await known_station(parts, station_id)
        return await request_log(parts, known, body, f"api:{who.name}")

    @router.get(
        "/uploads/{file_id}",
        dependencies=[FRAME_READER],
        response_class=Response,
        responses={
            200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
        },
    )
    async def upload(station_id: str, file_id: str) -> Response:
        """A file that a station sent, byte for byte."""
        known = await known_station(parts, station_id)
        stored = await parts.files.one(file_id)
        path = parts.files.path_of(stored.file_id) if stored is not None else None
        if stored is None or path is None or stored.station_id != known or not path.is_file():
            text = Phrase(f"{known} n'a pas envoyé de fichier {file_id}", f"{known} sent no file {file_id}")
            raise Problem(404, "upload_unknown", text, SEE_TRANSFERS.at(known))
        return FileResponse(path, media_type="application/octet-stream", filename=stored.name)

    return router


async def request_log(parts: ApiParts, station_id: StationId, body: LogRequestBody, by: str) -> TransferView:
    """Ask for a log."""
    row = await parts.transfers.request(station_id, by, TransferKind.LOG, **body.model_dump())
    return transfer_view(row, [], None)


async def request_update(
    parts: ApiParts, station_id: StationId, body: FirmwareUpdateBody, by: str
) -> TransferView:
    """Ask for an update. Raises Problem."""
    stored = await known_firmware(parts, body.file_id)
    is_signed = stored.is_signed if body.signed is None else body.signed
    if is_signed and not stored.is_signed:
        text = Phrase(f"{stored.name} n'est pas signé", f"{stored.name} is not signed")
        raise Problem(409, "firmware_unsigned", text, SIGN_IT)
    station = await parts.records.station(station_id)
    for wanted, own in ((stored.vendor, station.vendor), (stored.model, station.model)) if station else ():
        if wanted is not None and own is not None and wanted.lower() != own.lower():
            text = Phrase(
                f"{stored.name} est pour {wanted}, et {station_id} est {own}",
                f"{stored.name} is for {wanted}, and {station_id} is {own}",
            )
            raise Problem(409, "firmware_unfit", text, SEE_FIRMWARE)
    row = await parts.transfers.request(
        station_id,
        by,
        TransferKind.FIRMWARE,
        file_id=stored.file_id,
        is_signed=is_signed,
        version_wanted=stored.version,
        version_before=station.firmware_version if station is not None else None,
        **body.model_dump(include={"retrieve_at", "install_at", "retries", "retry_interval_s"}),
    )
    return transfer_view(row, [], None)


SIGN_IT = WayOut(
    "Donnez sa signature, ou demandez la mise à jour avec « signed: false ».",
    "Give its signature, or ask for the update with `signed: false`.",
    route="PUT /api/v1/firmware/{file_id}/signature",
)
SEE_TRANSFERS = WayOut(
    "Voyez ceux qui sont ici.",
    "Look at those that are here.",
    "/stations/{id}",
    "ctl get /stations/{id}/transfers",
    "GET /api/v1/stations/{station_id}/transfers",
)
