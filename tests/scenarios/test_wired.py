"""A role on the wire: what a person does is seen through the central system, or asked for, or left open."""

from zlib import crc32

import pytest
import pytest_asyncio

from runtime.clock import ScaledClock
from runtime.lifecycle import Background
from simulator.scenario.errors import BindingError
from simulator.scenario.files import parse_scenario
from simulator.scenario.hands import HandAction, RigFailedError
from simulator.scenario.verdicts import Verdict
from tests.scenarios.conftest import Bench, Elsewhere
from tests.support.scenario import Hands, told, verdicts
from tests.support.waiting import until
from tests.support.wire_station import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")
HURRY = 100.0
"""How fast people live in tests where they wait in vain."""


@pytest_asyncio.fixture(loop_scope="module")
async def there(bench: Bench, tasks: Background, request: pytest.FixtureRequest) -> Elsewhere:
    """A 1.6 station, accepted and at rest; another one for each test."""
    number = crc32(request.node.name.encode()) & 0xFFFF
    mac = f"02:B0:BB:00:{number >> 8:02X}:{number & 0xFF:02X}"
    elsewhere = Elsewhere(bench.server, "ac-16", mac, tasks)
    await bench.api.post("/stations", {"station_id": elsewhere.station.station_id, "admission": "accept"})
    await elsewhere.accepted()
    return elsewhere


async def test_every_action_of_the_hand_is_seen(bench: Bench, there: Elsewhere) -> None:
    """Nobody presses Enter; what is so already is not asked for."""
    hands = Hands(there.obey)
    text = """
  - connect:
  - unplug:
  - plug:
  - plug:
  - present: MY-TAG
  - unplug:
  - disconnect:
  - reconnect:
  - power_cut:
  - connect: {fresh: true}
"""
    result = await bench.play(text, there.binding, hands=hands)
    assert result.verdict is Verdict.PASSED, told(result)
    assert [text.split()[0] for text in hands.asked] == [
        "Plug",
        "Present",
        "Pull",
        "Take",
        "Bring",
        "Switch",
        "Switch",
    ]
    assert "MY-TAG" in hands.asked[1]
    assert {step.line for step in result.steps[1:]} == {"done: the central system has seen it"}
    assert result.stations == f"a = {there.binding.lower()} (OCPP 1.6)"


async def test_enter_is_believed_where_nothing_must_be_seen(bench: Bench, there: Elsewhere) -> None:
    """A prompt of the file's own; a cable that the station does not tell of."""
    hands = Hands(presses=True)
    text = "  - prompt: {en: Wipe the screen., fr: Essuyez l'écran.}\n  - plug:\n"
    result = await bench.play(text, there.binding, hands=hands)
    assert result.verdict is Verdict.PASSED, told(result)
    assert hands.asked[0] == "Wipe the screen. Then press Enter."
    assert [step.line for step in result.steps] == ["", ""]


async def test_what_must_be_seen_and_is_not_has_failed(bench: Bench, there: Elsewhere) -> None:
    """Somebody said that the station was restarted, and it was not."""
    text = "  - power_cut:\n    within: 30 s\n"
    result = await bench.play(text, there.binding, hands=Hands(presses=True), people=ScaledClock(HURRY))
    assert result.verdict is Verdict.FAILED
    assert result.steps[0].text == "The station did not start again within 30 s."


@pytest.mark.parametrize(("is_interactive", "why"), [(True, "Nobody did it"), (False, "Nobody is there")])
async def test_what_nobody_does_is_left_open(
    bench: Bench, there: Elsewhere, is_interactive: bool, why: str
) -> None:
    """Failed is not the same as not done."""
    hands = Hands(is_interactive=is_interactive)
    text = "  - plug:\n    within: 30 s\n  - status: Occupied\n"
    result = await bench.play(text, there.binding, hands=hands, people=ScaledClock(HURRY))
    assert verdicts(result) == ["1 inconclusive", "2 unasked"]
    assert result.steps[0].text.startswith(why)
    assert "Plug the cable into connector 1" in result.steps[0].text
    assert len(hands.asked) == is_interactive


async def test_nobody_need_be_there_when_it_happens_all_the_same(bench: Bench, there: Elsewhere) -> None:
    """A rig plugs the cable in: the prompt that nobody sees ends."""
    there.station.plug()
    result = await bench.play("  - plug:\n  - status: Occupied\n", there.binding)
    assert result.verdict is Verdict.PASSED, told(result)


async def test_a_station_that_was_never_seen_is_waited_for(bench: Bench, tasks: Background) -> None:
    """Its version is not known before it connects."""
    elsewhere = Elsewhere(bench.server, "ac-201", "02:B0:CC:00:00:01", tasks)
    hands = Hands(elsewhere.obey)
    text = "  - connect:\n  - expect: {event: boot, registration: Pending}\n"
    result = await bench.play(text, elsewhere.binding, hands=hands, people=ScaledClock(4))
    assert result.verdict is Verdict.PASSED, told(result)
    assert result.versions == ("2.0.1",)
    assert len(hands.asked) == 1
    with pytest.raises(BindingError, match="has never seen a station NOBODY"):
        await bench.play(text, "wire:NOBODY", people=ScaledClock(HURRY))


async def test_frames_and_commands_go_through_the_central_system(bench: Bench, there: Elsewhere) -> None:
    """The wire log has both directions; the clock is the central system's."""
    text = """
  - command: trigger-message
    with: {message: StatusNotification, evse_id: 1}
  - expect: {call: TriggerMessage, from: csms, match: {requestedMessage: StatusNotification}}
  - expect: {result: TriggerMessage, from: station, match: {status: Accepted}}
  - expect: {event: status, evse: 1, status: Available, clock_error_s: <any>}
  - call: {action: GetConfiguration, payload: {key: [HeartbeatInterval]}}
    answer: {configurationKey: [{key: HeartbeatInterval}]}
  - check: ${a.vendor} ${a.bound} ${a.version}
    is: Rivebleue wire 1.6
"""
    result = await bench.play(text, there.binding)
    assert result.verdict is Verdict.PASSED, told(result)


async def test_a_stream_that_breaks_is_taken_up_again(bench: Bench, there: Elsewhere) -> None:
    """Nothing is missed, nothing is seen twice."""
    parts = bench.server.running.parts
    assert parts is not None
    hands = Hands(lambda _text: parts.wire_log.close_taps(), presses=True)
    text = """
  - prompt: Pull the network of whoever runs this.
  - command: trigger-message
    with: {message: Heartbeat}
  - expect: {event: heartbeat}
  - never: {event: heartbeat}
    within: 500 ms
"""
    result = await bench.play(text, there.binding, hands=hands)
    assert result.verdict is Verdict.PASSED, told(result)


async def test_nobody_breaks_a_real_station(bench: Bench, there: Elsewhere) -> None:
    """Not even to put something back; a scenario that would is not begun."""
    scenario = parse_scenario(
        "scenario: x\ntitle: X\nsteps:\n  - check: 1\n    is: 2\n"
        "on_failure:\n  - fault: {}\n  - clear_fault:\n  - send: x\n",
        "x.yaml",
    )
    result = await bench.play(scenario, there.binding)
    assert {step.verdict for step in result.cleanup} == {Verdict.NOT_APPLICABLE}
    result = await bench.play("  - fault: {}\n", there.binding)
    assert (result.verdict, result.steps[0].verdict) == (Verdict.NOT_APPLICABLE, None)


class Relays:
    """A rig in front of a station: `stuck` is the hand that it cannot be."""

    def __init__(self, there: Elsewhere, stuck: str = "") -> None:
        self.done: list[str] = []
        self._there = there
        self._stuck = stuck
        self._texts = {"plug": "Plug", "unplug": "Pull", "restart": "Switch", "network_off": "Take"}
        self._texts |= {"network_on": "Bring", "present": "Present", "wipe": ""}

    def can(self, name: str) -> bool:
        """Those that it has a relay for."""
        return name in self._texts

    async def act(self, action: HandAction) -> None:
        """Do it, or fail."""
        if action.name == self._stuck:
            raise RigFailedError("the relay is stuck")
        self.done.append(f"{action.name} {dict(action.arguments)}")
        if text := self._texts[action.name]:
            self._there.obey(text)


async def test_a_rig_is_the_hands(bench: Bench, there: Elsewhere) -> None:
    """Nobody is asked; what must be seen of it is seen."""
    text = """
  - connect:
  - plug:
  - status: Occupied
  - present: MY-TAG
  - unplug:
  - status: Available
  - prompt: Wipe the screen.
    hand: wipe
  - disconnect:
  - reconnect:
  - power_cut:
"""
    rig = Relays(there)
    result = await bench.play(text, there.binding, rig=rig)
    assert result.verdict is Verdict.PASSED, told(result)
    assert [each.split()[0] for each in rig.done] == [
        "plug",
        "present",
        "unplug",
        "wipe",
        "network_off",
        "network_on",
        "restart",
    ]
    assert rig.done[1] == "present {'token': 'MY-TAG', 'evse': 1}"


async def test_a_rig_that_fails_fails_no_station(bench: Bench, there: Elsewhere) -> None:
    """Inconclusive, and the run says that it was the rig; what the rig did and nobody saw has failed."""
    result = await bench.play("  - plug:\n", there.binding, rig=Relays(there, stuck="plug"))
    assert (result.verdict, result.rig_failed) == (Verdict.INCONCLUSIVE, True)
    assert result.steps[0].text == "The rig did not do plug: the relay is stuck."
    text = "  - disconnect:\n    within: 30 s\n"
    deaf = Relays(there)
    there.obey = lambda text: None  # type: ignore[method-assign]
    result = await bench.play(text, there.binding, rig=deaf, people=ScaledClock(HURRY))
    assert (result.verdict, result.rig_failed) == (Verdict.FAILED, False)


async def test_a_station_that_has_just_come_is_given_the_time_to_boot(
    bench: Bench, tasks: Background
) -> None:
    """Connected is not booted yet: nobody is asked to switch it on a second time."""
    name = "boots-late"
    await bench.api.post("/stations", {"station_id": name, "admission": "accept"})

    async def come() -> None:
        began, ended = len(bench.watcher.started), len(bench.watcher.runs)
        async with connected(f"{bench.server.ocpp_url}/{name}", boots=False) as station:
            await until(lambda: bench.watcher.started[began:])  # the step looks for a boot
            await bench.api.get(f"/stations/{name}")
            await station.boot()
            await until(lambda: bench.watcher.runs[ended:])

    hands = Hands(lambda _text: tasks.start(come()))
    result = await bench.play("  - connect:\n", f"wire:{name}", hands=hands)
    assert result.verdict is Verdict.PASSED, told(result)
    assert len(hands.asked) == 1
