"""Guessing is slow, and slows only the one who guesses."""

import asyncio

import pytest

from access import login_limit
from access.login_limit import ACCOUNT, ADDRESS, LONGEST_WAIT_S, PAIR, LoginLimit
from runtime.clock import ManualClock, settle
from tests.support.waiting import PATIENCE_S

HOME, STRANGER = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def limit(clock: ManualClock) -> LoginLimit:
    """Nobody has tried."""
    return LoginLimit(clock)


async def fill(limit: LoginLimit, account: str, address: str) -> None:
    """Guess until one is sent away."""
    tries: list[asyncio.Task[float]] = []
    while not any(each.done() and each.result() for each in tries):
        tries.append(asyncio.create_task(limit.wait(account, address)))
        await settle()
    for each in tries:
        each.cancel()


async def test_a_few_wrong_tries_cost_nothing_and_further_ones_wait(
    limit: LoginLimit, clock: ManualClock
) -> None:
    """A delay, no lock-out: one try every few seconds goes on being looked at."""
    for _ in range(PAIR.burst):
        assert await limit.wait("maude", HOME) == 0
    waiting = asyncio.create_task(limit.wait("maude", HOME))
    await settle()
    assert not waiting.done()
    await clock.advance(PAIR.interval_s)
    assert await waiting == 0


async def test_who_would_wait_too_long_is_told_when_to_come_back(
    limit: LoginLimit, clock: ManualClock
) -> None:
    """What waits holds a socket: a few may."""
    await fill(limit, "maude", HOME)
    assert clock.waiting <= LONGEST_WAIT_S / PAIR.interval_s + 1
    retry_s = await limit.wait("maude", HOME)
    assert 0 < retry_s <= PAIR.interval_s
    await clock.advance(60)
    assert await limit.wait("maude", HOME) == 0


async def test_what_a_stranger_guesses_does_not_slow_down_the_true_person(limit: LoginLimit) -> None:
    """The same account from another address, and another account."""
    await fill(limit, "maude", STRANGER)
    assert await asyncio.wait_for(limit.wait("maude", HOME), PATIENCE_S) == 0
    assert await asyncio.wait_for(limit.wait("sam", STRANGER), PATIENCE_S) == 0


async def test_many_strangers_slow_down_an_account_only_where_it_never_logged_in(limit: LoginLimit) -> None:
    """Guesses from a thousand addresses are slow together."""
    assert await limit.wait("maude", HOME) == 0
    limit.succeeded("maude", HOME)
    for number in range(ACCOUNT.burst):
        assert await limit.wait("maude", f"198.51.{number}.1") == 0
    assert await asyncio.wait_for(limit.wait("maude", HOME), PATIENCE_S) == 0
    another = asyncio.create_task(limit.wait("maude", "203.0.113.9"))
    await settle()
    assert not another.done()
    another.cancel()


async def test_one_address_that_tries_many_accounts_waits_but_for_who_is_known_there(
    limit: LoginLimit,
) -> None:
    """An office behind one address goes on working while one in it guesses."""
    assert await limit.wait("maude", HOME) == 0
    limit.succeeded("maude", HOME)
    for number in range(ADDRESS.burst):
        assert await limit.wait(f"guess{number}", HOME) == 0
    assert await asyncio.wait_for(limit.wait("maude", HOME), PATIENCE_S) == 0
    another = asyncio.create_task(limit.wait("sam", HOME))
    await settle()
    assert not another.done()
    another.cancel()


async def test_a_right_try_does_not_count(limit: LoginLimit) -> None:
    """However often in a minute."""
    for _ in range(10 * ADDRESS.burst):
        assert await asyncio.wait_for(limit.wait("maude", HOME), PATIENCE_S) == 0
        limit.succeeded("maude", HOME)


async def test_an_ipv6_customer_is_one_address(limit: LoginLimit) -> None:
    """2^64 addresses are no more tries than one."""
    for number in range(PAIR.burst):
        assert await limit.wait("maude", f"2001:db8::{number + 1}") == 0
    another = asyncio.create_task(limit.wait("maude", "2001:db8::ffff"))
    await settle()
    assert not another.done()
    another.cancel()


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("::ffff:192.0.2.1", HOME, True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("unix socket", "unix socket", True),
        ("unix socket", "?", False),
    ],
)
async def test_an_address_is_that_of_who_tries(
    limit: LoginLimit, first: str, second: str, is_same: bool
) -> None:
    """IPv4 in the notation of IPv6 is IPv4; what is no address counts as it is written."""
    for _ in range(PAIR.burst):
        assert await limit.wait("maude", first) == 0
    another = asyncio.create_task(limit.wait("Maude", second))
    await settle()
    assert another.done() is not is_same
    another.cancel()


async def test_the_oldest_buckets_are_forgotten(limit: LoginLimit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever guesses everybody's password does not fill the memory."""
    monkeypatch.setattr(login_limit, "KEPT_MOST", 2)
    for _ in range(PAIR.burst):
        await limit.wait("maude", HOME)
    for name in ("sam", "ann"):
        assert await limit.wait(name, STRANGER) == 0
    assert await asyncio.wait_for(limit.wait("maude", HOME), PATIENCE_S) == 0


async def test_who_logged_in_longest_ago_is_no_longer_known(
    limit: LoginLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And waits with the others of the address."""
    monkeypatch.setattr(login_limit, "KEPT_MOST", 2)
    for name in ("maude", "sam", "maude", "ann"):
        limit.succeeded(name, HOME)
    for number in range(ADDRESS.burst):
        assert await limit.wait(f"guess{number}", HOME) == 0
    for name in ("maude", "ann"):
        assert await asyncio.wait_for(limit.wait(name, HOME), PATIENCE_S) == 0
    forgotten = asyncio.create_task(limit.wait("sam", HOME))
    await settle()
    assert not forgotten.done()
    forgotten.cancel()
