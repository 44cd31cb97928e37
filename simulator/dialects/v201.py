"""A station that speaks OCPP 2.0.1."""

from collections.abc import Iterator
from functools import partial

from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    CONFIGURATION_KEY_COMPONENT,
    VariableRef,
)
from simulator.dialects.dialect import Dialect, Habits, Words
from simulator.template import StationTemplate
from simulator.transaction_points import TRANSACTION_POINTS
from simulator.variables import Kind, Mutability, Variable


def variables_v201(template: StationTemplate) -> Iterator[Variable]:
    """What 2.0.1 asks of every station beyond the usual ones: none that 1.6 would not show as well."""
    yield Variable(
        ref=VariableRef("ChargingStation", "SupplyPhases"),
        value=str(max(evse.phases for evse in template.evses)),
        kind=Kind.INTEGER,
        mutability=Mutability.READ_ONLY,
    )
    for name in ("TxStartPoint", "TxStopPoint"):
        yield Variable(
            ref=VariableRef("TxCtrlr", name),
            value="PowerPathClosed",
            kind=Kind.MEMBER_LIST,
            options=TRANSACTION_POINTS,
            minimum=1,
        )
    for component in ("SampledDataCtrlr", "AlignedDataCtrlr"):
        yield Variable(
            ref=VariableRef(component, "TxEndedInterval"),
            value="0",
            kind=Kind.INTEGER,
            unit="s",
            minimum=0,
            maximum=86_400,
        )
    yield Variable(
        ref=VariableRef("ClockCtrlr", "DateTime"), kind=Kind.DATE_TIME, mutability=Mutability.READ_ONLY
    )


def _shows(ref: VariableRef) -> bool:
    """Everything but 1.6's own keys."""
    return ref.component != CONFIGURATION_KEY_COMPONENT


def _password_bytes(value: str) -> str:
    return value.encode().decode("latin-1")


V201 = Words(
    version=OcppVersion.V201,
    habits=Habits(
        waits_for_idle=True,
        unlock_ends_transaction=False,
        boots_on_trigger=False,
        is_silent_when_rejected=False,
        reports_whole_station=False,
        occupied_needs_cable=True,
        repeats_place=False,
        vendor_characters=50,
        empty_list_has_version=True,
        takes_list_version_zero=False,
        triggered_measurands=("AlignedDataCtrlr", "Measurands"),
        ended_interval=("SampledDataCtrlr", "TxEndedInterval"),
        ended_aligned_interval=("AlignedDataCtrlr", "TxEndedInterval"),
        fixed_points=None,
        stored_password=_password_bytes,
    ),
    shows=_shows,
)
V201Dialect = partial(Dialect, V201)
