"""The watch over logs finds what is planted and leaves ordinary lines alone."""

import logging
import sys

import pytest

from pendopo.foundation.logs import get
from tests.logwatch import Watch, watch

NIK = "3314995603" + "960001"


def _seen(message: str, *values: object) -> list[str]:
    eyes = Watch()
    eyes.emit(logging.LogRecord("here", logging.INFO, __file__, 7, message, values, None))
    return eyes.take()


@pytest.mark.parametrize(
    "personal", [NIK, f"nik={NIK}.", "Sari Wulandari", "AGUS PRASETYO", "sari.w+1@example.id"]
)
def test_a_planted_word_is_found_with_its_place(personal: str) -> None:
    (found,) = _seen("asked for %s", personal)
    assert "test_logwatch.py:7" in found


def test_ordinary_lines_are_no_finding() -> None:
    assert _seen("case %s at 2026-11-22T04:00:00.123456Z", "0193f6a2-1234-7abc-8def-0123456789ab") == []
    assert _seen("request %s", f"a{NIK}b") == [], "a stretch of a hexadecimal id"


def test_the_watch_stands_on_the_root_logger_while_a_test_runs() -> None:
    assert watch in logging.getLogger().handlers
    get("tests.house").warning("planted", note="Sari Wulandari")
    get("tests.house").warning("planted", password="x")
    logging.getLogger("some.library").warning("planted %s", NIK)
    told = [line.partition(" was logged")[0] for line in watch.take()]
    assert told == ["'Sari Wulandari'", "'field password'", f"'{NIK}'"]
    assert sys.modules["tests.logwatch"].watch is watch
