"""The page for people is the tables of the tests."""

from tests.interop.bad_input import FRAMES, HANDSHAKES, MESSAGES, STARTS
from tests.interop.bad_input_page import ELSEWHERE, FILES, PAGE, page
from tests.support.sources import ROOT


def test_the_page_is_fresh() -> None:
    """Write it anew with `python -m tests.interop.bad_input_page`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_each_row_has_a_name_of_its_own() -> None:
    """It finds the test."""
    names = [row.slug for table in (MESSAGES, FRAMES, HANDSHAKES, STARTS) for row in table]
    assert len(names) == len(set(names))


def test_the_tests_named_by_hand_exist() -> None:
    """Rows outside of the tables name a test, or a folder of tests."""
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for *_, name in (*ELSEWHERE, *FILES):
        assert f"def {name}(" in sources or (ROOT / name).is_dir(), name
