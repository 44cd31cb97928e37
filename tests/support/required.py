"""What a test needs of the machine: without it the test is skipped and says so, or fails where it is a must.

`BORNE_REQUIRE=postgres,mosquitto` (as `.ci/run` sets it) makes a skip for want of one of them a failure.
"""

import os

import pytest


def is_required(name: str) -> bool:
    """Whether a run without it is worth nothing."""
    return name in os.environ.get("BORNE_REQUIRE", "").replace(" ", "").split(",")


def without(name: str, reason: str) -> None:
    """Skip the test, or fail it where `name` is required."""
    if is_required(name):
        pytest.fail(f"BORNE_REQUIRE names {name}, but: {reason}", pytrace=False)
    pytest.skip(reason)
