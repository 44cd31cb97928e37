"""An event loop in a thread of its own, for tests that are no coroutines."""

import asyncio
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from threading import Thread
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from runtime.lifecycle import Background

T = TypeVar("T")


class Held(Generic[T]):
    """Something that is open in the loop, from `LoopThread.hold` to `close`."""

    def __init__(
        self, loop: "LoopThread", value: T, done: asyncio.Event, task: "asyncio.Task[object]"
    ) -> None:
        self.value = value
        self._loop = loop
        self._done = done
        self._task = task

    def close(self) -> None:
        """Let it end, and wait until it has."""
        self._loop.run(self._close())

    async def _close(self) -> None:
        self._done.set()
        await self._task


class LoopThread:
    """A context manager; `run` waits for a coroutine that the loop does."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._tasks = Background("pytest")
        self._thread = Thread(target=self._loop.run_forever, name="borne", daemon=True)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What it returns, or raises."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def hold(self, manager: AbstractAsyncContextManager[T]) -> Held[T]:
        """Open it, and keep it open; one task enters and leaves it."""
        return self.run(self._hold(manager))

    async def _hold(self, manager: AbstractAsyncContextManager[T]) -> Held[T]:
        opened: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        done = asyncio.Event()

        async def keep() -> None:
            try:
                async with manager as value:
                    opened.set_result(value)
                    await done.wait()
            except BaseException as error:
                if opened.done():
                    raise
                opened.set_exception(error)

        task = self._tasks.start(keep(), name="held")
        return Held(self, await opened, done, task)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(self._tasks.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
