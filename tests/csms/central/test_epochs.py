"""Numbers of connections: each once, growing, and the next block asked for in time."""

import pytest

from csms.central.epochs import ASK_EVERY, EPOCH_BLOCK, Epochs


def test_they_grow_into_the_next_block() -> None:
    """Which need not be the one that follows: another process may have that."""
    epochs = Epochs(EPOCH_BLOCK)
    taken = [epochs.take() for _ in range(3)]
    assert taken == [EPOCH_BLOCK + 1, EPOCH_BLOCK + 2, EPOCH_BLOCK + 3]
    epochs.add(7 * EPOCH_BLOCK)
    epochs._last = 2 * EPOCH_BLOCK - 1
    assert [epochs.take(), epochs.take()] == [2 * EPOCH_BLOCK, 7 * EPOCH_BLOCK + 1]


def test_a_request_that_was_lost_is_made_again() -> None:
    """From half of a block on, now and then, until there is a next one."""
    epochs = Epochs(0)
    asked = []
    epochs._last = EPOCH_BLOCK // 2 - 2
    for _ in range(2 * ASK_EVERY + 3):
        number = epochs.take()
        if epochs.is_running_out:
            asked.append(number)
    assert asked == [EPOCH_BLOCK // 2 + each * ASK_EVERY for each in range(3)]
    epochs.add(5 * EPOCH_BLOCK)
    epochs._last = EPOCH_BLOCK // 2 + 3 * ASK_EVERY
    assert not epochs.is_running_out


def test_no_number_is_made_up() -> None:
    """Where the database promised none there is none."""
    epochs = Epochs(0)
    epochs._last = EPOCH_BLOCK
    with pytest.raises(RuntimeError, match="no epochs are left"):
        epochs.take()
