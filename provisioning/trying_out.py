"""`WindowKeeper`: the durable work of test windows. A station is made ready, and its window ends.

A window does not survive the process that opened it: what happened meanwhile nobody saw, so it is over at the
next start, and the station is made inoperative.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from csms.commands import StationCommands
from ocppj.model.authorization import ClearCache
from ocppj.model.local_list import SendLocalList
from ocppj.model.remote_control import RemoteStop, TriggerMessage
from ocppj.vocabulary import RegistrationStatus, StationId, TriggeredMessage
from provisioning.activation.station_dialog import (
    OFFLINE,
    FeatureLacking,
    NoAnswer,
    NotConnected,
    StationDialog,
)
from provisioning.records import Device
from provisioning.rules.trying_out import BEGIN, END, end_window
from provisioning.settings import ProvisioningSettings
from provisioning.station_cache import StationCache
from runtime.work.engine import WorkEngine
from runtime.work.pieces import Piece, WorkDone, WorkOutcome, WorkWait
from runtime.work.request import WorkRequest
from runtime.work.storage import write_work

OpenTransactions = Callable[[StationId], Awaitable[Sequence[str]]]
"""The ids of what is charging at a station."""
EMPTY_LIST = 1
"""The version of a list without entries: 2.x knows no version 0, 1.6 takes this one too."""
RETURNED = 1012
"""WebSocket close code: come again."""


async def no_transactions(station_id: StationId) -> Sequence[str]:  # noqa: ARG001 - an OpenTransactions
    """Until the wiring knows better."""
    return ()


class WindowKeeper:
    """Serves the work of the kinds `test_begin` and `test_end`."""

    def __init__(
        self,
        station_cache: StationCache,
        commands: StationCommands,
        work: WorkEngine,
        settings: ProvisioningSettings,
        slots: asyncio.Semaphore,
    ) -> None:
        self._station_cache, self._commands, self._settings = station_cache, commands, settings
        self._work, self._slots = work, slots
        self.open_transactions: OpenTransactions = no_transactions
        work.serve(BEGIN, self.begin_window)
        work.serve(END, self.end_window)

    async def begin(self) -> None:
        """End what an earlier process left open."""
        now = self._station_cache.clock.now()
        left = [each for each in self._station_cache.devices.values() if _is_tested(each)]
        ends: list[WorkRequest] = [END.request(each.station_id, now, cause="restart") for each in left]
        if ends:
            await self._station_cache.database.run_write(lambda connection: write_work(connection, ends))
            self._work.wake()

    async def begin_window(self, piece: Piece) -> WorkOutcome:
        """Have the station boot, so that it is accepted; empty what it may know of tokens."""
        station_id = StationId(piece.subject)
        device = self._station_cache.devices.get(station_id)
        if device is None or not _is_tested(device):
            return WorkDone("it is over already")
        dialog = self._dialog(station_id)
        try:
            if dialog.link.registration is RegistrationStatus.PENDING:
                await self._boots(dialog)
            await _agrees(dialog, ClearCache())
            await _agrees(dialog, SendLocalList(EMPTY_LIST))
        except NotConnected:
            return WorkWait(OFFLINE)
        return WorkDone("; ".join(f"{each.sent}: {each.answered}" for each in dialog.evidence))

    async def end_window(self, piece: Piece) -> WorkOutcome:
        """The window is over: stored first, so that no token is accepted any more; then what charges stops.

        That it becomes inoperative follows from what is stored, as work of its own.
        """
        station_id, now = StationId(piece.subject), self._station_cache.clock.now()
        await self._station_cache.change_station(station_id, lambda device, _: end_window(device, now))
        charging = await self.open_transactions(station_id)
        dialog = self._dialog(station_id)
        try:
            for transaction_id in charging:
                await _agrees(dialog, RemoteStop(transaction_id))
        except NotConnected:
            return WorkDone("over; it is offline, and inoperative once it is back")
        return WorkDone("; ".join(["over", *(f"{each.sent}: {each.answered}" for each in dialog.evidence)]))

    async def _boots(self, dialog: StationDialog) -> None:
        """It boots when asked, or where it does not know the question, on a new connection."""
        if not await _agrees(dialog, TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION)):
            await self._commands.disconnect(dialog.station_id, code=RETURNED, reason="boot again")

    def _dialog(self, station_id: StationId) -> StationDialog:
        return StationDialog(self._commands, station_id, self._settings.command_timeout_s, self._slots)


async def _agrees(
    dialog: StationDialog, command: ClearCache | SendLocalList | RemoteStop | TriggerMessage
) -> bool:
    """Whether the station agrees; the evidence tells what it said. Raises NotConnected."""
    try:
        return (await dialog.send(command)).is_accepted
    except NotConnected:
        raise
    except (NoAnswer, FeatureLacking):
        return False


def _is_tested(device: Device) -> bool:
    return device.test_window is not None and device.test_window.is_open
