"""Structured logs for people or machines, with secrets taken out by key and lines that cannot be forged.

`log = get_logger(__name__)`; `log.info("link_opened", station_id=…)`: events are slugs, facts are keywords.
"""

import contextlib
import logging
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from types import TracebackType
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from runtime.secrets import HIDDEN, is_secret_name, mask_text
from runtime.texts import printable

LogFormat = Literal["console", "json"]

MORE = "more_of_the_same"
LINES_MOST, LINES_WITHIN_S = 30, 60.0
"""Lines of one kind that are written within a while, in seconds."""
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


class FloodGate:
    """Lets so many lines of each kind through in a while; of the rest it tells how many they were.

    A flood of one kind can then neither fill the disk nor hide the lines of the others.
    """

    def __init__(
        self, now: Callable[[], float], *, most: int = LINES_MOST, within_s: float = LINES_WITHIN_S
    ) -> None:
        self._now, self._most, self._within_s = now, most, within_s
        self._kinds: dict[str, tuple[float, int]] = {}

    def __call__(
        self, _logger: object, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """The structlog processor. Raises DropEvent."""
        kind, now = str(event.get("event")), self._now()
        if kind == MORE:
            return event
        for each, count in self.overdue(now):
            get_logger(__name__).info(MORE, of=each, count=count)
        began, count = self._kinds.get(kind, (now, 0))
        self._kinds[kind] = (began, count + 1)
        if count >= self._most:
            raise structlog.DropEvent
        return event

    def overdue(self, now: float) -> list[tuple[str, int]]:
        """Kinds whose while is over, with how many lines were held back of those that had too many."""
        ended = [
            (kind, count) for kind, (began, count) in self._kinds.items() if now - began >= self._within_s
        ]
        for kind, _ in ended:
            del self._kinds[kind]
        return [(kind, count - self._most) for kind, count in ended if count > self._most]


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


class _Copy:
    """The structlog processor that writes each line to a file, too; below `threshold` to the file alone."""

    def __init__(self, file: TextIO, threshold: int) -> None:
        self._file = file
        self._threshold = threshold
        self._render = structlog.dev.ConsoleRenderer(colors=False)

    def __call__(
        self, logger: object, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Raises DropEvent."""
        level = logging.getLevelNamesMapping()[str(event["level"]).upper()]
        with contextlib.suppress(OSError, ValueError):
            print(self._render(logger, method, dict(event)), file=self._file, flush=True)
        if level < self._threshold:
            raise structlog.DropEvent
        return event


def configure_logs(
    level: str = "info", log_format: LogFormat = "console", *, copy: TextIO | None = None
) -> None:
    """Set up structlog and the standard library's logging for this process, on stderr.

    `copy` gets everything from `info` on, whatever the level of stderr is.
    """
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_the_end if log_format == "json" else sys.__excepthook__
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
    lowest = threshold if copy is None else min(threshold, logging.INFO)
    copies: list[Processor] = [] if copy is None else [_Copy(copy, threshold)]
    structlog.configure(
        processors=[FloodGate(time.monotonic), *shared, *copies, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
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


def is_for_machines() -> bool:
    """Whether every line of this process is to be JSON."""
    return isinstance(structlog.get_config()["processors"][-1], structlog.processors.JSONRenderer)


def report_error(text: str) -> None:
    """Why the process cannot go on: a line for people, or a line of the log for machines."""
    if is_for_machines():
        get_logger(__name__).error("cannot_run", error=text)
    else:
        print(f"error: {printable(text)}", file=sys.stderr)


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    get_logger(__name__).error("ended_by_an_error", exc_info=(kind, error, trace))


def _renderer(log_format: LogFormat) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def get_logger(name: str, **context: Any) -> FilteringBoundLogger:
    """A logger whose lines carry `source=name` and `context`."""
    return cast("FilteringBoundLogger", structlog.get_logger(source=name, **context))
