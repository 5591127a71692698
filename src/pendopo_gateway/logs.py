"""Log lines as JSON on standard error: an event name and its fields, never personal data.

Identifiers of members, services and exchanges may be logged; pseudonyms, bodies, queries, tokens and
header values of a message may not.
"""

import json
import logging
import sys
import traceback
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
    """An unexpected error: its type and where it rose, not its message, which may quote a message."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    _LOGGER.error(event, extra={"fields": {"type": type(error).__name__, "places": " ".join(places)}})
