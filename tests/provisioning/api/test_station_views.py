"""A station's way and its activations as values, for pages and programs alike."""

from datetime import UTC, datetime

from csms.domain.station_details import NOTHING_KNOWN
from ocppj.vocabulary import StationId
from provisioning.activation.runs import Evidence, StepName, StepRecord, StepState, new_run
from provisioning.api.station_views import (
    EvidenceAnswer,
    HistoryLineAnswer,
    LedStationAnswer,
    StepAnswer,
    activation_view,
    history_view,
    led_station_view,
)
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.gates.facts import GateFacts
from provisioning.gates.table import checklist
from provisioning.storage.runs import HistoryLine
from runtime.paging import json_response
from runtime.texts import instant_text
from tests.support.provisioning import ID, World

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
LACKING = blocker(Code.KEY_LACKING, key="X")
STEP = StepRecord(StepName.CLOCK, AT, StepState.LACKING, 1, 2, (Evidence("a", "b", "c"),), (LACKING,))


def test_a_run_is_told_step_by_step() -> None:
    """With what was sent, answered and read back; the station's id stands in what to do."""
    told = activation_view(ID, new_run("r", ID, AT, "owner").with_step(STEP)).run
    assert told is not None
    assert (told.current, told.started_at, told.finished_at) == ("credential", instant_text(AT), None)
    assert told.steps[0] == StepAnswer(
        step="clock",
        state="lacking",
        attempts=2,
        changed_at=instant_text(AT),
        evidence=(EvidenceAnswer(sent="a", answered="b", read_back="c"),),
        remarks=(LACKING.at(ID).view,),
    )
    assert activation_view(ID, None).run is None


def test_a_history_tells_each_gate_and_each_move() -> None:
    """Titles in both languages; the codes of what blocked it one by one."""
    known = LedStationAnswer(
        station_id="a", **{name: getattr(NOTHING_KNOWN, name) for name in NOTHING_KNOWN.__struct_fields__}
    )
    lines = [HistoryLine(ID, AT, "ordered", "E_A,E_B", "x"), HistoryLine(ID, AT, "active", "", "y")]
    told = history_view(known, checklist(GateFacts(is_ours=True)), lines)
    passed, blocked, *_ = told.gates
    assert (passed.status, passed.blocked_by) == ("passed", None)
    assert blocked.blocked_by is not None
    assert (blocked.gate, blocked.title_fr) == ("powered", "Mise sous tension et connectée")
    assert blocked.blocked_by.code == "E_NOT_SEEN"
    assert [each.blocked_by for each in told.history] == [("E_A", "E_B"), ()]
    assert told.history[1] == HistoryLineAnswer(at=instant_text(AT), state="active", blocked_by=(), cause="y")


async def test_only_a_stranger_is_told_with_those_it_may_be_meant_to_be(world: World) -> None:
    """Of others nothing is told of it, not even an empty list."""
    await world.order()
    assert b"nearest" not in json_response(led_station_view(world.provisioning, ID)).body
    assert led_station_view(world.provisioning, StationId("cp-9")).lifecycle is None
