"""What pages show and ask of firmware and logs."""

from collections.abc import Sequence

from access.principals import Principal
from csms.api.ports import ApiParts
from csms.api.transfer_views import FirmwareView, TransferView, firmware_view, transfer_view
from csms.api.transfers import FirmwareUpdateBody, LogRequestBody, request_log, request_update
from ocppj.vocabulary import StationId

TRANSFERS_SHOWN, FIRMWARE_SHOWN = 20, 100


class FileViews:
    """Whoever asks has been asked before whether they may."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts

    async def transfers(self, station_id: str) -> Sequence[TransferView]:
        """A station's last ones, the latest first, with every status."""
        found = await self._parts.transfers.of_station(StationId(station_id), TRANSFERS_SHOWN)
        uploads = await self._parts.files.uploads([row.number for row, _ in found])
        return [transfer_view(row, steps, uploads.get(row.number)) for row, steps in found]

    async def firmware(self) -> Sequence[FirmwareView]:
        """What is here, the latest first."""
        return [firmware_view(each) for each in await self._parts.files.firmware(FIRMWARE_SHOWN)]

    async def update(self, station_id: str, body: FirmwareUpdateBody, who: Principal) -> None:
        """Have it install a firmware. Raises Problem."""
        await request_update(self._parts, StationId(station_id), body, f"api:{who.name}")

    async def log(self, station_id: str, body: LogRequestBody, who: Principal) -> None:
        """Have it send a log."""
        await request_log(self._parts, StationId(station_id), body, f"api:{who.name}")
