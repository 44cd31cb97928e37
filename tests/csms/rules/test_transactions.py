"""Transactions of both kinds: numbered by us (1.6), named by the station (2.x)."""

import dataclasses

import pytest
from msgspec.structs import replace

from charging.tariff import Tariff
from csms.domain.flags import (
    AFTER_END,
    CLOCK_UNSET,
    CONFLICT,
    INCOMPLETE,
    MATCHED,
    METER_WENT_BACK,
    ORPHAN,
    SEQUENCE_RESTARTED,
    START_MISSING,
    SUPERSEDED,
    TEST,
    TOKEN_REFUSED,
)
from csms.domain.inbound import PricedResponse
from csms.rules.rows import QuarantineRow, SampleRow, TransactionRow
from csms.rules.transactions import start_key
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import Acknowledged
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import AuthorizationStatus, ChargingState, ConnectorStatus, IdToken, IdTokenInfo
from tests.support.inbound import (
    ACCEPTED,
    CP2,
    ENDED,
    NOON,
    STARTED,
    TAG,
    UPDATED,
    Bench,
    event201,
    inbound,
    minutes,
    offline,
    register,
    start16,
    stop16,
)

PRICE = Tariff("t", "CAD", energy_micro_per_kwh=250_000, time_micro_per_h=2_000_000)


@pytest.fixture
def bench() -> Bench:
    """An empty database."""
    return Bench()


# --- 1.6: numbers -----------------------------------------------------------------------------------------


def test_a_start_gets_the_next_number(bench: Bench) -> None:
    """One number each, across stations."""
    assert bench.send(start16(), info=ACCEPTED) == TransactionEventResponse("1", ACCEPTED)
    assert bench.send(start16(), station_id=CP2, info=ACCEPTED) == TransactionEventResponse("2", ACCEPTED)
    assert bench.state.last_number == 2


def test_a_charge_of_1_6_from_start_to_stop(bench: Bench) -> None:
    """Readings are the station's own, the news say what happened."""
    bench.send(start16(1000), info=ACCEPTED)
    stop = stop16("1", 8000, minutes(60), stopped_reason="Local", samples=(register(7999.5, minutes(60)),))
    assert bench.send(stop) == TransactionEventResponse("1")
    row = bench.transaction("1")
    assert (row.meter_start_wh, row.meter_stop_wh, row.energy_wh) == (1000, 8000, 7000)
    assert (row.started_at, row.ended_at, row.stopped_reason) == (NOON, minutes(60), "Local")
    assert row.id_token == TAG
    assert row.flags == ()
    assert bench.told() == ["transaction.started", "transaction.ended"]
    assert bench.events[1].payload == {
        "transaction_id": "1",
        "number": 1,
        "charging_state": None,
        "energy_wh": 7000,
        "stopped_reason": "Local",
        "cost_micro": None,
        "is_held": False,
        "is_end_assumed": False,
        "is_correction": False,
        "is_test": False,
    }
    assert len(bench.of_kind(SampleRow)) == 1


def test_the_same_start_under_a_new_id_gets_the_first_answer(bench: Bench) -> None:
    """DUR-06, quirk 41: also when the token's verdict has changed since."""
    first = bench.send(start16(), info=ACCEPTED)
    blocked = IdTokenInfo(AuthorizationStatus.BLOCKED)
    assert bench.send(replace(start16(), id_token=IdToken("04a1b2c3")), info=blocked) == first
    assert bench.state.last_number == 1


def test_equal_starts_after_a_stop_are_new_transactions(bench: Bench) -> None:
    """DUR-06: a station whose clock stands still charges a hundred times."""
    for number in range(1, 101):
        start = start16(0, NOON.replace(year=1970))
        assert bench.send(start, f"s{number}", info=ACCEPTED) == TransactionEventResponse(
            str(number), ACCEPTED
        )
        bench.send(stop16(str(number), 0, NOON.replace(year=1970)), f"e{number}")
    assert len({row.transaction_no for row in bench.of_kind(TransactionRow)}) == 100


def test_what_makes_two_starts_the_same() -> None:
    """Connector, token without case, reading and time."""
    same = start16()
    assert start_key(same) == start_key(replace(same, id_token=IdToken(TAG.value.lower())))
    others = [start16(1001), start16(evse_id=2), start16(id_token=IdToken("X")), start16(at=minutes(1))]
    assert len({start_key(each) for each in [same, *others]}) == 5


def test_a_later_start_on_the_connector_supersedes(bench: Bench) -> None:
    """The first has ended, until its own stop says when and how."""
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(start16(1500, evse_id=2), info=ACCEPTED)
    bench.send(start16(2000, minutes(5)), info=ACCEPTED)
    first = bench.transaction("1")
    assert SUPERSEDED in first.flags
    assert not first.is_open
    assert [row.transaction_id for row in bench.state.open_transactions(first.station_id)] == ["2", "3"]
    assert bench.told() == ["transaction.started"] * 2 + ["transaction.ended", "transaction.started"]
    bench.send(stop16("1", 2000, minutes(4)))
    first = bench.transaction("1")
    assert (first.ended_at, first.energy_wh, first.is_end_assumed) == (minutes(4), 1000, False)
    assert bench.events[-1].payload["is_correction"]


def test_a_refused_token_does_not_refuse_the_transaction(bench: Bench) -> None:
    """DUR-09: the answer says so, the row is there and flagged."""
    refused = IdTokenInfo(AuthorizationStatus.BLOCKED)
    assert bench.send(start16(), info=refused) == TransactionEventResponse("1", refused)
    assert TOKEN_REFUSED in bench.transaction("1").flags


def test_findings_become_flags(bench: Bench) -> None:
    """What was tolerated on the wire is seen on the transaction."""
    bench.send(start16(), info=ACCEPTED, findings=("time-without-zone",))
    assert bench.transaction("1").flags == ("time-without-zone",)


def test_a_repeated_stop_is_the_same_stop(bench: Bench) -> None:
    """Quirk 44: also under a new id and with other words."""
    bench.send(start16(1000), info=ACCEPTED)
    stop = stop16("1", 2000, minutes(5))
    first = bench.send(stop, info=ACCEPTED)
    assert bench.send(stop) == first
    assert bench.send(replace(stop, stopped_reason="Local")) == first
    assert bench.told().count("transaction.ended") == 1
    assert bench.of_kind(QuarantineRow) == []


def test_another_stop_of_the_same_transaction_is_a_conflict(bench: Bench) -> None:
    """DUR-07: the first wins, the second is kept raw, answered and flagged."""
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(stop16("1", 2000, minutes(5)))
    assert bench.send(stop16("1", 9000, minutes(50))) == TransactionEventResponse("1")
    row = bench.transaction("1")
    assert row.energy_wh == 1000
    assert CONFLICT in row.flags
    (kept,) = bench.of_kind(QuarantineRow)
    assert kept.raw
    assert kept.reason == "conflict: transaction 1: it has ended already"


@pytest.mark.parametrize("transaction_id", [None])
def test_a_stop_without_a_number_ends_the_only_open_one(bench: Bench, transaction_id: str | None) -> None:
    """DUR-08, quirk 36: −1 after a start whose answer was never seen."""
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(stop16(transaction_id, 1500, minutes(9)))
    row = bench.transaction("1")
    assert row.energy_wh == 500
    assert row.flags == (MATCHED,)


@pytest.mark.parametrize(
    ("starts", "stop"),
    [
        ([], stop16(None, 1500, minutes(9))),
        ([start16(1000), start16(1000, evse_id=2)], stop16(None, 1500, minutes(9))),
        ([start16(1000)], stop16(None, 500, minutes(9))),  # below its start
        ([start16(1000)], stop16(None, 1500, minutes(-9))),  # before its start
    ],
)
def test_a_stop_that_fits_none_or_several_is_an_orphan(bench: Bench, starts: list, stop: object) -> None:  # type: ignore[type-arg]
    """DUR-08: stored under a name of its own, answered, and the open ones stay open."""
    for each in starts:
        bench.send(each, info=ACCEPTED)
    reply = bench.send(stop)  # type: ignore[arg-type]
    assert isinstance(reply, TransactionEventResponse)
    orphan = bench.transaction(reply.transaction_id)
    assert ORPHAN in orphan.flags
    assert orphan.meter_stop_wh is not None
    assert all(bench.transaction(str(number + 1)).is_open for number in range(len(starts)))
    assert bench.send(stop) == reply  # type: ignore[arg-type]


def test_a_number_that_was_never_given_out_is_an_orphan(bench: Bench) -> None:
    """Quirks 39, 40: and the number, given out later, is another transaction."""
    assert bench.send(stop16("1", 500, minutes(1))) == TransactionEventResponse("orphan-1")
    bench.send(start16(), info=ACCEPTED)
    bench.send(start16(), station_id=CP2, info=ACCEPTED)
    assert ORPHAN in bench.transaction("orphan-1").flags
    assert bench.transaction("2").is_open


def test_a_stop_below_the_start_costs_nothing_and_is_flagged(bench: Bench) -> None:
    """Quirk 45."""
    bench.send(start16(10_000), info=ACCEPTED)
    bench.send(stop16("1", 300, minutes(5)))
    row = bench.transaction("1")
    assert row.energy_wh == 0
    assert METER_WENT_BACK in row.flags


def test_a_clock_at_1970_is_replaced_by_the_time_of_reception(bench: Bench) -> None:
    """Quirk 58, CLK-01."""
    bench.send(start16(at=NOON.replace(year=1970)), info=ACCEPTED, received_at=minutes(3))
    bench.send(stop16("1", 2000, None), received_at=minutes(8))
    row = bench.transaction("1")
    assert (row.started_at, row.ended_at) == (minutes(3), minutes(8))
    assert CLOCK_UNSET in row.flags


# --- 2.x: names and sequence numbers ----------------------------------------------------------------------


def test_a_charge_of_2_x(bench: Bench) -> None:
    """Readings come from samples; the state is the latest."""
    bench.send(event201(STARTED, 0, NOON, 1000, id_token=TAG, is_offline=True), info=ACCEPTED)
    charging = event201(UPDATED, 1, minutes(1), 1100, charging_state=ChargingState.CHARGING)
    assert bench.send(charging) == TransactionEventResponse("T1")
    bench.send(event201(ENDED, 2, minutes(60), 8000, stopped_reason="EVDisconnected"))
    row = bench.transaction("t1")  # ids have no case
    assert (row.transaction_id, row.meter_start_wh, row.meter_stop_wh, row.energy_wh) == (
        "T1",
        1000,
        8000,
        7000,
    )
    assert row.is_offline
    assert row.charging_state is ChargingState.CHARGING
    assert row.seq_nos == "0..2"
    assert row.flags == ()
    assert bench.told() == ["transaction.started", "transaction.updated", "transaction.ended"]


def test_an_event_sent_again_gets_the_first_answer(bench: Bench) -> None:
    """DUR-06: same words, new words because it says `offline` now, same id, new id."""
    start = event201(STARTED, 0, NOON, 1000, id_token=TAG)
    first = bench.send(start, "m1", info=ACCEPTED)
    blocked = IdTokenInfo(AuthorizationStatus.BLOCKED)
    for again, message_id in ((start, "m1"), (start, "m2"), (offline(start), "m1"), (offline(start), "m3")):
        assert bench.send(again, message_id, info=blocked) == first
    bench.send(event201(ENDED, 1, minutes(9), 2000), info=ACCEPTED)
    assert bench.send(
        offline(event201(ENDED, 1, minutes(9), 2000)), info=blocked
    ) == TransactionEventResponse("T1", ACCEPTED)
    assert len(bench.of_kind(SampleRow)) == 2
    assert bench.of_kind(QuarantineRow) == []


def test_an_update_sent_again_offline_is_not_stored_twice(bench: Bench) -> None:
    """Its first answer holds nothing that could be forgotten."""
    bench.send(event201(STARTED, 0, NOON, 1000), info=ACCEPTED)
    update = event201(UPDATED, 1, minutes(1), 1100)
    assert bench.send(update) == bench.send(offline(update)) == TransactionEventResponse("T1")
    assert len(bench.of_kind(SampleRow)) == 2


def test_the_same_number_with_another_content_is_a_conflict(bench: Bench) -> None:
    """DUR-07: nothing that was stored is overwritten, nothing is lost."""
    bench.send(event201(STARTED, 0, NOON, 1000), info=ACCEPTED)
    bench.send(event201(UPDATED, 1, minutes(1), 1100))
    assert bench.send(event201(UPDATED, 1, minutes(1), 5000)) == TransactionEventResponse("T1")
    assert bench.transaction("T1").energy_wh == 100
    assert CONFLICT in bench.transaction("T1").flags
    assert bench.of_kind(QuarantineRow)[0].reason.endswith("sequence number 1 was used before")


def test_numbers_that_begin_anew_are_new_events(bench: Bench) -> None:
    """A station that restarts in mid-charge may count from 0 again: later times tell."""
    bench.send(event201(STARTED, 0, NOON, 1000), info=ACCEPTED)
    bench.send(event201(UPDATED, 1, minutes(1), 1100))
    bench.send(event201(UPDATED, 0, minutes(2), 1200))
    bench.send(event201(UPDATED, 1, minutes(3), 1300))
    row = bench.transaction("T1")
    assert row.energy_wh == 300
    assert SEQUENCE_RESTARTED in row.flags
    assert bench.of_kind(QuarantineRow) == []


@pytest.mark.held_before("a second transaction under the same id must not weaken it")
def test_a_second_start_or_end_is_a_conflict(bench: Bench) -> None:
    """What was stored first counts: a start within a transaction, an end after its end."""
    bench.send(event201(STARTED, 0, NOON, 1000), info=ACCEPTED)
    bench.send(event201(STARTED, 7, minutes(3), 9000))
    assert CONFLICT in bench.transaction("T1").flags
    bench.send(event201(ENDED, 1, minutes(5), 2000))
    bench.send(event201(ENDED, 8, minutes(9), 2000))
    row = bench.transaction("T1")
    assert (row.started_at, row.ended_at, row.energy_wh) == (NOON, minutes(5), 1000)
    assert len(bench.of_kind(QuarantineRow)) == 2


def test_what_comes_after_the_end_is_kept_and_does_not_count(bench: Bench) -> None:
    """Quirk 48: it revives nothing."""
    bench.send(event201(STARTED, 0, NOON, 1000), info=ACCEPTED)
    bench.send(event201(ENDED, 1, minutes(5), 2000))
    bench.send(event201(UPDATED, 2, minutes(6), 9000))
    row = bench.transaction("T1")
    assert row.energy_wh == 1000
    assert row.power_w is None
    assert not row.is_open
    assert AFTER_END in row.flags
    assert len(bench.of_kind(SampleRow)) == 3
    assert bench.told() == ["transaction.started", "transaction.ended"]


def test_an_end_without_its_start_is_stored(bench: Bench) -> None:
    """C-19: and says that the start is missing, until it comes."""
    bench.send(event201(ENDED, 3, minutes(5), 2000))
    assert bench.transaction("T1").flags == (START_MISSING,)
    bench.send(event201(STARTED, 0, NOON, 1000), info=ACCEPTED)
    row = bench.transaction("T1")
    assert (row.started_at, row.energy_wh) == (NOON, 1000)
    assert row.flags == (INCOMPLETE,)
    bench.send(event201(UPDATED, 1, minutes(1)))
    bench.send(event201(UPDATED, 2, minutes(2)))
    assert bench.transaction("T1").flags == ()


def test_transactions_of_two_stations_may_have_one_name(bench: Bench) -> None:
    """Names are unique per station only."""
    bench.send(event201(STARTED, 0, NOON, 1000), info=ACCEPTED)
    bench.send(event201(STARTED, 0, NOON, 5000), info=ACCEPTED, station_id=CP2)
    assert bench.transaction("T1").meter_start_wh == 1000
    assert bench.transaction("T1", CP2).meter_start_wh == 5000


def test_an_id_that_begins_again_ends_the_transaction_that_was_open_under_it(bench: Bench) -> None:
    """Its counter began anew, on another EVSE: that the first is over is told before the second starts."""
    bench.send(event201(STARTED, 0, NOON, 1000), info=ACCEPTED)
    bench.send(event201(STARTED, 0, minutes(60), 50, evse_id=2), info=ACCEPTED)
    second = bench.transaction("T1")
    assert (second.generation, second.evse_id, second.is_open) == (2, 2, True)
    first = bench.state.generations(second)[1]
    assert (first.is_open, first.superseded_at, first.flags) == (False, minutes(60), (SUPERSEDED,))
    assert bench.told() == ["transaction.started", "transaction.ended", "transaction.started"]
    assert [each.payload["number"] for each in bench.events] == [1, 1, 2]


# --- Price ------------------------------------------------------------------------------------------------


def test_the_price_is_that_of_the_start(bench: Bench) -> None:
    """I03.FR.02: the final cost is in the answer; the price that came later is not asked."""
    dearer = dataclasses.replace(PRICE, energy_micro_per_kwh=9_000_000)
    bench.send(event201(STARTED, 0, NOON, 0), proposal=PricedResponse("T1", ACCEPTED, tariff=PRICE))
    end = event201(ENDED, 1, minutes(60), 10_000)
    reply = bench.send(end, proposal=PricedResponse("T1", None, tariff=dearer))
    assert reply == TransactionEventResponse("T1", None, 2_500_000 + 2_000_000)
    assert bench.transaction("T1").cost_micro == 4_500_000
    assert bench.send(end, proposal=PricedResponse("T1", None, tariff=dearer)) == reply


def test_a_test_is_marked_and_has_no_price_also_where_its_end_would_bring_one(bench: Bench) -> None:
    """Whoever installs the station pays nothing, and no report counts it."""
    bench.send(event201(STARTED, 0, NOON, 0), proposal=PricedResponse("T1", ACCEPTED, is_test=True))
    bench.send(event201(ENDED, 1, minutes(60), 10_000), proposal=PricedResponse("T1", None, tariff=PRICE))
    row = bench.transaction("T1")
    assert (TEST in row.flags, row.tariff, row.cost_micro, row.energy_wh) == (True, None, None, 10_000)
    assert [each.payload["is_test"] for each in bench.events] == [True, True]


def test_the_running_cost_is_in_the_answer_to_an_update(bench: Bench) -> None:
    """I02.FR.01: where the update brings a reading."""
    bench.send(event201(STARTED, 0, NOON, 0), proposal=PricedResponse("T1", ACCEPTED, tariff=PRICE))
    assert bench.send(event201(UPDATED, 1, minutes(30), 4000)) == TransactionEventResponse(
        "T1", None, 2_000_000
    )
    assert bench.send(event201(UPDATED, 2, minutes(31))) == TransactionEventResponse("T1")


def test_a_transaction_without_a_start_is_priced_at_its_end(bench: Bench) -> None:
    """A price is better than none."""
    reply = bench.send(stop16("5", 8000, minutes(60)), proposal=PricedResponse("5", None, tariff=PRICE))
    assert reply == TransactionEventResponse(
        "orphan-5", None
    )  # nothing is known of its energy: nobody is told 0
    assert bench.transaction("orphan-5").cost_micro == 0


def test_a_1_6_stop_is_priced(bench: Bench) -> None:
    """The cost stands with the transaction; 1.6 has no field for it."""
    bench.send(start16(0), proposal=PricedResponse("", ACCEPTED, tariff=PRICE))
    bench.send(stop16("1", 10_000, minutes(60)))
    assert bench.transaction("1").cost_micro == 4_500_000
    assert bench.events[-1].payload["cost_micro"] == 4_500_000


def test_no_price_no_cost(bench: Bench) -> None:
    """Absence does not mean free (I03.FR.04)."""
    bench.send(event201(STARTED, 0, NOON, 0), info=ACCEPTED)
    assert bench.send(event201(ENDED, 1, minutes(1), 10)) == TransactionEventResponse("T1")
    assert bench.transaction("T1").cost_micro is None


def test_time_without_charging_is_billed_where_the_station_tells_its_state(bench: Bench) -> None:
    """Idle time runs from the state that does not charge to the next one, or to the end."""
    idle = Tariff("t", "CAD", idle_micro_per_h=60_000_000)
    bench.send(event201(STARTED, 0, NOON, 0), proposal=PricedResponse("T1", ACCEPTED, tariff=idle))
    states = [ChargingState.CHARGING, ChargingState.SUSPENDED_EV, ChargingState.CHARGING, ChargingState.IDLE]
    for number, state in enumerate(states, 1):
        bench.send(event201(UPDATED, number, minutes(10 * number), charging_state=state))
    reply = bench.send(event201(ENDED, 5, minutes(45)))
    assert reply == TransactionEventResponse("T1", None, 15 * 1_000_000)


def test_the_same_message_is_found_by_its_id_and_content() -> None:
    """DUR-05: an id alone names nothing, counters begin anew."""
    bench = Bench()
    first = bench.take(inbound(start16(1000), "1"), TransactionEventResponse("", ACCEPTED))
    second = bench.take(inbound(start16(2000, minutes(9)), "1"), TransactionEventResponse("", ACCEPTED))
    assert (first, second) == (
        TransactionEventResponse("1", ACCEPTED),
        TransactionEventResponse("2", ACCEPTED),
    )
    assert bench.take(inbound(start16(1000), "1"), TransactionEventResponse("", None)) == first


@pytest.mark.parametrize(("idle", "expected"), [(60_000_000, ChargingState.CHARGING), (0, None)])
def test_what_a_connector_told_before_a_start_counts_where_idle_time_has_a_price(
    bench: Bench, idle: int, expected: ChargingState | None
) -> None:
    """Elsewhere its status is not even loaded (1.6 §4.9)."""
    status = StatusNotification(1, 1, ConnectorStatus.OCCUPIED, "Charging", minutes(-1))
    bench.send(status, proposal=Acknowledged())
    tariff = Tariff("t", "CAD", energy_micro_per_kwh=1, idle_micro_per_h=idle)
    bench.send(start16(), proposal=PricedResponse("", ACCEPTED, tariff=tariff))
    assert bench.transaction("1").charging_state is expected
