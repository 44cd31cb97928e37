"""The states as words and as a drawing."""

from provisioning.lifecycle import STATE_WORDS, TRANSITIONS, Lifecycle, diagram


def test_every_state_has_words_in_both_languages() -> None:
    """And no two states the same."""
    assert set(STATE_WORDS) == set(Lifecycle)
    assert len({words.fr for words in STATE_WORDS.values()}) == len(Lifecycle)
    assert len({words.en for words in STATE_WORDS.values()}) == len(Lifecycle)


def test_the_drawing_shows_every_transition() -> None:
    """A Mermaid state diagram."""
    lines = diagram().splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert len(lines) == 3 + len(TRANSITIONS)
    assert "    active --> suspended: suspended" in lines
