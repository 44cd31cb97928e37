"""How the power of a site is shared among its stations, and in which order shares may change. Pure.

All is in amperes on each phase: whoever charges on one phase may do so on any, so the sum of what stations
may draw is kept within the budget on every phase. A station that cannot be limited counts with what it may
take.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LEAST_A = 6.0
"""Below, a car does not charge at all (IEC 61851-1): less than that is a pause."""
TENTHS = 10
WORTH_A = 1.0
"""A share that grows by less is left as it is: each change is a command."""
SAME_A = 0.05


class ShareStrategy(StrEnum):
    """Who gets what there is beyond the least for everybody who charges."""

    EQUAL = "equal"
    FIRST_COME = "first-come"
    """Whoever began first."""
    PRIORITY = "priority"
    """By rank, then whoever began first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerClaim:
    """A station at a site. `charges` are its EVSEs where something goes on; `limit_a` is what it may draw by
    what it holds now: its maximum where it holds nothing, or nobody knows.
    """

    name: str
    max_a: float
    limit_a: float
    charges: int = 0
    is_limitable: bool = True
    """It is there, takes limits, and keeps to them."""
    since: datetime | None = None
    """When the first of its charges began."""
    rank: int = 0
    """The lowest comes first."""

    @property
    def least_a(self) -> float:
        """For each of its charges, as it shares its limit among them; an idle one is ready for one."""
        return LEAST_A * max(1, self.charges)


def shares(budget_a: float, claims: Iterable[PowerClaim], strategy: ShareStrategy) -> dict[str, float]:
    """What each station that can be limited may draw.

    All together, with those that cannot, never come above the budget unless those alone do. A charge gets 6 A
    or pauses; then idle stations get 6 A, so that a car begins at once, also where a connection is lost; then
    the rest is shared among who charges.
    """
    known = list(claims)
    left = max(0.0, budget_a - sum(each.limit_a for each in known if not each.is_limitable))
    limitable = [each for each in known if each.is_limitable]
    order = sorted((each for each in limitable if each.charges), key=lambda each: _place(each, strategy))
    idle = [each for each in limitable if not each.charges]
    found = dict.fromkeys((each.name for each in limitable), 0.0)
    for each in (*order, *sorted(idle, key=lambda each: each.name)):
        least = min(each.least_a, each.max_a)
        if least <= left:
            found[each.name], left = least, left - least
    served = [each for each in order if found[each.name] > 0]
    spread = _equally if strategy is ShareStrategy.EQUAL else _in_order
    spread(left, served, found)
    return {name: math.floor(share * TENTHS + 1e-6) / TENTHS for name, share in found.items()}


def _place(claim: PowerClaim, strategy: ShareStrategy) -> tuple[int, float, str]:
    rank = claim.rank if strategy is ShareStrategy.PRIORITY else 0
    return rank, claim.since.timestamp() if claim.since is not None else math.inf, claim.name


def _in_order(left: float, served: Sequence[PowerClaim], found: dict[str, float]) -> None:
    for each in served:
        more = min(left, each.max_a - found[each.name])
        found[each.name], left = found[each.name] + more, left - more


def _equally(left: float, served: Sequence[PowerClaim], found: dict[str, float]) -> None:
    """To each charge as much, until its station has all that it can take."""
    open_ones = list(served)
    while open_ones and left > SAME_A:
        part = left / sum(each.charges for each in open_ones)
        full = [each for each in open_ones if each.max_a - found[each.name] <= part * each.charges]
        for each in full or open_ones:
            more = min(each.max_a - found[each.name], part * each.charges)
            found[each.name], left = found[each.name] + more, left - more
        if not full:
            return
        open_ones = [each for each in open_ones if each not in full]


@dataclass(frozen=True, slots=True)
class ShareTurn:
    """What to send now. Lower limits come first; others rise into what they leave, once they are kept."""

    changes: Mapping[str, float]
    is_last: bool
    """All that was wanted is sent with it."""


def next_turn(
    budget_a: float, claims: Sequence[PowerClaim], wanted: Mapping[str, float], *, is_settled: bool
) -> ShareTurn:
    """Which limits may change now. `is_settled`: what was lowered before has been kept for long enough."""
    by_name = {each.name: each for each in claims}
    lower = {name: to for name, to in wanted.items() if to < by_name[name].limit_a - SAME_A}
    higher = {name: to for name, to in wanted.items() if _is_worth(by_name[name].limit_a, to)}
    if lower:
        return ShareTurn(lower, is_last=not higher)
    if not is_settled:
        return ShareTurn({}, is_last=not higher)
    in_all, raised = sum(each.limit_a for each in claims), dict[str, float]()
    for name, to in higher.items():
        more = to - by_name[name].limit_a
        if in_all + more <= budget_a + SAME_A:
            raised[name], in_all = to, in_all + more
    return ShareTurn(raised, is_last=len(raised) == len(higher))


def _is_worth(limit_a: float, to: float) -> bool:
    return to >= limit_a + WORTH_A or (limit_a < LEAST_A <= to)
