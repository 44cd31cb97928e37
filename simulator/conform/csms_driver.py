"""The station that the tool plays to a central system under test, frame by frame.

It says what the case makes it say and nothing else; what the central system calls is answered as the case has
prepared it, or as the data file says.
"""

from collections.abc import Mapping
from typing import Any

from ocppj.aio.client import connect
from ocppj.aio.errors import ConnectError
from ocppj.aio.limits import Limits
from ocppj.aio.watch import Watch
from runtime.clock import Clock
from simulator.conform.peer import ToolPeer
from simulator.scenario.event_log import EventLog
from simulator.scenario.station_drivers.driver import Bound, WireAnswer
from simulator.scenario.verdicts import Failed, NotApplicable
from simulator.scenario.words import RunTexts

CONNECT_S = 30.0


class PlayedStationDriver:
    """Implements `simulator.scenario.station_drivers.driver.StationDriver`."""

    bound: Bound = "sim"

    def __init__(
        self,
        station_id: str,
        url: str,
        peer: ToolPeer,
        event_log: EventLog,
        *,
        password: str | None,
        clock: Clock,
        words: RunTexts,
    ) -> None:
        self.role = "a"
        self.station_id = station_id
        self.version = event_log.conversation.version
        self.event_log = event_log
        self.is_let_in_anyway = False
        """Of a mutant that looks at no credentials: those of the case are not sent."""
        self.given: Mapping[str, Any] = {}
        """User and password of the next connection, where the case has others."""
        self._url = url
        self._peer = peer
        self._password = password
        self._clock = clock
        self._words = words

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.station_id} (OCPP {self.version.label}), played by the tool"

    @property
    def fields(self) -> dict[str, Any]:
        """What it tells of itself."""
        return {
            "id": self.station_id,
            "version": self.version.label,
            "bound": self.bound,
            "vendor": "borne",
            "model": "conform",
            "serial": self.station_id,
            "firmware": "1.0",
        }

    def connectors(self) -> list[tuple[int, int]]:
        """Those that it has told of."""
        return sorted(self.event_log.statuses)

    def earlier_status(self, place: tuple[int, int]) -> str | None:  # noqa: ARG002 - the protocol
        """It was never there before."""
        return None

    async def connect(self, *, fresh: bool, within_s: float | None) -> str:  # noqa: ARG002 - there is one way
        """Open the WebSocket, with its id as the user name (A00.FR.205)."""
        if self._peer.is_open:
            await self.disconnect(within_s)
        given = {} if self.is_let_in_anyway else self.given
        password = given.get("password") or self._password
        user = given.get("user") or self.station_id
        try:
            await connect(
                f"{self._url}/{self.station_id}",
                receiver=self._peer.receiver,
                subprotocols=[self.version.subprotocol],
                username=user if password is not None else None,
                password=password,
                watch=Watch(Limits(ping_every_s=None, silent_after_s=None), self._clock.unscaled),
            )
        except ConnectError as error:
            if self.given.get("refused"):
                return str(error)
            raise Failed(self._words.text("bench_turned_away", problem=error)) from None
        if self.given.get("refused"):
            self._peer.hang_up()
            raise Failed(self._words.text("bench_let_in"))
        return ""

    async def disconnect(self, within_s: float | None) -> str:
        """Hang up."""
        self._peer.hang_up()
        gone = lambda: None if self._peer.is_open else True  # noqa: E731 - reads as the sentence
        await self._peer.changed.until(gone, self._clock, within_s or CONNECT_S)
        return ""

    async def reconnect(self, within_s: float | None) -> str:
        """Dial again."""
        return await self.connect(fresh=False, within_s=within_s)

    async def power_cut(self, within_s: float | None) -> str:
        """The connection ends and comes back; what it then says stands in the case."""
        await self.disconnect(within_s)
        return await self.connect(fresh=False, within_s=within_s)

    async def plug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:  # noqa: ARG002
        """It has no hands."""
        raise self._no_hands()

    async def unplug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:  # noqa: ARG002
        """The same."""
        raise self._no_hands()

    async def present(
        self,
        token: str,  # noqa: ARG002
        evse_id: int,  # noqa: ARG002
        within_s: float | None,  # noqa: ARG002
        contract: str | None = None,  # noqa: ARG002
    ) -> str:
        """The same."""
        raise self._no_hands()

    async def prompt(self, text: str, within_s: float | None, hand: str | None = None) -> str:  # noqa: ARG002
        """The same."""
        raise self._no_hands()

    async def fault(self, evse_id: int, connector_id: int, code: str) -> str:  # noqa: ARG002
        """The same."""
        raise self._no_hands()

    async def clear_fault(self, evse_id: int, connector_id: int) -> str:  # noqa: ARG002
        """The same."""
        raise self._no_hands()

    async def send(self, text: str) -> str:
        """Any text."""
        self._peer.send_text(text.encode("utf-8", "surrogatepass"))
        return ""

    async def request(self, action: str, payload: Mapping[str, Any], within_s: float) -> WireAnswer:
        """As the case says it."""
        return await self._peer.request(action, _without_absent(payload), within_s)

    def _no_hands(self) -> NotApplicable:
        return NotApplicable(self._words.text("no_hand"))


def _without_absent(value: Any) -> Any:
    """`<absent>` stands for a member that is not sent: preparations leave it to the case."""
    if isinstance(value, Mapping):
        return {key: _without_absent(one) for key, one in value.items() if one not in ("<absent>", None)}
    if isinstance(value, list):
        return [_without_absent(one) for one in value]
    return value
