"""A role played by a station that is connected to the central system: simulated by somebody else, or real.

What it says is read from the central system's wire log; what a hand must do is asked of whoever sits at the
terminal. A prompt ends when Enter is pressed, or by itself when its effect is seen on the wire.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol

import httpx

from ocppj.versions import OcppVersion
from runtime.client import ApiClient, ApiError, ApiRefused
from simulator.scenario.conversation import Conversation, SeenEvent
from simulator.scenario.errors import BindingError
from simulator.scenario.event_log import EventLog
from simulator.scenario.hands import HandAction, act_by_rig
from simulator.scenario.station_drivers.driver import (
    CONNECT_S,
    HAND_S,
    Bound,
    DriverContext,
    Prompter,
    WireAnswer,
)
from simulator.scenario.station_drivers.wire_log_reader import LogFrame, WireLogReader
from simulator.scenario.verdicts import Failed, Inconclusive, NotApplicable

LOOK_EVERY_S = 1.0
BOOT_S = 120.0
"""Who was just switched on and is connected boots within this, or somebody is asked to do it again."""


class FrameSource(Protocol):
    """Whoever has the frames of the station, and knows whether it is connected."""

    async def station(self) -> dict[str, Any]:
        """What is known of the station. Raises ApiError."""
        ...

    async def history(self, epoch: int | None) -> list[LogFrame]:
        """What the present connection has said so far. Raises ApiError."""
        ...

    async def follow(self, receive: Callable[[LogFrame], None]) -> NoReturn:
        """Publish every new frame."""
        ...


class WiredDriver:
    """Implements `driver.StationDriver`. Made by `find_wired`."""

    bound: Bound = "wire"

    def __init__(
        self,
        role: str,
        station: dict[str, Any],
        tap: FrameSource,
        prompter: Prompter,
        shared: DriverContext,
    ) -> None:
        self.role = role
        self.station_id: str = station["station_id"]
        self.version = OcppVersion(f"ocpp{station['version']}")
        self.event_log = EventLog(Conversation(self.version, clock_is_theirs=True))
        self.has_just_come = False
        """Somebody was asked for it, and its first connection is what ended that."""
        self._known = station
        self._tap = tap
        self._prompter = prompter
        self._rig = shared.rig
        self._clock = shared.pace.clock
        self._words = shared.words
        self._tasks = shared.tasks

    async def open(self) -> None:
        """Read what the present connection has said so far, then follow it. Raises ApiError."""
        link = self._known.get("link") or {}
        for frame in await self._tap.history(link.get("epoch")):
            self._receive(frame)
        self._tasks.start(self._tap.follow(self._receive), name=self.station_id)

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.role} = wire:{self.station_id} (OCPP {self.version.label})"

    @property
    def fields(self) -> dict[str, Any]:
        """What the central system knows."""
        known = self._known
        return {
            "id": self.station_id,
            "version": self.version.label,
            "bound": self.bound,
            "mac": known.get("mac"),
            "vendor": known.get("vendor"),
            "model": known.get("model"),
            "serial": known.get("serial_number"),
            "firmware": known.get("firmware_version"),
        }

    def connectors(self) -> list[tuple[int, int]]:
        """Those that it told of: to the central system before, or since."""
        stored = {(each["evse_id"], each["connector_id"]) for each in self._known.get("connectors") or ()}
        return sorted(place for place in stored | self.event_log.statuses.keys() if place[0] > 0)

    def earlier_status(self, place: tuple[int, int]) -> str | None:
        """As the central system has stored it."""
        for each in self._known.get("connectors") or ():
            if (each["evse_id"], each["connector_id"]) == place:
                return str(each["status"])
        return None

    # Actions of the hand

    async def connect(self, *, fresh: bool, within_s: float | None) -> str:
        """It is connected and its boot was seen; else somebody must switch it on."""
        is_online = bool((await self._look()).get("is_online"))
        if is_online and not fresh and await self._boots():
            self.event_log.mark = 0  # what this connection has said so far is what expectations look at
            return ""
        key = "do_restart" if is_online else "do_switch_on"
        text = self._words.text(key, station=self.station_id)
        hand = self._hand("restart" if is_online else "power_on")
        return await self._by_hand(text, self._has_booted, within_s, must_see="no_boot_after", hand=hand)

    async def _boots(self) -> bool:
        """Its boot was seen, or follows: between a connection and its boot are seconds."""

        def seen() -> bool | None:
            return self._has_booted(after=0) or None

        if seen() or not self.has_just_come:
            return bool(seen())
        return bool(await self.event_log.signal.until(seen, self._clock, BOOT_S))

    async def disconnect(self, within_s: float | None) -> str:
        """Gone from the central system's list of links."""
        text = self._words.text("do_disconnect")
        watch = self._tasks.start(self._watch_link(), name="link")
        try:
            return await self._by_hand(
                text,
                lambda: not self._is_online,
                within_s,
                must_see="still_connected",
                hand=self._hand("network_off"),
            )
        finally:
            watch.cancel()

    async def reconnect(self, within_s: float | None) -> str:
        """Back in the list."""
        text = self._words.text("do_reconnect")
        self._known["is_online"] = False
        watch = self._tasks.start(self._watch_link(), name="link")
        try:
            hand = self._hand("network_on")
            return await self._by_hand(
                text, lambda: self._is_online, within_s, must_see="not_connected", hand=hand
            )
        finally:
            watch.cancel()

    async def power_cut(self, within_s: float | None) -> str:
        """Off and on again, seen by its boot."""
        text = self._words.text("do_restart")
        hand = self._hand("restart")
        return await self._by_hand(text, self._has_booted, within_s, must_see="no_boot_after", hand=hand)

    async def plug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:
        """Seen by the connector's status."""
        if not self._can("plug") and self._status(evse_id, connector_id) == "Occupied":
            return self._words.text("seen")
        text = self._words.text("do_plug", connector=self._name(evse_id, connector_id))
        sign = lambda: self._status(evse_id, connector_id) == "Occupied"  # noqa: E731 - reads as the sentence
        hand = self._hand("plug", evse=evse_id, connector=connector_id)
        return await self._by_hand(text, sign, within_s, hand=hand)

    async def unplug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:
        """Seen by the connector's status."""
        if not self._can("unplug") and self._status(evse_id, connector_id) in ("Available", "Reserved"):
            return self._words.text("seen")
        text = self._words.text("do_unplug", connector=self._name(evse_id, connector_id))
        sign = lambda: self._status(evse_id, connector_id) != "Occupied"  # noqa: E731
        hand = self._hand("unplug", evse=evse_id, connector=connector_id)
        return await self._by_hand(text, sign, within_s, hand=hand)

    async def present(
        self,
        token: str,
        evse_id: int,
        within_s: float | None,
        contract: str | None = None,  # noqa: ARG002 - the protocol
    ) -> str:
        """Seen by what it leads to, whichever token it is."""
        names = ("authorize", "transaction started", "transaction ended")
        text = self._words.text("do_present", token=token)
        hand = self._hand("present", token=token, evse=evse_id)
        return await self._by_hand(text, lambda: self._has_seen(*names), within_s, hand=hand)

    async def prompt(self, text: str, within_s: float | None, hand: str | None = None) -> str:
        """Only who does it can say that it is done."""
        asked = self._words.text("do_prompt", text=text)
        action = self._hand(hand, text=text) if hand is not None else None
        return await self._by_hand(asked, lambda: False, within_s, hand=action)

    async def fault(self, evse_id: int, connector_id: int, code: str) -> str:  # noqa: ARG002 - the protocol
        """Nobody breaks a real one."""
        raise self._only_simulated()

    async def clear_fault(self, evse_id: int, connector_id: int) -> str:  # noqa: ARG002
        """The same."""
        raise self._only_simulated()

    async def send(self, text: str) -> str:  # noqa: ARG002
        """The same."""
        raise self._only_simulated()

    async def request(self, action: str, payload: Mapping[str, Any], within_s: float) -> WireAnswer:  # noqa: ARG002
        """The same."""
        raise self._only_simulated()

    def _only_simulated(self) -> NotApplicable:
        return NotApplicable(self._words.text("not_here", scopes="sim"))

    # Seeing

    def _can(self, name: str) -> bool:
        return self._rig is not None and self._rig.can(name)

    def _hand(self, name: str, **arguments: object) -> HandAction:
        text = str(arguments.pop("text", ""))
        return HandAction(name=name, station_id=self.station_id, text=text, arguments=arguments)

    async def _by_hand(
        self,
        text: str,
        sign: Callable[[], bool],
        within_s: float | None,
        *,
        must_see: str | None = None,
        hand: HandAction | None = None,
    ) -> str:
        """Ask for it. Done when its effect is seen, or when Enter is pressed and nothing must be seen."""
        within_s = within_s or HAND_S
        if hand is not None and self._rig is not None and self._can(hand.name):
            await act_by_rig(self._rig, hand, self._words)
            return await self._after_rig(sign, within_s, must_see)
        prompting = (
            self._tasks.start(_prompt(self._prompter, text)) if self._prompter.is_interactive else None
        )
        if prompting is not None:
            prompting.add_done_callback(lambda _done: self.event_log.signal.notify())

        def is_done() -> bool | None:
            has_said_so = prompting is not None and prompting.done() and not must_see
            return True if sign() or has_said_so else None

        try:
            done = await self.event_log.signal.until(is_done, self._clock, within_s)
        finally:
            has_answered = prompting is not None and prompting.done()
            if prompting is not None:
                prompting.cancel()
        if done:
            return self._words.text("seen") if sign() else ""
        within = self._words.seconds(within_s)
        if must_see and has_answered:
            raise Failed(
                self._words.text(must_see, within=within),
                advice=self._words.text("check_url", url=self.station_id),
            )
        key = "nobody_did" if self._prompter.is_interactive else "nobody_there"
        raise Inconclusive(self._words.text(key, within=within, text=text))

    async def _after_rig(self, sign: Callable[[], bool], within_s: float, must_see: str | None) -> str:
        """A machine says itself that it is done; what must be seen of it is waited for."""
        if must_see is None:
            return ""
        look = lambda: True if sign() else None  # noqa: E731 - reads as the sentence
        if await self.event_log.signal.until(look, self._clock, within_s):
            return self._words.text("seen")
        raise Failed(
            self._words.text(must_see, within=self._words.seconds(within_s)),
            advice=self._words.text("check_url", url=self.station_id),
        )

    def _has_seen(self, *names: str, after: int | None = None) -> bool:
        start = self.event_log.mark if after is None else after
        return any(
            isinstance(seen, SeenEvent) and seen.name in names and seen.position > start
            for seen in self.event_log.everything()
        )

    def _has_booted(self, after: int | None = None) -> bool:
        return self._has_seen("boot", after=after)

    def _status(self, evse_id: int, connector_id: int) -> str | None:
        event = self.event_log.statuses.get((evse_id, connector_id))
        return str(event.fields["status"]) if event else self.earlier_status((evse_id, connector_id))

    def _name(self, evse_id: int, connector_id: int) -> str:
        return str(evse_id) if connector_id == 1 else f"{evse_id}.{connector_id}"

    @property
    def _is_online(self) -> bool:
        return bool(self._known.get("is_online"))

    async def _look(self) -> dict[str, Any]:
        try:
            self._known = await self._tap.station()
        except ApiError as error:
            raise Inconclusive(self._words.text("api_gone", problem=error)) from None
        return self._known

    async def _watch_link(self) -> NoReturn:
        """Look at the link again and again: the log tells of frames, not of their absence."""
        while True:
            await self._clock.sleep(LOOK_EVERY_S)
            try:
                self._known = await self._tap.station()
            except ApiError:
                continue
            self.event_log.signal.notify()

    def _receive(self, frame: LogFrame) -> None:
        self.event_log.add("station" if frame.is_from_station else "csms", frame.raw, frame.at)


async def find_wired(
    role: str, station_id: str, api: ApiClient, prompter: Prompter, shared: DriverContext
) -> WiredDriver:
    """The driver of a connected station. One that never connected is asked for, because its version is not
    known before. Raises BindingError, ApiError.
    """
    tap = WireLogReader(api, station_id, shared.pace.clock)
    station, was_asked_for = await _first_contact(station_id, tap, prompter, shared)
    driver = WiredDriver(role, station, tap, prompter, shared)
    driver.has_just_come = was_asked_for
    await driver.open()
    return driver


async def _first_contact(
    station_id: str, tap: WireLogReader, prompter: Prompter, shared: DriverContext
) -> tuple[dict[str, Any], bool]:
    """What is known of the station, and whether somebody was asked to switch it on."""
    deadline = shared.pace.clock.monotonic() + (HAND_S if prompter.is_interactive else CONNECT_S)
    prompting: asyncio.Task[object] | None = None
    try:
        while True:
            station = await _known(tap)
            if station is not None and station.get("version"):
                return station, prompting is not None
            if shared.pace.clock.monotonic() > deadline:
                raise BindingError(
                    f"the central system has never seen a station {station_id}: connect it, then try again"
                )
            if prompting is None and prompter.is_interactive:
                text = shared.words.text("do_switch_on", station=station_id)
                prompting = shared.tasks.start(_prompt(prompter, text))
            await shared.pace.clock.sleep(LOOK_EVERY_S)
    finally:
        if prompting is not None:
            prompting.cancel()


async def _known(tap: WireLogReader) -> dict[str, Any] | None:
    try:
        return await tap.station()
    except ApiRefused as error:
        if error.status == httpx.codes.NOT_FOUND:
            return None
        raise


async def _prompt(prompter: Prompter, text: str) -> None:
    await prompter.request(text)
