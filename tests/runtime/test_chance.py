"""runtime.chance: unpredictable in production, repeatable in tests."""

import pytest

from runtime.chance import CROCKFORD, Chance, SeededChance, SystemChance


def draw(chance: Chance) -> list[object]:
    """One of everything."""
    return [
        chance.uuid(),
        chance.message_id(),
        chance.secret_bytes(20),
        chance.token(),
        chance.letters(8),
        chance.uniform(0, 1),
        chance.jitter(300),
        chance.integer(1, 10**9),
    ]


def test_the_same_seed_gives_the_same_again() -> None:
    """And another seed something else, in each of its draws."""
    assert draw(SeededChance(7)) == draw(SeededChance(7))
    assert not set(map(str, draw(SeededChance(7)))) & set(map(str, draw(SeededChance(8))))


def test_the_system_never_repeats() -> None:
    """Nothing drawn twice is the same."""
    chance = SystemChance()
    assert not set(map(str, draw(chance))) & set(map(str, draw(chance)))


@pytest.mark.parametrize("chance", [SystemChance(), SeededChance(3)])
def test_shapes(chance: Chance) -> None:
    """Lengths and ranges that others rely on."""
    assert len(chance.message_id()) == 36
    assert chance.uuid().version == 4
    assert len(chance.secret_bytes(20)) == 20
    assert len(chance.token(32)) >= 43
    assert set(chance.letters(500)) <= set(CROCKFORD)
    assert all(270 <= chance.jitter(300) <= 330 for _ in range(100))
    assert {chance.integer(1, 3) for _ in range(100)} == {1, 2, 3}
