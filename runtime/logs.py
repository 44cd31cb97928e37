"""Structured logs for people or machines, with secrets taken out by key and lines that cannot be forged.

`log = get_logger(__name__)`; `log.info("link_opened", station_id=…)`: events are slugs, facts are keywords.
"""

import contextlib
import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from runtime.secrets import HIDDEN, is_secret_name, mask_text
from runtime.texts import printable

LogFormat = Literal["console", "json"]

LONGEST_VALUE = 2000  # characters of one value in a line
FACTS = frozenset({"claim"})
"""Facts of our own that are secret besides what is secret everywhere: a claim code opens a station."""
PUBLIC_KEYS = frozenset({"claim_id"})


def is_secret_key(key: str) -> bool:
    """Whether values under this key stay out of logs: `password`, `BasicAuthPassword`, `api_token`,
    not `id_token`.
    """
    lowered = key.lower()
    if lowered in PUBLIC_KEYS:
        return False
    return is_secret_name(key) or bool(FACTS & set(lowered.split("_")))


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor: hides secrets, escapes control characters, cuts long values."""
    for key, value in event.items():
        if key != "exc_info":
            event[key] = HIDDEN if is_secret_key(key) else _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, bytes):
        return _clean_text(value.decode("utf-8", "backslashreplace"))
    if isinstance(value, Mapping):
        return {key: HIDDEN if is_secret_key(str(key)) else _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    return value


def _clean_text(text: str) -> str:
    cut = text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}… ({len(text)} characters)"
    return printable(mask_text(cut))


def _hide_in_traceback(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if isinstance(event.get("exception"), str):
        event["exception"] = mask_text(event["exception"])
    return event


class _StderrLogger:
    """Writes to whatever stderr is now. One that is closed or gone costs a line, never what is being done."""

    def msg(self, message: str) -> None:
        """Write one line."""
        with contextlib.suppress(OSError, ValueError):
            print(message, file=sys.stderr, flush=True)

    log = debug = info = warn = warning = error = err = critical = fatal = failure = exception = msg


class _StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is when a line comes: whoever set up logs may have had another one."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


def configure_logs(level: str = "info", log_format: LogFormat = "console") -> None:
    """Set up structlog and the standard library's logging for this process, on stderr."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
        structlog.processors.format_exc_info,  # plain: frames without their locals, which may hold secrets
        _hide_in_traceback,
    ]
    renderer = _renderer(log_format)
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *_: _StderrLogger(),
        cache_logger_on_first_use=False,
    )
    handler = _StderrHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(threshold, logging.WARNING), force=True)


def _renderer(log_format: LogFormat) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def get_logger(name: str, **context: Any) -> FilteringBoundLogger:
    """A logger whose lines carry `source=name` and `context`."""
    return cast("FilteringBoundLogger", structlog.get_logger(source=name, **context))
