"""Idle time, and priced components that were not measured: in each version by what it tells."""

import json
from typing import Any

import pytest

from charging.tariff import Tariff
from csms.domain.inbound import PricedResponse
from csms.rules.flags import ENERGY_UNMEASURED, IDLE_UNMEASURED, unmeasured
from csms.rules.reviews import HELD
from ocppj.codec import codec_for
from ocppj.model.availability import StatusNotification
from ocppj.model.transactions import TransactionEventResponse
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ChargingState, IdToken
from tests.support.inbound import (
    ACCEPTED,
    ENDED,
    NOON,
    STARTED,
    UPDATED,
    Bench,
    event201,
    minutes,
    start16,
    stop16,
)

V16 = translation_for(OcppVersion.V16)


IDLE = Tariff("t", "EUR", energy_micro_per_kwh=1_000_000, idle_micro_per_h=6_000_000)
PRICED = PricedResponse("", ACCEPTED, tariff=IDLE)
CHARGING, SUSPENDED_EV, SUSPENDED_EVSE, EV_CONNECTED, NO_CAR = (
    ChargingState.CHARGING,
    ChargingState.SUSPENDED_EV,
    ChargingState.SUSPENDED_EVSE,
    ChargingState.EV_CONNECTED,
    ChargingState.IDLE,
)


def status16(word: str, at: float, connector_id: int = 1) -> StatusNotification:
    """A 1.6 StatusNotification, through its translator."""
    error = "OtherError" if word == "Faulted" else "NoError"
    payload = {"connectorId": connector_id, "errorCode": error, "status": word}
    payload["timestamp"] = minutes(at).isoformat()
    decoded = codec_for(V16.version).decode_request("StatusNotification", json.dumps(payload).encode())
    event = V16.message("StatusNotification", decoded.message, [])
    assert isinstance(event, StatusNotification)
    return event


def charge16(*statuses: tuple[str, float], connector_id: int = 1) -> Bench:
    """10 kWh within two hours on connector 1, with these statuses at these minutes."""
    bench = Bench()
    bench.send(start16(0, NOON), proposal=PRICED)
    for word, at in statuses:
        bench.send(status16(word, at, connector_id))
    bench.send(stop16("1", 10_000, minutes(120)), proposal=PRICED)
    return bench


@pytest.mark.parametrize(
    ("statuses", "idle_min"),
    [
        ([("Charging", 0), ("SuspendedEV", 60)], 60),  # P2: up to the end
        ([("Charging", 0), ("SuspendedEV", 30), ("Charging", 60)], 30),
        ([("Charging", 0), ("SuspendedEV", 30), ("SuspendedEVSE", 60)], 30),  # P9: the station offers nothing
        ([("Charging", 0), ("SuspendedEVSE", 30)], 0),
        ([("Charging", 0), ("SuspendedEV", 30), ("Faulted", 60)], 30),  # nobody pays for a fault
        ([("Charging", 0), ("SuspendedEV", 30), ("Unavailable", 60)], 30),
        ([("SuspendedEV", 60), ("Charging", 30)], 60),  # one that comes late is old
        ([("Charging", 0), ("SuspendedEV", 30), ("SuspendedEV", 45)], 90),
        ([("SuspendedEV", -10), ("Charging", 20)], 20),  # before the start nobody is idle
        ([("Charging", 0), ("SuspendedEV", 30), ("Finishing", 60)], 90),  # of what comes after the end
    ],
)
def test_idle_time_of_1_6_is_told_by_the_connectors_status(
    statuses: list[tuple[str, float]], idle_min: float
) -> None:
    """§4.9: SuspendedEV, "when the EV is not taking any energy" that is offered."""
    row = charge16(*statuses).transaction("1")
    assert row.cost_micro == 10_000_000 + idle_min * 100_000
    assert IDLE_UNMEASURED not in row.flags


@pytest.mark.parametrize(
    ("word", "at", "idle_min"),
    [
        ("Charging", -0.5, 0),
        ("SuspendedEV", -0.5, 120),  # from the start on, not from before
        ("SuspendedEV", 1, 119),  # sent before the start, told of the minute after
        ("SuspendedEVSE", -0.5, 0),
        ("Preparing", -0.5, None),
        ("Charging", -6, None),  # of the transaction before
        ("Charging", 6, None),  # and one that came before an old start out of the queue
    ],
)
def test_what_a_connector_told_just_before_the_start_is_of_it(
    word: str, at: float, idle_min: float | None
) -> None:
    """1.6 §4.9: a change is told once, and some stations tell it before they send the start."""
    bench = Bench()
    bench.send(status16(word, at))
    bench.send(start16(0, NOON), proposal=PRICED)
    bench.send(stop16("1", 10_000, minutes(120)), proposal=PRICED)
    row = bench.transaction("1")
    assert (IDLE_UNMEASURED in row.flags) is (idle_min is None)
    assert row.cost_micro == 10_000_000 + (idle_min or 0) * 100_000


def test_a_status_of_another_connector_or_of_the_station_says_nothing_of_it() -> None:
    """Nor does one after the end."""
    for connector_id in (0, 2):
        row = charge16(("Charging", 0), ("SuspendedEV", 60), connector_id=connector_id).transaction("1")
        assert (row.cost_micro, row.charging_state) == (10_000_000, None)
    bench = charge16(("Charging", 0))
    bench.send(status16("SuspendedEV", 60))
    assert bench.transaction("1").charging_state is CHARGING


def test_what_changed_is_told() -> None:
    """As 2.x's updates are; the same again is no news."""
    told = charge16(("Charging", 0), ("SuspendedEV", 60)).told()
    assert told.count("transaction.updated") == 2


def charge2x(*events: tuple[float, ChargingState | None, bool]) -> int | None:
    """The cost of a 2.x charge of 10 kWh in two hours; (minute, state, has a token) of each event."""
    bench = Bench()
    for number, (at, state, has_token) in enumerate(events):
        more: dict[str, Any] = {"charging_state": state}
        if has_token:
            more["id_token"] = IdToken("A")
        kind = STARTED if number == 0 else UPDATED
        bench.send(event201(kind, number, minutes(at), 0 if number == 0 else None, **more), proposal=PRICED)
    bench.send(event201(ENDED, len(events), minutes(120), 10_000), proposal=PRICED)
    return bench.transaction("T1").cost_micro


@pytest.mark.parametrize(
    ("events", "idle_min"),
    [
        ([(0, EV_CONNECTED, False), (30, CHARGING, True)], 0),  # P9: before the token
        ([(0, CHARGING, True), (30, SUSPENDED_EVSE, False), (60, CHARGING, False)], 0),  # P9
        ([(0, CHARGING, True), (60, SUSPENDED_EV, False)], 60),
        ([(0, CHARGING, True), (60, EV_CONNECTED, False)], 60),  # charged, and still plugged in
        ([(0, EV_CONNECTED, False), (30, None, True), (60, CHARGING, False)], 30),
        ([(0, CHARGING, True), (60, SUSPENDED_EV, False), (90, SUSPENDED_EVSE, False)], 30),
        ([(0, EV_CONNECTED, False)], 0),  # nobody ever was authorized
        ([(0, NO_CAR, True), (30, CHARGING, False)], 0),  # TxStartPoint Authorized: the car comes later
        ([(0, NO_CAR, True), (15, NO_CAR, False), (30, EV_CONNECTED, False), (60, CHARGING, False)], 30),
        ([(0, NO_CAR, True)], 0),
    ],
)
def test_idle_time_of_2x(events: list[tuple[float, ChargingState | None, bool]], idle_min: float) -> None:
    """2.1 TotalUsageType.idleTime, but for what the station holds back and the time before token and car."""
    assert charge2x(*events) == 10_000_000 + idle_min * 100_000


def test_idle_time_that_nobody_told_is_said() -> None:
    """The price is without it, and the component is named."""
    row = charge16().transaction("1")
    assert (row.cost_micro, row.review) == (10_000_000, None)
    assert unmeasured(row.flags) == ["idle"]


def test_energy_that_nobody_told_is_said_and_held() -> None:
    """No display is told 0.00: that would mean free (2.0.1 I03.FR.04)."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, charging_state=CHARGING), proposal=PRICED)
    reply = bench.send(event201(ENDED, 1, minutes(60)), proposal=PRICED)
    assert isinstance(reply, TransactionEventResponse)
    assert reply.total_cost_micro is None
    row = bench.transaction("T1")
    assert (row.review, unmeasured(row.flags)) == (HELD, ["energy"])
    assert ENERGY_UNMEASURED in row.flags


def test_a_price_per_hour_needs_no_energy() -> None:
    """Time is always measured."""
    hourly = PricedResponse("", ACCEPTED, tariff=Tariff("t", "EUR", time_micro_per_h=2_000_000))
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON), proposal=hourly)
    reply = bench.send(event201(ENDED, 1, minutes(60)), proposal=hourly)
    assert isinstance(reply, TransactionEventResponse)
    assert reply.total_cost_micro == 2_000_000
    assert unmeasured(bench.transaction("T1").flags) == []
