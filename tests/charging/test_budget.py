"""A site's power shared: never above the budget, 6 A or a pause, lower limits before higher ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.budget import LEAST_A, SAME_A, PowerClaim, ShareStrategy, ShareTurn, next_turn, shares

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def claim(name: str, charges: int = 1, **more: Any) -> PowerClaim:
    """A station of 32 A that holds no limit yet."""
    values: dict[str, Any] = {"name": name, "max_a": 32.0, "limit_a": 32.0, "charges": charges}
    return PowerClaim(**values | more)


def began(name: str, minute: int, **more: Any) -> PowerClaim:
    """One that charges since then."""
    return claim(name, since=NOON + timedelta(minutes=minute), **more)


@pytest.mark.parametrize(
    ("budget", "claims", "strategy", "expected"),
    [
        (32, [claim("a")], "equal", {"a": 32}),
        (40, [claim("a")], "equal", {"a": 32}),
        (32, [claim("a"), claim("b")], "equal", {"a": 16, "b": 16}),
        (32, [claim("a"), claim("b", 0)], "equal", {"a": 26, "b": 6}),
        (32, [claim("a", 2), claim("b")], "equal", {"a": 21.3, "b": 10.6}),
        (40, [claim("a", max_a=10.0), claim("b")], "equal", {"a": 10, "b": 30}),
        (10, [claim("a"), claim("b")], "equal", {"a": 10, "b": 0}),
        (5, [claim("a"), claim("b", 0)], "equal", {"a": 0, "b": 0}),
        (32, [began("a", 1), began("b", 0)], "first-come", {"a": 6, "b": 26}),
        (50, [began("a", 1), began("b", 0)], "first-come", {"a": 18, "b": 32}),
        (32, [began("a", 1, rank=0), began("b", 0, rank=1)], "priority", {"a": 26, "b": 6}),
        (10, [began("a", 1, rank=0), began("b", 0, rank=1)], "priority", {"a": 10, "b": 0}),
        (64, [claim("a"), claim("b", is_limitable=False)], "equal", {"a": 32}),
        (48, [claim("a"), claim("b", is_limitable=False)], "equal", {"a": 16}),
        (20, [claim("a"), claim("b", is_limitable=False)], "equal", {"a": 0}),
        (48, [claim("a"), claim("b", is_limitable=False, limit_a=10.0)], "equal", {"a": 32}),
        (32, [], "equal", {}),
    ],
)
def test_who_gets_what(
    budget: float, claims: list[PowerClaim], strategy: str, expected: dict[str, float]
) -> None:
    """By strategy; whoever cannot be limited takes its part first."""
    assert shares(budget, claims, ShareStrategy(strategy)) == expected


def _claims() -> st.SearchStrategy[list[PowerClaim]]:
    one = st.builds(
        PowerClaim,
        name=st.integers(0, 99).map(str),
        max_a=st.floats(6, 64),
        limit_a=st.floats(0, 64),
        charges=st.integers(0, 3),
        is_limitable=st.booleans(),
        since=st.none() | st.integers(0, 100).map(lambda n: NOON + timedelta(minutes=n)),
        rank=st.integers(0, 3),
    )
    return st.lists(one, max_size=8, unique_by=lambda each: each.name)


@given(st.floats(0, 300), _claims(), st.sampled_from(ShareStrategy))
def test_never_above_the_budget(budget: float, claims: list[PowerClaim], strategy: ShareStrategy) -> None:
    """With those that cannot be limited; each share is a pause or enough to charge, no more than it can."""
    found = shares(budget, claims, strategy)
    fixed = sum(each.limit_a for each in claims if not each.is_limitable)
    assert sum(found.values()) <= max(0.0, budget - fixed) + 1e-6
    assert set(found) == {each.name for each in claims if each.is_limitable}
    for each in claims:
        if each.is_limitable:
            share = found[each.name]
            assert share == 0 or share >= min(LEAST_A, each.max_a) - 0.1
            assert share <= each.max_a + 1e-6


@given(st.floats(0, 300), _claims(), st.sampled_from(ShareStrategy))
def test_turn_by_turn_the_limits_come_to_what_is_wanted_and_never_above_it(
    budget: float, claims: list[PowerClaim], strategy: ShareStrategy
) -> None:
    """Lower ones first, and what is settled then rises: at no turn more than before, or than the budget."""
    wanted = shares(budget, claims, strategy)
    now = {each.name: each for each in claims}
    for number in range(4):
        before = sum(each.limit_a for each in now.values())
        turn = next_turn(budget, list(now.values()), wanted, is_settled=True)
        for name, to in turn.changes.items():
            one = now[name]
            now[name] = PowerClaim(name=name, max_a=one.max_a, limit_a=to, charges=one.charges)
        assert sum(each.limit_a for each in now.values()) <= max(before, budget + SAME_A) + 1e-6
        if number and turn.is_last:
            break
    assert turn.is_last
    over = sum(each.limit_a for each in claims if not each.is_limitable)
    if over <= budget:
        assert sum(each.limit_a for each in now.values()) <= budget + SAME_A * (len(claims) + 1)


def test_nothing_rises_before_what_was_lowered_has_settled() -> None:
    """And what grows by little is left as it is."""
    claims = [claim("a", limit_a=16.0), claim("b", limit_a=10.0)]
    assert next_turn(32, claims, {"a": 10.0, "b": 22.0}, is_settled=True) == ShareTurn(
        {"a": 10.0}, is_last=False
    )
    lowered = [claim("a", limit_a=10.0), claim("b", limit_a=10.0)]
    assert next_turn(32, lowered, {"a": 10.0, "b": 22.0}, is_settled=False) == ShareTurn({}, is_last=False)
    assert next_turn(32, lowered, {"a": 10.0, "b": 22.0}, is_settled=True) == ShareTurn(
        {"b": 22.0}, is_last=True
    )
    assert next_turn(32, lowered, {"a": 10.5, "b": 10.0}, is_settled=True) == ShareTurn({}, is_last=True)
    paused = [claim("a", limit_a=5.5), claim("b", limit_a=30.0, is_limitable=False)]
    assert next_turn(36, paused, {"a": 6.0}, is_settled=True) == ShareTurn({"a": 6.0}, is_last=True)
    assert next_turn(34, paused, {"a": 6.0}, is_settled=True) == ShareTurn({}, is_last=False)
