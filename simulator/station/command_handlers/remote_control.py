"""What a station does when it is told to charge, to stop, to release a cable or to send a message."""

from functools import partial

from msgspec.structs import replace

from ocppj.model.boot import Heartbeat
from ocppj.model.messages import StationMessage
from ocppj.model.remote_control import (
    RemoteStart,
    RemoteStartAnswer,
    RemoteStop,
    TriggerMessage,
    UnlockConnector,
)
from ocppj.vocabulary import BootReason, RegistrationStatus, TriggeredMessage
from simulator.model.evse import Evse
from simulator.station.command_handlers.context import (
    CommandContext,
    Handled,
    Handler,
    accepted,
    answered,
    rejected,
)
from simulator.station.metering import TRIGGER, UPDATED

# --- Transactions ----------------------------------------------------------------------------------------


def _start(station: CommandContext, c: RemoteStart) -> Handled:
    evse = _free_evse(station, c)
    if evse is None or not _is_accepted(station):
        return rejected(c)
    profile, smart = c.charging_profile, station.smart_charging
    if profile is not None and smart.is_supported:
        refusal = smart.refusal(evse.evse_id, profile, is_for_start=True)
        if refusal is not None:  # K05.FR.05
            why = f"{refusal.text} ({refusal.clause})"
            return Handled(RemoteStartAnswer("Rejected", refusal.code, why))
    elif profile is not None:
        c = replace(c, charging_profile=None)  # K05.FR.04, 1.6 §5.11: it is ignored
    running = evse.transaction  # F01.FR.13: begun when the cable came
    known = running.transaction_id if running is not None else None
    return Handled(RemoteStartAnswer(transaction_id=known), partial(station.charging.start_remotely, evse, c))


def _is_accepted(station: CommandContext) -> bool:
    """One that waits starts and stops nothing (2.0.1 B02.FR.05)."""
    return station.registration.status is RegistrationStatus.ACCEPTED


def _free_evse(station: CommandContext, c: RemoteStart) -> Evse | None:
    """The EVSE asked for, or the best one: a cable in first. Nobody charges at 0, the station itself."""
    free = [
        evse
        for evse in station.connectors.evses.values()
        if evse.grant is None
        and evse.is_usable
        and c.evse_id in (None, evse.evse_id)
        and station.reservations.allows(evse, c.id_token)
    ]
    return min(free, key=lambda evse: evse.plugged is None, default=None)


def _stop(station: CommandContext, c: RemoteStop) -> Handled:
    evse = _evse_of(station, c.transaction_id)
    if evse is None or not _is_accepted(station):
        return rejected(c)
    return accepted(c, partial(_stop_remotely, station, evse))


def _stop_remotely(station: CommandContext, evse: Evse) -> None:
    """The driver may charge no longer; where nobody was authorized, the transaction itself ends."""
    end = station.transactions.stop if evse.grant is None else station.transactions.deauthorize
    end(evse, reason="Remote", trigger="RemoteStop")


def _evse_of(station: CommandContext, transaction_id: str) -> Evse | None:
    """Where the transaction runs; the id as the central system knows it."""
    for evse in station.connectors.running():
        running = evse.transaction
        if running is not None and transaction_id == (running.csms_id or running.transaction_id):
            return evse
    return None


# --- Cable -----------------------------------------------------------------------------------------------


def _unlock(station: CommandContext, c: UnlockConnector) -> Handled:
    evse = station.connectors.evses.get(c.evse_id)
    if evse is None or c.connector_id not in evse.connectors:
        return answered(c, "UnknownConnector")
    if not evse.template.has_socket:
        return answered(c, "UnlockFailed")
    connector = evse.connectors[c.connector_id]
    if connector.is_locked:
        return answered(c, "Unlocked", partial(station.connectors.release, evse))
    if evse.grant is None or evse.transaction is None or evse.occupied is not connector:
        return answered(c, "Unlocked")  # F05.FR.02 is about authorized transactions on this very connector
    if not station.rules.unlock_ends_transaction:
        return answered(c, "OngoingAuthorizedTransaction")
    stop = partial(station.transactions.stop, evse, reason="UnlockCommand", trigger="UnlockCommand")
    return answered(c, "Unlocked", stop)


# --- Messages --------------------------------------------------------------------------------------------


def _trigger(station: CommandContext, c: TriggerMessage) -> Handled:
    match c.message:
        case TriggeredMessage.BOOT_NOTIFICATION:
            return _trigger_boot(station, c)
        case TriggeredMessage.STATUS_NOTIFICATION:
            return _trigger_status(station, c)
        case TriggeredMessage.METER_VALUES | TriggeredMessage.TRANSACTION_EVENT:
            return _trigger_values(station, c)
        case TriggeredMessage() as other:
            return _trigger_report(station, c, other)
        case _:
            return answered(c, "NotImplemented")


def _trigger_report(station: CommandContext, c: TriggerMessage, wanted: TriggeredMessage) -> Handled:
    report: StationMessage = Heartbeat()
    if wanted is TriggeredMessage.FIRMWARE_STATUS_NOTIFICATION:
        report = station.firmware.triggered()
    elif wanted is TriggeredMessage.LOG_STATUS_NOTIFICATION:
        report = station.logs.triggered()
    return accepted(c, lambda: station.sender.send(report, is_requested=True))


def _trigger_boot(station: CommandContext, c: TriggerMessage) -> Handled:
    if station.registration.is_accepted and not station.rules.boots_on_trigger:
        return rejected(c)
    return accepted(c, lambda: station.registration.boot(BootReason.TRIGGERED))


def _trigger_status(station: CommandContext, c: TriggerMessage) -> Handled:
    reports = [] if c.evse_id else [station.connectors.station_status()]
    reports += [
        station.connectors.status(connector)
        for connector in station.connectors.all()
        if c.evse_id is None
        or (connector.evse_id == c.evse_id and c.connector_id in (None, connector.connector_id))
    ]
    if not reports:
        return rejected(c)

    def send() -> None:
        for report in reports:
            station.sender.send(report, is_requested=True)

    return accepted(c, send)


def _trigger_values(station: CommandContext, c: TriggerMessage) -> Handled:
    if c.evse_id and c.evse_id not in station.connectors.evses:
        return rejected(c)
    evses = [evse for key, evse in station.connectors.evses.items() if not c.evse_id or key == c.evse_id]
    is_event = c.message is TriggeredMessage.TRANSACTION_EVENT
    if is_event and all(evse.transaction is None for evse in evses):
        return rejected(c)  # F06.FR.10: what is accepted is sent

    def send() -> None:
        for evse in evses:
            if not is_event:
                measurands = station.variables.words(*station.rules.triggered_measurands)
                station.transactions.metering.report(evse, measurands)
            elif evse.transaction is not None:
                measurands = station.variables.words(*UPDATED)
                station.transactions.update(evse, trigger="Trigger", context=TRIGGER, measurands=measurands)

    return accepted(c, send)


HANDLERS: dict[type, Handler] = {
    RemoteStart: _start,
    RemoteStop: _stop,
    UnlockConnector: _unlock,
    TriggerMessage: _trigger,
}
