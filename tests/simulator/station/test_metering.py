"""When meters are read: in an interval, by the clock, and for the end."""

from typing import Any

import pytest

from simulator.station.metering import SAMPLINGS_MOST
from tests.support.simulated import Stage, changed_template, simulated

REGISTER = "Energy.Active.Import.Register"


def aligned(template: str, **more: str) -> Any:
    """Values every quarter of an hour, and none in between."""
    variables = {
        "AlignedDataCtrlr.Interval": "900",
        "AlignedDataCtrlr.Measurands": REGISTER,
        "SampledDataCtrlr.TxUpdatedInterval": "0",
    }
    return changed_template(template, variables=variables | more)


def contexts(meter_values: Any) -> list[tuple[str, str]]:
    """(time, context) of each value."""
    return [
        (meter.timestamp[11:16], sampled.context)
        for meter in meter_values or ()
        for sampled in meter.sampled_value
    ]


async def charging(stage: Stage) -> None:
    """Soon after twelve."""
    await stage.boot()
    stage.station.plug()
    await stage.station.present("TAG1")
    await stage.rest()


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
async def test_clock_aligned_values_outside_of_transactions(template: str) -> None:
    """At even fractions of the day, of every EVSE (1.6 §3.16.1, 2.0.1 J01)."""
    async with simulated(aligned(template)) as stage:
        await stage.boot()
        await stage.advance(1799)
        found = [contexts(message.meter_value) for message in stage.said("MeterValues")]
        evses = len(stage.station.template.evses)
        assert found == [[("12:15", "Sample.Clock")]] * evses
        await stage.advance(2)
        assert len(stage.said("MeterValues")) == 2 * evses


async def test_clock_aligned_values_of_a_transaction_in_2_0_1() -> None:
    """J02: as events of the transaction; its neighbour is still told of by MeterValues."""
    async with simulated(aligned("ac-201")) as stage:
        await charging(stage)
        await stage.advance(900)
        event = stage.said("TransactionEvent")[-1]
        assert event.trigger_reason == "MeterValueClock"
        assert contexts(event.meter_value) == [("12:15", "Sample.Clock")]
        assert [message.evse_id for message in stage.said("MeterValues")] == [2]


async def test_clock_aligned_values_of_a_transaction_in_1_6() -> None:
    """With the transaction's id."""
    async with simulated(aligned("ac-16")) as stage:
        await charging(stage)
        await stage.advance(900)
        (message,) = stage.said("MeterValues")
        assert (message.transaction_id, contexts(message.meter_value)) == (7, [("12:15", "Sample.Clock")])


async def test_setting_the_interval_counts_at_once() -> None:
    """ClockAlignedDataInterval is for the central system to set (1.6 §9.1.5), and 0 switches it off."""
    async with simulated() as stage:
        await stage.boot()
        for key, value in (("MeterValuesAlignedData", REGISTER), ("ClockAlignedDataInterval", "600")):
            answer = await stage.ask("ChangeConfiguration", {"key": key, "value": value})
            assert answer.status == "Accepted"
        await stage.advance(601)
        assert len(stage.said("MeterValues")) == 1
        await stage.ask("ChangeConfiguration", {"key": "ClockAlignedDataInterval", "value": "0"})
        await stage.advance(3600)
        assert len(stage.said("MeterValues")) == 1


async def test_the_end_tells_the_beginning_too() -> None:
    """2.0.1 §2.7.5: with no interval, the values of start and end."""
    async with simulated(changed_template("ac-201")) as stage:
        await charging(stage)
        await stage.advance(120)
        await stage.station.present("TAG1")
        await stage.rest()
        found = contexts(stage.said("TransactionEvent")[-1].meter_value)
        assert [context for _, context in found] == ["Transaction.Begin", "Transaction.End"]


async def test_values_are_kept_for_the_end() -> None:
    """Sampled and clock-aligned ones, each in its own interval."""
    kept = {
        "SampledDataCtrlr.TxEndedInterval": "600",
        "AlignedDataCtrlr.TxEndedInterval": "900",
        "AlignedDataCtrlr.TxEndedMeasurands": REGISTER,
    }
    async with simulated(aligned("ac-201", **kept)) as stage:
        await charging(stage)
        await stage.advance(1801)
        await stage.station.present("TAG1")
        await stage.rest()
        found = [context for _, context in contexts(stage.said("TransactionEvent")[-1].meter_value)]
        assert found.count("Sample.Periodic") == 3
        assert found.count("Sample.Clock") == 2


async def test_values_for_the_end_are_bounded() -> None:
    """E06.FR.13: every other one goes; the first and the last stay."""
    async with simulated(
        changed_template("ac-201", variables={"SampledDataCtrlr.TxEndedInterval": "1"})
    ) as stage:
        await charging(stage)
        await stage.advance(3 * SAMPLINGS_MOST)
        await stage.station.present("TAG1")
        await stage.rest()
        found = [context for _, context in contexts(stage.said("TransactionEvent")[-1].meter_value)]
        assert SAMPLINGS_MOST / 2 <= len(found) <= SAMPLINGS_MOST + 1
        assert (found[0], found[-1]) == ("Transaction.Begin", "Transaction.End")


async def test_1_6_tells_its_samples_at_the_end() -> None:
    """§9.1.27 StopTxnSampledData: in MeterValueSampleInterval, and the values of start and end."""
    async with simulated() as stage:
        await charging(stage)
        await stage.advance(61)
        await stage.station.present("TAG1")
        await stage.rest()
        (stop,) = stage.said("StopTransaction")
        found = [context for _, context in contexts(stop.transaction_data)]
        interval_s = int(stage.station.variables.number("SampledDataCtrlr", "TxUpdatedInterval", 0))
        assert found == ["Transaction.Begin", *["Sample.Periodic"] * (60 // interval_s), "Transaction.End"]


async def test_no_power_no_values() -> None:
    """And again when it is back."""
    async with simulated(aligned("ac-16")) as stage:
        await stage.boot()
        stage.station.power_cut(1800)
        await stage.advance(1799)
        assert not stage.said("MeterValues")
        await stage.advance(910)
        assert len(stage.said("MeterValues")) == 1
