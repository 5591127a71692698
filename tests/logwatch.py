"""Fails the test in which anything logs personal data: the redaction of logs is the last wall, not a licence.

Every record of structlog and ``logging`` in this process is read, as it was given and as the hall would write
it. Found are NIKs of the fictitious districts, the names that tests give to people, addresses under
``example.id``, and fields that the redaction had to empty: whoever logged them did not know better.
"""

import logging
import re
from collections.abc import Iterator
from typing import override

import pytest

NAMES = (
    "Sari Wulandari",
    "Agus Prasetyo",
    "Rina Kartika",
    "Dewi Anjani",
    "Bunga Melati",
    "Bambang Petugas",
    "Nur Bidan",
    "Sekar Rembulan",
    "Sekar Pendopo",
)
PERSONAL = re.compile(
    r"(?<![0-9a-f])\d{4}99[0-7]\d[01]\d{7}(?![0-9a-f])"  # a NIK of the demonstration, in no hexadecimal id
    r"|[\w.+-]+@example\.id\b"
    r"|" + "|".join(re.escape(name) for name in NAMES),
    re.IGNORECASE,
)


class Watch(logging.Handler):
    """Reads every record and remembers what must not stand in it, and where it was logged."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        super().__init__()
        self.found: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Read one record, its exception too."""
        text = f"{self._given(record)}\n{self._written(record)}"
        for word in {match[0] for match in PERSONAL.finditer(text)} | self._emptied(record):
            self.found.append(f"{word!r} was logged by {record.name} at {record.pathname}:{record.lineno}")

    @staticmethod
    def _emptied(record: logging.LogRecord) -> set[str]:
        """Fields of structlog that were redacted whole; a stretch of a longer value may be part of an id."""
        fields = record.msg if isinstance(record.msg, dict) else {}
        return {f"field {name}" for name, value in fields.items() if value == "[redacted]"}

    @staticmethod
    def _given(record: logging.LogRecord) -> str:
        return str(record.msg) if isinstance(record.msg, dict) else record.getMessage()

    @staticmethod
    def _written(record: logging.LogRecord) -> str:
        formatters = [handler.formatter for handler in logging.getLogger().handlers]
        ours = next((one for one in formatters if type(one).__name__ == "ProcessorFormatter"), None)
        return "" if ours is None else ours.format(record)

    def take(self) -> list[str]:
        """Return what was found and forget it."""
        found, self.found = self.found, []
        return found


watch = Watch()


def _fail_if_found(item: pytest.Item) -> None:
    found = watch.take()
    if found:
        told = "\n".join(sorted(set(found)))
        pytest.fail(f"{item.nodeid} logged personal data:\n{told}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Watch one test. Django's logging is set up late, so the handler is put in before each."""
    root = logging.getLogger()
    if watch not in root.handlers:
        root.addHandler(watch)
    yield
    _fail_if_found(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """What fixtures and threads logged after the test belongs to it too."""
    yield
    _fail_if_found(item)
