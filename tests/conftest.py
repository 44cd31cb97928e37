"""What every test shares: reproducible hypothesis, an injected clock, and a real database."""

import gc
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from tests.support.longest import begins
from tests.support.memory import memory_folder
from tests.support.postgres import postgres
from tests.support.required import leave_settings_behind
from tests.support.tables import open_tables

__all__ = ["postgres"]

leave_settings_behind(os.environ)

# The tests start hundreds of programs: what these import is compiled once, whatever the environment says.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The same examples on every machine and run; a longer search is a matter of `make test-deep` (`long`), and
# what only asks which lines run (`make coverage`) takes `short`.
settings.register_profile(
    "suite",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("long", settings.get_profile("suite"), derandomize=False, max_examples=2000)
settings.register_profile("short", settings.get_profile("suite"), max_examples=5)
settings.load_profile("suite")

# Files of the tests lie in memory where there is room: a commit waits for its disk, and there are thousands.
# `--basetemp` and PYTEST_DEBUG_TEMPROOT put them elsewhere.
if (memory := memory_folder()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))

gc.set_threshold(50_000, 20, 100)  # nearly all that is made while tests are collected stays


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take longest come first; `make test` keeps pytest-xdist from sorting them by their number of
    tests, which is smallest there.
    """
    items.sort(key=lambda item: begins(item.nodeid))


def pytest_collection_finish() -> None:
    """Ten thousand tests and their modules stay until the end: no round of the garbage collector, and no test
    that asks for one, has to walk through them again.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def state_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Who runs the tests may be logged in somewhere: that is not the tests' business."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True)
def logs_of_one_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command that runs in this process sets up its logs: the next test has not asked for `--log-level`."""
    root = logging.getLogger()
    before, handlers, level = structlog.get_config(), root.handlers[:], root.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def clock() -> ManualClock:
    """Time stands still until the test moves it: `await clock.advance(60)`."""
    return ManualClock()


@pytest.fixture
def chance() -> SeededChance:
    """The same ids and secrets in every run."""
    return SeededChance(1)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite file with all tables of the product."""
    opened = await open_tables(tmp_path / "borne.db")
    yield opened
    await opened.close()
