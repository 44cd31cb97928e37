"""Where a list goes on: what was typed is a place in it, or is refused."""

import pytest

from runtime.clock import ManualClock
from runtime.http import Problem
from runtime.paging import GREATEST_NUMBER, Page, moment_text, row_number

NO_NUMBERS = ["", "0", "-1", "1.0", "x", "٣", "²", " 1", str(GREATEST_NUMBER + 1), "9" * 5000]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_no_row_can_have_is_no_number(text: str, clock: ManualClock) -> None:
    """Neither alone nor behind an instant."""
    assert row_number(text) is None
    for page in (Page(after=text), Page(after=moment_text(clock.now(), text))):
        with pytest.raises(Problem) as refused:
            _ = page.number if page.after == text else page.numbered_moment
        assert (refused.value.status, refused.value.code) == (422, "after_invalid")


@pytest.mark.parametrize("number", [1, GREATEST_NUMBER])
def test_a_list_goes_on_behind_a_number_or_a_moment(number: int, clock: ManualClock) -> None:
    """As the page before told it."""
    assert Page(after=str(number)).number == number
    assert Page(after=moment_text(clock.now(), number)).numbered_moment == (clock.now(), number)
    assert Page().number is None
    assert Page().numbered_moment is None
