"""How the station obeys its central system: one function for each command, and one table."""

from collections.abc import Callable
from typing import Any

from ocppj.errors import ErrorKind, ViolationError
from ocppj.model.authorization import ClearCache
from ocppj.model.boot import Heartbeat
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import StationMessage
from ocppj.model.variables import NotifyReport
from ocppj.vocabulary import BootReason, RegistrationStatus, ResetKind, TriggeredMessage
from simulator import commands as asked
from simulator.charging import Charging
from simulator.commands import ACCEPTED, REJECTED, Answer, Command, VariableAnswer
from simulator.dialects.dialect import Dialect
from simulator.evse import Evse
from simulator.inventory import LIST_ENTRIES
from simulator.metering import TRIGGER, UPDATED
from simulator.registration import Registration
from simulator.surroundings import Surroundings
from simulator.transactions import Transactions
from simulator.variables import Mutability, Variable

ITEMS_PER_REPORT = 20
NO_SUCH_ATTRIBUTE = "NotSupportedAttributeType"
_PLAIN_REPORTS: dict[TriggeredMessage, StationMessage] = {
    TriggeredMessage.HEARTBEAT: Heartbeat(),
    TriggeredMessage.FIRMWARE_STATUS_NOTIFICATION: FirmwareStatusNotification("Idle"),
    TriggeredMessage.LOG_STATUS_NOTIFICATION: LogStatusNotification("Idle"),
}
"""Triggered messages that say the same whenever they are asked for."""


class Obedience:
    """Answers commands. `restart(reason)` is what a reset sets in motion."""

    def __init__(
        self,
        dialect: Dialect,
        around: Surroundings,
        charging: Charging,
        transactions: Transactions,
        registration: Registration,
        *,
        restart: Callable[[BootReason], None],
        vendor: str,
    ) -> None:
        self._dialect = dialect
        self._variables = around.variables
        self._board = around.board
        self._charging = charging
        self._transactions = transactions
        self._authorization = around.authorization
        self._registration = registration
        self._voice = around.voice
        self._now = around.now
        self._restart = restart
        self._vendor = vendor
        self._is_reset_due = False
        transactions.idle = self._idle
        self._table: dict[type[Any], Callable[[Any], Answer]] = {
            asked.Reset: self._reset,
            asked.ChangeAvailability: self._change_availability,
            asked.UnlockConnector: self._unlock,
            asked.Trigger: self._trigger,
            asked.ReadVariables: self._read,
            asked.WriteVariables: self._write,
            asked.ReportInventory: self._report,
            asked.RemoteStart: self._remote_start,
            asked.RemoteStop: self._remote_stop,
            asked.UpdateLocalList: self._update_list,
            asked.ReadListVersion: self._list_version,
            ClearCache: self._clear_cache,
            asked.ReceiveTransfer: self._transfer,
        }

    def obey(self, command: Command) -> Answer:
        """Do what can be done at once, and say what `then` follows."""
        is_remote_control = isinstance(command, asked.RemoteStart | asked.RemoteStop)
        if is_remote_control and self._registration.status is not RegistrationStatus.ACCEPTED:
            return REJECTED  # 2.0.1 B02.FR.05
        return self._table[type(command)](command)

    # Restart

    def _reset(self, c: asked.Reset) -> Answer:
        if c.evse_id:
            return self._reset_evse(c.evse_id, c.kind)
        if c.kind is ResetKind.ON_IDLE and self._dialect.habits.waits_for_idle and self._board.running():
            self._is_reset_due = True  # 2.0.1 B12.FR.01
            return Answer("Scheduled")
        return Answer("Accepted", then=lambda: self._restart_now(c.kind))

    def _restart_now(self, kind: ResetKind) -> None:
        reason = "ImmediateReset" if kind is ResetKind.IMMEDIATE else "SoftReset"
        self._transactions.stop_all(reason=reason, trigger="ResetCommand")
        self._restart(BootReason.REMOTE_RESET)

    def _reset_evse(self, evse_id: int, kind: ResetKind) -> Answer:
        """One EVSE: its transaction ends, the station itself goes on (2.0.1 B11, B12)."""
        evse = self._board.evses.get(evse_id)
        if evse is None:
            return REJECTED
        if kind is ResetKind.ON_IDLE and evse.transaction is not None:
            return Answer(
                "Scheduled"
            )  # B12.FR.01; once its transaction has ended, nothing is left to restart
        return Answer(
            "Accepted",
            then=lambda: self._transactions.stop(evse, reason="ImmediateReset", trigger="ResetCommand"),
        )

    def _idle(self) -> None:
        if self._is_reset_due and not self._board.running():
            self._is_reset_due = False
            self._restart(BootReason.SCHEDULED_RESET)

    # Availability

    def _change_availability(self, c: asked.ChangeAvailability) -> Answer:
        """The answer first, then the status of what has changed (2.0.1 G03, G04)."""
        status = self._board.set_availability(c.availability, c.evse_id, c.connector_id)
        return Answer(status, then=self._board.refresh)

    def _unlock(self, c: asked.UnlockConnector) -> Answer:
        evse = self._board.evses.get(c.evse_id)
        if evse is None or c.connector_id not in evse.connectors:
            return Answer("UnknownConnector")
        if not evse.template.has_socket:
            return Answer("UnlockFailed")
        connector = evse.connectors[c.connector_id]
        if connector.is_locked:
            return Answer("Unlocked", then=lambda: self._board.release(evse))
        if evse.grant is None or evse.transaction is None or evse.occupied is not connector:
            return Answer("Unlocked")  # F05.FR.02 is about authorized transactions on this very connector
        if not self._dialect.habits.unlock_ends_transaction:
            return Answer("OngoingAuthorizedTransaction")
        return Answer(
            "Unlocked",
            then=lambda: self._transactions.stop(evse, reason="UnlockCommand", trigger="UnlockCommand"),
        )

    # Trigger

    def _trigger(self, c: asked.Trigger) -> Answer:
        match c.message:
            case None:
                return Answer("NotImplemented")
            case TriggeredMessage.BOOT_NOTIFICATION:
                return self._trigger_boot()
            case TriggeredMessage.STATUS_NOTIFICATION:
                return self._trigger_status(c.evse_id, c.connector_id)
            case TriggeredMessage.METER_VALUES | TriggeredMessage.TRANSACTION_EVENT:
                return self._trigger_values(c.message, c.evse_id)
            case other:
                report = _PLAIN_REPORTS[other]
                return Answer("Accepted", then=lambda: self._voice.tell(report, is_invited=True))

    def _trigger_boot(self) -> Answer:
        if self._registration.is_accepted and not self._dialect.habits.boots_on_trigger:
            return REJECTED
        return Answer("Accepted", then=lambda: self._registration.boot(BootReason.TRIGGERED))

    def _trigger_status(self, evse_id: int | None, connector_id: int | None) -> Answer:
        reports = [] if evse_id else [self._board.station_status()]
        reports += [
            self._board.status(connector)
            for connector in self._board.connectors()
            if evse_id is None
            or (connector.evse_id == evse_id and connector_id in (None, connector.connector_id))
        ]
        if not reports:
            return REJECTED

        def tell() -> None:
            for report in reports:
                self._voice.tell(report, is_invited=True)

        return Answer("Accepted", then=tell)

    def _trigger_values(self, message: TriggeredMessage, evse_id: int | None) -> Answer:
        if evse_id and evse_id not in self._board.evses:
            return REJECTED
        evses = [evse for key, evse in self._board.evses.items() if not evse_id or key == evse_id]
        is_event = message is TriggeredMessage.TRANSACTION_EVENT
        if is_event and all(evse.transaction is None for evse in evses):
            return REJECTED  # F06.FR.10: what is accepted is sent

        def tell() -> None:
            for evse in evses:
                if not is_event:
                    measurands = self._variables.words(*self._dialect.habits.triggered_measurands)
                    self._transactions.metering.report(evse, measurands)
                elif evse.transaction is not None:
                    measurands = self._variables.words(*UPDATED)
                    self._transactions.update(evse, trigger="Trigger", context=TRIGGER, measurands=measurands)

        return Answer("Accepted", then=tell)

    # Variables

    def _read(self, c: asked.ReadVariables) -> Answer:
        shows = self._dialect.shows
        self._refuse_too_many(len(c.asked), "GetVariables")
        if not c.asked:
            every = (variable.ref for variable in self._variables if shows(variable.ref))
            return Answer("Accepted", tuple(self._read_one(asked.VariableAsked(ref)) for ref in every))
        return Answer("Accepted", tuple(self._read_one(one) for one in c.asked))

    def _refuse_too_many(self, count: int, what: str) -> None:
        """2.0.1 B05.FR.11, B06.FR.16; 1.6 GetConfigurationMaxKeys. Raises ViolationError."""
        most = self._variables.number("DeviceDataCtrlr", "ItemsPerMessage", count, what)
        if count > most:
            detail = f"this station takes {most:g} items in a message, not {count}"
            raise ViolationError(ErrorKind.OCCURRENCE_CONSTRAINT, detail)

    def _read_one(self, one: asked.VariableAsked) -> VariableAnswer:
        ref = one.ref
        variable = self._variables.find(ref) if self._dialect.shows(ref) else None
        if variable is None:
            is_known = self._variables.has_component(ref)
            status = "UnknownVariable" if is_known else "UnknownComponent"
            return VariableAnswer(ref, status, attribute=one.attribute)
        if one.attribute != asked.ACTUAL:
            return VariableAnswer(variable.ref, NO_SUCH_ATTRIBUTE, attribute=one.attribute)
        if variable.mutability is Mutability.WRITE_ONLY:
            return VariableAnswer(variable.ref, "Rejected")  # 2.0.1 B06.FR.09
        is_read_only = variable.mutability is Mutability.READ_ONLY
        return VariableAnswer(variable.ref, "Accepted", self._variables.value(ref) or "", is_read_only)

    def _write(self, c: asked.WriteVariables) -> Answer:
        self._refuse_too_many(len(c.assignments), "SetVariables")
        return Answer("Accepted", tuple(self._write_one(one) for one in c.assignments))

    def _write_one(self, one: asked.Assignment) -> VariableAnswer:
        if not self._dialect.shows(one.ref):
            return VariableAnswer(one.ref, "UnknownComponent", attribute=one.attribute)
        if one.attribute != asked.ACTUAL and self._variables.find(one.ref) is not None:
            return VariableAnswer(one.ref, NO_SUCH_ATTRIBUTE, attribute=one.attribute)
        status = self._variables.write(one.ref, one.value)
        return VariableAnswer(one.ref, status.value, attribute=one.attribute)

    def _report(self, c: asked.ReportInventory) -> Answer:
        """All variables, or those that can be set, in parts (2.0.1 B07)."""
        if c.report == "SummaryInventory":
            return Answer("NotSupported")
        is_settable_only = c.report == "ConfigurationInventory"
        found = [
            (variable, self._variables.value(variable.ref))
            for variable in self._variables
            if self._dialect.shows(variable.ref)
            and not (is_settable_only and variable.mutability is Mutability.READ_ONLY)
        ]
        return Answer("Accepted", then=lambda: self._send_parts(c.request_id, found))

    def _send_parts(self, request_id: int, found: list[tuple[Variable, str | None]]) -> None:
        parts = [found[i : i + ITEMS_PER_REPORT] for i in range(0, len(found), ITEMS_PER_REPORT)]
        for seq_no, part in enumerate(parts):
            is_last = seq_no == len(parts) - 1
            message = NotifyReport(
                request_id,
                seq_no,
                is_last,
                tuple(variable.reported(value) for variable, value in part),
                self._now(),
            )
            self._voice.tell(message, is_invited=True)

    # Remote control

    def _remote_start(self, c: asked.RemoteStart) -> Answer:
        evse = self._free_evse(c.evse_id)
        if evse is None:
            return REJECTED
        running = evse.transaction  # F01.FR.13: begun when the cable came
        return Answer(
            "Accepted",
            transaction_id=running.transaction_id if running is not None else None,
            then=lambda: self._charging.start_remotely(evse, c),
        )

    def _free_evse(self, evse_id: int | None) -> Evse | None:
        """The EVSE asked for, or the best one: a cable in first. Nobody charges at 0, the station itself."""
        free = [
            evse
            for evse in self._board.evses.values()
            if evse.grant is None and evse.is_usable and evse_id in (None, evse.evse_id)
        ]
        return min(free, key=lambda evse: evse.plugged is None, default=None)

    def _remote_stop(self, c: asked.RemoteStop) -> Answer:
        evse = self._evse_of(c.transaction_id)
        if evse is None:
            return REJECTED
        return Answer("Accepted", then=lambda: self._stop_remotely(evse))

    def _stop_remotely(self, evse: Evse) -> None:
        """The driver may charge no longer; where nobody was authorized, the transaction itself ends."""
        end = self._transactions.stop if evse.grant is None else self._transactions.deauthorize
        end(evse, reason="Remote", trigger="RemoteStop")

    def _evse_of(self, transaction_id: str) -> Evse | None:
        """Where the transaction runs; the id as the central system knows it."""
        for evse in self._board.running():
            running = evse.transaction
            if running is not None and transaction_id == (running.csms_id or running.transaction_id):
                return evse
        return None

    # Authorization

    def _update_list(self, c: asked.UpdateLocalList) -> Answer:
        may_clear = self._dialect.habits.takes_list_version_zero
        status = self._authorization.update_list(c.version, c.update, c.entries, may_clear=may_clear)
        return Answer(status.value)

    def _list_version(self, c: asked.ReadListVersion) -> Answer:  # noqa: ARG002 - table
        """None: there are no lists here. One that is switched off is none (2.0.1 D02.FR.03)."""
        known = self._authorization
        if self._variables.find(LIST_ENTRIES) is None:
            return Answer(version=None)
        counts = self._dialect.habits.empty_list_has_version or known.local_list
        is_on = self._variables.flag("LocalAuthListCtrlr", "Enabled")
        return Answer(version=known.list_version if is_on and counts else 0)

    def _clear_cache(self, c: ClearCache) -> Answer:  # noqa: ARG002 - table
        if not self._variables.flag("AuthCacheCtrlr", "Enabled"):
            return REJECTED
        self._authorization.cache.clear()
        return ACCEPTED

    def _transfer(self, c: asked.ReceiveTransfer) -> Answer:
        """This station has no messages of its own vendor."""
        return Answer("UnknownMessageId" if c.vendor_id == self._vendor else "UnknownVendorId")
