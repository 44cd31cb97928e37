"""What a station does when it is to install a firmware, or to publish one."""

from ocppj.model.firmware import PublishFirmware, SignedUpdateFirmware, UnpublishFirmware, UpdateFirmware
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, answered, rejected


def _update(station: CommandContext, c: UpdateFirmware) -> Handled:
    """The answer first, then every status."""
    return answered(c, station.firmware.request(c), station.firmware.begin)


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
