"""A station's firmware and logs: install one that is here, ask for a log, see how far each is."""

from typing import TypedDict

from pydantic import ValidationError
from starlette.responses import Response

from access.actions import Permission
from console.file_views import FileViews
from console.page_routes import POST, PageRoute, see_other
from console.rendering import Shown
from console.station_values import place_name, station_href
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from csms.api.stations import unknown
from csms.api.transfer_views import FirmwareView, TransferView
from csms.api.transfers import FirmwareUpdateBody, LogRequestBody
from csms.api.views import StationAnswer
from csms.domain.transfers import TransferKind, TransferState

PAGE = "/stations/{station_id}/files"
_LOOKS = {
    TransferState.PROVEN: "good",
    TransferState.RECEIVED: "good",
    TransferState.FAILED: "fault",
    TransferState.UNCHANGED: "fault",
    TransferState.SILENT: "fault",
}


class StepLine(TypedDict):
    """What the station told, and when."""

    at: str
    status: str


class UploadLine(TypedDict):
    """A file to fetch."""

    href: str
    name: str
    size: str


class TransferLine(TypedDict):
    """An update or a log as one of a list."""

    what: str
    state: str
    look: str
    asked: str
    reason: str
    statuses: list[StepLine]
    upload: UploadLine | None


async def station_files(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The page."""
    found, words = await _station(visit, views, Permission.READ_AUDIT), visit.words
    here = station_href(found.station_id)
    rows = await FileViews(views.parts).transfers(found.station_id)
    values = {
        "id": found.station_id,
        "name": place_name(found),
        "href": here,
        "version": found.firmware_version or "–",
        "firmware": [
            {"file_id": each.file_id, "text": _firmware_text(each, words)}
            for each in await FileViews(views.parts).firmware()
        ],
        "rows": [transfer_line(each, words) for each in rows],
        "may_operate": views.may(visit.who, found.station_id, Permission.OPERATE),
        "may_see_frames": views.may(visit.who, found.station_id, Permission.READ_FRAMES),
    }
    heading = f"{words('files.title')} – {place_name(found)}"
    return Shown("station_files.html", "files.title", values, heading=heading)


async def update(visit: PageVisit, views: ConsoleViews) -> Response:
    """Ask for an update. Raises Problem, which is shown."""
    found = await _station(visit, views, Permission.OPERATE)
    typed = await visit.form()
    body = FirmwareUpdateBody(file_id=typed.get("file_id", "")[:64] or "-")
    await FileViews(views.parts).update(found.station_id, body, visit.who)
    return see_other(f"{station_href(found.station_id)}/files")


async def request_log(visit: PageVisit, views: ConsoleViews) -> Response:
    """Ask for a log; a word that none has is the usual one."""
    found = await _station(visit, views, Permission.OPERATE)
    typed = await visit.form()
    try:
        body = LogRequestBody.model_validate({"log_type": typed.get("log_type")})
    except ValidationError:
        body = LogRequestBody()
    await FileViews(views.parts).log(found.station_id, body, visit.who)
    return see_other(f"{station_href(found.station_id)}/files")


async def _station(visit: PageVisit, views: ConsoleViews, action: Permission) -> StationAnswer:
    text = visit.request.path_params["station_id"]
    found = await views.station(text, visit.who)
    if found is None:
        raise unknown(text)
    views.at(visit.who, found.station_id, action)
    return found


def transfer_line(row: TransferView, words: Words) -> TransferLine:
    """One of the list."""
    is_firmware = row.kind is TransferKind.FIRMWARE
    what = (
        words("files.of_firmware", before=row.version_before or "–", wanted=row.version_wanted or "–")
        if is_firmware
        else words.of("log_type", row.log_type)
    )
    upload: UploadLine | None = None
    if row.upload is not None:
        href = f"/api/v1{station_href(row.station_id)}/uploads/{row.upload.file_id}"
        size = words("files.bytes", count=words.number(row.upload.size))
        upload = {"href": href, "name": row.upload.name, "size": size}
    return {
        "what": what,
        "state": words.of("transfer", row.state.value),
        "look": _LOOKS.get(row.state, ""),
        "asked": words("files.asked", by=row.asked_by.removeprefix("api:"), at=words.instant(row.asked_at)),
        "reason": row.reason or "",
        "statuses": [{"at": words.instant(each.at), "status": each.status} for each in row.statuses],
        "upload": upload,
    }


def _firmware_text(each: FirmwareView, words: Words) -> str:
    """Its version first: that is what people look for."""
    of = " ".join(part for part in (each.vendor, each.model) if part)
    signed = words("files.signed") if each.is_signed else ""
    return " · ".join(part for part in (each.version, each.name, of, signed) if part)


ROUTES = (
    PageRoute(PAGE, station_files),
    PageRoute(f"{PAGE}/update", update, POST),
    PageRoute(f"{PAGE}/log", request_log, POST),
)
