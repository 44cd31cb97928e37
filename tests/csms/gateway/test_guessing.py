"""Wrong passwords are limited per identity and address, and keep nobody else out."""

from structlog.testing import capture_logs

from csms.gateway.guessing import PAIRS_KEPT, Guessing
from csms.gateway.limits import GatewayLimits
from ocppj.vocabulary import StationId
from runtime.clock import ManualClock

CP1, CP2 = StationId("cp1"), StationId("cp2")
HERE, THERE = "192.0.2.1", "198.51.100.7"


async def test_a_burst_is_told_once_and_limits_only_its_own_pair() -> None:
    """Another address and another station have their own count; the next burst is told again."""
    clock = ManualClock()
    guessing = Guessing(clock, GatewayLimits(failed_authentications=3, failed_authentications_per_s=0.1))
    with capture_logs() as logs:
        assert [guessing.is_too_often(CP1, HERE) for _ in range(6)] == [False] * 3 + [True] * 3
        assert not guessing.is_too_often(CP1, THERE)
        assert not guessing.is_too_often(CP2, HERE)
        await clock.advance(20)  # two are forgotten
        assert [guessing.is_too_often(CP1, HERE) for _ in range(3)] == [False, False, True]
        assert [(line["station_id"], line["peer"]) for line in logs] == [(CP1, HERE)]
        await clock.advance(100)
        assert [guessing.is_too_often(CP1, HERE) for _ in range(5)] == [False] * 3 + [True] * 2
    assert [line["event"] for line in logs] == ["authentication_limited"] * 2


def test_what_is_remembered_is_bounded() -> None:
    """Whoever makes up identities costs a fixed amount of memory."""
    guessing = Guessing(ManualClock(), GatewayLimits())
    for number in range(PAIRS_KEPT + 500):
        guessing.is_too_often(StationId(f"x{number}"), HERE)
    assert len(guessing._failed) == PAIRS_KEPT
