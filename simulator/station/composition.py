"""A station's parts, made and joined. The one place that knows which part calls which."""

import asyncio
import ssl
from dataclasses import dataclass, replace
from functools import partial

from ocppj.aio.client import Dial
from ocppj.aio.connection import Connection
from ocppj.aio.watch import Watch
from ocppj.codec import codec_for
from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.model.messages import Reply
from ocppj.model.security import SecurityEventNotification
from ocppj.timestamps import time_to_wire
from ocppj.vocabulary import BootReason, RegistrationStatus
from runtime.chance import Chance
from runtime.clock import Clock
from simulator.connection.address import dialled_url
from simulator.connection.connection_manager import ConnectionKeeper, ConnectionSettings
from simulator.connection.file_client import FileClient, HttpFiles
from simulator.connection.link import CsmsLink
from simulator.connection.registration import Registration, boot_notification
from simulator.connection.station_sender import StationSender
from simulator.connection.tap import FrameTap
from simulator.connection.transaction_queue import TransactionQueue
from simulator.model.authorization import Authorization
from simulator.model.connectors import Connectors
from simulator.model.credentials import StationCredentials
from simulator.model.evse import Connector, Evse
from simulator.model.inventory import DATE_TIME, build_inventory, power_of
from simulator.model.station_log import StationLog, Topic
from simulator.model.stored_state import StateFile
from simulator.model.template import StationIdentity, StationTemplate
from simulator.model.variables import VariableStore
from simulator.model.version_rules import RULES, VersionRules
from simulator.model.version_variables import DISPLAY_MESSAGES, VARIABLES_OF
from simulator.station.answers import Answers
from simulator.station.charging import Charging
from simulator.station.command_handlers import CommandHandlers
from simulator.station.command_handlers.context import CommandContext
from simulator.station.context import StationContext
from simulator.station.cost_display import CostDisplay
from simulator.station.firmware import Firmware
from simulator.station.logs import Logs
from simulator.station.message_display import MessageDisplay
from simulator.station.monitoring import Monitoring
from simulator.station.power import Power
from simulator.station.reservations import Reservations
from simulator.station.smart_charging import SmartCharging
from simulator.station.snapshot import StationSnapshot, Watchers, connectors_of, evses_of
from simulator.station.state_keeper import StatefulParts, StateKeeper
from simulator.station.station_clock import StationClock
from simulator.station.transactions import Transactions

MESSAGE_TIMEOUT_S = 30.0
"""What a central system may take for an answer, where the station has no variable for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationEnvironment:
    """What a station is given: time, chance, and the way to its central system."""

    url: str
    clock: Clock
    chance: Chance
    state_file: StateFile | None = None
    tls: ssl.SSLContext | None = None
    frames_kept: int = 500
    watch: Watch | None = None
    dial: Dial | None = None
    files: FileClient | None = None
    """How files are fetched and sent; None: over HTTP."""


class StationComposition:
    """The parts of one station. Raises AddressError, TemplateError."""

    def __init__(
        self, template: StationTemplate, identity: StationIdentity, environment: StationEnvironment
    ) -> None:
        self._environment = environment
        self._template = template
        self._identity = identity
        self._time = StationClock(environment.clock)
        self._offline_since = environment.clock.monotonic()
        self._was_long_offline = False
        self._unreported_start: str | None = None
        """The security event of the last start, until the central system has it."""
        self.codec = codec_for(template.ocpp)
        self.rules = RULES[template.ocpp]
        self.variables = VariableStore(build_inventory(template, VARIABLES_OF[template.ocpp](template)))
        self.tap = FrameTap(environment.frames_kept)
        self.log = StationLog(environment.clock.now)
        self.sender = StationSender(self.rules, environment.chance)
        now, send = self._time.now, self.sender.send
        self.connectors = Connectors(template, self.rules, self.variables, now, send)
        context = self.context = StationContext(
            variables=self.variables,
            connectors=self.connectors,
            authorization=Authorization(self.variables),
            sender=self.sender,
            log=self.log,
            clock=environment.clock,
            chance=environment.chance,
            now=self._time.now,
        )
        self.credentials = StationCredentials(self.variables)
        self.registration = Registration(self.sender, self.variables, environment.clock, self._boot_with)
        self.transaction_queue = TransactionQueue(
            self.rules, self.variables, environment.clock, self.sender.send_call
        )
        self.transactions = Transactions(context, self.transaction_queue)
        self.reservations = Reservations(context, self.rules)
        self.smart_charging = SmartCharging(context, self.rules, obeys=template.obeys_limits)
        self.monitoring = Monitoring(context, self.rules, template.monitors)
        self.cost_display = CostDisplay(context, self.transaction_queue)
        self.display = MessageDisplay(context)
        client = environment.files or HttpFiles(environment.tls)
        self.firmware = Firmware(context, client, identity.firmware)
        self.logs = Logs(context, client, self.tap, identity.station_id)
        self.charging = Charging(context, self.registration, self.transactions, self.reservations)
        self.connection = self._make_connection()
        self.power = Power(
            context,
            self.charging,
            self.registration,
            self.transaction_queue,
            self.connection,
            start_s=template.start_s,
        )
        self.state_keeper = self._make_state_keeper()
        self.answers = self._make_answers(self.rules)
        self.watchers = Watchers(environment.clock, self.snapshot)
        self._join()

    def _make_connection(self) -> ConnectionKeeper:
        environment, station_id = self._environment, self._identity.station_id
        settings = ConnectionSettings(
            url=dialled_url(environment.url, station_id),
            version=self.codec.version,
            station_id=station_id,
            tls=environment.tls,
            watch=environment.watch,
            dial=environment.dial,
        )
        return ConnectionKeeper(
            settings,
            self.credentials,
            self.variables,
            self.log,
            self._make_link,
            clock=environment.clock,
            chance=environment.chance,
        )

    def _make_state_keeper(self) -> StateKeeper:
        parts = StatefulParts(
            context=self.context,
            credentials=self.credentials,
            registration=self.registration,
            transaction_queue=self.transaction_queue,
            reservations=self.reservations,
            smart_charging=self.smart_charging,
            display=self.display,
            monitoring=self.monitoring,
            firmware=self.firmware,
        )
        return StateKeeper(self._identity.station_id, parts, self._environment.state_file)

    def _make_answers(self, rules: VersionRules) -> Answers:
        context = CommandContext(
            rules=rules,
            variables=self.variables,
            connectors=self.context.connectors,
            authorization=self.context.authorization,
            charging=self.charging,
            transactions=self.transactions,
            reservations=self.reservations,
            smart_charging=self.smart_charging,
            monitoring=self.monitoring,
            cost_display=self.cost_display,
            display=self.display,
            firmware=self.firmware,
            logs=self.logs,
            registration=self.registration,
            sender=self.context.sender,
            now=self.context.now,
            restart=self.power.restart,
            vendor=self._identity.vendor,
        )
        return Answers(rules, self.registration, CommandHandlers(context))

    def _make_link(self, connection: Connection) -> CsmsLink:
        def timeout_s() -> float:
            return self.variables.number("OCPPCommCtrlr", "MessageTimeout", MESSAGE_TIMEOUT_S, "Default")

        return CsmsLink(
            connection,
            self.codec,
            self.answers,
            self.tap,
            clock=self._environment.clock,
            timeout_s=timeout_s,
            mistaken=self.log.note_mistake,
        )

    def _join(self) -> None:
        """Which part calls which."""
        self.sender.link = lambda: self.connection.link
        self.sender.status = lambda: self.registration.status
        self.charging.is_online = self.transactions.is_online = lambda: self.sender.is_free
        self.connection.opened = self._opened
        self.connection.closed = self._closed
        self.registration.answered = self._registered
        self.registration.ready = self._ready
        self.registration.failed = self._not_registered
        self.answers.answered = self._answered
        self.connectors.moved = self._moved
        self.transactions.changed = self.changed
        self.transactions.offered_w = self.smart_charging.offered_w
        self.transactions.flow_changed = self.smart_charging.refresh
        self.transactions.ended = self._transaction_ended
        self.transactions.hold_profile = self.smart_charging.hold_for_start
        self.charging.power_lost = self._power_lost
        self.charging.power_back = self._power_back
        self.cost_display.changed = self.changed
        self.display.changed = self.changed
        self.smart_charging.changed = self.transactions.offer_again
        self.power.changed = self.changed
        self.power.started = self._started
        self.variables.compute(DISPLAY_MESSAGES, lambda: str(len(self.display.held)))
        self.firmware.restart = self.power.restart
        self.firmware.switch_off = partial(self.power.cut, None)
        self.variables.compute(DATE_TIME, lambda: time_to_wire(self._time.now()))
        for evse in self.connectors.evses.values():
            self.variables.compute(power_of(evse.evse_id), partial(self._power_text, evse))

    def _power_text(self, evse: Evse) -> str:
        return f"{evse.meter.power_w(self._environment.clock.monotonic()):g}"

    def _boot_with(self, reason: BootReason) -> BootNotification:
        who = replace(self._identity, firmware=self.firmware.version)
        return boot_notification(who, reason, self.rules.vendor_characters)

    # What follows from what

    def _power_back(self) -> None:
        self.smart_charging.start()
        self.monitoring.start()

    def changed(self) -> None:
        """Whoever waits for something looks again; what is remembered is written soon."""
        self.monitoring.look()
        self.watchers.notify()
        self.state_keeper.changed()

    def _opened(self) -> None:
        """2.0.1 B04.FR.01: after a long time offline, every status is told again."""
        offline_s = self._environment.clock.monotonic() - self._offline_since
        self._was_long_offline = offline_s > self.variables.number("OCPPCommCtrlr", "OfflineThreshold", 0)
        self.registration.link_opened()
        self.changed()

    def _closed(self) -> None:
        self._offline_since = self._environment.clock.monotonic()
        self.registration.link_closed()
        self.changed()

    def _transaction_ended(self, evse: Evse) -> None:
        self.smart_charging.transaction_ended(evse)
        self.cost_display.transaction_ended(evse, is_online=self.sender.is_free)
        self.display.settle()

    def _power_lost(self) -> None:
        self.smart_charging.stop()
        self.monitoring.stop()
        self.cost_display.clear()
        self.firmware.stop()
        self.logs.stop()

    def _registered(self, answer: BootNotificationResponse) -> None:
        if answer.current_time is not None:
            self._time.set(answer.current_time)
            self.transactions.metering.align()
            self.reservations.go_on()
            self.display.settle()
            self.smart_charging.refresh()
        is_accepted = answer.status is RegistrationStatus.ACCEPTED
        what = "heartbeat every" if is_accepted else "asks again in"
        text = f"{answer.status.value}, {what} {answer.interval_s} s"
        self.log.note(Topic.BOOT, text, is_trouble=not is_accepted)
        self.changed()

    def _not_registered(self, error: Exception, again_s: float) -> None:
        text = f"not registered: {error}; boots again in {again_s:g} s"
        self.log.note(Topic.BOOT, text, is_trouble=True)

    def _ready(self, is_fresh: bool) -> None:  # noqa: FBT001 - a callback has no names
        self.connectors.report_all(is_fresh=is_fresh or self._was_long_offline)
        self.transaction_queue.pump()
        self.reservations.report_ends()
        self.monitoring.send_waiting()
        self._report_start()
        self.firmware.ready()
        self.logs.ready()
        self.changed()

    def _started(self, reason: BootReason) -> None:
        """A start is a critical security event: it is told until it is answered (2.0.1 A04.FR.01, .02)."""
        is_start = reason in (BootReason.POWER_UP, BootReason.WATCHDOG)
        self._unreported_start = "StartupOfTheDevice" if is_start else "ResetOrReboot"

    def _report_start(self) -> None:
        if self._unreported_start is None:
            return
        answered = self.sender.send(SecurityEventNotification(self._unreported_start, self._time.now()))
        if answered is not None:
            answered.add_done_callback(self._start_reported)

    def _start_reported(self, done: "asyncio.Future[Reply]") -> None:
        if not done.cancelled() and done.exception() is None:
            self._unreported_start = None

    def _answered(self) -> None:
        if self.credentials.is_changed:
            self.log.note(Topic.SETTINGS, "a new password: reconnecting with it")
            self.connection.hang_up("reconnecting with the new password")
        self.changed()

    def _moved(self, connector: Connector) -> None:
        self.reservations.refresh()
        name = f"EVSE {connector.evse_id} connector {connector.connector_id}"
        self.log.note(Topic.CONNECTOR, f"{name}: {connector.state.value}")
        self.changed()

    # Looking

    def snapshot(self) -> StationSnapshot:
        """The station as it is now."""
        link = self.connection.link
        return StationSnapshot(
            station_id=self._identity.station_id,
            version=self.codec.version,
            vendor=self._identity.vendor,
            model=self._identity.model,
            firmware=self.firmware.version,
            is_powered=self.power.is_on,
            is_connected=link is not None and link.connection.is_open,
            registration=self.registration.status,
            queued=len(self.transaction_queue.entries),
            connectors=connectors_of(self.connectors),
            evses=evses_of(self.connectors, self._environment.clock.monotonic(), self.cost_display.shown),
            display=self.display.shown() if self.power.is_on else (),
        )
