"""Flags are documented, each once; some say that a priced component was not measured."""

from csms.domain.flags import END_MISSING, ENERGY_UNMEASURED, IDLE_UNMEASURED, unmeasured
from tests.support.flags import documented_flags, known_flags


def test_every_flag_is_explained() -> None:
    """In the reference, and none that does not exist."""
    assert documented_flags().keys() == known_flags()


def test_what_was_not_measured_is_named_as_the_tariff_names_it() -> None:
    """Other flags say nothing of it."""
    assert unmeasured((END_MISSING, ENERGY_UNMEASURED, IDLE_UNMEASURED)) == ["energy", "idle"]
    assert unmeasured((END_MISSING,)) == []
