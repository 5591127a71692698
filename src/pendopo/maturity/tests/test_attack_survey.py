"""Whoever wants to know who gave a bad grade: by subtracting, by waiting, by handing in little by little."""

import datetime as dt
from itertools import pairwise, product

import pytest
import time_machine

from pendopo.foundation.actor import SYSTEM
from pendopo.maturity.actions import surveys
from pendopo.maturity.queries import satisfaction as queries
from pendopo.maturity.suppression import LEAST, kept

IN_AUGUST = dt.datetime(2026, 8, 20, 3, tzinfo=dt.UTC)
HEAD = ";".join(f"U{n}" for n in range(1, 10)) + ";bulan;layanan"


def rows(n: int, month: str, service: str, grade: int = 3, answered: int = 9) -> list[str]:
    grades = [str(grade)] * answered + [""] * (9 - answered)
    return [";".join([*grades, month, service])] * n


def counted(*lines: str, agency: str = "Dinas Contoh") -> None:
    found = surveys.hand_in(SYSTEM, "\n".join([HEAD, *lines]).encode(), agency=agency, source="x", month=None)
    surveys.publish(SYSTEM, found)


@pytest.mark.django_db
@time_machine.travel(IN_AUGUST, tick=False)
def test_one_complete_answer_is_not_what_is_left_when_the_others_are_taken_from_all() -> None:
    """Six people spoke of the second service, one of them of all nine elements: it shows in the sum."""
    counted(
        *rows(10, "2026-07", "KK"),
        *rows(1, "2026-07", "KIA", grade=1),
        *rows(5, "2026-07", "KIA", answered=3),
    )
    found = queries.answers()
    assert found.whole.complete == 11
    told = {one.name: one for one in found.services}
    assert told["KK · Dinas Contoh"].answers == 10
    assert all(one.said is None and one.complete == 0 for one in told.values())


@pytest.mark.django_db
@time_machine.travel(IN_AUGUST, tick=False)
def test_one_complete_answer_is_not_what_a_month_leaves_over() -> None:
    counted(
        *rows(10, "2026-07", "KK"), *rows(1, "2026-07", "KK", grade=1), *rows(8, "2026-07", "KK", answered=2)
    )
    before = queries.answers()
    counted(*rows(1, "2026-07", "KK", grade=1), *rows(9, "2026-07", "KK", answered=1))
    after = queries.answers()
    assert (after.whole, after.months, after.services) == (before.whole, before.months, before.services)


@pytest.mark.django_db
@time_machine.travel(IN_AUGUST, tick=False)
def test_answers_handed_in_one_by_one_are_not_read_off_the_sum() -> None:
    counted(*rows(10, "2026-07", "KK"))
    before = queries.answers().whole
    counted(*rows(1, "2026-07", "KK", grade=1))
    counted(*rows(3, "2026-06", "KK", grade=1))
    assert queries.answers().whole == before
    counted(*rows(6, "2026-07", "KK", grade=4))
    assert queries.answers().whole.complete == 16


@pytest.mark.django_db
def test_a_month_of_few_waits_for_the_next_ones() -> None:
    with time_machine.travel(IN_AUGUST, tick=False):
        counted(
            *rows(6, "2026-07", "KK"),
            *rows(2, "2026-08", "KK", grade=1),
            *rows(3, "2026-09", "KK"),
            *rows(1, "2026-10", "KK", grade=1),
        )
    seen = []
    for month in (8, 9, 10, 11, 12):
        with time_machine.travel(dt.datetime(2026, month, 15, 3, tzinfo=dt.UTC), tick=False):
            seen.append(queries.answers(queries.HalfYear(2026, 2)).whole.complete)
    assert seen == [6, 6, 11, 11, 11]
    assert all(later == earlier or later - earlier >= LEAST for earlier, later in pairwise(seen))


def test_whatever_is_kept_back_is_nobody_or_at_least_five() -> None:
    """Every combination of five names with up to seven answers each."""
    for counts in product(range(8), repeat=5):
        named = dict(enumerate(counts))
        told = kept(named)
        missing = sum(named.values()) - sum(named[one] for one in told)
        assert missing == 0 or missing >= LEAST or not told
        assert all(named[one] >= LEAST for one in told)
