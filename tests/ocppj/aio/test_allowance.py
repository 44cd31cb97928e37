"""A burst, and then so much a second."""

from ocppj.aio.allowance import Allowance


def test_a_burst_is_allowed_and_refilled_by_the_second() -> None:
    """Never beyond the burst, however long nothing was used."""
    allowance = Allowance(3, 2, 100.0)
    assert [allowance.take(100.0) for _ in range(4)] == [True, True, True, False]
    assert [allowance.take(100.5), allowance.take(100.5)] == [True, False]
    assert [allowance.take(1000.0) for _ in range(4)] == [True, True, True, False]
