"""The event loop of virtual time (`runtime.virtual_time`), shared by several programs that can be killed.

A `Process` is one of several programs that share the loop, as servers and stations share a world. All that
it starts carries its mark, however deep inside; once it is killed, nothing of it runs any more: no `finally`,
no `except`, no callback, as after `kill -9`.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any, TypeVar

from runtime.virtual_time import BEGIN, NothingWillHappenError, VirtualClock, VirtualLoop

__all__ = ["BEGIN", "NothingWillHappenError", "Process", "VirtualClock", "VirtualLoop", "run_virtual"]

T = TypeVar("T")

BURIAL_S, BURIAL_ROUNDS = 30.0, 10


class Process:
    """A program in the world: its tasks, its timers, and whether it still lives."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_alive = True
        self.context = copy_context()
        self.context.run(_PROCESS.set, self)
        self.tasks: dict[asyncio.Task[Any], None] = {}
        """All it has started, held fast: the garbage collector would let a killed one run its end."""
        self.frozen: list[asyncio.Handle] = []
        """What it was about to do when it was killed."""

    def start(self, work: Coroutine[Any, Any, T], name: str = "main") -> "asyncio.Task[T]":
        """Run `work` as a part of it."""
        loop = asyncio.get_running_loop()
        return loop.create_task(work, name=f"{self.name}:{name}", context=self.fresh_context())

    def fresh_context(self) -> Context:
        """A context with its mark, for one more callback: the same one cannot be entered twice."""
        return self.context.copy()

    def kill(self) -> None:
        """Nothing of it runs any more. What it holds stays in memory until it is buried."""
        self.is_alive = False

    async def bury(self) -> None:
        """Let its tasks end, in a world that no longer listens; Python would complain of them otherwise."""
        self.is_alive = True
        for handle in self.frozen:
            asyncio.get_running_loop()._ready.append(handle)  # type: ignore[attr-defined]
        self.frozen.clear()
        for _ in range(BURIAL_ROUNDS):
            mine = [task for task in self.tasks if not task.done()]
            if not mine:
                return
            for task in mine:
                task.cancel()
            await asyncio.wait(mine, timeout=BURIAL_S)  # whoever waits for the dead is told again
        raise NothingWillHappenError(f"{self.name} cannot be buried: {mine}")


_PROCESS: ContextVar["Process | None"] = ContextVar("process", default=None)


class ProcessLoop(VirtualLoop):
    """The loop, and it knows which process each callback is a part of."""

    def __init__(self) -> None:
        super().__init__()
        self.set_task_factory(_make_task)  # type: ignore[arg-type] # generic, as asyncio's own is not

    def _call_soon(
        self, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> asyncio.Handle:
        handle = _Handle(callback, args, self, context)
        self._ready.append(handle)  # type: ignore[attr-defined]
        return handle

    def call_at(  # type: ignore[override] # what it is given is handed on
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """As asyncio's."""
        return super().call_at(when, _if_alive, callback, args, context=context)


class _Handle(asyncio.Handle):
    """A callback that a killed process no longer makes."""

    __slots__ = ()

    def _run(self) -> None:
        process = self._context.get(_PROCESS)  # type: ignore[attr-defined]
        if process is None or process.is_alive:
            super()._run()  # type: ignore[misc]
        else:
            process.frozen.append(self)


def _make_task(
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T], context: Context | None = None
) -> "asyncio.Task[T]":
    """A task, and its process knows it."""
    task = asyncio.Task(work, loop=loop, context=context)
    process = _PROCESS.get() if context is None else context.get(_PROCESS)
    if process is not None:
        process.tasks[task] = None
    return task


def _if_alive(callback: Callable[..., object], args: tuple[Any, ...]) -> None:
    process = _PROCESS.get()
    if process is None or process.is_alive:
        callback(*args)


def run_virtual(main: Callable[[VirtualLoop], Coroutine[Any, Any, T]]) -> T:
    """Run `main(loop)` to its end."""
    loop = ProcessLoop()
    try:
        return loop.run_until_complete(main(loop))
    finally:
        loop.close()
