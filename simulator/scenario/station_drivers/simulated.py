"""A role played by a simulated station of this process."""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ocppj.model.authorization import ContractCertificate
from ocppj.session import Direction
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdToken, IdTokenType
from simulator.connection.tap import Frame
from simulator.errors import CallFailedError, CallTimeoutError, SimulatorError, WaitTimeoutError
from simulator.model.station_log import LogEntry
from simulator.scenario.conversation import Conversation
from simulator.scenario.event_log import EventLog
from simulator.scenario.station_drivers.driver import CONNECT_S, Bound, DriverContext, WireAnswer
from simulator.scenario.verdicts import Failed, Inconclusive, NotApplicable
from simulator.scenario.words import RunTexts
from simulator.station.station import Station

REACTION_S = 0.2
"""A hand takes a moment, in the run's time: the station has understood what it was just told."""
LAST_LINES = 5
"""Of the station's own log, shown where it did not connect."""


class SimulatedDriver:
    """Implements `driver.StationDriver`. The station's power is off until `connect`."""

    bound: Bound = "sim"

    def __init__(self, role: str, template: str, station: Station, url: str, shared: DriverContext) -> None:
        self.role = role
        self.station_id = station.station_id
        self.version: OcppVersion = station.template.ocpp
        self.event_log = EventLog(Conversation(self.version))
        self.station = station
        self._template = template
        self._url = url
        self._pace = shared.pace
        self._words = shared.words
        self._tasks = shared.tasks
        self._is_on = False
        self._lines: deque[str] = deque(maxlen=LAST_LINES)
        station.tap.listen(self._receive)
        station.log.listen(self._note)

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.role} = sim:{self._template} ({self.station_id}, OCPP {self.version.label})"

    @property
    def fields(self) -> dict[str, Any]:
        """What the template made of it."""
        identity = self.station.identity
        return {
            "id": self.station_id,
            "version": self.version.label,
            "bound": self.bound,
            "mac": identity.mac.label,
            "vendor": identity.vendor,
            "model": identity.model,
            "serial": identity.serial,
            "firmware": identity.firmware,
        }

    def connectors(self) -> list[tuple[int, int]]:
        """All that it has."""
        return [(one.evse_id, one.connector_id) for one in self.station.snapshot().connectors]

    def earlier_status(self, place: tuple[int, int]) -> str | None:  # noqa: ARG002 - the protocol
        """It was switched off."""
        return None

    async def connect(self, *, fresh: bool, within_s: float | None) -> str:
        """Switch it on."""
        if not self._is_on:
            self._is_on = True
            self._tasks.start(self.station.run(), name=self.station_id)
        elif fresh:
            await self.power_cut(within_s)
        await self._until_connected(within_s)
        return ""

    async def disconnect(self, within_s: float | None) -> str:  # noqa: ARG002 - the protocol
        """The network is gone."""
        await self._react()
        self.station.drop_link()
        return ""

    async def reconnect(self, within_s: float | None) -> str:
        """The network is back."""
        self.station.restore_link()
        await self._until_connected(within_s)
        return ""

    async def power_cut(self, within_s: float | None) -> str:
        """Off and on again."""
        await self._react()
        self.station.power_cut()
        patience_s = self._pace.patience_s(within_s or CONNECT_S)
        try:
            await self.station.wait_until(lambda now: not now.is_connected, patience_s)
        except WaitTimeoutError:
            raise Failed(
                self._words.text("still_connected", within=self._words.seconds(within_s or CONNECT_S))
            ) from None
        await self._until_connected(within_s)
        return ""

    async def plug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:  # noqa: ARG002
        """With the template's car."""
        await self._react()
        with _possible(self._words):
            self.station.plug(evse_id, connector_id)
        return ""

    async def unplug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:  # noqa: ARG002
        """Whatever goes on there."""
        await self._react()
        with _possible(self._words):
            self.station.unplug(evse_id, connector_id)
        return ""

    async def present(
        self,
        token: str,
        evse_id: int,
        within_s: float | None,  # noqa: ARG002
        contract: str | None = None,
    ) -> str:
        """What came of it is for expectations to judge, and told."""
        await self._react()
        with _possible(self._words):
            if contract is None:
                result = await self.station.present(token, evse_id)
            else:
                emaid = IdToken(token, IdTokenType.EMAID)
                result = await self.station.present(emaid, evse_id, ContractCertificate(contract))
        told = self._words.text(f"token_{result.outcome.value}")
        return f"{told}: {result.reason}" if result.reason else told

    async def prompt(self, text: str, within_s: float | None, hand: str | None = None) -> str:  # noqa: ARG002
        """Nobody is there."""
        raise NotApplicable(self._words.text("no_hand"))

    async def fault(self, evse_id: int, connector_id: int, code: str) -> str:
        """A moment later."""
        await self._react()
        with _possible(self._words):
            self.station.fault(code, evse_id, connector_id)
        return ""

    async def clear_fault(self, evse_id: int, connector_id: int) -> str:
        """A moment later."""
        await self._react()
        with _possible(self._words):
            self.station.clear_fault(evse_id, connector_id)
        return ""

    async def send(self, text: str) -> str:
        """Whatever it is."""
        await self._react()
        with _possible(self._words):
            self.station.send_raw(text.encode("utf-8", "surrogatepass"))
        return ""

    async def request(self, action: str, payload: Mapping[str, Any], within_s: float) -> WireAnswer:  # noqa: ARG002
        """As its own code would send it; it waits as long as it waits for any answer."""
        await self._react()
        with _possible(self._words):
            try:
                return WireAnswer(payload=await self.station.call(action, payload))
            except CallFailedError as error:
                return WireAnswer(error_code=error.code, error_description=error.description)
            except CallTimeoutError:
                return WireAnswer()

    async def _react(self) -> None:
        await self._pace.clock.sleep(REACTION_S)

    async def _until_connected(self, within_s: float | None) -> None:
        within_s = within_s or CONNECT_S
        try:
            await self.station.wait_until(lambda now: now.is_connected, self._pace.patience_s(within_s))
        except WaitTimeoutError:
            raise Failed(
                self._words.text("not_connected", within=self._words.seconds(within_s)),
                found=self._lines,
                advice=self._words.text("check_url", url=f"{self._url}/{self.station_id}"),
            ) from None

    def _receive(self, frame: Frame) -> None:
        sender = "station" if frame.direction is Direction.OUT else "csms"
        self.event_log.add(sender, frame.text.decode("utf-8", "backslashreplace"), frame.at)  # type: ignore[arg-type] # a literal

    def _note(self, entry: LogEntry) -> None:
        self._lines.append(entry.text)
        if entry.mistake is not None:
            self.event_log.note_mistake(entry.mistake)


@contextmanager
def _possible(words: RunTexts) -> Iterator[None]:
    """What the station cannot do says nothing about the central system: it leaves the question open."""
    try:
        yield
    except SimulatorError as error:
        raise Inconclusive(words.text("not_possible", problem=error)) from None
