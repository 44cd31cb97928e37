"""How many stations' connections there may be: one descriptor for each, and some that they never take."""

import resource

from borne.settings import ServerSettings
from ocppj.aio.limits import Limits

RESERVED = 256
"""For people (console, API), the database, logs and the broker: whoever looks for the cause must get in."""


def raise_descriptor_limit() -> int:
    """Take as many file descriptors as the system allows; returns how many that are."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def station_connections(descriptors: int, most: int) -> int:
    """How many connections of stations fit beside the reserve; of a very low limit half is theirs."""
    return min(most, max(descriptors - RESERVED, descriptors // 2))


def connection_limits(settings: ServerSettings) -> Limits:
    """The limits of the station ports, with as many connections as this process can have."""
    return Limits(
        connections=station_connections(raise_descriptor_limit(), Limits().connections),
        ping_every_s=settings.ping_interval_s,
        silent_after_s=settings.silent_after_s,
        close_within_s=settings.stop_within_s / 2,
    )
