"""Typed reading of JSON objects whose shape is known: every key expected, every value of its type.

Used for the snapshot and the access record. A missing key, an unknown key or a value of another type
raises the error class that the reader was made with; its text names the key and never the value.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from pendopo_wire.canonical import Json
from pendopo_wire.errors import WireError


class Fields:
    """One JSON object, read key by key and then closed."""

    __slots__ = ("_error", "_values")

    def __init__(self, value: Json, error: type[WireError]) -> None:
        if not isinstance(value, Mapping):
            raise error("an object was expected")
        self._values = dict(value)
        self._error = error

    def text(self, key: str) -> str:
        """A string."""
        value = self._take(key)
        if not isinstance(value, str):
            raise self._error(f"{key} is not text")
        return value

    def optional_text(self, key: str) -> str | None:
        """A string or null."""
        value = self._take(key)
        if value is not None and not isinstance(value, str):
            raise self._error(f"{key} is neither text nor null")
        return value

    def integer(self, key: str) -> int:
        """An integer."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._error(f"{key} is not an integer")
        return value

    def optional_integer(self, key: str) -> int | None:
        """An integer or null."""
        if self._values.get(key, 0) is None:
            self._take(key)
            return None
        return self.integer(key)

    def time(self, key: str) -> datetime:
        """An RFC 3339 time in UTC, with a Z."""
        text = self.text(key)
        try:
            value = datetime.fromisoformat(text)
        except ValueError as error:
            raise self._error(f"{key} is not a time") from error
        if not text.endswith("Z"):
            raise self._error(f"{key} is not in UTC")
        return value

    def optional_time(self, key: str) -> datetime | None:
        """A time or null."""
        if self._values.get(key, "") is None:
            self._take(key)
            return None
        return self.time(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        items = self._list(key)
        texts = tuple(item for item in items if isinstance(item, str))
        if len(texts) != len(items):
            raise self._error(f"{key} is not a list of texts")
        return texts

    def objects[T](self, key: str, read: "Callable[[Fields], T]") -> tuple[T, ...]:
        """A list of objects, each read by ``read`` and then closed."""
        result: list[T] = []
        for item in self._list(key):
            fields = Fields(item, self._error)
            result.append(read(fields))
            fields.close()
        return tuple(result)

    def close(self) -> None:
        """Raise when keys are left that nobody read."""
        if self._values:
            raise self._error("unknown keys: " + ", ".join(sorted(self._values)))

    def _list(self, key: str) -> list[Json]:
        value = self._take(key)
        if not isinstance(value, list):
            raise self._error(f"{key} is not a list")
        return value

    def _take(self, key: str) -> Json:
        try:
            return self._values.pop(key)
        except KeyError:
            raise self._error(f"{key} is missing") from None


def time_text(value: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, the way ``Fields.time`` reads it."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
