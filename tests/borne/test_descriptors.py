"""Stations never take the last file descriptors."""

import resource

import pytest

from borne.descriptors import RESERVED, raise_descriptor_limit, station_connections


@pytest.mark.parametrize(
    ("descriptors", "most", "stations"),
    [(20_000, 50_000, 20_000 - RESERVED), (1 << 20, 50_000, 50_000), (1024, 50_000, 768), (300, 50_000, 150)],
)
def test_some_are_kept_for_people(descriptors: int, most: int, stations: int) -> None:
    """256 of many; of a very low limit half."""
    assert station_connections(descriptors, most) == stations


def test_the_process_takes_what_the_system_allows() -> None:
    """And says how many that are."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        assert raise_descriptor_limit() == before[1]
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (before[1], before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
