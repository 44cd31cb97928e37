"""Whose transactions count towards a limit."""

from csms.domain.concurrency import ConcurrencyLimit
from ocppj.vocabulary import IdToken, IdTokenType


def test_a_token_without_a_type_counts_for_all_of_its_value() -> None:
    """1.6 tells none; the other way round too, and no other value does."""
    untyped, central = IdToken("a", has_type=False), IdToken("A", IdTokenType.CENTRAL)
    assert ConcurrencyLimit(1, (untyped,)).counts(central)
    assert ConcurrencyLimit(1, (central,)).counts(untyped)
    assert not ConcurrencyLimit(1, (central,)).counts(IdToken("A"))
    assert not ConcurrencyLimit(1, ()).counts(central)
