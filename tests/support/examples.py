"""How many examples a property test tries."""

from hypothesis import settings

USUAL = 100
"""What hypothesis tries where nothing is said, and so the profile `suite`."""


def examples(count: int) -> int:
    """So many in the suite, and twenty times as many in `make test-deep` (the profile `long`).

    A number given to `settings` counts under every profile: with it, the longer search would be no longer.
    """
    assert settings.default is not None
    return count * max(1, settings.default.max_examples // USUAL)
