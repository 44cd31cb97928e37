"""What is told of a station's faults, silence and second boxes, as a pure function of them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.domain.records import ConnectorRecord
from ocppj.vocabulary import ConnectorStatus, StationId
from provisioning.blockers import Code, Severity
from provisioning.conditions import Box, Conditions, Fault, SiteShortcoming, Unmeasured, fault_of, remarks_on
from provisioning.gates.facts import GateFacts
from provisioning.gates.lifecycle_status import derive
from provisioning.lifecycle import Lifecycle
from runtime.wording import Phrase

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ID = StationId("cp")


def connector(status: ConnectorStatus, error: str | None = None, info: str | None = None) -> ConnectorRecord:
    """A report of connector 1."""
    return ConnectorRecord(ID, 1, 1, status, status.value, AT, error, info)


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (connector(ConnectorStatus.AVAILABLE), None),
        (connector(ConnectorStatus.AVAILABLE, "NoError"), None),
        (connector(ConnectorStatus.UNAVAILABLE, ""), None),
        (connector(ConnectorStatus.FAULTED), Fault(1, 1, True, None, AT)),
        (connector(ConnectorStatus.FAULTED, "NoError", "door"), Fault(1, 1, True, "door", AT)),
        (connector(ConnectorStatus.OCCUPIED, "WeakSignal"), Fault(1, 1, False, "WeakSignal", AT)),
        (connector(ConnectorStatus.FAULTED, "Other", "E7"), Fault(1, 1, True, "Other – E7", AT)),
    ],
)
def test_what_a_report_says_is_wrong(record: ConnectorRecord, fault: Fault | None) -> None:
    """Faulted is a fault whatever the error code; an error code counts beside any status, but NoError."""
    assert fault_of(record) == fault


def test_the_worst_comes_first() -> None:
    """A second box, then silence, then what is faulted, then what only reports an error."""
    conditions = Conditions(
        is_online=False,
        offline_since=AT,
        faults=(Fault(1, 1, False, "WeakSignal", AT), Fault(0, 0, True, None, None)),
        boxes=(Box("192.0.2.1", AT, 0, "Acme", "One", "7"), Box("192.0.2.2", AT, 3)),
    )
    found = remarks_on(Lifecycle.ACTIVE, conditions)
    assert [each.code for each in found] == [
        Code.DUPLICATE_IDENTITY,
        Code.OFFLINE,
        Code.FAULTED,
        Code.ERROR_REPORTED,
    ]
    assert [each.severity for each in found] == [*[Severity.PROBLEM] * 3, Severity.NOTE]
    boxes, offline, fault, _ = (each.text.en for each in found)
    assert "(192.0.2.1, Acme, One, serial 7) and (192.0.2.2, turned away 3 times" in boxes
    assert offline == "The station is offline since 2026-01-05 12:00:00 UTC."
    assert fault == "The station: faulted (–) since nobody knows when."


def test_a_fault_is_linked_to_what_the_site_lacked() -> None:
    """One that is only reported is not, and nobody is told of a site that is as it has to be."""
    short = SiteShortcoming("s", "Port", Phrase("La terre", "The earth"))
    fault, error = Fault(1, 1, True, None, AT), Fault(1, 1, False, "WeakSignal", AT)
    found = remarks_on(Lifecycle.ACTIVE, Conditions(faults=(fault,), shortcoming=short))
    assert [each.code for each in found] == [Code.FAULTED, Code.SITE_ITEM_FAILED]
    assert "Port" in found[1].text.en
    assert "The earth" in found[1].text.en
    assert found[1].severity is Severity.NOTE
    for conditions in (Conditions(faults=(error,), shortcoming=short), Conditions(shortcoming=short)):
        codes = [each.code for each in remarks_on(Lifecycle.ACTIVE, conditions)]
        assert Code.SITE_ITEM_FAILED not in codes


@pytest.mark.parametrize("state", [*Lifecycle, None])
def test_silence_counts_where_a_station_is_in_service(state: Lifecycle | None) -> None:
    """A box in its carton is silent, and that is in nobody's way."""
    found = remarks_on(state, Conditions(is_online=False))
    assert bool(found) is (state in (Lifecycle.ACTIVE, Lifecycle.SUSPENDED))


@given(is_online=st.booleans(), is_faulted=st.booleans(), is_crowded=st.booleans())
def test_an_active_station_is_well_only_if_nothing_is_wrong(
    is_online: bool, is_faulted: bool, is_crowded: bool
) -> None:
    """Nothing is in the way exactly where it is online, not faulted and alone; the state is the same."""
    lifecycle_status = derive(GateFacts(is_ours=True, is_activated=True))
    faults = (Fault(1, 1, True),) if is_faulted else ()
    boxes = (Box("a", AT), Box("b", AT, 1)) if is_crowded else ()
    now = lifecycle_status.amid(
        remarks_on(lifecycle_status.state, Conditions(is_online, None, faults, boxes))
    )
    assert now.state is Lifecycle.ACTIVE
    assert now.blocked_by == ()
    assert bool(now.in_the_way) is (not is_online or is_faulted or is_crowded)
    assert (now.who_clears is None) is (not now.in_the_way)


def test_a_price_for_what_is_not_measured_is_a_note_for_the_owner() -> None:
    """With the component, since when, and the site whose tariff to change."""
    lacking = Unmeasured(ID, "energy", AT, "t", "s/1")
    (found,) = remarks_on(Lifecycle.LOCALIZED, Conditions(unmeasured=(lacking,)))
    assert (found.code, found.severity, found.about) == (Code.NOT_MEASURED, Severity.NOTE, "energy")
    assert found.who_clears.value == "owner"
    assert found.text.en.startswith(
        "Energy has a price, but the station has told nothing of it since 2026-01-05"
    )
    assert found.text.fr.startswith("L'énergie a un prix, mais la borne n'en dit rien depuis 2026-01-05")
    assert found.at(ID).way_out.route == "PATCH /api/v1/sites/s%2F1"
    assert lacking.remark.way_out.page == "/stations/cp"
