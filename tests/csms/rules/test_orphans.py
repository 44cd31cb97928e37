"""Whose a 1.6 message is."""

import msgspec

from csms.rules.flags import ORPHAN
from csms.rules.orphans import new_transaction, numbered_transaction, orphan_name, stopped_transaction
from csms.rules.state import State
from tests.support.inbound import NOON, inbound, minutes, stop16


def test_a_number_finds_its_transaction_then_its_orphan() -> None:
    """Ours come first."""
    state, message = State(), inbound(stop16("7", 1, NOON))
    orphan, is_new = numbered_transaction(state, message, "7", None, NOON)
    assert is_new
    assert (orphan.transaction_id, orphan.flags) == ("orphan-7", (ORPHAN,))
    state.take([orphan])
    assert numbered_transaction(state, message, "7", None, NOON) == (orphan, False)
    state.add_transaction(new_transaction(state, message, "7", at=NOON, evse_id=1))
    assert numbered_transaction(state, message, "7", None, NOON)[0].transaction_id == "7"


def test_a_number_that_is_no_number_makes_no_long_name() -> None:
    """Quirk 37: INT64_MAX has 19 digits; more are cut."""
    assert orphan_name("9" * 400) == "orphan-" + "9" * 20


def test_orphans_without_a_number_are_told_apart_by_content() -> None:
    """The same stop is the same orphan, another one is another."""
    state = State()
    names = set()
    for at, meter_wh in ((NOON, 1), (NOON, 2), (minutes(1), 1), (NOON, 1)):
        event = stop16(None, meter_wh, at)
        row, flags = stopped_transaction(state, inbound(event), event, NOON)
        assert flags == ()
        state.take([msgspec.structs.replace(row, ended_at=NOON)])
        names.add(row.transaction_id)
    assert len(names) == 3


def test_a_transaction_without_a_name_goes_by_its_number() -> None:
    """Numbers grow by one."""
    state = State(41)
    row = new_transaction(state, inbound(stop16(None, 1, NOON)), None, at=NOON, evse_id=2)
    assert (row.transaction_no, row.transaction_id, row.evse_id) == (42, "42", 2)
    state.take([row])
    assert state.last_number == 42
