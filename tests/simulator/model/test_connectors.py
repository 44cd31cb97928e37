"""Which statuses are told, and when again."""

from typing import Any

import pytest

from ocppj.session import Request
from simulator.model.connector_states import ConnectorState
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import Stage, changed_template, simulated

BOTH = pytest.mark.parametrize("template", ["ac-16", "ac-201"])


def statuses(stage: Stage, since: int = 0) -> list[str]:
    """The words, in the order in which they were told."""
    found = stage.said("StatusNotification")[since:]
    old = stage.station.template.version == "1.6"
    return [message.status if old else message.connector_status for message in found]


async def test_whole_story_of_a_connector_in_1_6() -> None:
    """§4.9: each change once."""
    async with simulated() as stage:
        await stage.boot()
        stage.station.plug()
        await stage.station.present("TAG1")
        await stage.rest()
        await stage.station.present("TAG1")
        await stage.rest()
        stage.station.unplug()
        await stage.rest()
        told = ["Preparing", "Charging", "Finishing", "Available"]
        assert statuses(stage) == ["Available", "Available", *told]


async def test_only_what_changes_in_its_words_is_told_in_2_0_1() -> None:
    """The states of a charge are in the transaction."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        await stage.station.present("TAG1")  # authorized, no cable: still Available
        stage.station.plug()
        await stage.rest()
        await stage.station.present("TAG1")
        await stage.rest()
        stage.station.unplug()
        await stage.rest()
        assert statuses(stage) == ["Available", "Available", "Occupied", "Available"]


@BOTH
async def test_short_absence_tells_what_changed_a_long_one_everything(template: str) -> None:
    """2.0.1 B04.FR.01 and B04.FR.02: OfflineThreshold."""
    kind = changed_template(template, variables={"OCPPCommCtrlr.OfflineThreshold": "100"})
    async with simulated(kind) as stage:
        await stage.boot()
        count = len(statuses(stage))
        for offline_s, is_plugged, told in ((50, False, 0), (50, True, 1), (150, True, count)):
            stage.station.drop_link()
            await stage.rest()
            if is_plugged and not stage.station.snapshot().connector().is_plugged:
                stage.station.plug()
            await stage.advance(offline_s)
            before = len(statuses(stage))
            stage.station.restore_link()
            await stage.rest()
            assert len(statuses(stage, before)) == told


async def test_status_that_got_lost_is_told_on_the_next_connection() -> None:
    """The link broke before it was answered."""
    is_silent = False

    def script(link: AnsweringLink, request: Request) -> Any:
        return None if is_silent and request.action == "StatusNotification" else agree(link, request)

    async with simulated(script=script) as stage:
        await stage.boot()
        is_silent = True
        stage.station.plug()
        await stage.rest()
        stage.station.drop_link()
        await stage.rest()
        is_silent = False
        before = len(statuses(stage))
        stage.station.restore_link()
        await stage.rest()
        assert statuses(stage, before) == ["Preparing"]


async def test_variables_follow_the_connectors() -> None:
    """AvailabilityState of the station and of each EVSE."""
    async with simulated("ac-201") as stage:
        await stage.boot()
        stage.station.plug(2)
        await stage.ask("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 1}})
        where = {"variable": {"name": "AvailabilityState"}}
        asked = [
            where | {"component": {"name": "ChargingStation"}},
            where | {"component": {"name": "EVSE", "evse": {"id": 1}}},
            where | {"component": {"name": "EVSE", "evse": {"id": 2}}},
        ]
        answer = await stage.ask("GetVariables", {"getVariableData": asked})
        values = [found.attribute_value for found in answer.get_variable_result]
        assert values == ["Available", "Unavailable", "Occupied"]
        assert stage.station.snapshot().connector(1).state is ConnectorState.UNAVAILABLE


@pytest.mark.parametrize(
    ("tells", "by_status", "by_event"), [("both", 3, 3), ("event", 0, 3), ("status", 3, 0)]
)
async def test_a_station_tells_a_status_by_what_its_kind_does(
    tells: str, by_status: int, by_event: int
) -> None:
    """2.0.1 G01.FR.03 to .07: either, or both; a problem comes and goes with a fault."""
    async with simulated(changed_template("ac-201", reports_status_by=tells)) as stage:
        await stage.boot()
        before = len(stage.said("StatusNotification")), len(stage.said("NotifyEvent"))
        stage.station.plug()
        await stage.rest()
        stage.station.fault("E7")
        await stage.rest()
        stage.station.clear_fault()
        await stage.rest()
        events = stage.said("NotifyEvent")[before[1] :]
        assert (len(stage.said("StatusNotification")) - before[0], len(events)) == (by_status, by_event)
        told = [
            (each.variable.name, each.actual_value, each.tech_code)
            for message in events
            for each in message.event_data
        ]
        assert told == by_event // 3 * [
            ("AvailabilityState", "Occupied", None),
            ("AvailabilityState", "Faulted", "E7"),
            ("Problem", "true", "E7"),
            ("AvailabilityState", "Occupied", None),
            ("Problem", "false", None),
        ]
