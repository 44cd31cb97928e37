"""runtime.lifecycle: real processes get real signals."""

import asyncio
import gc
import signal
import subprocess
import sys

import pytest

from runtime.errors import PortInUse, RuntimeProblem
from runtime.lifecycle import (
    EXIT_CANNOT_RUN,
    ROUND_AFTER,
    Background,
    Stop,
    keep_for_good,
    loading,
    run_process,
)
from runtime.wording import Phrase
from tests.support.waiting import PATIENCE_S

PROGRAM = """
import asyncio, sys
from runtime.lifecycle import run_process
from runtime.errors import PortInUse

async def {name}(stop):
    print("ready", flush=True)
    {body}
    return 0

sys.exit(run_process({name}, stop_within_s={limit}))
"""


def start(body: str, limit: float = 10.0) -> subprocess.Popen[str]:
    """A process whose main has this body, once it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(name="main", body=body, limit=limit)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_for_the_stop(number: signal.Signals) -> None:
    """main sees it and returns its own exit code."""
    process = start("await stop.wait(); print('bye')")
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out, err) == (0, "bye\n", "")


def test_a_stop_that_takes_too_long_is_cut() -> None:
    """What ignores the stop is cancelled after the limit."""
    process = start("await asyncio.Event().wait()", limit=0.1)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "stop_took_too_long" in out


def test_a_second_signal_leaves_at_once() -> None:
    """Whoever presses Ctrl-C twice gets the shell back, whatever hangs."""
    process = start("await stop.wait(); print('asked', flush=True); await asyncio.Event().wait()")
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "asked\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130


@pytest.mark.parametrize(
    "body",
    [
        "raise PortInUse('Port 9000 is taken.')",
        "raise ExceptionGroup('tasks', [ExceptionGroup('x', [PortInUse('Port 9000 is taken.')])])",
    ],
)
def test_a_problem_is_one_line(body: str) -> None:
    """No traceback for what a person can put right, also out of a TaskGroup."""
    process = start(body)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, err) == (3, "error: Port 9000 is taken.\n")


def test_a_bug_is_no_problem() -> None:
    """Errors of ours come with their traceback, also beside a problem."""

    async def main(_stop: Stop) -> int:
        raise ExceptionGroup("tasks", [PortInUse("Port 9000 is taken."), KeyError("bug")])

    with pytest.raises(ExceptionGroup):
        run_process(main)


def test_the_exit_code_is_mains() -> None:
    """Without any signal."""

    async def main(stop: Stop) -> int:
        stop.request()
        return 7 if stop.is_requested else 0

    assert run_process(main) == 7


async def test_background_owns_its_tasks() -> None:
    """Closing cancels and awaits them; a failure is counted and ends nothing else; nothing starts
    afterwards.
    """
    ended = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def failing() -> None:
        raise LookupError("broken")

    async with Background("test") as tasks:
        tasks.start(endless())
        failed = tasks.start(failing(), name="failing")
        await asyncio.wait({failed})
        await asyncio.sleep(0)
        assert (tasks.failures, tasks.running, failed.get_name()) == (1, 1, "test:failing")
    assert ended.is_set()
    with pytest.raises(RuntimeError, match="takes no more tasks"):
        tasks.start(endless())


def test_the_collector_rests_while_modules_are_loaded() -> None:
    """Also where loading fails; where it was off before, it stays off."""
    with loading():
        assert not gc.isenabled()
        with loading():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()


def test_what_is_kept_for_good_is_collected_no_more() -> None:
    """What comes after it still is, in rarer rounds; unreachable objects from before are gone first."""

    class Node:
        """One that holds itself."""

        def __init__(self) -> None:
            self.itself = self

    Node()
    kept = Node()
    rounds, was_kept = gc.get_threshold(), gc.get_freeze_count() > 0
    try:
        keep_for_good()
        assert gc.get_threshold() == (ROUND_AFTER, *rounds[1:])
        assert gc.get_freeze_count() > 0
        assert not any(each is kept for each in gc.get_objects())
        Node()
        later = [each for each in gc.get_objects() if isinstance(each, Node)]
        assert len(later) == 1
        later.clear()
        assert gc.collect() > 0
    finally:
        gc.set_threshold(*rounds)
        gc.unfreeze()
    assert sum(isinstance(each, Node) for each in gc.get_objects()) == 1
    if was_kept:  # by the suite (tests/conftest.py)
        gc.freeze()


def test_what_stands_in_the_way_is_said_in_the_language_of_who_started_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Alone, and as one of several; what only the system says is the same in both."""
    words = Phrase("Le port est pris.", "The port is taken.")

    async def fail(_stop: Stop) -> int:
        raise RuntimeProblem(words)

    async def fail_together(_stop: Stop) -> int:
        raise ExceptionGroup("", [RuntimeProblem(words), RuntimeProblem("ENOSPC")])

    for main in (fail, fail_together):
        for language, said in (("fr", words.fr), ("en", words.en)):
            assert run_process(main, language=language) == EXIT_CANNOT_RUN
            assert said in capsys.readouterr().err
