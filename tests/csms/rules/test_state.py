"""What a batch knows: loaded rows, and what was decided since."""

from msgspec.structs import replace

from csms.domain.charging_profiles import ProfileState
from csms.domain.display_messages import DisplayMessageState
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.records import ConnectorRecord
from csms.domain.reservations import ReservationState
from csms.domain.transfers import TransferKind, TransferState
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow
from csms.rules.display_rows import DisplayMessageRow
from csms.rules.orphans import new_transaction
from csms.rules.replies import reply_to_text
from csms.rules.rows import (
    AnnouncedReportRow,
    AnswerRow,
    ConnectorRow,
    EpochRow,
    LinkClosedRow,
    LinkOpenedRow,
    ReservationRow,
    SecurityEventRow,
)
from csms.rules.state import Decision, State, StoredLink, digest_number, transaction_key
from csms.rules.transfer_rows import TransferRow
from ocppj.model.display import DisplayMessage
from ocppj.model.messages import Acknowledged
from ocppj.model.smart_charging import ChargingPeriod, ChargingProfile, ChargingSchedule
from ocppj.model.transactions import TransactionEventResponse
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ConnectorStatus, Epoch
from tests.support.inbound import CP1, CP2, NOON, TAG, inbound, start16


def test_a_digest_is_a_signed_64_bit_number() -> None:
    """What a BIGINT holds."""
    assert digest_number(b"\xff" * 16) == -1
    assert digest_number(b"\x7f" + b"\xff" * 15) == 2**63 - 1


def test_transaction_ids_have_no_case() -> None:
    """identifierString."""
    assert transaction_key("aB-1") == transaction_key("Ab-1")
    state = State()
    row = new_transaction(state, inbound(start16()), "aB", at=NOON, evse_id=1)
    state.apply([row])
    assert state.transaction(CP1, "Ab") is row
    assert state.transaction(CP2, "Ab") is None


def test_decisions_are_seen_by_the_next_one() -> None:
    """Within one batch."""
    state = State()
    connector = ConnectorRecord(CP1, 1, 1, ConnectorStatus.AVAILABLE, "Available")
    link = LinkView(CP1, Epoch(9), OcppVersion.V16, "p", LinkSecurity.UNAUTHENTICATED, NOON, NOON, None)
    message = inbound(start16(), "m1")
    answer = AnswerRow(
        CP1, digest_number(message.digest), "m1", reply_to_text(TransactionEventResponse("1")), NOON
    )
    state.apply([ConnectorRow(connector, NOON), LinkOpenedRow(link), answer])
    state.apply([SecurityEventRow(CP1, "x", None, None, NOON)])  # nothing is decided over these
    assert state.connectors == {(CP1, 1, 1): connector}
    assert state.links == {CP1: StoredLink(Epoch(9), is_open=True)}
    assert state.first_answer(message, by_content=False) == TransactionEventResponse("1")
    other = inbound(start16(), "m2")
    assert state.first_answer(other, by_content=False) is None
    assert state.first_answer(other, by_content=True) == TransactionEventResponse("1")


def test_what_became_of_a_link_is_seen_by_the_next_decision() -> None:
    """Also the last number that a connection got."""
    state = State(last_epoch=8)
    state.apply([EpochRow(Epoch(9)), LinkClosedRow(CP1, Epoch(7), NOON, "1006")])
    assert state.last_epoch == 9
    assert state.links == {CP1: StoredLink(Epoch(7), is_open=False)}


def test_a_loaded_transaction_is_remembered_as_it_was() -> None:
    """The writer compares with it."""
    state = State()
    row = new_transaction(state, inbound(start16()), "a", at=NOON, evse_id=1)
    state.add_stored(row)
    assert state.stored == {1: row}
    assert state.transaction(CP1, "A") is row


def test_facts_are_empty_by_default() -> None:
    """Nothing to write, nothing to tell."""
    assert Decision(Acknowledged()) == Decision(Acknowledged(), (), ())


def test_of_an_id_the_latest_generation_counts() -> None:
    """Whatever was loaded last: the earlier ones are found through it, and only of its station."""
    state = State()
    made = [
        new_transaction(state, inbound(start16(), station_id=station), name, at=NOON, evse_id=1, generation=n)
        for station, name, n in ((CP1, "a", 1), (CP1, "A", 2), (CP2, "a", 3), (CP1, "b", 4))
    ]
    first, second, of_other, named_b = (
        replace(row, transaction_no=number) for number, row in enumerate(made, 1)
    )
    state.apply([second, first, of_other, named_b])
    assert state.transaction(CP1, "a") is second
    assert state.generations(second) == [second, first]
    assert state.open_transactions(CP1) == [second, named_b]
    state.apply([replace(second, ended_at=NOON)])
    assert state.open_transactions(CP1) == [named_b]
    assert state.last_number == 4


def test_what_commands_wait_for_is_seen_by_the_next_message() -> None:
    """A report that was asked for, the latest of a request id; a reservation, as it is now."""
    state = State()
    report = AnnouncedReportRow(
        command_id="c1", station_id=CP1, action="NotifyReport", request_id=7, asked_at=NOON, moved_at=NOON
    )
    reserved = ReservationRow(
        command_id="c2",
        number=7,
        station_id=CP1,
        id_token=TAG,
        expires_at=NOON,
        state=ReservationState.REQUESTED,
        asked_by="api",
        asked_at=NOON,
        moved_at=NOON,
    )
    later, active = replace(report, command_id="c3"), replace(reserved, state=ReservationState.ACTIVE)
    state.apply([report, reserved, later, active])
    assert state.announced == {(CP1, "NotifyReport", 7): later}
    assert state.reservations == {"c2": active}


def test_what_moves_ahead_leaves_the_state_as_it_was() -> None:
    """Within one message; what was loaded is seen by both."""
    state = State()
    ahead = state.ahead()
    record = ConnectorRecord(CP1, 1, 1, ConnectorStatus.FAULTED, "Faulted")
    ahead.apply([ConnectorRow(record, NOON)])
    assert (list(ahead.connectors.values()), state.connectors) == ([record], {})
    assert ahead.transactions is state.transactions


def test_profiles_and_limits_are_those_of_now() -> None:
    """By entry, and by who limits where."""
    state = State()
    schedule = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=6.0),))
    profile = ChargingProfile(profile_id=1, purpose="TxProfile", schedules=(schedule,))
    row = ChargingProfileRow(
        entry_id="c1",
        station_id=CP1,
        evse_id=1,
        profile=profile,
        source="CSO",
        state=ProfileState.REQUESTED,
        asked_at=NOON,
        moved_at=NOON,
    )
    limit = ChargingLimitRow(
        station_id=CP1,
        evse_id=0,
        source="EMS",
        is_grid_critical=None,
        is_local_generation=None,
        schedules=(),
        since=NOON,
        reported_at=NOON,
    )
    state.apply([row, held := replace(row, state=ProfileState.HELD), limit])
    assert state.profiles == {CP1: {"c1": held}}
    assert state.limits == {(CP1, 0, "EMS"): limit}


def test_a_transfer_is_known_by_its_number() -> None:
    """As it was decided last."""
    asked = TransferRow(
        number=7,
        station_id=CP1,
        kind=TransferKind.LOG,
        state=TransferState.WAITING,
        asked_by="api:ann",
        asked_at=NOON,
        moved_at=NOON,
    )
    state = State()
    state.apply([asked, replace(asked, state=TransferState.FAILED)])
    assert state.transfers[7].state is TransferState.FAILED


def test_messages_on_a_display_are_those_of_now() -> None:
    """By their number at the station."""
    row = DisplayMessageRow(
        station_id=CP1,
        message=DisplayMessage(message_id=3, text="Bonjour"),
        state=DisplayMessageState.UNKNOWN,
        moved_at=NOON,
    )
    state = State()
    state.apply([row, held := replace(row, state=DisplayMessageState.HELD)])
    assert state.display_messages_of(CP1) == [held]
    assert state.display_messages_of(CP2) == []
