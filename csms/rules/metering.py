"""MeterValues: of a transaction (1.6 only) or of nobody's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from csms.rules.attachments import attachment_rows
from csms.rules.ends import as_open, before_end, ended_again
from csms.rules.instants import believed
from csms.rules.orphans import metered_transaction
from csms.rules.readings import POWER, readings, sample_rows
from csms.rules.reviews import kept_decision
from csms.rules.rows import EvseRow
from csms.rules.state import Decision, State
from csms.rules.transaction_events import updated_event
from csms.rules.transaction_fold import flagged, settled, with_samples
from ocppj.model.messages import Acknowledged, Reply
from ocppj.model.metering import MeterValues
from ocppj.vocabulary import ENERGY_REGISTER, MeterSample
from runtime.texts import instant_text


def meter_values_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:  # noqa: ARG001 - table
    """Kept with their transaction, named or not; one that has ended stays ended (quirk 48)."""
    event: MeterValues = inbound.event  # type: ignore[assignment] # the table's key
    received_at = inbound.received_at
    instant = believed(_first_time(event), received_at).at
    known, flags = metered_transaction(state, inbound, event, instant)
    if known is None:
        return _stray_values(inbound, event)
    counted, late = before_end(known, event.samples, instant)
    after = flagged(as_open(known), (*inbound.findings, *flags, late))
    after = settled(with_samples(after, counted, instant, inbound))
    row = kept_decision(known, ended_again(known, after, instant))
    samples = sample_rows(inbound.station_id, row.transaction_no, event.evse_id, event.samples, received_at)
    evse = () if event.transaction_id is not None else _metered_evse(inbound, event)
    events = [_values_event(inbound, event, row.transaction_id)]
    if row.ended_at is None:
        events.append(updated_event(row, received_at))
    attachments = attachment_rows(inbound, event, row.transaction_no)
    return Decision(Acknowledged(), (row, *evse, *samples, *attachments), tuple(events))


def is_repeatable(event: MeterValues) -> bool:
    """Whether equal content means the same message: only where the station's clock tells them apart."""
    return _first_time(event) is not None


def _first_time(event: MeterValues) -> datetime | None:
    for sample in event.samples:
        if sample.at is not None:
            return sample.at
    return None


def _stray_values(inbound: Inbound, event: MeterValues) -> Decision:
    station_id, received_at = inbound.station_id, inbound.received_at
    rows = sample_rows(station_id, None, event.evse_id, event.samples, received_at)
    events = (_values_event(inbound, event, None),)
    return Decision(Acknowledged(), (*_metered_evse(inbound, event), *rows), events)


def _metered_evse(inbound: Inbound, event: MeterValues) -> tuple[EvseRow, ...]:
    """What the EVSE told of itself, and not of a transaction."""
    if event.evse_id is None:
        return ()
    received_at = inbound.received_at
    registers = readings(event.samples, ENERGY_REGISTER, "Wh", received_at, received_at)
    powers = readings(event.samples, POWER, "W", received_at, received_at)
    return (EvseRow(inbound.station_id, event.evse_id, registers.latest, powers.latest, received_at),)


def _values_event(inbound: Inbound, event: MeterValues, transaction_id: str | None) -> StationEvent:
    payload = {
        "evse_id": event.evse_id,
        "transaction_id": transaction_id,
        "samples": _all_fields(event.samples),
    }
    return StationEvent("meter.values", inbound.station_id, inbound.received_at, payload)


def _all_fields(samples: Sequence[MeterSample]) -> list[dict[str, Any]]:
    """Samples read at once share their instant: it is written once, for that costs more than all the rest."""
    found: list[dict[str, Any]] = []
    at, at_text = None, None
    for sample in samples:
        if sample.at is not at:
            at, at_text = sample.at, instant_text(sample.at)
        found.append(sample_fields(sample, at_text))
    return found


def sample_fields(sample: MeterSample, at_text: str | None) -> dict[str, Any]:
    """A sampled value for the outside: in events and in the API alike; `at_text` is its instant."""
    return {
        "measurand": sample.measurand,
        "value": sample.value,
        "unit": sample.unit,
        "phase": sample.phase,
        "location": sample.location,
        "context": sample.context,
        "at": at_text,
    }
