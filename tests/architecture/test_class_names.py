"""A class name stands for one thing: whoever searches for it finds one class."""

from collections import defaultdict

from tests.support.spelling import spellings


def classes_by_name() -> dict[str, list[str]]:
    """Where each hand-written class of what ships is defined; those inside of functions and classes too."""
    found = defaultdict(list)
    for path, spelling in spellings().items():
        for line, name in spelling.classes.items():
            found[name].append(f"{path}:{line}")
    return found


def test_a_class_name_stands_once() -> None:
    """In all that ships and is written by hand, whatever package it is of."""
    twice = {name: places for name, places in classes_by_name().items() if len(places) > 1}
    assert twice == {}


def test_the_count_reads_classes() -> None:
    """The test above can fail: it sees every class, those inside of others too."""
    found = classes_by_name()
    assert len(found) > 500
    assert [place.split(":")[0] for place in found["StationLink"]] == ["csms/gateway/link.py"]
