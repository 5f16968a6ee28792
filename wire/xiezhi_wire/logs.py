"""Structured logs: one JSON object a line on standard error, ours and the libraries' alike.

An exception is logged with its types, frames and messages, but without local variables, and with numbers and
Chinese masked in its messages: `KeyError` and `ValueError` quote what a person has entered.
"""

import logging
import re
import sys
from typing import Any

import structlog

_FROM_PEOPLE = re.compile(r"\d{5,}[\dXx]?|[\u3400-\u9fff]+")


def _mask_messages(_logger: Any, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Masks the messages and notes of logged exceptions, groups and causes included."""
    if "exception" in event:
        event["exception"] = _masked(event["exception"])
    return event


def _masked(rendered: Any) -> Any:
    match rendered:
        case list():
            return [_masked(each) for each in rendered]
        case {"exc_value": str(message), "exc_notes": notes, "exceptions": inner}:
            return {
                **rendered,
                "exc_value": _FROM_PEOPLE.sub("*", message),
                "exc_notes": [_FROM_PEOPLE.sub("*", note) for note in notes],
                "exceptions": _masked(inner),
            }
        case _:
            return rendered


_SHARED: tuple[structlog.types.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
    _mask_messages,
)


def configure_logs(level: str = "INFO") -> None:
    """Sends all logs from ``level`` on to standard error as JSON lines; called once, by the program.

    Raises:
        ValueError: there is no such level.

    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=(
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ),
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    structlog.configure(
        processors=(*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter),
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
