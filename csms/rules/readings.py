"""What the samples of a message say of energy and power.

Everything here is a fold that does not depend on the order in which messages arrive: the start is the
earliest reading, the stop the latest, the peak the greatest.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from csms.rules.instants import believed
from csms.rules.rows import SampleRow, TransactionRow
from ocppj.vocabulary import ENERGY_REGISTER, MeterSample, StationId

POWER = "Power.Active.Import"

_PHASES = frozenset({"L1", "L2", "L3"})
_ELSEWHERE = frozenset({"EV", "Body", "Cable"})  # locations that meter something else than what is delivered
ROUNDING_WH = 1.0
"""How far a stop may lie under the peak: whole Wh against a sample's fraction."""

Reading = tuple[datetime, float]


def readings(
    samples: Sequence[MeterSample], measurand: str, unit: str, otherwise_at: datetime, received_at: datetime
) -> list[Reading]:
    """(instant, value) of each total; phases are summed where no total comes with them (quirk 72)."""
    totals: dict[datetime, float] = {}
    sums: dict[datetime, float] = {}
    for sample in samples:
        if sample.measurand != measurand or sample.unit != unit or sample.location in _ELSEWHERE:
            continue
        at = otherwise_at if sample.at is None else believed(sample.at, received_at)[0]
        if sample.phase is None or sample.phase == "":
            totals[at] = sample.value
        elif sample.phase in _PHASES:
            sums[at] = sums.get(at, 0.0) + sample.value
    return sorted((sums | totals).items())


def metered(
    row: TransactionRow, samples: Sequence[MeterSample], at: datetime, received_at: datetime
) -> TransactionRow:
    """The transaction with these samples taken into account; `at` is the time of samples without one."""
    if not samples:
        return row
    changes: dict[str, Any] = {}
    registers = readings(samples, ENERGY_REGISTER, "Wh", at, received_at)
    if registers:
        _fold_start(row, registers[0], changes)
        _fold_stop(row, registers[-1], changes)
        peak = max(value for _, value in registers)
        if row.meter_peak_wh is None or peak > row.meter_peak_wh:
            changes["meter_peak_wh"] = peak
    powers = readings(samples, POWER, "W", at, received_at)
    if powers and (row.power_at is None or powers[-1][0] >= row.power_at):
        changes["power_at"], changes["power_w"] = powers[-1]
    return msgspec.structs.replace(row, **changes) if changes else row


def _fold_start(row: TransactionRow, earliest: Reading, changes: dict[str, Any]) -> None:
    at, value = earliest
    known = (row.meter_start_at, row.meter_start_wh)
    if row.is_start_given or (known[0] is not None and known <= (at, value)):
        return
    changes["meter_start_at"], changes["meter_start_wh"] = at, value


def _fold_stop(row: TransactionRow, latest: Reading, changes: dict[str, Any]) -> None:
    at, value = latest
    known = (row.meter_stop_at, row.meter_stop_wh)
    if row.is_stop_given or (known[0] is not None and known >= (at, value)):
        return
    changes["meter_stop_at"], changes["meter_stop_wh"] = at, value


def energy(row: TransactionRow) -> tuple[float | None, bool]:
    """(Wh since the start, whether the meter went back). Never negative: what is proven counts.

    The given stop is believed wherever it is not below the start; below it, the peak is the last proof.
    """
    start, stop, peak = row.meter_start_wh, row.meter_stop_wh, row.meter_peak_wh
    if start is None or stop is None:
        return None, False
    highest = stop if peak is None else max(stop, peak)
    went_back = stop < start or stop < highest - ROUNDING_WH
    proven = stop if stop >= start else highest
    return max(proven - start, 0.0), went_back


def sample_rows(
    station_id: StationId,
    transaction_no: int | None,
    evse_id: int | None,
    samples: Sequence[MeterSample],
    received_at: datetime,
) -> tuple[SampleRow, ...]:
    """One row per sample."""
    return tuple(SampleRow(station_id, transaction_no, evse_id, s, received_at) for s in samples)
