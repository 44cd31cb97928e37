"""A plan shares itself out exactly, and loads nobody by mistake."""

import json
import resource

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.versions import OcppVersion
from simulator.load.errors import TargetRefusedError, TooManyStationsError
from simulator.load.plan import LoadPlan, Mix, allow_sockets, check_target


@given(st.integers(1, 5000), st.integers(1, 16), st.integers(1, 500))
def test_parts_are_the_whole(stations: int, parts: int, connecting: int) -> None:
    """No station twice, none missing; the rates add up; every part can connect."""
    plan = LoadPlan(url="ws://localhost/ocpp", stations=stations, rate=1000.0, connecting=connecting, first=3)
    shares = plan.split(parts)
    numbers = [share.first + number for share in shares for number in range(share.stations)]
    assert numbers == list(range(3, 3 + stations))
    assert sum(share.rate or 0 for share in shares) == pytest.approx(1000.0)
    assert all(share.stations >= 1 and share.connecting >= 1 for share in shares)
    assert len(shares) == min(parts, stations)


def test_plan_passes_to_another_process() -> None:
    """As JSON, whole; and its password shows in no log."""
    plan = LoadPlan(url="ws://localhost/ocpp", version=OcppVersion.V201, mix=Mix.MIXED, password="hush-hush")
    assert LoadPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan
    assert "hush-hush" not in repr(plan)


@pytest.mark.parametrize(
    "url", ["ws://127.0.0.1:9000/ocpp", "ws://127.8.8.8/ocpp", "ws://[::1]:9000/ocpp", "wss://localhost/ocpp"]
)
def test_this_machine_may_be_loaded(url: str) -> None:
    """Without asking."""
    check_target(url, is_agreed=False)


@pytest.mark.parametrize(
    "url", ["ws://192.0.2.1:9000/ocpp", "ws://csms.example/ocpp", "ws://[2001:db8::1]/ocpp", "nonsense"]
)
def test_another_machine_may_not_unless_somebody_agrees(url: str) -> None:
    """The refusal says why, and how to agree."""
    with pytest.raises(TargetRefusedError, match=r"whole capacity.*--yes-load-this-host"):
        check_target(url, is_agreed=False)
    check_target(url, is_agreed=True)


def test_more_sockets_than_the_process_may_have() -> None:
    """The error names both numbers and both ways out."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard == resource.RLIM_INFINITY:
        allow_sockets(1_000_000)
        return
    with pytest.raises(TooManyStationsError, match=rf"need {hard + 64} open files.*{hard}.*--processes"):
        allow_sockets(hard)


def test_limit_of_open_files_is_raised_as_needed() -> None:
    """A shell's soft limit is no reason to fail."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        allow_sockets(100)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 256
        allow_sockets(400)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 464
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
