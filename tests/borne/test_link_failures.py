"""Why a station is not connected, told to whoever stands in front of it."""

from datetime import timedelta

import pytest

from borne.link_failures import NAMELESS_FOR, last_failure
from csms.gateway.attempts import Attempts
from ocppj.aio.endpoint import AttemptReason
from ocppj.vocabulary import StationId
from provisioning.rules.power_up import LinkFailure
from runtime.clock import ManualClock
from tests.support.attempts import failed_attempt

CP1 = StationId("cp1")


async def looked(
    *failures: tuple[AttemptReason, str | None], cause: str | None = None, later_s: float = 0
) -> LinkFailure | None:
    """What is told of cp1 after these, and so long after."""
    clock = ManualClock()
    attempts = Attempts(clock)
    for port, (reason, identity) in enumerate(failures):
        if cause is not None:
            attempts.note_cause("192.0.2.1", port, cause)
        attempts.add(failed_attempt(reason, identity, port))
    await clock.advance(later_s)
    return last_failure(attempts, clock)(CP1)


async def told_of(*failures: tuple[AttemptReason, str | None], cause: str | None = None) -> LinkFailure:
    """The same, where there is something."""
    told = await looked(*failures, cause=cause)
    assert told is not None
    return told


async def test_its_own_last_failure_says_what_to_do_in_both_languages() -> None:
    """Also where others without a name came after it."""
    told = await told_of((AttemptReason.UPGRADE_INVALID, "CP1"), (AttemptReason.TLS_ON_PLAIN_PORT, None))
    assert told.is_its_own
    assert "write ws:// there" in told.text.en
    assert "y écrire ws://" in told.text.fr


async def test_the_cause_of_a_refusal_says_more_than_its_reason() -> None:
    told = await told_of((AttemptReason.REFUSED, "cp1"), cause="credentials_wrong")
    assert "password" in told.text.en
    assert "mot de passe" in told.text.fr


async def test_without_any_the_last_that_named_nobody_is_told_as_what_may_be_it() -> None:
    """When, and what to do; no address: it may be of another organisation's station."""
    told = await told_of((AttemptReason.TLS_ON_PLAIN_PORT, None), (AttemptReason.SILENT, None))
    assert not told.is_its_own
    assert "ws:// instead of wss://" in told.text.en
    assert "ws:// au lieu de wss://" in told.text.fr
    assert "192.0.2.1" not in told.text.en


@pytest.mark.parametrize("failure", [(AttemptReason.SILENT, None), (AttemptReason.WRONG_PATH, "cp2")])
async def test_a_probe_and_another_station_are_not_it(failure: tuple[AttemptReason, str | None]) -> None:
    assert await looked(failure) is None


async def test_an_old_failure_without_a_name_is_nobodys() -> None:
    wrong = (AttemptReason.WRONG_PATH, None)
    assert await looked(wrong, later_s=NAMELESS_FOR.total_seconds()) is not None
    assert await looked(wrong, later_s=(NAMELESS_FOR + timedelta(seconds=1)).total_seconds()) is None
