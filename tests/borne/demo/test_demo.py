"""The whole play: from three boxes to cars that charge, on the real server with real simulated stations."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from borne.demo.demo import Demo, demo_settings, demo_template, run_demo
from borne.demo.plan import BOXES, ORDERED, UNORDERED
from borne.live_stations import LiveStations
from borne.settings import ServerSettings
from borne.station_table import StationRow
from runtime.errors import RuntimeProblem
from runtime.lifecycle import Stop
from tests.borne.demo.conftest import Theatre
from tests.support.waiting import PATIENCE_S


class Curtain:
    """A screen that asks for the end once every station of `wanted` charges."""

    def __init__(self, lines: list[str], stop: Stop, wanted: set[str]) -> None:
        self._lines, self._stop, self._wanted = lines, stop, wanted
        self.rows: dict[str, StationRow] = {}

    def show(self, rows: Sequence[StationRow], trouble: str | None) -> None:
        """The stations as they are now."""
        assert trouble in ("", None)
        self.rows = {row.name: row for row in rows}
        charging = {row.name for row in rows if row.is_charging and not row.power.startswith("0.0")}
        if charging >= self._wanted:
            self._stop.request()

    def print_text(self, text: str, style: str = "") -> None:
        """A line."""
        self._lines.append(text)


async def test_two_stations_go_from_their_boxes_to_a_charge_and_on_after_a_restart(theatre: Theatre) -> None:
    """The third waits; the second time nothing is seeded, and the stations know their secrets."""
    wanted = {box.mac for box in ORDERED}
    for run in ("first", "second"):
        theatre.lines.clear()
        stop = Stop()
        curtain = Curtain(theatre.lines, stop, wanted)
        async with asyncio.timeout(PATIENCE_S):
            stage = replace(theatre.stage, live=LiveStations(theatre.stage.api, theatre.stage.clock))
            await Demo(stage, curtain, theatre.server.ocpp_url, theatre.server.var).play(stop)
        states = {row.name: row.lifecycle for row in curtain.rows.values()}
        assert states == {box.mac: "active" for box in ORDERED} | {UNORDERED.mac: "quarantine"}
        assert all(not curtain.rows[mac].warning for mac in wanted), "they prove who they are"
        assert curtain.rows[UNORDERED.mac].clears == "administrator"
        assert theatre.told("Going on with") is (run == "second")
        assert theatre.told("The manager orders two stations") is (run == "first")
    assert {path.name for path in (theatre.server.var / "demo").iterdir()} == {
        f"{box.station_id}.json" for box in BOXES
    }


def test_the_demo_s_settings_leave_what_somebody_chose(tmp_path: Path) -> None:
    """Short waits, a quarantine even on an open address, few logs."""
    plain = demo_settings(ServerSettings(listen="0.0.0.0", var=tmp_path))
    assert (plain.pending_interval_s, plain.unknown_policy, plain.log_level) == (5, "quarantine", "warning")
    chosen = ServerSettings(pending_interval_s=9, unknown="refuse", log_level="debug")
    assert demo_settings(chosen) == chosen


def test_the_demo_s_stations_tell_their_meter_often() -> None:
    """Everything else is the template's."""
    for box in BOXES:
        assert demo_template(box).variables["SampledDataCtrlr.TxUpdatedInterval"] == "5"


async def test_a_state_file_that_cannot_be_used_is_one_line(theatre: Theatre) -> None:
    """And says what to do."""
    folder = theatre.server.var / "demo"
    folder.mkdir()
    (folder / f"{ORDERED[0].station_id}.json").write_text("nonsense")
    with pytest.raises(RuntimeProblem, match="delete it, and the station starts as new"):
        async with asyncio.timeout(PATIENCE_S):
            await run_demo(theatre.server.running, ServerSettings(var=theatre.server.var), Stop())
