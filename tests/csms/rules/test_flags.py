"""Flags are documented, each once."""

from tests.support.flags import documented_flags, known_flags


def test_every_flag_is_explained() -> None:
    """In the reference, and none that does not exist."""
    assert documented_flags().keys() == known_flags()
