"""The registry of measures: what it refuses, what it stops, and how it counts."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.db.utils import OperationalError

from pendopo.foundation import measures
from pendopo.foundation.measures import Measure, Reading, Scope, Unit
from pendopo.kernel.ids import first_of, uuid7

DAY = dt.timedelta(days=1)
A_DAY = Scope(dt.date(2026, 11, 22), dt.date(2026, 11, 22))


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry of the test's own."""
    monkeypatch.setattr(measures, "_known", {})
    monkeypatch.setattr(measures, "_checks", [])


def a_measure(key: str = "casework.on-time", **more: object) -> Measure:
    stated: dict[str, object] = {
        "unit": Unit.PERCENT,
        "page": "casework.track",
        "expires_after": DAY,
        "read": lambda _: measures.share(1, 2),
    }
    return Measure(key=key, **(stated | more))  # type: ignore[arg-type]  # words of this file


def test_a_key_is_claimed_once(registry: None) -> None:
    first = a_measure()
    measures.register(first)
    measures.register(first)
    with pytest.raises(measures.MeasureTwiceError):
        measures.register(a_measure())
    with pytest.raises(measures.UnknownMeasureError):
        measures.measure("casework.nothing")


def test_a_measure_without_words_or_page_stops_the_start(registry: None) -> None:
    measures.register(a_measure("casework.no-words", page="casework.nowhere", expires_after=dt.timedelta()))
    with pytest.raises(measures.MeasuresBrokenError) as told:
        measures.require_sound()
    lines = str(told.value).splitlines()
    assert "casework.no-words: the text casework.measures.no_words.title is missing in id" in lines
    assert "casework.no-words: the text casework.measures.no_words.explanation is missing in en" in lines
    assert "casework.no-words: there is no page casework.nowhere" in lines
    assert "casework.no-words: it expires before it is read" in lines
    assert len(lines) == 6


def test_a_page_of_a_room_that_is_not_here_is_no_defect(registry: None) -> None:
    measures.register(a_measure("casework.no-words", page="elsewhere.page"))
    assert not [problem for problem in measures.problems() if "page" in problem]


def test_a_share_is_rounded_half_up_and_none_of_nothing() -> None:
    assert measures.share(0, 0) is None
    found = measures.share(1, 8)
    assert found is not None
    assert (found.value, found.of, found.unit) == (Decimal("12.50"), 8, Unit.PERCENT)
    assert found.detail == {"part": 1, "whole": 8}
    exact = measures.reading(Decimal("2.345"), Unit.POINTS, of=1)
    assert exact.value == Decimal("2.35")


def test_a_scope_holds_both_its_days_in_the_halls_zone() -> None:
    assert A_DAY.start.isoformat() == "2026-11-22T00:00:00+07:00"
    assert A_DAY.end - A_DAY.start == DAY
    low, high = A_DAY.ids
    assert low < first_of(A_DAY.start + dt.timedelta(hours=23)) < high
    moment = dt.datetime.now(dt.UTC)
    assert first_of(moment - DAY) < uuid7() < first_of(moment + DAY)


@pytest.mark.django_db
def test_a_query_that_does_not_end_is_stopped_and_leaves_the_connection_as_it_was(
    registry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep(_: Scope) -> Reading | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(20)")
        return None

    monkeypatch.setattr(measures, "LONGEST_SECONDS", 1)
    measures.register(a_measure("casework.slow", read=sleep), a_measure("casework.quick"))
    with pytest.raises(OperationalError):
        measures.read("casework.slow", A_DAY)
    assert measures.read("casework.quick", A_DAY) is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("0",)
