"""Log lines as JSON on standard error: an event name and its fields, never personal data.

Identifiers of members, services and exchanges may be logged; pseudonyms, bodies, queries, tokens and
header values of a message may not.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import override

_LOGGER = logging.getLogger("pendopo_gateway")

type Field = str | int | float | bool | None


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Send every log line of the process to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def info(event: str, **fields: Field) -> None:
    """Something happened."""
    _LOGGER.info(event, extra={"fields": fields})


def warning(event: str, **fields: Field) -> None:
    """Something happened that somebody should look at."""
    _LOGGER.warning(event, extra={"fields": fields})


def failure(event: str, error: Exception) -> None:
    """An unexpected error, with its traceback."""
    _LOGGER.error(event, exc_info=error)
