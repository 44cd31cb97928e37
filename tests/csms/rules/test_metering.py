"""MeterValues: of a transaction, of an orphan, of nobody."""

from csms.domain.flags import ORPHAN
from csms.rules.metering import is_repeatable
from csms.rules.readings import POWER
from csms.rules.rows import EvseRow, SampleRow
from ocppj.model.messages import Acknowledged
from ocppj.model.metering import MeterValues
from ocppj.vocabulary import MeterSample
from tests.support.inbound import ACCEPTED, CP1, NOON, Bench, minutes, register, start16, stop16, values16


def test_values_of_a_transaction_move_it_on() -> None:
    """Energy and power are seen while it goes on."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    samples = (
        register(1500, minutes(1)),
        MeterSample(POWER, 7200, "W", minutes(1), context="Sample.Periodic"),
    )
    assert bench.send(MeterValues(1, "1", samples), proposal=Acknowledged()) == Acknowledged()
    row = bench.transaction("1")
    assert (row.energy_wh, row.power_w, row.meter_stop_wh) == (500, 7200, 1500)
    assert [each.transaction_no for each in bench.of_kind(SampleRow)] == [1, 1]
    assert bench.told() == ["transaction.started", "meter.values", "transaction.updated"]
    assert bench.events[1].payload["samples"][1] == {
        "measurand": POWER,
        "value": 7200,
        "unit": "W",
        "phase": None,
        "location": None,
        "context": "Sample.Periodic",
        "at": "2026-05-01T12:01:00Z",
    }


def test_each_value_is_told_with_its_own_instant() -> None:
    """Of a message that tells of several, in any order, and of values that have none."""
    at = (minutes(1), minutes(1), None, minutes(2), minutes(1))
    bench = Bench()
    samples = tuple(MeterSample(POWER, 7200, "W", each) for each in at)
    bench.send(MeterValues(1, None, samples), proposal=Acknowledged())
    told = [each["at"] for each in bench.events[-1].payload["samples"]]
    one, two = "2026-05-01T12:01:00Z", "2026-05-01T12:02:00Z"
    assert told == [one, one, None, two, one]


def test_values_after_the_stop_revive_nothing() -> None:
    """Quirk 48: they are kept, and the transaction stays as it ended."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(stop16("1", 2000, minutes(5)))
    bench.send(values16("1", 9000, minutes(6)), proposal=Acknowledged())
    row = bench.transaction("1")
    assert (row.energy_wh, row.power_w, row.is_open) == (1000, None, False)
    assert len(bench.of_kind(SampleRow)) == 1
    assert bench.told()[-1] == "meter.values"


def test_values_for_a_number_that_we_never_gave_begin_an_orphan() -> None:
    """Its stop finds it (quirk 40)."""
    bench = Bench()
    bench.send(values16("57", 1000, NOON), proposal=Acknowledged())
    bench.send(stop16("57", 1800, minutes(5)))
    row = bench.transaction("orphan-57")
    assert row.flags == (ORPHAN,)
    assert row.energy_wh == 800
    assert not row.is_open


def test_values_of_nobody_are_kept_with_their_evse() -> None:
    """Quirk 35: transactionId 0 means none; clock-aligned values have none."""
    bench = Bench()
    bench.send(values16(None, 1000, NOON), proposal=Acknowledged(), received_at=minutes(1))
    (sample,) = bench.of_kind(SampleRow)
    assert sample.transaction_no is None
    assert bench.of_kind(EvseRow) == [EvseRow(CP1, 1, 1000, None, minutes(1))]
    assert bench.events[0].payload["transaction_id"] is None


def test_values_without_samples_are_answered() -> None:
    """Quirk 65: an empty list."""
    bench = Bench()
    assert bench.send(MeterValues(0, None, ()), proposal=Acknowledged()) == Acknowledged()
    assert bench.of_kind(EvseRow) == [EvseRow(CP1, 0, None, None, minutes(24 * 60))]


def test_equal_values_are_one_message_only_if_a_clock_tells_them_apart() -> None:
    """Quirk 43 against a station without a clock."""
    bench = Bench()
    for message_id in ("m1", "m1", "m2"):
        bench.send(values16(None, 5, NOON), message_id, proposal=Acknowledged())
    assert len(bench.of_kind(SampleRow)) == 1
    for message_id in ("m3", "m3", "m4"):
        bench.send(values16(None, 5, None), message_id, proposal=Acknowledged())
    assert len(bench.of_kind(SampleRow)) == 3
    assert not is_repeatable(values16(None, 5, None))


def test_values_of_no_evse_are_kept_as_samples_only() -> None:
    """1.6 connector 0 is the station's main meter: no EVSE metered them."""
    bench = Bench()
    bench.send(MeterValues(None, None, (register(1500, minutes(1)),)), proposal=Acknowledged())
    (sample,) = bench.of_kind(SampleRow)
    assert (sample.evse_id, sample.transaction_no, sample.sample.value) == (None, None, 1500)
    assert bench.of_kind(EvseRow) == []
