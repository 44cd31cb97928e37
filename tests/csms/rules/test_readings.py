"""What a sampled value says is decided by its context, location, phase and measurand, for all values."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.rules.readings import (
    CONTEXTS,
    LOCATIONS,
    NOTHING,
    PHASES,
    POWER,
    MeterPoint,
    Moment,
    Reading,
    Readings,
    readings,
    sample_rows,
)
from csms.rules.rows import EvseRow, TransactionRow
from ocppj.codec import codec_for
from ocppj.model.transactions import TransactionEventResponse
from ocppj.translation import Translation, translation_for
from ocppj.v16 import messages as v16
from ocppj.v21 import messages as v21
from ocppj.v201 import messages as v201
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ENERGY_REGISTER, MeterSample
from tests.support.inbound import ACCEPTED, CP1, NOON, Bench, minutes, register

WORDS: dict[str, tuple[Mapping[str | None, Any], str]] = {
    "context": (CONTEXTS, "Transaction.Begin"),
    "location": (LOCATIONS, "Outlet"),
    "phase": (PHASES, "L1-N"),
}


def registers(*samples: MeterSample) -> Readings:
    """The readings of the register, received a day later."""
    return readings(samples, ENERGY_REGISTER, "Wh", NOON, minutes(24 * 60))


def powers(*samples: MeterSample) -> list[float]:
    """The powers, in order."""
    found = readings(samples, POWER, "W", NOON, minutes(24 * 60))
    return [each.value for each in found.found]


def power(watts: float, **more: Any) -> MeterSample:
    """A power at noon."""
    return MeterSample(POWER, watts, "W", NOON, **more)


def values(found: Readings) -> list[tuple[Moment, float]]:
    """What was read of which moment."""
    return [(each.moment, each.value) for each in found.found]


def wire_words(module: Any, some: str) -> set[str]:
    """The words of the enumeration that `some` belongs to, as the version's schemas list them."""
    found = [set(get_args(each)) for each in vars(module).values() if some in get_args(each)]
    return next(words for words in found if all(isinstance(word, str) for word in words))


@pytest.mark.parametrize("module", [v16, v201, v21], ids=["1.6", "2.0.1", "2.1"])
@pytest.mark.parametrize("kind", WORDS)
def test_every_word_of_every_version_is_decided(module: Any, kind: str) -> None:
    """1.6 §7.30, §7.34, §7.35; 2.0.1 §3.47, §3.64, §3.66; 2.1 §3.56, §3.77, §3.82."""
    table, some = WORDS[kind]
    newer = {"Upstream"} if module is not v21 else set()
    assert wire_words(module, some) == {word for word in table if word} - newer


@pytest.mark.parametrize("context", [each for each in CONTEXTS if each not in (None, "Sample.Periodic")])
def test_what_is_read_now_counts_beside_any_other_context(context: str) -> None:
    """Of one instant the periodic sample counts; that of the start and of the end are other moments."""
    now = register(7190, NOON, context="Sample.Periodic")
    found = registers(now, register(1000, NOON, context=context))
    assert [each.value for each in found.found if each.moment is Moment.INSTANT] == [7190]
    assert found == registers(register(1000, NOON, context=context), now)


def test_a_context_that_no_version_knows_is_of_its_instant() -> None:
    """After all that are known."""
    vendor = register(5000, NOON, context="Vendor.Specific")
    assert values(registers(vendor)) == [(Moment.INSTANT, 5000)]
    assert values(registers(vendor, register(7190, NOON, context="Other"))) == [(Moment.INSTANT, 7190)]


@pytest.mark.parametrize(
    "location", [each for each, point in LOCATIONS.items() if point is not MeterPoint.OUTLET]
)
def test_only_the_outlet_counts_where_it_is_metered(location: str) -> None:
    """Also where the value at the outlet came without its location: that is the default."""
    elsewhere = register(99, NOON, location=location)
    assert values(registers(register(7, NOON), elsewhere)) == [(Moment.INSTANT, 7)]
    assert values(registers(elsewhere, register(7, NOON, location="Outlet"))) == [(Moment.INSTANT, 7)]


@pytest.mark.parametrize("location", ["Body", "Cable", "EV", "Upstream", "Somewhere"])
def test_what_is_no_meter_of_the_station_never_counts(location: str) -> None:
    """A sensor in the cable, the vehicle's own."""
    assert registers(register(99, NOON, location=location)) == NOTHING


def test_the_inlet_stands_in_where_nothing_is_metered_at_the_outlet() -> None:
    """It says where it is from."""
    found = registers(register(99, NOON, location="Inlet"))
    assert (found.point, values(found)) == (MeterPoint.INLET, [(Moment.INSTANT, 99)])


@pytest.mark.parametrize("form", ["L{}", "L{}-N"])
def test_phases_are_summed_where_no_total_comes_with_them(form: str) -> None:
    """Quirk 72: some stations report phases only, as L1 or as L1-N."""
    phases = [power(1000 + 100 * number, phase=form.format(number)) for number in (1, 2, 3)]
    assert powers(*phases) == [3600]
    assert powers(*phases, power(3500)) == [3500]
    assert powers(power(3500, phase=""), *phases) == [3500]


def test_a_wire_that_is_told_in_both_forms_is_summed_once() -> None:
    """L1 and L1-N are the same wire."""
    both = [power(1000, phase=phase) for phase in ("L1", "L1-N", "L2-N", "L2")]
    assert powers(*both) == [2000]


@pytest.mark.parametrize("phase", ["N", "L1-L2", "L2-L3", "L3-L1", "L4"])
def test_neither_neutral_nor_line_to_line_adds_to_what_was_delivered(phase: str) -> None:
    """They are no part of the sum, and no total."""
    assert powers(power(100, phase=phase)) == []
    assert powers(power(100, phase=phase), power(700, phase="L1")) == [700]


def test_one_or_two_wires_are_all_there_are() -> None:
    """A station on one phase names it, and the sum is that of what it has."""
    assert powers(power(7200, phase="L1")) == [7200]
    assert powers(power(3000, phase="L1"), power(3100, phase="L3")) == [6100]


def test_an_instant_without_a_wire_that_another_has_has_no_sum() -> None:
    """A wire that is missing is not zero."""
    whole = [register(100, NOON, phase=phase) for phase in ("L1", "L2", "L3")]
    partial = [register(110, minutes(1), phase=phase) for phase in ("L1", "L2")]
    assert values(registers(*whole, *partial)) == [(Moment.INSTANT, 300)]


def test_only_the_measurand_in_its_unit_counts() -> None:
    """Power with unit Wh is something else (quirk 71), and so is every other measurand."""
    samples = [MeterSample(POWER, 7000, "Wh", NOON), MeterSample("Power.Offered", 22_000, "W", NOON)]
    assert powers(*samples, power(7200)) == [7200]


def test_a_sample_without_a_believable_time_has_its_messages() -> None:
    """None is the event's own time; 1970 and 2060 are the time of reception, and not the station's own."""
    samples = [register(1, None), register(2, NOON.replace(year=1970)), register(3, NOON.replace(year=2060))]
    found = readings(samples, ENERGY_REGISTER, "Wh", minutes(1), minutes(2))
    assert found.found == (
        Reading(Moment.INSTANT, minutes(1), 1),
        Reading(Moment.INSTANT, minutes(2), 2, is_timed=False),
        Reading(Moment.INSTANT, minutes(2), 3, is_timed=False),
    )


def test_what_is_metered_now_is_never_the_start() -> None:
    """Not even where it stands alone."""
    start = register(1000, minutes(5), context="Transaction.Begin")
    assert registers(start).latest is None
    assert registers(register(7190, NOON), start).latest == 7190


SAMPLES = st.builds(
    MeterSample,
    measurand=st.sampled_from([ENERGY_REGISTER, POWER, "Voltage", "Energy.Active.Import.Interval"]),
    value=st.integers(0, 10_000).map(float),
    unit=st.sampled_from(["Wh", "W", "V"]),
    at=st.sampled_from([None, NOON, minutes(1)]),
    phase=st.sampled_from([*PHASES, "L9"]),
    location=st.sampled_from([*LOCATIONS, "Roof"]),
    context=st.sampled_from([*CONTEXTS, "Vendor"]),
)


@given(st.lists(SAMPLES, max_size=12).flatmap(lambda each: st.tuples(st.just(each), st.permutations(each))))
def test_the_order_of_samples_says_nothing(case: tuple[list[MeterSample], list[MeterSample]]) -> None:
    """Whatever they are."""
    one, other = case
    assert registers(*one) == registers(*other)
    assert powers(*one) == powers(*other)


def test_every_sample_has_a_row() -> None:
    """Also those that count for nothing."""
    samples = (register(1, NOON), MeterSample("Request.Energy", 2, "?", None))
    rows = sample_rows(CP1, 7, 1, samples, NOON)
    assert [each.sample for each in rows] == list(samples)
    assert {each.transaction_no for each in rows} == {7}


def test_several_values_that_are_nobodys_are_none() -> None:
    """A sensor in the cable and the vehicle's own word: neither is what was delivered."""
    assert registers(register(100, NOON, location="Cable"), register(200, NOON, location="EV")) == NOTHING


# --- Of each version's messages ---------------------------------------------------------------------------

V16, V201, V21 = map(translation_for, OcppVersion)


Samples = list[dict[str, Any]]
AT = ["2026-05-01T12:00:00Z", "2026-05-01T12:05:00Z", "2026-05-01T12:10:00Z"]
TOKEN = {"idToken": "04A1B2C3", "type": "ISO14443"}


@dataclass
class Station:
    """A station of one version that charges once, message by message."""

    translation: Translation
    bench: Bench

    def send(self, action: str, payload: dict[str, Any]) -> None:
        """Decode, translate, decide."""
        decoded = codec_for(self.translation.version).decode_request(action, json.dumps(payload).encode())
        event = self.translation.message(action, decoded.message, [])
        assert event is not None
        self.bench.send(event, proposal=TransactionEventResponse("T1", ACCEPTED))

    def start(self) -> None:
        """At noon, at 1000 Wh."""
        if self.translation is V16:
            start = {"connectorId": 1, "idTag": "04A1B2C3", "meterStart": 1000, "timestamp": AT[0]}
            self.send("StartTransaction", start)
        else:
            self.event("Started", 0, [{"value": 1000, "context": "Transaction.Begin"}])

    def update(self, *meter_values: tuple[str, Samples]) -> None:
        """Some meter values of the transaction."""
        if self.translation is V16:
            payload = {"connectorId": 1, "transactionId": 1, "meterValue": self.values(meter_values)}
            self.send("MeterValues", payload)
        else:
            self.event("Updated", 1, [], meter_values)

    def end(self, samples: Samples) -> None:
        """Ten minutes later."""
        if self.translation is V16:
            stop = {"transactionId": 1, "meterStop": 11_000, "timestamp": AT[2]}
            data = {"transactionData": self.values([(AT[2], samples)])}
            self.send("StopTransaction", stop | data)
        else:
            self.event("Ended", 2, samples)

    def event(
        self, kind: str, seq_no: int, samples: Samples, meter_values: Iterable[tuple[str, Samples]] = ()
    ) -> None:
        """A TransactionEvent."""
        payload = {
            "eventType": kind,
            "timestamp": AT[seq_no],
            "triggerReason": "MeterValuePeriodic",
            "seqNo": seq_no,
            "transactionInfo": {"transactionId": "T1"},
            "meterValue": self.values([*meter_values, *([(AT[seq_no], samples)] if samples else [])]),
        }
        if kind == "Started":
            payload |= {"idToken": TOKEN, "evse": {"id": 1, "connectorId": 1}}
        self.send("TransactionEvent", payload)

    def stray(self, samples: Samples) -> EvseRow:
        """What an EVSE metered outside of transactions."""
        key = "connectorId" if self.translation is V16 else "evseId"
        self.send("MeterValues", {key: 1, "meterValue": self.values([(AT[0], samples)])})
        (row,) = self.bench.of_kind(EvseRow)
        assert isinstance(row, EvseRow)
        return row

    def values(self, meter_values: Iterable[tuple[str, Samples]]) -> list[dict[str, Any]]:
        """With values as the version writes them."""
        return [
            {
                "timestamp": at,
                "sampledValue": [
                    sample | {"value": f"{sample['value']}" if self.translation is V16 else sample["value"]}
                    for sample in samples
                ],
            }
            for at, samples in meter_values
        ]


CURRENT: Samples = [
    {"value": 7190, "measurand": ENERGY_REGISTER, "context": "Sample.Periodic"},
    {"value": 7200, "measurand": POWER, "context": "Sample.Periodic", "location": "Outlet"},
    {"value": 2400, "measurand": POWER, "phase": "L1-N"},
]
LAST: Samples = [
    {"value": 11_000, "context": "Transaction.End"},
    {"value": 0, "measurand": POWER, "context": "Transaction.End"},
]
OTHERS = st.lists(
    st.builds(
        lambda value, measurand, kind: {"value": value, "measurand": measurand} | kind,
        st.integers(0, 2_000_000),
        st.sampled_from([ENERGY_REGISTER, POWER]),
        st.sampled_from(
            [
                *[{"context": each} for each in ("Transaction.Begin", "Sample.Clock", "Trigger", "Other")],
                *[{"context": f"Interruption.{each}"} for each in ("Begin", "End")],
                *[{"location": each} for each in ("Inlet", "Body", "Cable", "EV")],
                *[{"phase": each} for each in ("L1", "L2-N", "L3", "N", "L1-L2", "L3-L1")],
                {"context": "Transaction.Begin", "location": "Inlet"},
            ]
        ),
    )
    | st.builds(
        lambda value, measurand: {"value": value, "measurand": measurand},
        st.integers(0, 500),
        st.sampled_from(["Voltage", "Current.Import", "Power.Offered", "SoC", "Frequency"]),
    ),
    max_size=6,
)


def charged(
    translation: Translation, current: Samples, last: Samples
) -> tuple[TransactionRow, TransactionRow]:
    """The transaction while it goes on and after it."""
    station = Station(translation, Bench())
    station.start()
    station.update((AT[1], current))
    running = next(iter(station.bench.state.transactions["cp1"].values()))  # type: ignore[index] # its id
    station.end(last)
    return running, next(iter(station.bench.state.transactions["cp1"].values()))  # type: ignore[index]


def plain(row: TransactionRow) -> dict[str, Any]:
    """Everything that is stored of a transaction."""
    return msgspec.structs.asdict(row)


@pytest.mark.parametrize("translation", [V16, V201, V21], ids=["1.6", "2.0.1", "2.1"])
@given(OTHERS, OTHERS, st.randoms(use_true_random=False))
def test_shuffling_and_other_samples_change_nothing(
    translation: Translation, current: Samples, last: Samples, random: Any
) -> None:
    """Not one field of the transaction, while it goes on and after it."""
    expected = charged(translation, CURRENT, LAST)
    mixed = [*CURRENT, *current], [*LAST, *last]
    for samples in mixed:
        random.shuffle(samples)
    found = charged(translation, *mixed)
    assert [plain(each) for each in found] == [plain(each) for each in expected]
    running, ended = expected
    assert (running.energy_wh, running.power_w, ended.energy_wh) == (6190, 7200, 10_000)


@pytest.mark.parametrize("translation", [V16, V201, V21], ids=["1.6", "2.0.1", "2.1"])
@given(OTHERS, st.randoms(use_true_random=False))
def test_so_it_is_outside_of_transactions(translation: Translation, others: Samples, random: Any) -> None:
    """The register and the power of an EVSE."""
    expected = Station(translation, Bench()).stray(CURRENT)
    mixed = [*CURRENT, *others]
    random.shuffle(mixed)
    assert Station(translation, Bench()).stray(mixed) == expected
    assert (expected.register_wh, expected.power_w) == (7190, 7200)


@pytest.mark.parametrize("translation", [V16, V201, V21], ids=["1.6", "2.0.1", "2.1"])
@given(order=st.permutations(range(4)), has_equal_times=st.booleans())
def test_the_order_of_meter_values_says_nothing(
    translation: Translation, order: list[int], *, has_equal_times: bool
) -> None:
    """Several under one time, or newest first."""
    entries = [
        (AT[1] if has_equal_times else f"2026-05-01T12:0{n}:00Z", [{"value": 1000 + 100 * n}])
        for n in range(1, 5)
    ]
    station = Station(translation, Bench())
    station.start()
    station.update(*[entries[each] for each in order])
    (row,) = station.bench.state.transactions["cp1"].values()  # type: ignore[index] # its id
    assert row.energy_wh == 400


@pytest.mark.parametrize("translation", [V16, V201, V21], ids=["1.6", "2.0.1", "2.1"])
@pytest.mark.held_before("units and multipliers were right: they are held here with the rest")
def test_units_and_multipliers_are_of_the_value(translation: Translation) -> None:
    """7.19 kWh are 7190 Wh in whatever words the version has for it."""
    if translation is V16:
        forms: list[dict[str, Any]] = [{"value": 7.19, "unit": "kWh"}, {"value": 7190, "unit": "Wh"}]
    else:
        forms = [
            {"value": 7.19, "unitOfMeasure": {"unit": "kWh"}},
            {"value": 7.19, "unitOfMeasure": {"unit": "Wh", "multiplier": 3}},
            {"value": 719, "unitOfMeasure": {"multiplier": 1}},
        ]
    for form in forms:
        station = Station(translation, Bench())
        station.start()
        station.update((AT[1], [form]))
        (row,) = station.bench.state.transactions["cp1"].values()  # type: ignore[index] # its id
        assert row.energy_wh == pytest.approx(6190)
