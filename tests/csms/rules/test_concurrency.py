"""ConcurrentTx: how many transactions a token or its group may have at once, and who does not count."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from csms.domain.concurrency import ConcurrencyLimit
from csms.domain.flags import TOKEN_REFUSED
from csms.domain.inbound import PricedResponse
from csms.rules.concurrency import OPEN_FOR
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.vocabulary import AuthorizationStatus, IdToken, IdTokenInfo, StationId
from tests.support.inbound import (
    ACCEPTED,
    CP2,
    ENDED,
    NOON,
    STARTED,
    TAG,
    UPDATED,
    Bench,
    event201,
    minutes,
    start16,
    stop16,
)

ONE = (ConcurrencyLimit(1, (TAG,)),)
REFUSED = IdTokenInfo(AuthorizationStatus.CONCURRENT_TX)


def verdict(
    bench: Bench, event: TransactionEvent, limits: tuple[ConcurrencyLimit, ...] = ONE, **more: object
) -> AuthorizationStatus:
    """What the start is answered under these limits."""
    info = more.pop("info", ACCEPTED)
    proposal = PricedResponse(event.transaction_id or "", info, concurrency=limits)  # type: ignore[arg-type]
    reply = bench.send(event, proposal=proposal, **more)  # type: ignore[arg-type]
    assert isinstance(reply, TransactionEventResponse)
    assert reply.info is not None
    return reply.info.status


def test_the_second_start_of_a_token_is_refused_and_the_first_may_end() -> None:
    """Two stations of 1.6; what was refused is marked, and when the first has ended there is room again."""
    bench = Bench()
    assert verdict(bench, start16()) is AuthorizationStatus.ACCEPTED
    assert verdict(bench, start16(), station_id=CP2) is AuthorizationStatus.CONCURRENT_TX
    assert bench.transaction("2", CP2).flags == (TOKEN_REFUSED,)
    bench.send(stop16("1", 2000, minutes(60)))
    assert verdict(bench, start16(1001), station_id=StationId("cp3")) is AuthorizationStatus.ACCEPTED


def test_nobody_is_refused_for_their_own_retry() -> None:
    """The same start under the same message id, and under another one."""
    bench = Bench()
    for message_id in ("a", "a", "b"):
        assert verdict(bench, start16(), message_id=message_id) is AuthorizationStatus.ACCEPTED
    other = event201(STARTED, 0, NOON, id_token=IdToken("B"))
    of_other = (ConcurrencyLimit(1, (IdToken("B"),)),)
    for event, message_id in ((other, "c"), (other, "d"), (replace(other, is_offline=True), "e")):
        assert verdict(bench, event, of_other, message_id=message_id) is AuthorizationStatus.ACCEPTED
    assert len(bench.state.numbered) == 2


def test_what_was_refused_is_refused_again_when_it_is_sent_again() -> None:
    """Also when there is room by then: the first answer counts."""
    bench = Bench()
    verdict(bench, start16())
    again = start16(evse_id=2)
    assert verdict(bench, again, message_id="x") is AuthorizationStatus.CONCURRENT_TX
    bench.send(stop16("1", 2000, minutes(60)))
    assert verdict(bench, again, message_id="x") is AuthorizationStatus.CONCURRENT_TX
    assert verdict(bench, again, message_id="y") is AuthorizationStatus.CONCURRENT_TX


def test_a_new_start_on_the_same_evse_takes_the_place_of_the_old_one() -> None:
    """A station whose stop was lost does not lock its driver out."""
    bench = Bench()
    verdict(bench, start16())
    assert verdict(bench, start16(2000, minutes(60))) is AuthorizationStatus.ACCEPTED
    assert verdict(bench, start16(3000, minutes(70), evse_id=2)) is AuthorizationStatus.CONCURRENT_TX


def test_one_whose_end_never_came_counts_for_a_week() -> None:
    """OPEN_FOR, and no longer."""
    bench = Bench()
    verdict(bench, start16(), received_at=NOON)
    for later, status in (
        (OPEN_FOR, AuthorizationStatus.CONCURRENT_TX),
        (OPEN_FOR + timedelta(seconds=1), AuthorizationStatus.ACCEPTED),
    ):
        event = start16(5, NOON + later, evse_id=2)
        copied = Bench()
        copied.state.add_transaction(bench.transaction("1"))
        assert verdict(copied, event, received_at=NOON + later) is status


def test_a_token_that_comes_after_its_start_is_judged_when_it_comes() -> None:
    """2.x: the cable starts the transaction; later messages with the same token are not judged anew."""
    bench = Bench()
    verdict(bench, start16())
    bench.send(event201(STARTED, 0, NOON))
    told = event201(UPDATED, 1, minutes(1), id_token=TAG)
    assert verdict(bench, told) is AuthorizationStatus.ACCEPTED, "the same EVSE"
    bench.send(event201(STARTED, 0, NOON, transaction_id="T2"), station_id=CP2)
    told = event201(UPDATED, 1, minutes(1), transaction_id="T2", id_token=TAG)
    assert verdict(bench, told, station_id=CP2) is AuthorizationStatus.CONCURRENT_TX
    assert TOKEN_REFUSED in bench.transaction("T2", CP2).flags
    bench.send(event201(STARTED, 0, NOON, transaction_id="T3", id_token=IdToken("B")), station_id=CP2)
    later = event201(UPDATED, 1, minutes(1), transaction_id="T3", id_token=IdToken("B"))
    limits = (ConcurrencyLimit(1, (IdToken("B"), TAG)),)
    assert verdict(bench, later, limits, station_id=CP2) is AuthorizationStatus.ACCEPTED


def test_a_group_has_a_limit_of_its_own() -> None:
    """Whatever the token; both limits must hold."""
    bench = Bench()
    members = tuple(IdToken(name) for name in "ABC")
    found = []
    for number, token in enumerate((*members, members[0])):
        limits = (ConcurrencyLimit(1, (token,)), ConcurrencyLimit(2, members))
        station_id = StationId(f"s{number}")
        found.append(verdict(bench, start16(id_token=token), limits, station_id=station_id).value)
    assert found == ["Accepted", "Accepted", "ConcurrentTx", "ConcurrentTx"]


def test_a_token_that_is_refused_anyhow_keeps_its_reason() -> None:
    """Blocked stays Blocked; a transaction without a token takes nobody's place."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON))
    assert verdict(bench, start16()) is AuthorizationStatus.ACCEPTED
    blocked = IdTokenInfo(AuthorizationStatus.BLOCKED)
    assert verdict(bench, start16(), station_id=CP2, info=blocked) is AuthorizationStatus.BLOCKED


@pytest.mark.parametrize("most", [1, 2, 3])
@given(steps=st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=30))
def test_never_more_than_allowed_go_on(most: int, steps: list[tuple[int, bool]]) -> None:
    """Any order of starts and ends of one token, at four stations with one EVSE each."""
    bench = Bench()
    charging: dict[int, str] = {}
    for number, (station, starts) in enumerate(steps, start=1):
        station_id = StationId(f"s{station}")
        name = charging.get(station)
        if starts:
            event = event201(STARTED, 0, minutes(number), transaction_id=f"T{number}", id_token=TAG)
            limits = (ConcurrencyLimit(most, (TAG,)),)
            status = verdict(bench, event, limits, station_id=station_id)
            others = len(charging) - (station in charging)
            assert (status is AuthorizationStatus.ACCEPTED) == (others < most)
            charging.pop(station, None)
            if status is AuthorizationStatus.ACCEPTED:
                charging[station] = f"T{number}"
        elif name is not None:
            bench.send(event201(ENDED, 1, minutes(number), transaction_id=name), station_id=station_id)
            del charging[station]
        assert len(charging) <= most
