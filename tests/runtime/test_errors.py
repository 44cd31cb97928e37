"""Errors of runtime."""

from runtime.errors import first_of


def test_the_first_in_a_group_is_found_however_deep() -> None:
    """Groups in groups: a TaskGroup of a TaskGroup."""
    wanted = ValueError("x")
    assert first_of(ExceptionGroup("a", [ExceptionGroup("b", [wanted]), KeyError("y")])) is wanted
