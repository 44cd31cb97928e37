"""Wrong passwords, limited per identity and address: told once, answered 429, never a lock.

The password is looked at all the same: a stranger behind the same address (a proxy, a garage's router) must
not keep the true station out, and what stations are given has 160 bits, which no rate of guesses reaches.
"""

from collections import OrderedDict

import structlog

from csms.gateway.limits import GatewayLimits
from ocppj.aio.allowance import Allowance
from ocppj.vocabulary import StationId
from runtime.clock import Clock

log = structlog.get_logger("csms.gateway")

PAIRS_KEPT = 10_000
"""Of identities and addresses; those that failed longest ago are forgotten."""


class Guessing:
    """Counts wrong passwords."""

    def __init__(self, clock: Clock, limits: GatewayLimits) -> None:
        self._clock = clock
        self._limits = limits
        self._failed: OrderedDict[tuple[StationId, str], Allowance] = OrderedDict()
        self._logged: set[tuple[StationId, str]] = set()

    def is_too_often(self, station_id: StationId, address: str) -> bool:
        """Count one more wrong password. True: too many came from there; the log says so once a burst."""
        pair, now = (station_id, address), self._clock.monotonic()
        allowance = self._failed.get(pair)
        if allowance is None:
            limits = self._limits
            allowance = Allowance(limits.failed_authentications, limits.failed_authentications_per_s, now)
            self._failed[pair] = allowance
        self._failed.move_to_end(pair)
        while len(self._failed) > PAIRS_KEPT:
            self._logged.discard(self._failed.popitem(last=False)[0])
        if allowance.is_full(now):
            self._logged.discard(pair)  # that burst is over
        if allowance.consume(now):
            return False
        if pair not in self._logged:
            self._logged.add(pair)
            way_out = "correct the password in the station, or see who tries; the right one is always taken"
            log.warning("authentication_limited", station_id=station_id, peer=address, way_out=way_out)
        return True
