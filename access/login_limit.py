"""How fast one may guess passwords: the more that were wrong, the longer the next one waits. Nobody is locked
out, and what a stranger guesses elsewhere does not slow down who logs in from an address they are known at.
"""

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from runtime.clock import Clock

LONGEST_WAIT_S = 20.0
"""Who would have to wait longer is told to come back instead: what waits holds a socket."""
KEPT_MOST = 10_000
"""Buckets of each kind, and known pairs; the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` tries at once, then one every `interval_s`."""

    burst: int
    interval_s: float


PAIR = Rate(10, 6.0)
"""Of one account from one address."""
ADDRESS = Rate(30, 2.0)
"""Of all accounts from one address, but for those that have logged in from there."""
ACCOUNT = Rate(100, 2.0)
"""Of one account from all addresses, but for those from which it has logged in."""


class LoginLimit:
    """Counts wrong tries, each before its password is looked at, so that many at once count too."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pairs = _Buckets(PAIR)
        self._addresses = _Buckets(ADDRESS)
        self._accounts = _Buckets(ACCOUNT)
        self._known: OrderedDict[str, None] = OrderedDict()

    async def wait(self, account: str, address: str) -> float:
        """Wait for one's turn: 0.0 when it has come, else the seconds after which to try again."""
        buckets = self._of(account, address)
        now = self._clock.monotonic()
        wait_s = max(bucket.wait_s(key, now) for bucket, key in buckets)
        if wait_s > LONGEST_WAIT_S:
            return wait_s - LONGEST_WAIT_S
        for bucket, key in buckets:
            bucket.consume(key, now)
        if wait_s > 0:
            await self._clock.sleep(wait_s)
        return 0.0

    def succeeded(self, account: str, address: str) -> None:
        """The last try was right: it does not count, and who made it is known at this address."""
        for bucket, key in self._of(account, address):
            bucket.give_back(key)
        pair = _pair(account, address)
        self._pairs.forget(pair)
        self._known[pair] = None
        self._known.move_to_end(pair)
        if len(self._known) > KEPT_MOST:
            self._known.popitem(last=False)

    def _of(self, account: str, address: str) -> "list[tuple[_Buckets, str]]":
        pair = _pair(account, address)
        if pair in self._known:
            return [(self._pairs, pair)]
        return [
            (self._pairs, pair),
            (self._addresses, _network(address)),
            (self._accounts, account.casefold()),
        ]


class _Buckets:
    """Leaky buckets by key (GCRA): of each, the moment at which it will be empty."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._empty_at: OrderedDict[str, float] = OrderedDict()

    def wait_s(self, key: str, now: float) -> float:
        """How long the next try has to wait; nothing is counted."""
        rate = self._rate
        full_for = max(self._empty_at.get(key, now), now) - now
        return max(0.0, full_for + rate.interval_s - rate.burst * rate.interval_s)

    def consume(self, key: str, now: float) -> None:
        """Count a try."""
        self._empty_at[key] = max(self._empty_at.get(key, now), now) + self._rate.interval_s
        self._empty_at.move_to_end(key)
        if len(self._empty_at) > KEPT_MOST:
            self._empty_at.popitem(last=False)

    def give_back(self, key: str) -> None:
        """Uncount a try."""
        if key in self._empty_at:
            self._empty_at[key] -= self._rate.interval_s

    def forget(self, key: str) -> None:
        """Nothing was tried."""
        self._empty_at.pop(key, None)


def _pair(account: str, address: str) -> str:
    return f"{_network(address)} {account.casefold()}"


def _network(address: str) -> str:
    """An IPv4 address, or the network that one customer gets of IPv6 (RFC 6177)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((int(parsed), 64), strict=False))
    return str(parsed)
