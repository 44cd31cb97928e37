"""A station's parts, made and joined. The one place that knows which part calls which."""

import asyncio
import ssl
from dataclasses import dataclass

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
from simulator.address import dialled_url
from simulator.answers import Answers
from simulator.authorization import Authorization
from simulator.board import Board
from simulator.charging import Charging
from simulator.command_handlers import CommandHandlers
from simulator.command_handlers.context import CommandContext
from simulator.credentials import Credentials
from simulator.evse import Connector
from simulator.inventory import DATE_TIME, build_inventory
from simulator.journal import Journal, Topic
from simulator.link import StationLink
from simulator.memory import StateFile
from simulator.outbox import Outbox
from simulator.own_time import OwnTime
from simulator.power import Power
from simulator.recall import Parts, Recall
from simulator.registration import Registration, boot_notification
from simulator.reservations import Reservations
from simulator.snapshot import StationSnapshot, Watchers, connectors_of, evses_of
from simulator.surroundings import Surroundings
from simulator.tap import FrameTap
from simulator.template import StationIdentity, StationTemplate
from simulator.transactions import Transactions
from simulator.uplink import Uplink, Wire
from simulator.variables import VariableStore
from simulator.version_rules import RULES, VersionRules
from simulator.version_variables import VARIABLES_OF
from simulator.voice import StationVoice

MESSAGE_TIMEOUT_S = 30.0
"""What a central system may take for an answer, where the station has no variable for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a station is given: time, chance, and the way to its central system."""

    url: str
    clock: Clock
    chance: Chance
    state_file: StateFile | None = None
    tls: ssl.SSLContext | None = None
    frames_kept: int = 500
    watch: Watch | None = None
    dial: Dial | None = None


class Assembly:
    """The parts of one station. Raises AddressError, TemplateError."""

    def __init__(self, template: StationTemplate, identity: StationIdentity, outside: Outside) -> None:
        self._outside = outside
        self._template = template
        self._identity = identity
        self._time = OwnTime(outside.clock)
        self._offline_since = outside.clock.monotonic()
        self._was_long_offline = False
        self._untold_start: str | None = None
        """The security event of the last start, until the central system has it."""
        self.codec = codec_for(template.ocpp)
        self.rules = RULES[template.ocpp]
        self.variables = VariableStore(build_inventory(template, VARIABLES_OF[template.ocpp](template)))
        self.tap = FrameTap(outside.frames_kept)
        self.journal = Journal(outside.clock.now)
        self.voice = StationVoice(self.rules, outside.chance)
        self.board = Board(
            template,
            self.rules,
            self.variables,
            self._time.now,
            self.voice.tell,
        )
        around = self.around = Surroundings(
            variables=self.variables,
            board=self.board,
            authorization=Authorization(self.variables),
            voice=self.voice,
            journal=self.journal,
            clock=outside.clock,
            chance=outside.chance,
            now=self._time.now,
        )
        self.credentials = Credentials(self.variables)
        self.registration = Registration(self.voice, self.variables, outside.clock, self._boot_with)
        self.outbox = Outbox(self.rules, self.variables, outside.clock, self.voice.send)
        self.transactions = Transactions(around, self.outbox)
        self.reservations = Reservations(around, self.rules)
        self.charging = Charging(around, self.registration, self.transactions, self.reservations)
        self.uplink = self._make_uplink()
        self.power = Power(
            around,
            self.charging,
            self.registration,
            self.outbox,
            self.uplink,
            start_s=template.start_s,
        )
        self.recall = self._make_recall()
        self.answers = self._make_answers(self.rules)
        self.watchers = Watchers(outside.clock, self.snapshot)
        self._join()

    def _make_uplink(self) -> Uplink:
        outside, station_id = self._outside, self._identity.station_id
        wire = Wire(
            url=dialled_url(outside.url, station_id),
            version=self.codec.version,
            station_id=station_id,
            tls=outside.tls,
            watch=outside.watch,
            dial=outside.dial,
        )
        return Uplink(wire, self.credentials, self.around, self._make_link)

    def _make_recall(self) -> Recall:
        parts = Parts(
            around=self.around,
            credentials=self.credentials,
            registration=self.registration,
            outbox=self.outbox,
            reservations=self.reservations,
        )
        return Recall(self._identity.station_id, parts, self._outside.state_file)

    def _make_answers(self, rules: VersionRules) -> Answers:
        context = CommandContext(
            rules=rules,
            variables=self.variables,
            board=self.around.board,
            authorization=self.around.authorization,
            charging=self.charging,
            transactions=self.transactions,
            reservations=self.reservations,
            registration=self.registration,
            voice=self.around.voice,
            now=self.around.now,
            restart=self.power.restart,
            vendor=self._identity.vendor,
        )
        return Answers(rules, self.registration, CommandHandlers(context))

    def _make_link(self, connection: Connection) -> StationLink:
        def timeout_s() -> float:
            return self.variables.number("OCPPCommCtrlr", "MessageTimeout", MESSAGE_TIMEOUT_S, "Default")

        return StationLink(
            connection,
            self.codec,
            self.answers,
            self.tap,
            clock=self._outside.clock,
            timeout_s=timeout_s,
            mistaken=self.journal.note_mistake,
        )

    def _join(self) -> None:
        """Which part calls which."""
        self.voice.link = lambda: self.uplink.link
        self.voice.status = lambda: self.registration.status
        self.charging.is_online = self.transactions.is_online = lambda: self.voice.is_free
        self.uplink.opened = self._opened
        self.uplink.closed = self._closed
        self.registration.answered = self._registered
        self.registration.ready = self._ready
        self.registration.failed = self._not_registered
        self.answers.obeyed = self._obeyed
        self.board.moved = self._moved
        self.transactions.changed = self.changed
        self.power.changed = self.changed
        self.power.started = self._started
        self.variables.compute(DATE_TIME, lambda: time_to_wire(self._time.now()))

    def _boot_with(self, reason: BootReason) -> BootNotification:
        return boot_notification(self._identity, reason, self.rules.vendor_characters)

    # What follows from what

    def changed(self) -> None:
        """Whoever waits for something looks again; what is remembered is written soon."""
        self.watchers.notify()
        self.recall.changed()

    def _opened(self) -> None:
        """2.0.1 B04.FR.01: after a long time offline, every status is told again."""
        offline_s = self._outside.clock.monotonic() - self._offline_since
        self._was_long_offline = offline_s > self.variables.number("OCPPCommCtrlr", "OfflineThreshold", 0)
        self.registration.link_opened()
        self.changed()

    def _closed(self) -> None:
        self._offline_since = self._outside.clock.monotonic()
        self.registration.link_closed()
        self.changed()

    def _registered(self, answer: BootNotificationResponse) -> None:
        if answer.current_time is not None:
            self._time.set(answer.current_time)
            self.transactions.metering.align()
            self.reservations.go_on()
        is_accepted = answer.status is RegistrationStatus.ACCEPTED
        what = "heartbeat every" if is_accepted else "asks again in"
        text = f"{answer.status.value}, {what} {answer.interval_s} s"
        self.journal.note(Topic.BOOT, text, is_trouble=not is_accepted)
        self.changed()

    def _not_registered(self, error: Exception, again_s: float) -> None:
        text = f"not registered: {error}; boots again in {again_s:g} s"
        self.journal.note(Topic.BOOT, text, is_trouble=True)

    def _ready(self, is_fresh: bool) -> None:  # noqa: FBT001 - a callback has no names
        self.board.report_all(is_fresh=is_fresh or self._was_long_offline)
        self.outbox.pump()
        self.reservations.tell_ends()
        self._tell_start()
        self.changed()

    def _started(self, reason: BootReason) -> None:
        """A start is a critical security event: it is told until it is answered (2.0.1 A04.FR.01, .02)."""
        is_start = reason in (BootReason.POWER_UP, BootReason.WATCHDOG)
        self._untold_start = "StartupOfTheDevice" if is_start else "ResetOrReboot"

    def _tell_start(self) -> None:
        if self._untold_start is None:
            return
        answered = self.voice.tell(SecurityEventNotification(self._untold_start, self._time.now()))
        if answered is not None:
            answered.add_done_callback(self._start_told)

    def _start_told(self, done: "asyncio.Future[Reply]") -> None:
        if not done.cancelled() and done.exception() is None:
            self._untold_start = None

    def _obeyed(self) -> None:
        if self.credentials.is_changed:
            self.journal.note(Topic.SETTINGS, "a new password: reconnecting with it")
            self.uplink.hang_up("reconnecting with the new password")
        self.changed()

    def _moved(self, connector: Connector) -> None:
        self.reservations.refresh()
        name = f"EVSE {connector.evse_id} connector {connector.connector_id}"
        self.journal.note(Topic.CONNECTOR, f"{name}: {connector.state.value}")
        self.changed()

    # Looking

    def snapshot(self) -> StationSnapshot:
        """The station as it is now."""
        link = self.uplink.link
        return StationSnapshot(
            station_id=self._identity.station_id,
            version=self.codec.version,
            vendor=self._identity.vendor,
            model=self._identity.model,
            firmware=self._identity.firmware,
            is_powered=self.power.is_on,
            is_connected=link is not None and link.connection.is_open,
            registration=self.registration.status,
            queued=len(self.outbox.entries),
            connectors=connectors_of(self.board),
            evses=evses_of(self.board, self._outside.clock.monotonic()),
        )
