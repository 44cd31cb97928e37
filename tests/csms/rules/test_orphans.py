"""Whose a 1.6 message is."""

import msgspec
import pytest

from csms.domain.flags import MATCHED, ORPHAN
from csms.rules.orphans import new_transaction, numbered_transaction, orphan_name, stopped_transaction
from csms.rules.rows import SampleRow
from csms.rules.state import State
from ocppj.model.messages import Acknowledged
from ocppj.vocabulary import IdToken
from tests.support.inbound import (
    ACCEPTED,
    CP1,
    NOON,
    STARTED,
    Bench,
    event201,
    inbound,
    minutes,
    start16,
    stop16,
    values16,
)


def test_a_number_finds_its_transaction_then_its_orphan() -> None:
    """Ours come first."""
    bench = Bench()
    bench.send(stop16("7", 1, NOON))
    orphan = bench.transaction("orphan-7")
    assert orphan.flags == (ORPHAN,)
    assert numbered_transaction(bench.state, CP1, "7") == orphan
    message = inbound(stop16("7", 1, NOON))
    bench.state.add_transaction(new_transaction(bench.state, message, "7", at=NOON, evse_id=1))
    found = numbered_transaction(bench.state, CP1, "7")
    assert found is not None
    assert found.transaction_id == "7"


def test_an_orphan_is_never_open() -> None:
    """Values under a number that we never gave out, with nothing open: kept, counted, over all along."""
    bench = Bench()
    for minute in range(3):
        bench.send(values16("57", 1000 + 100 * minute, minutes(minute)), proposal=Acknowledged())
        assert bench.state.open_transactions(CP1) == []
    row = bench.transaction("orphan-57")
    assert (row.energy_wh, row.ended_at, row.is_end_assumed) == (200, minutes(2), True)


@pytest.mark.parametrize("number", [None, "57"])
def test_values_that_can_only_be_of_the_open_transaction_are(number: str | None) -> None:
    """Without a number, or with one that we never gave out: of the only one open on that connector."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(start16(5000, evse_id=2, connector_id=1), info=ACCEPTED)
    bench.send(values16(number, 1800, minutes(1)), proposal=Acknowledged())
    row = bench.transaction("1")
    assert row.energy_wh == 800
    assert (MATCHED in row.flags) is (number is not None)
    assert bench.transaction("2").energy_wh is None
    assert [each.transaction_no for each in bench.of_kind(SampleRow)] == [1]


@pytest.mark.held_before("nothing without an id was taken in; now only what can be")
def test_values_from_before_the_start_are_not_of_it() -> None:
    """Out of a queue, the register of an idle connector is nobody's."""
    bench = Bench()
    bench.send(start16(1000, minutes(5)), info=ACCEPTED)
    bench.send(values16(None, 900, minutes(1)), proposal=Acknowledged())
    assert (bench.transaction("1").energy_wh, bench.transaction("1").flags) == (None, ())
    assert [each.transaction_no for each in bench.of_kind(SampleRow)] == [None]


def test_values_of_2_x_while_a_transaction_goes_on_are_of_it() -> None:
    """2.x MeterValues name an EVSE and no transaction (J01): what it meters then is the transaction's."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000))
    bench.send(values16(None, 1500, minutes(1)), proposal=Acknowledged())
    assert bench.transaction("T1").energy_wh == 500


def test_a_stop_that_can_only_be_of_the_open_transaction_ends_it() -> None:
    """With a number that we never gave out: the only one open, or of that token, whatever its case."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(stop16("99", 1500, minutes(1)))
    row = bench.transaction("1")
    assert (row.is_open, row.energy_wh, row.flags) == (False, 500, (MATCHED,))
    other = IdToken("OTHER")
    bench.send(start16(2000, minutes(2)), info=ACCEPTED)
    bench.send(start16(100, minutes(2), evse_id=2, id_token=other), info=ACCEPTED)
    bench.send(stop16("98", 2500, minutes(3), id_token=IdToken("other", has_type=False)))
    assert (bench.transaction("2").is_open, bench.transaction("3").energy_wh) == (True, 2400)
    bench.send(start16(100, minutes(4), evse_id=2, id_token=other), info=ACCEPTED)
    bench.send(stop16("97", 2600, minutes(5)))
    assert bench.transaction("orphan-97").flags == (ORPHAN,)
    assert len(bench.state.open_transactions(CP1)) == 2


def test_a_number_that_is_no_number_makes_no_long_name() -> None:
    """Quirk 37: INT64_MAX has 19 digits; more are cut."""
    assert orphan_name("9" * 400) == "orphan-" + "9" * 20


def test_orphans_without_a_number_are_told_apart_by_content() -> None:
    """The same stop is the same orphan, another one is another."""
    state = State()
    names = set()
    for at, meter_wh in ((NOON, 1), (NOON, 2), (minutes(1), 1), (NOON, 1)):
        event = stop16(None, meter_wh, at)
        row, flags = stopped_transaction(state, inbound(event), event, NOON)
        assert flags == ()
        state.apply([msgspec.structs.replace(row, ended_at=NOON)])
        names.add(row.transaction_id)
    assert len(names) == 3


def test_a_transaction_without_a_name_goes_by_its_number() -> None:
    """Numbers grow by one."""
    state = State(41)
    row = new_transaction(state, inbound(stop16(None, 1, NOON)), None, at=NOON, evse_id=2)
    assert (row.transaction_no, row.transaction_id, row.evse_id) == (42, "42", 2)
    state.apply([row])
    assert state.last_number == 42


def test_a_stop_ends_the_transaction_that_it_names() -> None:
    """Ours by its number, an orphan by the number that it came with, whatever else is open."""
    bench = Bench()
    bench.send(values16("99", 1500, minutes(2)), proposal=Acknowledged())
    for evse_id in (1, 2):
        bench.send(start16(1000, evse_id=evse_id), info=ACCEPTED)
    for named, found in (("3", "3"), ("99", "orphan-99")):
        stop = stop16(named, 2000, minutes(5))
        assert stopped_transaction(bench.state, inbound(stop), stop, minutes(5)) == (
            bench.transaction(found),
            (),
        )
