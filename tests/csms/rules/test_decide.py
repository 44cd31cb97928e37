"""The table of rules, and first answers."""

import typing

import pytest
from msgspec.structs import replace

from csms.domain.quarantine import QuarantineCause
from csms.rules.decide import LONGEST_REASON, RULES, decide, keeps_answer
from csms.rules.rows import AnswerRow, QuarantineRow, SecurityEventRow
from csms.rules.state import State
from ocppj.model.authorization import Authorize, AuthorizeResponse
from ocppj.model.boot import Heartbeat
from ocppj.model.data_transfer import DataTransfer
from ocppj.model.messages import Acknowledged, StationMessage
from ocppj.model.security import SecurityEventNotification
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.vocabulary import AuthorizationStatus, IdTokenInfo
from tests.support.inbound import ACCEPTED, ENDED, NOON, TAG, Bench, event201, inbound, start16, values16


def test_every_event_but_the_heartbeat_has_a_rule() -> None:
    """An event without a rule cannot be added unnoticed."""
    assert set(RULES) == set(typing.get_args(StationMessage)) - {Heartbeat}


@pytest.mark.parametrize(
    ("event", "is_kept"),
    [
        (start16(), True),
        (event201(ENDED, 1, NOON), True),
        (values16(None, 1, NOON), True),
        (SecurityEventNotification("x", NOON), True),
        (DataTransfer("v"), True),
        (Authorize(TAG), False),
    ],
)
def test_what_must_not_be_stored_twice_keeps_its_answer(event: StationMessage, is_kept: bool) -> None:
    """A verdict asked for again is a fresh one."""
    assert keeps_answer(event) is is_kept


def test_a_security_event_sent_again_is_one_event() -> None:
    """Its delivery is guaranteed, so it is repeated (A04.FR.02)."""
    bench = Bench()
    event = SecurityEventNotification("SettingSystemTime", NOON, "because")
    for message_id in ("m1", "m1", "m2"):
        assert bench.send(event, message_id, proposal=Acknowledged()) == Acknowledged()
    assert len(bench.of_kind(SecurityEventRow)) == 1
    assert len(bench.of_kind(AnswerRow)) == 1


def test_a_decision_changes_nothing_by_itself() -> None:
    """Pure: the same state and message give the same facts again."""
    state, message = State(), inbound(start16())
    proposal = Bench().send(TransactionEvent(ENDED, "x", NOON, seq_no=0))
    assert proposal is not None
    assert decide(state, message, proposal) == decide(state, message, proposal)
    assert state.transactions == {}


def test_a_verdict_is_given_anew_each_time() -> None:
    """Nothing of it is kept: a token may have been blocked since."""
    bench = Bench()
    for status in (AuthorizationStatus.ACCEPTED, AuthorizationStatus.BLOCKED):
        verdict = AuthorizeResponse(IdTokenInfo(status))
        assert bench.send(Authorize(TAG), "m1", proposal=verdict) == verdict
    assert bench.of_kind(AnswerRow) == []


def test_a_message_of_which_something_was_left_out_is_kept_as_it_came() -> None:
    """What was used is stored; where and why the rest was not, is said, within bounds."""
    where = ("meterValue[0]: no number", "x" * LONGEST_REASON)
    message = replace(inbound(start16(), content=b"raw"), left_out=where)
    facts = decide(State(), message, TransactionEventResponse("", ACCEPTED))
    (kept,) = [row for row in facts.rows if isinstance(row, QuarantineRow)]
    assert (kept.raw, kept.cause) == (b"raw", QuarantineCause.PARTLY_READ)
    assert kept.reason.startswith("partly-read: meterValue[0]: no number; xxx")
    assert len(kept.reason) == LONGEST_REASON
    state = State()
    state.apply(facts.rows)
    again = decide(state, message, TransactionEventResponse("", ACCEPTED))
    assert (again.reply, again.rows) == (facts.reply, ())
