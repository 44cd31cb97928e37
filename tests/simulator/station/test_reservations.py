"""Reservations at a station: what it answers, what it shows, who may charge, and how they end."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ocppj.session import Request
from ocppj.timestamps import time_to_wire
from simulator.model.connector_states import ConnectorState
from simulator.model.stored_state import StateFile
from simulator.model.template import EvseTemplate, StationTemplate
from simulator.station.charging import TokenOutcome
from tests.support.answering import AnsweringLink, agree
from tests.support.simulated import Stage, changed_template, simulated

ALL = pytest.mark.parametrize("template", ["ac-16", "ac-201", "ac-21"])
BOTH_2X = pytest.mark.parametrize("template", ["ac-201", "ac-21"])
RESERVED, AVAILABLE = ConnectorState.RESERVED, ConnectorState.AVAILABLE


def is_old(stage: Stage) -> bool:
    """Whether it speaks 1.6."""
    return stage.station.template.version == "1.6"


def kind_of(template: str, evses: int = 1, **variables: str) -> StationTemplate:
    """A template with as many EVSEs."""
    named = {name.replace("_", "."): value for name, value in variables.items()}
    return changed_template(template, evses=[EvseTemplate()] * evses, variables=named)


async def reserve(
    stage: Stage,
    reservation_id: int = 1,
    token: str = "MINE",
    evse_id: int | None = 1,
    *,
    group: str | None = None,
    for_s: float = 600,
    **more: Any,
) -> str:
    """The status of the answer."""
    until = time_to_wire(stage.clock.now() + timedelta(seconds=for_s))
    if is_old(stage):
        payload = {"connectorId": evse_id or 0, "expiryDate": until, "idTag": token}
        payload |= {"reservationId": reservation_id} | ({"parentIdTag": group} if group else {})
    else:
        payload = {"id": reservation_id, "expiryDateTime": until}
        payload |= {"idToken": {"idToken": token, "type": "ISO14443"}}
        payload |= {"evseId": evse_id} if evse_id is not None else {}
        payload |= {"groupIdToken": {"idToken": group, "type": "Central"}} if group else {}
    return str((await stage.ask("ReserveNow", payload | more)).status)


async def cancel(stage: Stage, reservation_id: int = 1) -> str:
    """The status of the answer."""
    return str((await stage.ask("CancelReservation", {"reservationId": reservation_id})).status)


def statuses(stage: Stage) -> list[str]:
    """What it told of its first EVSE, in order."""
    if is_old(stage):
        return [m.status for m in stage.said("StatusNotification") if m.connector_id == 1]
    return [m.connector_status for m in stage.said("StatusNotification") if m.evse_id == 1]


def ends(stage: Stage) -> list[tuple[int, str]]:
    """What it told of reservations."""
    told = stage.said("ReservationStatusUpdate")
    return [(m.reservation_id, m.reservation_update_status) for m in told]


def used(stage: Stage) -> list[int]:
    """The reservations that transactions named."""
    told = stage.said("StartTransaction") + stage.said("TransactionEvent")
    return [m.reservation_id for m in told if m.reservation_id is not None]


def state(stage: Stage, evse_id: int = 1) -> ConnectorState:
    """Of an EVSE's connector."""
    return stage.station.snapshot().connector(evse_id).state


def in_group(link: AnsweringLink, request: Request) -> Any:
    """A central system that knows FRIEND to be of group FLEET."""
    if request.action != "Authorize":
        return agree(link, request)
    token = request.message.id_tag if link_is_old(request) else request.message.id_token.id_token
    group = "FLEET" if token == "FRIEND" else None
    if link_is_old(request):
        return {"idTagInfo": {"status": "Accepted"} | ({"parentIdTag": group} if group else {})}
    more = {"groupIdToken": {"idToken": group, "type": "Central"}} if group else {}
    return {"idTokenInfo": {"status": "Accepted"} | more}


def link_is_old(request: Request) -> bool:
    """Whether an Authorize is one of 1.6."""
    return hasattr(request.message, "id_tag")


@ALL
async def test_a_reserved_evse_shows_it_and_lets_its_driver_charge(template: str) -> None:
    """H01.FR.23, H03.FR.01, H01.FR.15; others are refused meanwhile (1.6 §5.13)."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        assert await reserve(stage) == "Accepted"
        assert statuses(stage) == ["Available", "Reserved"]
        stage.station.plug()
        assert state(stage) is RESERVED
        stranger = await stage.station.present("OTHER")
        assert (stranger.outcome, "reserved" in stranger.reason) == (TokenOutcome.REFUSED, True)
        assert (await stage.station.present("mine")).outcome is TokenOutcome.STARTED
        await stage.rest()
        assert state(stage) is ConnectorState.CHARGING
        assert used(stage) == [1]
        assert ends(stage) == []
        assert await cancel(stage) == "Rejected"


@ALL
async def test_the_driver_may_come_before_the_cable(template: str) -> None:
    """G2: from Reserved to Preparing; 2.x shows Available until the cable is in (H03.FR.10)."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage)
        assert (await stage.station.present("MINE")).outcome is TokenOutcome.AUTHORIZED
        await stage.rest()
        assert statuses(stage)[1:] == ["Reserved", "Preparing" if is_old(stage) else "Available"]
        stage.station.plug()
        await stage.rest()
        assert used(stage) == [1]


@ALL
async def test_the_group_may_use_it(template: str) -> None:
    """H03.FR.04, .08: the central system says who is of the group."""
    async with simulated(kind_of(template), in_group) as stage:
        await stage.boot()
        await reserve(stage, group="FLEET")
        stage.station.plug()
        assert (await stage.station.present("STRANGER")).outcome is TokenOutcome.REFUSED
        assert (await stage.station.present("FRIEND")).outcome is TokenOutcome.STARTED
        await stage.rest()
        assert used(stage) == [1]


@ALL
async def test_a_remote_start_uses_it(template: str) -> None:
    """H03.FR.09, note; for another token there is no place."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage)
        for token, status in (("OTHER", "Rejected"), ("MINE", "Accepted")):
            if is_old(stage):
                answer = await stage.ask("RemoteStartTransaction", {"idTag": token})
            else:
                kind = {"idToken": token, "type": "ISO14443"}
                answer = await stage.ask("RequestStartTransaction", {"idToken": kind, "remoteStartId": 5})
            assert answer.status == status
        stage.station.plug()
        await stage.rest()
        assert used(stage) == [1]


@ALL
async def test_it_expires_and_everybody_may_charge_again(template: str) -> None:
    """H04.FR.01 to .03; 1.6 tells it with the status alone."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage, for_s=600)
        await stage.advance(590)
        assert state(stage) is RESERVED
        await stage.advance(20)
        assert statuses(stage)[-2:] == ["Reserved", "Available"]
        assert ends(stage) == ([] if is_old(stage) else [(1, "Expired")])
        stage.station.plug()
        assert (await stage.station.present("OTHER")).outcome is TokenOutcome.STARTED


@ALL
async def test_a_cable_that_is_in_when_it_expires_stays_in(template: str) -> None:
    """It waits for a driver."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage, for_s=60)
        stage.station.plug()
        await stage.advance(70)
        assert state(stage) is ConnectorState.PREPARING


@ALL
async def test_it_is_cancelled_once(template: str) -> None:
    """H02.FR.01 to .04, 1.6 §5.1."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage)
        assert await cancel(stage, 2) == "Rejected"
        assert await cancel(stage) == "Accepted"
        await stage.rest()
        assert statuses(stage)[-2:] == ["Reserved", "Available"]
        assert await cancel(stage) == "Rejected"
        assert ends(stage) == []


@ALL
async def test_the_same_id_replaces(template: str) -> None:
    """H01.FR.02; another id finds it occupied (H01.FR.11)."""
    async with simulated(kind_of(template, 2)) as stage:
        await stage.boot()
        assert await reserve(stage) == "Accepted"
        assert await reserve(stage, 2) == "Occupied"
        assert await reserve(stage, 1, "OTHER", 2) == "Accepted"
        await stage.rest()
        assert (state(stage, 1), state(stage, 2)) == (AVAILABLE, RESERVED)
        stage.station.plug(2)
        assert (await stage.station.present("MINE", 2)).outcome is TokenOutcome.REFUSED
        assert (await stage.station.present("OTHER", 2)).outcome is TokenOutcome.STARTED


@ALL
async def test_what_cannot_be_reserved_says_why(template: str) -> None:
    """H01.FR.11, .12, .14; an EVSE that is not there, and a time that has passed, are refused."""
    async with simulated(kind_of(template, 4)) as stage:
        await stage.boot()
        stage.station.plug(1)
        stage.station.fault(evse_id=2)
        off = {"connectorId": 3, "type": "Inoperative"}
        off = off if is_old(stage) else {"operationalStatus": "Inoperative", "evse": {"id": 3}}
        await stage.ask("ChangeAvailability", off)
        answers = [await reserve(stage, number, evse_id=number) for number in (1, 2, 3, 9)]
        assert answers == ["Occupied", "Faulted", "Unavailable", "Rejected"]
        assert await reserve(stage, 4, evse_id=4, for_s=-60) == "Rejected"
        assert await reserve(stage, 4, evse_id=None) == "Accepted"
        assert await reserve(stage, 5, evse_id=None) == "Occupied"


@ALL
async def test_any_evse_keeps_one_free(template: str) -> None:
    """H01.FR.04, .07, .20; 1.6 connector 0: shown as reserved once no more are free than are reserved."""
    async with simulated(kind_of(template, 2)) as stage:
        await stage.boot()
        assert await reserve(stage, evse_id=None) == "Accepted"
        await stage.rest()
        assert (state(stage, 1), state(stage, 2)) == (AVAILABLE, AVAILABLE)
        stage.station.plug(1)
        assert (await stage.station.present("OTHER", 1)).outcome is TokenOutcome.STARTED
        assert state(stage, 2) is RESERVED
        assert (await stage.station.present("THIRD", 2)).outcome is TokenOutcome.REFUSED
        assert (await stage.station.present("MINE", 2)).outcome is TokenOutcome.AUTHORIZED


@ALL
async def test_it_may_be_set_to_reserve_nothing(template: str) -> None:
    """H01.FR.01, .19; 1.6 ReserveConnectorZeroSupported."""
    async with simulated(kind_of(template, ReservationCtrlr_NonEvseSpecific="false")) as stage:
        await stage.boot()
        assert await reserve(stage, evse_id=None) == "Rejected"
        assert await reserve(stage) == "Accepted"
    async with simulated(kind_of(template, ReservationCtrlr_Enabled="false")) as stage:
        await stage.boot()
        assert await reserve(stage) == "Rejected"


@ALL
async def test_a_fault_ends_it(template: str) -> None:
    """H01.FR.16, 1.6 §5.13 (3)."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage)
        stage.station.fault()
        await stage.rest()
        assert ends(stage) == ([] if is_old(stage) else [(1, "Removed")])
        stage.station.clear_fault()
        assert state(stage) is AVAILABLE


@BOTH_2X
async def test_it_ends_with_its_evse_out_of_service(template: str) -> None:
    """H01.FR.17."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage)
        await stage.ask("ChangeAvailability", {"operationalStatus": "Inoperative"})
        await stage.rest()
        assert ends(stage) == [(1, "Removed")]
        assert state(stage) is ConnectorState.UNAVAILABLE


@BOTH_2X
async def test_what_ended_while_it_was_offline_is_told_later(template: str) -> None:
    """The central system shall not wait for nothing."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage, for_s=60)
        stage.station.drop_link()
        await stage.advance(90)
        assert ends(stage) == []
        stage.station.restore_link()
        await stage.advance(30)
        assert ends(stage) == [(1, "Expired")]


@pytest.mark.parametrize(("template", "told"), [("ac-201", []), ("ac-21", [(1, "NoTransaction")])])
async def test_a_driver_who_plugs_nothing_in_has_used_it(template: str, told: list[tuple[int, str]]) -> None:
    """H03.FR.09, and .11 in 2.1."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage)
        await stage.station.present("MINE")
        await stage.advance(61)
        assert state(stage) is AVAILABLE
        assert ends(stage) == told


@BOTH_2X
async def test_a_connector_type_is_kept_free(template: str) -> None:
    """H01.FR.06, .09: the EVSEs that have one."""
    async with simulated(kind_of(template, 2)) as stage:
        await stage.boot()
        assert await reserve(stage, evse_id=None, connectorType="cCCS2") == "Rejected"
        assert await reserve(stage, evse_id=None, connectorType="sType2") == "Accepted"


@ALL
async def test_a_power_cut_does_not_end_it(template: str) -> None:
    """What expires meanwhile is told when power is back."""
    async with simulated(kind_of(template)) as stage:
        await stage.boot()
        await reserve(stage, for_s=3600)
        stage.station.power_cut(10)
        await stage.advance(30)
        assert stage.station.snapshot().is_accepted
        assert statuses(stage)[-1] == "Reserved"
        stage.station.power_cut(3600)
        await stage.advance(3660)
        assert statuses(stage)[-1] == "Available"
        assert ends(stage) == ([] if is_old(stage) else [(1, "Expired")])


@ALL
async def test_it_outlives_the_process(template: str, tmp_path: Path) -> None:
    """Kept in the state file, with whom it is for."""
    file = StateFile(tmp_path / "state.json")
    kind = kind_of(template)
    async with simulated(kind, state_file=file) as stage:
        await stage.boot()
        await reserve(stage, group="FLEET")
        clock = stage.clock
    async with simulated(kind, state_file=file, clock=clock) as stage:
        await stage.boot()
        assert state(stage) is RESERVED
        stage.station.plug()
        assert (await stage.station.present("OTHER")).outcome is TokenOutcome.REFUSED
        assert (await stage.station.present("MINE")).outcome is TokenOutcome.STARTED
