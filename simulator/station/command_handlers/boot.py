"""What a station does when it is told to restart."""

from functools import partial

from ocppj.model.boot import Reset
from ocppj.vocabulary import BootReason, ResetKind
from simulator.station.command_handlers.context import (
    CommandContext,
    Handled,
    Handler,
    accepted,
    answered,
    rejected,
)


def _reset(station: CommandContext, c: Reset) -> Handled:
    if c.kind is ResetKind.IMMEDIATE_AND_RESUME:
        return rejected(c)  # 2.1 B13.FR.01: without TxResumptionTimeout nothing is resumed
    if c.evse_id:
        return _reset_evse(station, c, c.evse_id)
    waits = c.kind is ResetKind.ON_IDLE and station.rules.waits_for_idle
    if waits and station.connectors.running():
        station.is_reset_due = True  # 2.0.1 B12.FR.01
        return answered(c, "Scheduled")
    return accepted(c, partial(_restart_now, station, c.kind))


def _restart_now(station: CommandContext, kind: ResetKind) -> None:
    reason = "ImmediateReset" if kind is ResetKind.IMMEDIATE else "SoftReset"
    station.transactions.stop_all(reason=reason, trigger="ResetCommand")
    station.restart(BootReason.REMOTE_RESET)


def _reset_evse(station: CommandContext, c: Reset, evse_id: int) -> Handled:
    """One EVSE: its transaction ends, the station itself goes on (2.0.1 B11, B12)."""
    evse = station.connectors.evses.get(evse_id)
    if evse is None:
        return rejected(c)
    if c.kind is ResetKind.ON_IDLE and evse.transaction is not None:
        # B12.FR.01; once its transaction has ended, nothing is left to restart
        return answered(c, "Scheduled")
    stop = partial(station.transactions.stop, evse, reason="ImmediateReset", trigger="ResetCommand")
    return accepted(c, stop)


def restart_when_idle(station: CommandContext) -> None:
    """Called when a transaction has ended: what waited for the last one."""
    station.firmware.idle()
    if station.is_reset_due and not station.connectors.running():
        station.is_reset_due = False
        station.restart(BootReason.SCHEDULED_RESET)


HANDLERS: dict[type, Handler] = {Reset: _reset}
