"""Logs: structured, to standard error. Never a key, never a body."""

from __future__ import annotations

import logging
import sys
from enum import StrEnum
from typing import Any

import orjson

from tradyn.lean_import import left_out
from tradyn.masking import masked

# It would take rich for its tracebacks, if rich is there.
with left_out(optional=("better_exceptions", "rich")):
    import structlog

__all__ = ["LogFormat", "configure_logs", "console_renderer", "log_error", "log_note"]


class LogFormat(StrEnum):
    """How a log line is written."""

    TEXT = "text"
    JSON = "json"


def _mask_secrets(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Clients put keys where none belong: into paths, or into X-Request-Id."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = masked(value)
    return event


class _TextRenderer(structlog.dev.ConsoleRenderer):
    """For people: without what there is nothing to say about."""

    def __call__(self, logger: Any, name: str, event_dict: structlog.typing.EventDict) -> str:
        """One line."""
        return super().__call__(
            logger, name, {key: value for key, value in event_dict.items() if value is not None}
        )


def console_renderer(*, colors: bool) -> structlog.typing.Processor:
    """What makes a line for people of an event."""
    return _TextRenderer(colors=colors, pad_event_to=0, pad_level=False, sort_keys=False)


def configure_logs(log_format: LogFormat) -> None:
    """Send the logs of this process, the libraries' included, to standard error."""
    renderer: structlog.typing.Processor
    if log_format is LogFormat.JSON:
        renderer = structlog.processors.JSONRenderer(
            serializer=lambda value, **_: orjson.dumps(value).decode()
        )
    else:
        renderer = console_renderer(colors=sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask_secrets,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    # What cannot be written would be printed as it was before it was masked.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # Whatever level the root may be given: it shows frames with their middle left out, which hides a key from
    # its mask.
    logging.getLogger("websockets").setLevel(logging.WARNING)


def log_error(sentence: str, error: BaseException) -> None:
    """One line about what should never happen, with its traceback."""
    structlog.get_logger().error(sentence, exc_info=error)


def log_note(sentence: str, **facts: Any) -> None:
    """One line about what whoever runs the server may want to know."""
    structlog.get_logger().warning(sentence, **facts)
