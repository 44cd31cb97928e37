"""A pytest plugin of tools/own_coverage.py: which lines and branches each test file runs.

Every measured module is imported before the first test, so that what it does on import belongs to nobody;
from then on, what runs is the test file's whose test it is. What one file has left in a cache of the modules
is not there for the next: it would not run what fills it.
"""

import importlib
import json
import os
from collections.abc import Iterator

import coverage
import pytest

from tools.own_coverage import SETTINGS

_measuring: list[coverage.Coverage] = []
_file: list[str] = []
"""The test file of the test before."""


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Measure before a conftest imports the first module."""
    asked = json.loads(os.environ[SETTINGS])
    measuring = coverage.Coverage(
        data_file=asked["data_file"],
        data_suffix=True,
        branch=True,
        config_file=False,
        include=asked["files"],
    )
    measuring.start()
    _measuring.append(measuring)
    for name in asked["modules"]:
        importlib.import_module(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Also its fixtures are its file's."""
    path = item.path.relative_to(item.config.rootpath).as_posix()
    if _file != [path]:
        _file[:] = [path]
        _empty_caches()
    _measuring[0].switch_context(path)
    try:
        return (yield)
    finally:
        _measuring[0].switch_context("")


def _empty_caches() -> None:
    for name in json.loads(os.environ[SETTINGS])["modules"]:
        for value in vars(importlib.import_module(name)).values():
            if callable(empty := getattr(value, "cache_clear", None)):
                empty()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """One data file for each process."""
    while _measuring:
        measuring = _measuring.pop()
        measuring.stop()
        measuring.save()
