"""Structured logs: constant event names with fields, bound to a request id, redacted before they leave.

The redaction is the last wall, not the first: code is not supposed to log personal data at all.
"""

import re
import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

import structlog
from structlog.typing import ExcInfo

from pendopo.kernel.errors import PendopoError

_request_id: ContextVar[str] = ContextVar("request_id", default="")

NIK_SHAPED = re.compile(r"(?<!\d)\d{16}(?!\d)")
SECRET_KEYS = frozenset(
    {"nik", "name", "email", "phone", "password", "token", "code", "secret", "authorization"}
)


TELLING = (PendopoError, ImportError, NameError, AttributeError, TypeError)
"""Errors whose text names parts of the program, never data."""


def request_id() -> str:
    """Return the id of the request or delivery being worked on, or an empty string."""
    return _request_id.get()


def bind_request_id(value: str | None = None) -> str:
    """Begin a new unit of work; returns its id."""
    chosen = value or uuid4().hex
    _request_id.set(chosen)
    structlog.contextvars.bind_contextvars(request_id=chosen)
    return chosen


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: drop values under telling keys and everything that looks like a NIK."""
    for key, value in event.items():
        if key.lower() in SECRET_KEYS:
            event[key] = "[redacted]"
        elif isinstance(value, str):
            event[key] = NIK_SHAPED.sub("[redacted]", value)
    return event


def stack_of(exc_info: ExcInfo) -> str:
    """Return where an exception came from, and its causes, without what it says.

    The text of an exception may quote what somebody typed: a validation error shows the value, a database
    error the row. Only kinds that speak of the program alone keep their text.
    """
    parts: list[str] = []
    seen: set[int] = set()
    error: BaseException | None = exc_info[1]
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told = f": {error}" if isinstance(error, TELLING) else ""
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}{told}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nafter:\n".join(parts)


def get(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger; use ``log.info("event_name", field=value)``."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def configure(log_format: str) -> dict[str, Any]:
    """Configure structlog and return a ``logging`` dictConfig that sends Django's lines the same way."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(stack_of),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, redact, renderer],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "httpx": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "pyhanko": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING"},
        },
    }
