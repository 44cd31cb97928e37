"""What a test needs of the machine: without it the test is skipped and says so, or fails where it is a must.

`BORNE_REQUIRE=postgres,mosquitto,browser` (as `.ci/run` sets it) makes a skip for want of one a failure.
"""

import os
from collections.abc import MutableMapping

import pytest

ASKED = "BORNE_REQUIRE"
KEPT = "TESTS_REQUIRE"
"""The same for the tests' own processes."""


def leave_settings_behind(environment: MutableMapping[str, str]) -> None:
    """Take out what begins like a setting of ours, for whatever tests start.

    How somebody runs their own server is not the tests' business, and `borne` refuses what it does not know.
    """
    for name in [name for name in environment if name.startswith("BORNE_")]:
        value = environment.pop(name)
        if name == ASKED:
            environment[KEPT] = value


def is_required(name: str) -> bool:
    """Whether a run without it is worth nothing."""
    return name in os.environ.get(KEPT, os.environ.get(ASKED, "")).replace(" ", "").split(",")


def without(name: str, reason: str) -> None:
    """Skip the test, or fail it where `name` is required."""
    if is_required(name):
        pytest.fail(f"BORNE_REQUIRE names {name}, but: {reason}", pytrace=False)
    pytest.skip(reason)
