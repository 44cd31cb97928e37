"""Stations as the rest of the program sees them through `csms.commands.StationCommands`: one scripted fake.

`Stations` stands where the gateway stands: it asks the ports that provisioning fills (identity, admission,
boot), keeps links with epochs, publishes news, and answers commands with what a 1.6 or a 2.0.1 station would
say. A `ScriptedStation` has a store of variables, a local list, a secret and an availability, and can be told
to refuse, lack, be silent, go away, or come back late.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from csms.domain.commands import CommandOutcome, Outcome
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.station_events import StationEvent
from csms.ports import (
    Admission,
    Admitted,
    BootDecision,
    BootPolicy,
    ConnectionRequest,
    CredentialKeeper,
    IdentityResolver,
)
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import BootNotification, Reset
from ocppj.model.command import Command, CommandAnswer, ScheduledAnswer
from ocppj.model.local_list import GetLocalListVersion, ListVersionAnswer, SendLocalList
from ocppj.model.remote_control import TriggerMessage
from ocppj.model.variables import (
    GetBaseReport,
    GetVariables,
    SetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
)
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    Availability,
    Epoch,
    IdTokenInfo,
    LocalListUpdate,
    RegistrationStatus,
    StationId,
    TriggeredMessage,
    VariableRef,
)
from runtime.clock import ManualClock
from runtime.events import EventBus
from runtime.lifecycle import Background

SECRET = VariableRef("SecurityCtrlr", "BasicAuthPassword")
PROFILE = VariableRef("SecurityCtrlr", "SecurityProfile")
AVAILABILITY = VariableRef("ChargingStation", "AvailabilityState")
HEARTBEAT = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")
TIME_ZONE = VariableRef("ClockCtrlr", "TimeZone")
ITEMS = VariableRef("LocalAuthListCtrlr", "ItemsPerMessage")
PRICE = VariableRef("TariffCostCtrlr", "TariffFallbackMessage")
LIST_LIMIT = VariableRef("ConfigurationKey", "LocalAuthListMaxLength")
DEFAULT_PRICE = VariableRef("ConfigurationKey", "DefaultPrice")
SHOWS_PRICE = VariableRef("ConfigurationKey", "CustomDisplayCostAndPrice")
LANGUAGES = VariableRef("ConfigurationKey", "SupportedLanguages")
BOOT = BootNotification("Rivebleue", "RB-22", "SN1", "1.0.0")
RESTORED_AFTER_S = 5.0
"""A station that does not boot on a new connection has its registration restored, or is asked to boot."""

_USUAL: dict[VariableRef, str | None] = {
    HEARTBEAT: "86400",
    SECRET: None,
    VariableRef("AuthCtrlr", "OfflineTxForUnknownIdEnabled"): "true",
    VariableRef("AuthCtrlr", "LocalPreAuthorize"): "false",
    VariableRef("LocalAuthListCtrlr", "Enabled"): "false",
    ITEMS: "20",
}
_OF_V16: dict[VariableRef, str | None] = {
    PROFILE: "1",
    LIST_LIMIT: "100",
    SHOWS_PRICE: "true",
    DEFAULT_PRICE: "",
}
_OF_V201: dict[VariableRef, str | None] = {
    TIME_ZONE: "",
    AVAILABILITY: "Available",
    VariableRef("LocalAuthListCtrlr", "BytesPerMessage"): "32768",
    VariableRef("TariffCostCtrlr", "Currency"): "EUR",
    PRICE: "",
    VariableRef("TariffCostCtrlr", "TotalCostFallbackMessage"): "",
}
Scripted = Callable[[Any], CommandAnswer | Outcome | str | None]
"""What to say to a command: an answer, an outcome, a CALLERROR's code, or None for the usual."""


def usual_variables(version: OcppVersion) -> dict[VariableRef, str | None]:
    """What a station of this version has."""
    return _USUAL | (_OF_V16 if version is OcppVersion.V16 else _OF_V201)


@dataclass
class ScriptedStation:
    """A station. What it does differently from the usual is set on it."""

    identity: str
    version: OcppVersion = OcppVersion.V201
    boot: BootNotification = BOOT
    variables: dict[VariableRef, str | None] = field(default_factory=dict)
    """None: write-only."""
    refused: dict[VariableRef, str] = field(default_factory=dict)
    """Variables it refuses to set, with the status it says so with (`RebootRequired`: takes it, later)."""
    ignored: set[VariableRef] = field(default_factory=set)
    """Variables it says yes to and does not change."""
    script: dict[type[Any], Scripted] = field(default_factory=dict)
    holds: Callable[[Command], bool] = lambda _: False
    """Commands that it answers only once `released` is set."""
    released: asyncio.Event = field(default_factory=asyncio.Event)
    secret_from: str = "reconnect"
    """`reconnect`, `restart` or `never`: from when on it uses a new secret."""
    returns_after_s: float | None = 2.0
    """How long it takes to connect again; None: it stays away."""
    restarts_in_s: float = 5.0
    leaves_with_secret: bool = True
    """It connects again by itself as soon as it has its secret (2.0.1 A01, 1.6 security white paper A01)."""
    restarts_when: str = "asked"
    """`asked`, `accepted` or `never`: when it does the restart that it agrees to."""
    restarts_softly: bool = False
    """It keeps its connection over a restart, and boots on it."""
    has_lists: bool = True
    is_charging: bool = False
    boots_on_trigger: bool = True
    boots_on_connect: bool = True
    boots_after_restart: bool = False
    """Then at least, also if it does not boot on other connections."""
    boots_at_interval: bool = True
    """Again and again while it is not accepted, as it was told to."""
    reports_status: bool = True
    reports_changes: bool = False
    """It tells its status after a changed availability, as all versions want it."""
    reports_after_boot: bool = True
    """It tells the status of each connector after an accepted boot, as all versions want it."""
    connectors: int = 1

    received: list[Command] = field(default_factory=list)
    answers: list[BootDecision] = field(default_factory=list)
    denials: list[str] = field(default_factory=list)
    password: bytes | None = field(default=None, repr=False)
    later_password: bytes | None = field(default=None, repr=False)
    later: dict[VariableRef, str] = field(default_factory=dict)
    local_list: dict[str, IdTokenInfo] = field(default_factory=dict)
    list_version: int = 0
    availability: Availability = Availability.OPERATIVE
    is_accepted: bool = False
    is_leaving: bool = False
    is_fresh: bool = False

    def __post_init__(self) -> None:
        if not self.variables:
            self.variables = usual_variables(self.version)

    @property
    def is_v16(self) -> bool:
        """Whether it speaks 1.6."""
        return self.version is OcppVersion.V16

    def got(self, kind: type[Command]) -> list[Any]:
        """The commands of one kind that it received, in order."""
        return [each for each in self.received if isinstance(each, kind)]

    def assigned(self) -> dict[VariableRef, str]:
        """What was set, last value each."""
        return {a.ref: a.value for each in self.got(SetVariables) for a in each.assignments}

    def credentials(self) -> bytes | None:
        """What it puts into Basic auth; a 1.6 station at security profile 0 nothing."""
        return None if self.variables.get(PROFILE) == "0" else self.password

    def restart(self) -> None:
        """What waited for it comes into force."""
        self.variables |= self.later
        self.later = {}
        if self.later_password is not None:
            self.password, self.later_password = self.later_password, None
        self.is_accepted, self.is_fresh = False, True

    def answer(self, command: Command) -> CommandAnswer:
        """What a well-behaved station says, and does."""
        match command:
            case GetVariables(refs):
                return _all(tuple(self._read(ref) for ref in refs or tuple(self.variables)))
            case SetVariables(assignments):
                return _all(tuple(VariableResult(each.ref, self._write(each)) for each in assignments))
            case GetLocalListVersion():
                missing = -1 if self.is_v16 else 0
                return ListVersionAnswer(
                    "Accepted", local_list_version=self.list_version if self.has_lists else missing
                )
            case SendLocalList():
                status = self._update_list(command)
                return CommandAnswer(status)
            case ChangeAvailability(availability):
                return self._change_availability(availability)
            case TriggerMessage(message):
                assert isinstance(message, TriggeredMessage)  # of a vendor's own it knows none
                return self._trigger(message)
            case _:
                return CommandAnswer("Accepted")

    def _read(self, ref: VariableRef) -> VariableResult:
        if ref not in self.variables:
            return VariableResult(ref, "UnknownVariable")
        value = self.variables[ref]
        return VariableResult(ref, "Accepted" if value is not None or self.is_v16 else "Rejected", value)

    def _write(self, each: VariableAssignment) -> str:
        if each.ref not in self.variables:
            return "NotSupported" if self.is_v16 else "UnknownVariable"
        status = self.refused.get(each.ref, "Accepted")
        if each.ref == SECRET and status in ("Accepted", "RebootRequired"):
            self._take_secret(each.value)
            self.is_leaving = self.leaves_with_secret and self.variables.get(PROFILE) != "0"
        elif status == "RebootRequired":
            self.later[each.ref] = each.value
        elif status == "Accepted" and each.ref not in self.ignored:
            self.variables[each.ref] = each.value
            # 1.6 security white paper A05: it connects again with the new profile
            self.is_leaving |= each.ref == PROFILE and self.leaves_with_secret
        return status

    def _take_secret(self, value: str) -> None:
        # 1.6: the key's hex; 2.0.1: the password itself, 16 to 40 characters.
        password = bytes.fromhex(value) if self.is_v16 else value.encode()
        assert len(password) == 20 if self.is_v16 else 16 <= len(password) <= 40
        if self.secret_from == "reconnect":
            self.password = password
        elif self.secret_from == "restart":
            self.later_password = password

    def _update_list(self, command: SendLocalList) -> str:
        if not self.has_lists:
            return "NotSupported" if self.is_v16 else "Failed"
        if command.update is LocalListUpdate.DIFFERENTIAL and command.version <= self.list_version:
            return "VersionMismatch"
        if self.is_v16:
            assert all(len(each.id_token.value) <= 20 for each in command.entries), "no 1.6 frame holds that"
        new = {} if command.update is LocalListUpdate.FULL else dict(self.local_list)
        new |= {each.id_token.value: each.info for each in command.entries if each.info is not None}
        limit = int(self.variables.get(LIST_LIMIT) or 10_000)
        if len(command.entries) > int(self.variables.get(ITEMS) or 10_000) or len(new) > limit:
            return "Failed"
        self.local_list, self.list_version = new, command.version
        return "Accepted"

    def _change_availability(self, availability: Availability) -> CommandAnswer:
        if self.is_charging and availability is Availability.INOPERATIVE:
            return ScheduledAnswer("Scheduled")
        self.availability = availability
        if AVAILABILITY in self.variables:
            self.variables[AVAILABILITY] = self.status
        return CommandAnswer("Accepted")

    def _trigger(self, message: TriggeredMessage) -> CommandAnswer:
        # 2.0.1 errata B03: a station that is accepted refuses to boot again.
        if message is TriggeredMessage.BOOT_NOTIFICATION and (self.is_accepted or not self.boots_on_trigger):
            return CommandAnswer("Rejected")
        return CommandAnswer("Accepted")

    @property
    def status(self) -> str:
        """Of its connectors."""
        return "Available" if self.availability is Availability.OPERATIVE else "Unavailable"


class Stations:
    """Implements `csms.commands.StationCommands`. An async context manager: it owns what stations do."""

    def __init__(self, clock: ManualClock, bus: EventBus[StationEvent]) -> None:
        self._clock, self._bus = clock, bus
        self._ports: tuple[IdentityResolver, Admission, BootPolicy] | None = None
        self._by_id: dict[StationId, ScriptedStation] = {}
        self._links: dict[StationId, LinkView] = {}
        self._tasks = Background("stations")
        self._epoch = 0
        self.keeper: CredentialKeeper | None = None

    def serve(
        self,
        resolver: IdentityResolver,
        admission: Admission,
        boot: BootPolicy,
        keeper: CredentialKeeper | None = None,
    ) -> None:
        """From now on stations meet these ports; links to others before are gone."""
        self._ports = resolver, admission, boot
        self.keeper = keeper

    async def __aenter__(self) -> "Stations":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._tasks.close()
        assert self._tasks.failures == 0

    # The station's side

    async def connect(self, station: ScriptedStation) -> StationId | None:
        """It connects, and boots unless it does not; None if it was not let in."""
        assert self._ports is not None
        resolver, admission, _ = self._ports
        station_id = resolver.resolve(station.identity)
        password = station.credentials()
        request = ConnectionRequest(
            station_id, station.identity, station.identity if password else None, password, False, "192.0.2.1"
        )
        verdict = await admission.admit(request)
        if not isinstance(verdict, Admitted):
            station.denials.append(verdict.reason)
            return None
        self._epoch += 1
        now = self._clock.now()
        self._by_id[station_id] = station
        self._links[station_id] = LinkView(
            station_id,
            Epoch(self._epoch),
            station.version,
            "192.0.2.1",
            verdict.security,
            now,
            now,
            None,
            verdict.findings,
        )
        self._tell("link.connected", station_id)
        is_fresh, station.is_fresh = station.is_fresh, False
        if (
            station.boots_on_connect or (is_fresh and station.boots_after_restart)
        ) and not station.is_accepted:
            await self.boot(station_id)
        else:
            epoch = self._links[station_id].epoch
            self._clock.call_later(
                RESTORED_AFTER_S, lambda: self._tasks.start(self._restore(station_id, epoch))
            )
        return station_id

    async def boot(self, station_id: StationId) -> None:
        """It sends BootNotification; Pending and Rejected ones come again after their interval."""
        assert self._ports is not None
        station, link = self._by_id[station_id], self._links.get(station_id)
        if link is None:
            return
        decision = await self._ports[2].decide(station_id, station.boot)
        boot = station.boot
        told = {"vendor": boot.vendor, "model": boot.model, "serial_number": boot.serial_number}
        self._tell("station.booted", station_id, registration=decision.status.value, **told)
        station.answers.append(decision)
        if self._links.get(station_id) is not link:
            return
        self._links[station_id] = link = replace(link, registration=decision.status, boots=link.boots + 1)
        station.is_accepted = decision.status is RegistrationStatus.ACCEPTED
        if station.is_accepted and station.reports_after_boot:
            self._report(station_id, station)
        if not station.is_accepted and station.boots_at_interval:
            count = len(station.answers)
            self._clock.call_later(decision.interval_s, lambda: self._again(station_id, link.epoch, count))

    def _again(self, station_id: StationId, epoch: Epoch, answers: int) -> None:
        """The next boot of a station that is not accepted, unless it booted or went away meanwhile."""
        link, station = self._links.get(station_id), self._by_id[station_id]
        if link is not None and link.epoch == epoch and len(station.answers) == answers:
            self._tasks.start(self.boot(station_id))

    async def _restore(self, station_id: StationId, epoch: Epoch) -> None:
        """What the gateway does for a station that reconnects without a boot."""
        link = self._links.get(station_id)
        if self._ports is None or link is None or link.epoch != epoch or link.registration is not None:
            return
        status = await self._ports[2].restore(station_id)
        if status is not None:
            self._links[station_id] = replace(link, registration=status)
        if status is not RegistrationStatus.ACCEPTED and self._by_id[station_id].boots_on_trigger:
            await self.boot(station_id)

    async def connectors(self, station_id: StationId) -> list[tuple[int, int]]:
        """Those known of a station, as (EVSE, connector); none of one that does not report them."""
        station = self._by_id.get(station_id)
        count = station.connectors if station is not None and station.reports_after_boot else 0
        return [(number, 1) for number in range(1, count + 1)]

    def report(self, station_id: StationId) -> None:
        """It tells the status of its connectors, as it does after a boot."""
        self._report(station_id, self._by_id[station_id])

    def drop(self, station_id: StationId, *, returns_after_s: float | None = None) -> None:
        """Its connection ends; it comes back after so long, or stays away."""
        if self._links.pop(station_id, None) is None:
            return
        self._tell("link.disconnected", station_id)
        if returns_after_s is not None:
            station = self._by_id[station_id]
            self._clock.call_later(returns_after_s, lambda: self._tasks.start(self.connect(station)))

    def drop_all(self) -> None:
        """The server is gone: every connection with it, and nobody tells."""
        self._links.clear()

    # StationCommands

    def link(self, station_id: StationId) -> LinkView | None:
        """The live link."""
        return self._links.get(station_id)

    def links(self) -> list[LinkView]:
        """All."""
        return list(self._links.values())

    def unsupported_reason(self, station_id: StationId, command: Command) -> str | None:
        """1.6 has no base report."""
        link = self._links.get(station_id)
        is_lacking = (
            link is not None and link.version is OcppVersion.V16 and isinstance(command, GetBaseReport)
        )
        return "OCPP 1.6 has no GetBaseReport" if is_lacking else None

    async def send(
        self,
        station_id: StationId,
        command: Command,
        *,
        timeout_s: float = 30.0,
        origin: str = "api",
        before_accepted: bool = False,
    ) -> CommandOutcome:
        """What the station says; nothing is sent before its boot was answered."""
        link, station = self._links.get(station_id), self._by_id.get(station_id)
        ready = (RegistrationStatus.ACCEPTED, *([RegistrationStatus.PENDING] if before_accepted else []))
        if link is None or station is None or link.registration not in ready:
            return CommandOutcome(Outcome.OFFLINE, "c")
        station.received.append(command)
        if self.keeper is not None and (password := _password(command)) is not None:
            await self.keeper.offered(station_id, station.version, password)
        scripted = station.script.get(type(command), lambda _: None)(command)
        if station.holds(command):
            await station.released.wait()
        if scripted is Outcome.TIMEOUT:
            await self._clock.sleep(timeout_s)
        if scripted is Outcome.UNKNOWN:
            self.drop(station_id, returns_after_s=station.returns_after_s)
        if isinstance(scripted, Outcome):
            return CommandOutcome(scripted, "c")
        if isinstance(scripted, str):
            return CommandOutcome(Outcome.ERROR, "c", error_code=scripted)
        answer = scripted or station.answer(command)
        if self.keeper is not None and _password(command) is not None and not answer.is_accepted:
            await self.keeper.refused(station_id)
        if answer.is_accepted:
            self._follow(station_id, station, command)
        return CommandOutcome(Outcome.RESULT, "c", answer=answer)

    async def call(
        self,
        station_id: StationId,
        action: str,
        payload: dict[str, Any],
        *,
        timeout_s: float = 30.0,
        origin: str = "api",
    ) -> CommandOutcome:
        """Provisioning sends no raw calls."""
        raise AssertionError(action)

    async def disconnect(self, station_id: StationId, *, code: int, reason: str) -> bool:
        """Close the socket; the station comes back by itself."""
        station = self._by_id.get(station_id)
        is_connected = station_id in self._links
        self.drop(station_id, returns_after_s=station.returns_after_s if station else None)
        return is_connected

    def _follow(self, station_id: StationId, station: ScriptedStation, command: Command) -> None:
        """What comes after the answer."""
        if station.is_leaving:
            station.is_leaving = False
            self.drop(station_id, returns_after_s=station.returns_after_s)
        match command:
            case Reset() if station.restarts_when == "asked" or (
                station.restarts_when == "accepted" and station.is_accepted
            ):
                self._restart(station_id, station)
            case TriggerMessage(message=TriggeredMessage.BOOT_NOTIFICATION):
                self._tasks.start(self.boot(station_id))
            case ChangeAvailability() if station.reports_changes:
                self._report(station_id, station)
            case TriggerMessage(message=TriggeredMessage.STATUS_NOTIFICATION) if station.reports_status:
                self._report(station_id, station)

    def _report(self, station_id: StationId, station: ScriptedStation) -> None:
        for evse_id in range(1, station.connectors + 1):
            payload = {"evse_id": evse_id, "connector_id": 1, "status": station.status}
            self._tell("connector.status", station_id, **payload)

    def _restart(self, station_id: StationId, station: ScriptedStation) -> None:
        station.restart()
        if station.restarts_softly:
            self._clock.call_later(
                station.restarts_in_s, lambda: self._tasks.start(self.boot(station_id), name="boot")
            )
        else:
            self.drop(station_id, returns_after_s=station.restarts_in_s)

    def _tell(self, event: str, station_id: StationId, **payload: Any) -> None:
        self._bus.publish(StationEvent(event, station_id, self._clock.now(), payload))

    def security(self, station_id: StationId) -> LinkSecurity:
        """How the link was authenticated."""
        return self._links[station_id].security


def _password(command: Command) -> str | None:
    """What the command gives the station to connect with."""
    assignments = command.assignments if isinstance(command, SetVariables) else ()
    return next((each.value for each in assignments if each.ref == SECRET), None)


def _all(results: tuple[VariableResult, ...]) -> CommandAnswer:
    return VariablesAnswer.of(results)
