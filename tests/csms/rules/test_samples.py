"""Of each version's messages: neither the order of samples nor other contexts and places say anything."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.rules.rows import EvseRow, TransactionRow
from ocppj.codec import codec_for
from ocppj.model.transactions import TransactionEventResponse
from ocppj.translation import Translation, translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ENERGY_REGISTER
from tests.support.inbound import ACCEPTED, Bench

V16, V201, V21 = map(translation_for, OcppVersion)


Samples = list[dict[str, Any]]
POWER = "Power.Active.Import"
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
