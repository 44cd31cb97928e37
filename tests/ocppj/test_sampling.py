"""One message brings a bounded number of samples, and those that count are among them."""

import json
from typing import Any

import pytest

from ocppj.codec import codec_for
from ocppj.model.metering import MeterValues
from ocppj.sampling import LOOKED_AT, SAMPLES_CUT, SAMPLES_MOST
from ocppj.translation import Translation, translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ENERGY_REGISTER, MeterSample

V16, V201, V21 = map(translation_for, OcppVersion)


DIALECTS = pytest.mark.parametrize("translation", [V16, V201, V21], ids=["1.6", "2.0.1", "2.1"])
NOISE = {"measurand": "Voltage", "phase": "L1"}


def value(number: int, **words: str) -> dict[str, Any]:
    return {"value": number} | words


def reported(
    translation: Translation, meter_values: list[list[dict[str, Any]]]
) -> tuple[list[MeterSample], list[str]]:
    """What becomes of MeterValues with these sampled values, and what is noted."""
    is_16 = translation is V16
    listed = [
        {
            "timestamp": "2026-05-01T12:00:00Z",
            "sampledValue": [each | {"value": str(each["value"])} if is_16 else each for each in values],
        }
        for values in meter_values
    ]
    payload = {"connectorId" if is_16 else "evseId": 1, "meterValue": listed}
    decoded = codec_for(translation.version).decode_request("MeterValues", json.dumps(payload).encode())
    findings: list[str] = []
    event = translation.message("MeterValues", decoded.message, findings)
    assert isinstance(event, MeterValues)
    return list(event.samples), findings


@DIALECTS
async def test_as_many_as_are_allowed_are_all_taken(translation: Translation) -> None:
    """And nothing is noted."""
    samples, findings = reported(translation, [[value(number, **NOISE) for number in range(SAMPLES_MOST)]])
    assert [sample.value for sample in samples] == list(range(SAMPLES_MOST))
    assert SAMPLES_CUT not in findings


@DIALECTS
@pytest.mark.parametrize("is_spread", [False, True], ids=["in one meter value", "in one each"])
async def test_of_more_the_first_and_last_and_what_is_billed_are_kept(
    translation: Translation, *, is_spread: bool
) -> None:
    """A register in the middle of noise is found; the order stays; it is noted once."""
    values = [value(number, **NOISE) for number in range(3 * SAMPLES_MOST)]
    values[1500] = value(4711)  # the register is what a sample means that names no measurand
    values[1600] = value(4712, measurand=ENERGY_REGISTER)
    values[1700] = value(11, measurand="Power.Active.Import")
    samples, findings = reported(translation, [[each] for each in values] if is_spread else [values])
    assert len(samples) <= SAMPLES_MOST
    numbers = [sample.value for sample in samples]
    assert numbers[:3] == [0, 1, 2]
    assert numbers[-3:] == [2997, 2998, 2999]
    assert [number for number in numbers if number in (4711, 4712)] == [4711, 4712]
    assert any(sample.measurand == "Power.Active.Import" for sample in samples)
    assert findings.count(SAMPLES_CUT) == 1


@DIALECTS
async def test_a_mebibyte_of_samples_is_looked_at_at_its_ends_only(translation: Translation) -> None:
    """What is cut costs neither conversion nor rows, however much it is; first and last readings are kept."""
    values = [value(number) for number in range(20_000)]
    samples, _ = reported(translation, [values])
    assert len(samples) <= SAMPLES_MOST
    assert (samples[0].value, samples[-1].value) == (0, 19_999)
    values = [value(number, **NOISE) for number in range(20_000)]
    values[LOOKED_AT - 1], values[-LOOKED_AT] = value(1_000_001), value(1_000_002)
    samples, _ = reported(translation, [values])
    assert {1_000_001, 1_000_002} <= {sample.value for sample in samples}


async def test_a_stop_with_too_much_data_keeps_what_it_ends_with() -> None:
    """1.6 transactionData and 2.x TransactionEvent pass the same bound."""
    data = [
        {"timestamp": "2026-05-01T12:00:00Z", "sampledValue": [value(n) | {"value": str(n)}]}
        for n in range(5000)
    ]
    stop = {"meterStop": 5, "timestamp": "2026-05-01T12:00:00Z", "transactionId": 1, "transactionData": data}
    decoded = codec_for(V16.version).decode_request("StopTransaction", json.dumps(stop).encode())
    findings: list[str] = []
    event: Any = V16.message("StopTransaction", decoded.message, findings)
    assert len(event.samples) <= SAMPLES_MOST
    assert event.samples[-1].value == 4999
    assert SAMPLES_CUT in findings


@DIALECTS
def test_several_meter_values_with_few_samples_are_all_kept(translation: Translation) -> None:
    """As a station sends that was offline for a while."""
    samples, findings = reported(translation, [[value(1), value(2, **NOISE)], [value(3)]])
    assert [sample.value for sample in samples] == [1, 2, 3]
    assert findings == []
