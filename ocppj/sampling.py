"""How many samples of one message are taken: a MiB of MeterValues holds 74,000, and each costs a row.

The cut comes before any conversion and any rule. The whole message stays in the wire log.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

import msgspec

from ocppj.findings import add_finding
from ocppj.vocabulary import ENERGY_REGISTER

SAMPLES_MOST = 1000
"""Samples of one message that are kept; honest ones have dozens, a long StopTransaction some hundreds."""
LOOKED_AT = 4 * SAMPLES_MOST
"""So many of the first and of the last samples are looked at to find those that matter."""
SAMPLES_CUT = "samples-cut"
"""Finding: more samples than are taken; the totals of energy and power, the first and the last are kept."""
_BILLED = frozenset({None, "", ENERGY_REGISTER, "Power.Active.Import"})

_Sample = tuple[int, Any]
"""A sampled value, and the place of the meter value it belongs to."""


def bounded_samples(meter_values: Sequence[Any], findings: list[str]) -> Sequence[Any]:
    """`meterValue` (or `transactionData`) of any version with at most SAMPLES_MOST samples, in their order.

    Half of them are totals of the energy register and of power, the rest the first and the last of all.
    """
    if len(meter_values) == 1 and len(meter_values[0].sampled_value) <= SAMPLES_MOST:  # the usual case
        return meter_values
    count = sum(len(each.sampled_value) for each in meter_values)
    if count <= SAMPLES_MOST and len(meter_values) <= SAMPLES_MOST:
        return meter_values
    add_finding(findings, SAMPLES_CUT)
    samples = _ends_of(meter_values, count)
    billed = [each for each in samples if each[1].measurand in _BILLED and not each[1].phase]
    kept = {id(sample) for _, sample in chain(_ends(billed), _ends(samples))}
    cut: list[Any] = []
    last = -1
    for place, sample in samples:
        if id(sample) not in kept:
            continue
        if place != last:
            cut.append(msgspec.structs.replace(meter_values[place], sampled_value=[]))
            last = place
        cut[-1].sampled_value.append(sample)
    return cut


def _ends_of(meter_values: Sequence[Any], count: int) -> list[_Sample]:
    """The first and the last samples of the message, in their order."""
    if count <= 2 * LOOKED_AT:
        return list(_walk(range(len(meter_values)), meter_values))
    first = list(islice(_walk(range(len(meter_values)), meter_values), LOOKED_AT))
    backwards = _walk(range(len(meter_values) - 1, -1, -1), meter_values, step=-1)
    last = list(islice(backwards, LOOKED_AT))
    return first + last[::-1]


def _walk(places: Iterable[int], meter_values: Sequence[Any], step: int = 1) -> Iterable[_Sample]:
    for place in places:
        for sample in meter_values[place].sampled_value[::step]:
            yield place, sample


def _ends(samples: Sequence[_Sample]) -> Sequence[_Sample]:
    """The first and the last of them, a quarter of what is kept each."""
    quarter = SAMPLES_MOST // 4
    return samples if len(samples) <= 2 * quarter else [*samples[:quarter], *samples[-quarter:]]
