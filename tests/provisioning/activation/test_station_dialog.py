"""One try of one step: what counts as an answer, and what is left behind."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.domain.commands import Outcome
from ocppj.model.boot import Reset
from ocppj.model.command import CommandAnswer
from ocppj.model.variables import GetBaseReport, GetVariables, SetVariables, VariableResult, VariablesAnswer
from ocppj.vocabulary import RegistrationStatus
from provisioning.activation.runs import StepState
from provisioning.activation.station_dialog import (
    FeatureLacking,
    NoAnswer,
    NotConnected,
    NotRegistered,
    StationDialog,
    StationErred,
    is_same,
)
from provisioning.blockers import Code
from tests.support.provisioning import ID, MAC, World
from tests.support.stations import HEARTBEAT, SECRET, ScriptedStation


@pytest.fixture
async def dialog(world: World, v16: ScriptedStation) -> StationDialog:
    """With a pending 1.6 station."""
    await world.order(MAC)
    await world.stations.connect(v16)
    return StationDialog(world.stations, ID, 30.0, asyncio.Semaphore(1))


async def test_nothing_is_sent_without_a_link(world: World) -> None:
    """There is nobody to ask."""
    dialog = StationDialog(world.stations, ID, 30.0, asyncio.Semaphore(1))
    with pytest.raises(NotConnected):
        await dialog.send(Reset())
    assert dialog.evidence == []


async def test_nothing_is_sent_before_the_boot_was_answered(world: World, v16: ScriptedStation) -> None:
    """Architecture §4.8."""
    v16.boots_on_connect = False
    await world.order(MAC)
    await world.stations.connect(v16)
    with pytest.raises(NotRegistered):
        await StationDialog(world.stations, ID, 30.0, asyncio.Semaphore(1)).send(Reset())
    assert v16.received == []


async def test_nothing_is_sent_to_a_rejected_station(
    world: World, v16: ScriptedStation, dialog: StationDialog
) -> None:
    """OCPP 2.0.1 B03.FR.03; it boots again by itself."""
    world.stations._links[ID] = replace(world.stations._links[ID], registration=RegistrationStatus.REJECTED)
    with pytest.raises(NotRegistered):
        await dialog.send(Reset())
    assert v16.received == []


@pytest.mark.parametrize(
    ("said", "error", "text"),
    [
        (Outcome.TIMEOUT, NoAnswer, "no answer"),
        (Outcome.UNKNOWN, NoAnswer, "the connection was lost"),
        (Outcome.REPLACED, NoAnswer, "it reconnected meanwhile"),
        (Outcome.BUSY, NoAnswer, "too many commands are waiting"),
        (Outcome.UNSUPPORTED, FeatureLacking, "Reset"),
        ("NotImplemented", FeatureLacking, "Reset"),
        ("NotSupported", FeatureLacking, "Reset"),
        ("InternalError", StationErred, "error InternalError"),
        (Outcome.ERROR, StationErred, "error error"),
    ],
)
async def test_what_is_no_answer(
    world: World, v16: ScriptedStation, dialog: StationDialog, said: Any, error: type[Exception], text: str
) -> None:
    """Silence is tried again, nonsense a few times, and what a station does not have is told."""
    v16.script[Reset] = lambda _: said
    asking = asyncio.ensure_future(dialog.send(Reset()))
    await world.passes(31)
    with pytest.raises(error, match=text) as raised:
        await asking
    assert type(raised.value) is error
    assert len(dialog.evidence) == 1


async def test_evidence_is_cut_to_what_people_read(v16: ScriptedStation, dialog: StationDialog) -> None:
    """A station may answer with anything."""
    v16.script[Reset] = lambda _: CommandAnswer("Accepted", additional_info="x" * 5000)
    await dialog.send(Reset())
    assert len(dialog.evidence[0].answered or "") == 300
    assert dialog.evidence[0].sent.startswith("Reset(")


async def test_a_secret_is_set_without_reading_it_back(v16: ScriptedStation, dialog: StationDialog) -> None:
    """It is write-only; and the evidence has stars."""
    assert await dialog.assign(SECRET, "ab" * 20, is_secret=True)
    assert v16.got(GetVariables) == []
    assert dialog.evidence[0].sent == "set SecurityCtrlr.BasicAuthPassword=***"


@pytest.mark.parametrize("how", ["without a value", "unknown", "nothing"])
async def test_a_read_back_without_a_value_is_no_proof(
    v16: ScriptedStation, dialog: StationDialog, how: str
) -> None:
    """Accepted on setting, and not told on reading: that is said, and the step is not done."""
    said = {
        "without a value": VariablesAnswer("Accepted", variables=(VariableResult(HEARTBEAT, "Accepted"),)),
        "unknown": VariablesAnswer("UnknownKey", variables=(VariableResult(HEARTBEAT, "UnknownVariable"),)),
        "nothing": CommandAnswer("Accepted"),
    }
    v16.script[GetVariables] = lambda _: said[how]
    assert await dialog.assign(HEARTBEAT, "300")
    assert [each.text.en for each in dialog.remarks] == [
        "OCPPCommCtrlr.HeartbeatInterval: the station took 300, but does not say what it has."
    ]
    assert dialog.state is StepState.LACKING
    assert dialog.confirmed == set()


async def test_an_empty_value_is_another_one(v16: ScriptedStation, dialog: StationDialog) -> None:
    """It has a value, and it is not the one that was asked for."""
    v16.ignored.add(HEARTBEAT)
    v16.variables[HEARTBEAT] = ""
    assert not await dialog.assign(HEARTBEAT, "300")
    assert [each.text.en for each in dialog.remarks] == [
        "OCPPCommCtrlr.HeartbeatInterval: asked 300, reported –."
    ]


async def test_what_was_read_back_right_is_confirmed(v16: ScriptedStation, dialog: StationDialog) -> None:
    """That takes away what was remarked on it before."""
    assert await dialog.assign(HEARTBEAT, "300")
    assert dialog.confirmed == {"OCPPCommCtrlr.HeartbeatInterval"}
    assert dialog.state is StepState.DONE


async def test_a_value_for_after_the_restart_is_not_compared_before(
    v16: ScriptedStation, dialog: StationDialog
) -> None:
    """It counts as taken, and asks for the restart."""
    v16.refused[HEARTBEAT] = "RebootRequired"
    assert await dialog.assign(HEARTBEAT, "300")
    assert dialog.needs_restart
    assert dialog.remarks == []


async def test_setting_may_be_unknown_altogether(v16: ScriptedStation, dialog: StationDialog) -> None:
    """A station without the action."""
    v16.script[SetVariables] = lambda _: "NotImplemented"
    assert not await dialog.assign(HEARTBEAT, "300")
    assert [each.code for each in dialog.remarks] == [Code.KEY_LACKING]


def test_remarks_make_the_state() -> None:
    """Lacking where only something is missing, refused where something was said no to."""
    dialog = StationDialog(World.__new__(World), ID, 30.0, asyncio.Semaphore(1))  # type: ignore[arg-type] # asks nobody
    assert dialog.state is StepState.DONE
    dialog.remark(Code.KEY_LACKING, key="a")
    assert dialog.state is StepState.LACKING
    dialog.remark(Code.KEY_REFUSED, key="a", reason="no")
    assert dialog.state is StepState.REFUSED


async def test_a_slot_is_held_for_one_command_only(world: World, v16: ScriptedStation) -> None:
    """However many commands there are to send, so many are open at once."""
    await world.order(MAC)
    await world.stations.connect(v16)
    open_at_once: list[int] = []
    slots = asyncio.Semaphore(2)
    v16.script[Reset] = lambda _: open_at_once.append(slots._value) or Outcome.TIMEOUT  # type: ignore[func-returns-value] # counts
    talks = [
        asyncio.ensure_future(StationDialog(world.stations, ID, 1.0, slots).send(Reset())) for _ in range(5)
    ]
    await world.passes(10)
    results = await asyncio.gather(*talks, return_exceptions=True)
    assert all(isinstance(each, NoAnswer) for each in results)
    assert min(open_at_once) == 0
    assert len(open_at_once) == 5


async def test_versions_may_lack_a_command(world: World, v16: ScriptedStation) -> None:
    """It is known before the wire."""
    await world.order(MAC)
    await world.stations.connect(v16)
    assert world.stations.unsupported_reason(ID, GetBaseReport(1)) is not None


@pytest.mark.parametrize(
    ("reported", "asked", "is_equal"),
    [
        ("300", "300", True),
        (" 300 ", "300", True),
        ("300.0", "300", True),
        ("TRUE", "true", True),
        ('{"a": 1, "b":2.0}', '{"b":2,"a":1}', True),
        ("301", "300", False),
        ("", "300", False),
        ("[[[[", "300", False),
    ],
)
def test_what_is_the_same(reported: str, asked: str, *, is_equal: bool) -> None:
    """Numbers, truth and JSON are compared by what they mean."""
    assert is_same(reported, asked) is is_equal


@given(reported=st.text(max_size=600), asked=st.text(max_size=600))
def test_comparing_never_raises(reported: str, asked: str) -> None:
    """A station may report anything; equal texts are always the same."""
    assert is_same(asked, asked)
    assert is_same(reported, asked) in (True, False)


def test_deep_json_is_no_trap() -> None:
    """Nor does nesting end the server."""
    assert not is_same("[" * 100_000, "1")
