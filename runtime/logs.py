"""Structured logs for people or machines, with secrets taken out by key."""

from typing import Any, Literal

import structlog

LogFormat = Literal["console", "json"]


class Secret:
    """A value that never shows in logs, repr or tracebacks. `reveal()` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself; never put it in a message."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__


def configure_logs(level: str = "info", log_format: LogFormat = "console") -> None:
    """Set up structlog and the standard library's logging for this process, on stderr."""
    raise NotImplementedError


def get_logger(name: str, **context: Any) -> structlog.stdlib.BoundLogger:
    """A logger: `log.info("link_opened", station_id=…)`; events are slugs, facts are keywords."""
    raise NotImplementedError
