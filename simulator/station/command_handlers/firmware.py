"""What a station does when it is to install a firmware, or to publish one."""

from functools import partial

from ocppj.model.firmware import (
    FirmwareStatusNotification,
    PublishFirmware,
    SignedUpdateFirmware,
    UnpublishFirmware,
    UpdateFirmware,
)
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, answered, rejected

NOTHING_INSTALLS = FirmwareStatusNotification("Idle")


def _update(station: CommandContext, c: UpdateFirmware) -> Handled:
    """It has no way to fetch a file. Where the answer has no words, a status says so (1.6 §5.19)."""
    if c.request_id is not None:
        return rejected(c)
    failed = FirmwareStatusNotification("DownloadFailed")
    return answered(c, "Accepted", partial(station.sender.send, failed, is_requested=True))


def _publish(station: CommandContext, c: PublishFirmware) -> Handled:  # noqa: ARG001 - table
    """It is no local controller."""
    return rejected(c)


def _unpublish(station: CommandContext, c: UnpublishFirmware) -> Handled:  # noqa: ARG001 - table
    """L04.FR.03."""
    return answered(c, "NoFirmware")


HANDLERS: dict[type, Handler] = {
    UpdateFirmware: _update,
    SignedUpdateFirmware: _update,
    PublishFirmware: _publish,
    UnpublishFirmware: _unpublish,
}
