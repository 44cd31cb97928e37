"""NotifyReport: a station's variables, in parts (2.x; 1.6 answers GetConfiguration with them)."""

from datetime import datetime

import msgspec

from ocppj.vocabulary import VariableRef


class ReportedVariable(msgspec.Struct, frozen=True, gc=False):
    """One variable as the station reports it; `value` None where it is write-only or has none."""

    ref: VariableRef
    value: str | None
    is_read_only: bool = False
    unit: str | None = None
    data_type: str | None = None
    max_limit: float | None = None
    min_limit: float | None = None
    values_list: str | None = None
    """What it may be, with commas in between."""
    is_write_only: bool = False
    is_persistent: bool = False
    """Whether it outlives a restart."""
    supports_monitoring: bool = False


class NotifyReport(msgspec.Struct, frozen=True, gc=False):
    """One part of a report; `is_last` is false while more parts follow."""

    request_id: int
    seq_no: int
    is_last: bool
    variables: tuple[ReportedVariable, ...]
    generated_at: datetime | None = None
