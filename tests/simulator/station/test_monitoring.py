"""Monitors at a simulated station: what it lets be set, what it tells, and what outlives a power cut."""

from pathlib import Path
from typing import Any

import pytest

from simulator.model.stored_state import StateFile
from simulator.model.template import StationTemplate
from simulator.station.monitoring import MONITORS_MOST
from tests.support.simulated import Stage, changed_template, simulated

BOTH_2X = pytest.mark.parametrize("template", ["ac-201", "ac-21"])
POWER = {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "Power"}}
STATE = {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": "AvailabilityState"}}
BEAT = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}


async def set_monitor(stage: Stage, kind: str, value: float, of: dict[str, Any] = POWER, **more: Any) -> Any:
    """The one result."""
    data = of | {"type": kind, "value": value, "severity": 5} | more
    answer = await stage.ask("SetVariableMonitoring", {"setMonitoringData": [data]})
    (result,) = answer.set_monitoring_result
    return result


def told(stage: Stage) -> list[tuple[str, bool]]:
    """The trigger of each event of a monitor, and whether it was cleared."""
    events = [event for each in stage.said("NotifyEvent") for event in each.event_data]
    return [(each.trigger, bool(each.cleared)) for each in events if each.variable_monitoring_id]


async def charge(stage: Stage) -> None:
    """A car that wants 11 kW."""
    stage.station.plug(1)
    await stage.meanwhile(stage.station.present("MINE", 1))
    await stage.advance(2)


@BOTH_2X
async def test_a_threshold_is_told_while_a_car_charges_and_cleared_after(template: str) -> None:
    """N07.FR.16, .02, .06: with the number, the value and the transaction."""
    async with simulated(template) as stage:
        await stage.boot()
        result = await set_monitor(stage, "UpperThreshold", 5000)
        assert (result.status, result.severity, result.type) == ("Accepted", 5, "UpperThreshold")
        await charge(stage)
        assert told(stage) == [("Alerting", False)]
        event = stage.said("NotifyEvent")[-1].event_data[0]
        assert event.variable_monitoring_id == result.id
        assert float(event.actual_value) > 5000
        assert event.event_notification_type == "CustomMonitor"
        assert event.transaction_id is not None
        stage.station.unplug(1)
        await stage.advance(2)
        assert told(stage) == [("Alerting", False), ("Alerting", True)]


@pytest.mark.parametrize(
    ("kind", "value", "of", "status"),
    [
        ("UpperThreshold", 5000, POWER | {"component": {"name": "Nothing"}}, "UnknownComponent"),
        ("UpperThreshold", 5000, POWER | {"variable": {"name": "Nothing"}}, "UnknownVariable"),
        ("UpperThreshold", 1, STATE, "UnsupportedMonitorType"),
        ("LowerThreshold", -1, POWER, "Rejected"),
        ("UpperThreshold", 1e6, POWER, "Rejected"),
        ("Delta", -1, POWER, "Rejected"),
        ("Periodic", 0, POWER, "Rejected"),
        ("Delta", 1, STATE, "Accepted"),
    ],
)
async def test_what_cannot_be_watched_is_refused(
    kind: str, value: float, of: dict[str, Any], status: str
) -> None:
    """N04.FR.03 to .06, .14."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        assert (await set_monitor(stage, kind, value, of)).status == status


async def test_a_number_keeps_its_variable_and_two_never_say_the_same() -> None:
    """N04.FR.10 to .13, .16."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        first = await set_monitor(stage, "UpperThreshold", 5000)
        assert (await set_monitor(stage, "UpperThreshold", 6000)).status == "Duplicate"
        assert (await set_monitor(stage, "UpperThreshold", 6000, severity=4)).status == "Accepted"
        assert (await set_monitor(stage, "UpperThreshold", 7000, id=first.id)).status == "Accepted"
        assert (await set_monitor(stage, "Delta", 1, BEAT, id=first.id)).status == "Rejected"
        assert (await set_monitor(stage, "Delta", 1, id=99)).status == "Rejected"


async def test_a_changed_threshold_is_looked_at_anew() -> None:
    """N07.FR.11: a higher one clears it, a lower one is exceeded at once; N07.FR.12: gone without a word."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        number = (await set_monitor(stage, "UpperThreshold", 20_000)).id
        await charge(stage)
        assert told(stage) == []
        await set_monitor(stage, "UpperThreshold", 5000, id=number)
        assert told(stage) == [("Alerting", False)]
        await set_monitor(stage, "UpperThreshold", 6000, id=number)
        assert len(told(stage)) == 1
        await set_monitor(stage, "UpperThreshold", 20_000, id=number)
        assert told(stage) == [("Alerting", False), ("Alerting", True)]
        await set_monitor(stage, "UpperThreshold", 5000, id=number)
        cleared = await stage.ask("ClearVariableMonitoring", {"id": [number, 99]})
        assert [each.status for each in cleared.clear_monitoring_result] == ["Accepted", "NotFound"]
        await stage.advance(3)
        assert len(told(stage)) == 3


async def test_values_are_told_at_their_times() -> None:
    """N08.FR.05 to .07."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        await set_monitor(stage, "Periodic", 10)
        await stage.advance(60)
        assert told(stage) == [("Periodic", False)] * 6
        await set_monitor(stage, "PeriodicClockAligned", 900, severity=6)
        before = len(told(stage))
        await stage.advance(3601)
        assert len(told(stage)) == before + 360 + 4


async def test_a_setting_that_changes_is_told() -> None:
    """N07.FR.18, .19."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        await set_monitor(stage, "Delta", 100, BEAT)
        for value in ("350", "401", "401"):
            await stage.ask("SetVariables", {"setVariableData": [BEAT | {"attributeValue": value}]})
            await stage.advance(1)
        assert told(stage) == [("Delta", False)]


async def test_a_monitor_of_a_transaction_watches_only_in_one() -> None:
    """SetMonitoringDataType.transaction."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        await set_monitor(stage, "Periodic", 1, transaction=True)
        await set_monitor(stage, "Periodic", 1, BEAT, transaction=True)
        await stage.advance(10)
        assert told(stage) == []
        await charge(stage)
        assert len(told(stage)) >= 2


async def test_less_severe_events_are_kept_back() -> None:
    """N05.FR.03, N07.FR.15; once they may be told, they are."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        assert (await stage.ask("SetMonitoringLevel", {"severity": 4})).status == "Accepted"
        await set_monitor(stage, "UpperThreshold", 5000)
        await charge(stage)
        assert told(stage) == []
        assert (await stage.ask("SetMonitoringLevel", {"severity": 10})).status == "Rejected"
        await stage.ask("SetMonitoringLevel", {"severity": 5})
        assert told(stage) == [("Alerting", False)]


def maker() -> StationTemplate:
    """A station whose maker watches the power: twice, once for good."""
    power = {"variable": "EVSE.Power", "evse_id": 1, "type": "UpperThreshold", "value": 5000, "severity": 3}
    beat = {"variable": "OCPPCommCtrlr.HeartbeatInterval", "type": "Delta", "value": 1}
    lost = {"variable": "Nothing.There", "type": "Delta", "value": 1}
    return changed_template("ac-21", monitors=[power | {"is_hard_wired": True}, beat, lost])


async def reported(stage: Stage, **more: Any) -> list[tuple[int, str, str]]:
    """Number, type and who has set each."""
    count = len(stage.said("NotifyMonitoringReport"))
    answer = await stage.ask("GetMonitoringReport", {"requestId": 7} | more)
    parts = stage.said("NotifyMonitoringReport")[count:]
    assert (answer.status == "EmptyResultSet") is (not parts)
    assert [each.seq_no for each in parts] == list(range(len(parts)))
    assert [bool(each.tbc) for each in parts] == [True] * (len(parts) - 1) + [False] * bool(parts)
    return [
        (each.id, each.type, each.event_notification_type)
        for part in parts
        for of in part.monitor
        for each in of.variable_monitoring
    ]


async def test_the_base_says_which_monitors_of_the_maker_watch() -> None:
    """N03.FR.03 to .05, N04.FR.15, .18, N06.FR.03."""
    async with simulated(maker()) as stage:
        await stage.boot()
        assert [each[2] for each in sorted(await reported(stage))] == [
            "HardWiredMonitor",
            "PreconfiguredMonitor",
            "PreconfiguredMonitor",
        ]
        assert (await set_monitor(stage, "UpperThreshold", 6000, id=1, severity=3)).status == "Rejected"
        cleared = await stage.ask("ClearVariableMonitoring", {"id": [1]})
        assert cleared.clear_monitoring_result[0].status == "Rejected"
        assert (await set_monitor(stage, "Delta", 9, BEAT, id=2)).status == "Accepted"
        await set_monitor(stage, "Delta", 5, severity=6)
        assert sorted(await reported(stage))[1] == (2, "Delta", "CustomMonitor")
        for base, numbers in (("All", 4), ("HardWiredOnly", 1), ("FactoryDefault", 3), ("All", 3)):
            assert (await stage.ask("SetMonitoringBase", {"monitoringBase": base})).status == "Accepted"
            assert len(await reported(stage)) == numbers
        got = await stage.ask(
            "GetVariables",
            {
                "getVariableData": [
                    {"component": {"name": "MonitoringCtrlr"}, "variable": {"name": name}}
                    for name in ("ActiveMonitoringBase", "ActiveMonitoringLevel")
                ]
            },
        )
        assert [each.attribute_value for each in got.get_variable_result] == ["All", "9"]


@BOTH_2X
async def test_a_report_is_of_what_was_asked_for(template: str) -> None:
    """N02.FR.05 to .17: by kind, by component, by both; nothing is an empty result."""
    async with simulated(template) as stage:
        await stage.boot()
        assert await stage.ask("GetMonitoringReport", {"requestId": 7})
        for kind, value in (("UpperThreshold", 1), ("LowerThreshold", 1), ("Delta", 1), ("Periodic", 60)):
            await set_monitor(stage, kind, value, BEAT)
        for number in range(8):
            await set_monitor(stage, "Periodic", 60, severity=number)
        if template == "ac-21":
            assert len(await reported(stage)) == 12
            assert [each[1] for each in await reported(stage, monitoringCriteria=["DeltaMonitoring"])] == [
                "Delta"
            ]
            thresholds = ["ThresholdMonitoring", "DeltaMonitoring"]
            assert len(await reported(stage, monitoringCriteria=thresholds)) == 3
            of = [{"component": {"name": "OCPPCommCtrlr"}}]
            assert len(await reported(stage, componentVariable=of)) == 4
            both = {"monitoringCriteria": ["DeltaMonitoring"], "componentVariable": [POWER]}
            assert await reported(stage, **both) == []
        else:
            await stage.ask("GetMonitoringReport", {"requestId": 8})
            assert [len(each.monitor) for each in stage.said("NotifyMonitoringReport")] == [10, 2]


async def test_a_station_takes_so_many_and_no_more() -> None:
    """N04.FR.09, N06.FR.06: items in a message; and MONITORS_MOST in all."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        data = [POWER | {"type": "Delta", "value": 1, "severity": 5}] * 21
        refused = await stage.ask("SetVariableMonitoring", {"setMonitoringData": data})
        assert refused == "OccurrenceConstraintViolation"
        kinds = [
            (of, kind, severity)
            for of in (POWER, BEAT, STATE)
            for kind in ("Delta", "Periodic", "PeriodicClockAligned", "LowerThreshold", "UpperThreshold")
            for severity in range(10)
            if of is not STATE or "Threshold" not in kind
        ]
        statuses = [
            (await set_monitor(stage, kind, 5, of, severity=severity)).status for of, kind, severity in kinds
        ]
        assert statuses == ["Accepted"] * MONITORS_MOST + ["Rejected"] * (len(kinds) - MONITORS_MOST)


async def test_without_monitoring_nothing_is_taken() -> None:
    """It is off."""
    kind = changed_template("ac-201", variables={"MonitoringCtrlr.Enabled": "false"})
    async with simulated(kind) as stage:
        await stage.boot()
        assert await stage.ask("SetMonitoringLevel", {"severity": 4}) == "NotSupported"


async def test_what_is_noticed_offline_waits_if_it_is_severe_enough() -> None:
    """N07.FR.04, N08.FR.03: OfflineQueuingSeverity."""
    kind = changed_template("ac-201", variables={"MonitoringCtrlr.OfflineQueuingSeverity": "5"})
    async with simulated(kind) as stage:
        await stage.boot()
        await set_monitor(stage, "Periodic", 20, severity=5)
        await set_monitor(stage, "Periodic", 20, BEAT, severity=6)
        stage.station.drop_link()
        await stage.advance(45)
        assert told(stage) == []
        stage.station.restore_link()
        await stage.advance(30)
        waited = stage.said("NotifyEvent")[0].event_data
        assert [each.variable.name for each in waited] == ["Power", "Power"]


async def test_monitors_outlive_a_power_cut(tmp_path: Path) -> None:
    """N07.FR.13, .14: what was exceeded is cleared by whoever comes back."""
    file = StateFile(tmp_path / "state.json")
    async with simulated("ac-201", state_file=file) as stage:
        await stage.boot()
        await set_monitor(stage, "LowerThreshold", 100)
        assert told(stage) == [("Alerting", False)]
        await stage.ask("SetMonitoringBase", {"monitoringBase": "All"})
        await stage.ask("SetMonitoringLevel", {"severity": 7})
        await stage.advance(2)
    async with simulated("ac-201", state_file=file) as stage:
        await stage.boot()
        await charge(stage)
        assert told(stage) == [("Alerting", True)]
