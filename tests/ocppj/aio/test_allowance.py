"""A burst, and then so much a second."""

from ocppj.aio.allowance import Allowance


def test_a_burst_is_allowed_and_refilled_by_the_second() -> None:
    """Never beyond the burst, however long nothing was used."""
    allowance = Allowance(3, 2, 100.0)
    assert [allowance.consume(100.0) for _ in range(4)] == [True, True, True, False]
    assert [allowance.consume(100.5), allowance.consume(100.5)] == [True, False]
    assert [allowance.consume(1000.0) for _ in range(4)] == [True, True, True, False]


def test_a_whole_burst_is_there_when_nothing_was_used_for_long_enough() -> None:
    """Who has used some of it waits for the rest."""
    allowance = Allowance(3, 2, 100.0)
    assert allowance.is_full(100.0)
    allowance.consume(100.0)
    assert not allowance.is_full(100.25)
    assert allowance.is_full(100.5)
