"""Satisfaction: nothing under a name that fewer than five stand behind, nor what subtracting would tell."""

import datetime as dt
import re

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from pendopo.casework import api as casework
from pendopo.foundation.actor import SYSTEM
from pendopo.maturity import import_errors as errors
from pendopo.maturity.actions import surveys
from pendopo.maturity.models import SurveyAnswer, SurveyImport
from pendopo.maturity.queries import satisfaction as queries
from pendopo.maturity.suppression import LEAST, kept

HEAD = ",".join(["bulan", "layanan", *(f"U{n}" for n in range(1, 10))])
HTML = {"Accept": "text/html"}
IN_AUGUST = dt.datetime(2026, 8, 15, 3, tzinfo=dt.UTC)


def rows(count: int, month: str, service: str, grade: int = 3) -> list[str]:
    return [",".join([month, service, *[str(grade)] * 9])] * count


def counted(*lines: str, agency: str = "Dinas Contoh") -> None:
    text = "\n".join([HEAD, *lines])
    surveys.publish(SYSTEM, surveys.hand_in(SYSTEM, text.encode(), agency=agency, source="x", month=None))


def words(address: str) -> str:
    answer = Client(headers=HTML).get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 40), max_size=8))
def test_what_is_missing_is_nobody_or_at_least_five(counts: dict[str, int]) -> None:
    told = kept(counts)
    missing = sum(count for name, count in counts.items() if name not in told)
    assert all(counts[name] >= LEAST for name in told)
    assert missing == 0 or missing >= LEAST or not told


@pytest.mark.django_db
@time_machine.travel(IN_AUGUST, tick=False)
def test_threes_everywhere_are_seventy_five_and_a_c() -> None:
    counted(*rows(40, "2026-07", "KK"))
    said = queries.answers().whole.said
    assert said is not None
    assert (f"{said.converted}", said.grade.key, said.answers) == ("75.00", "C", 40)
    assert "75,00" in words("/maturity/satisfaction/")


@pytest.mark.django_db
@time_machine.travel(IN_AUGUST, tick=False)
def test_four_answers_say_nothing() -> None:
    counted(*rows(4, "2026-07", "KK"))
    found = queries.answers()
    assert (found.whole.said, found.whole.answers, found.months, found.services) == (None, 0, (), ())
    assert "Belum cukup jawaban" in words("/maturity/satisfaction/")


@pytest.mark.django_db
@time_machine.travel(IN_AUGUST, tick=False)
def test_a_service_of_four_hides_another_that_would_tell_it() -> None:
    counted(*rows(20, "2026-07", "KK"), *rows(9, "2026-07", "KIA"), *rows(4, "2026-07", "Pindah", grade=1))
    found = queries.answers()
    assert [one.name for one in found.services] == ["KK · Dinas Contoh"]
    seen = words("/maturity/satisfaction/") + Client().get("/maturity/satisfaction.csv").content.decode()
    assert "Pindah" not in seen
    assert "KIA" not in seen


@pytest.mark.django_db
@time_machine.travel(IN_AUGUST, tick=False)
def test_the_running_month_is_not_counted_until_it_is_over() -> None:
    counted(*rows(6, "2026-07", "KK"), *rows(6, "2026-08", "KK", grade=1))
    assert queries.answers().whole.answers == 6
    with time_machine.travel(dt.datetime(2026, 9, 1, 3, tzinfo=dt.UTC), tick=False):
        assert queries.answers().whole.answers == 12


@pytest.mark.django_db
@time_machine.travel(IN_AUGUST, tick=False)
def test_answers_of_this_hall_are_counted_too_and_incomplete_ones_left_out() -> None:
    own, names = apps.get_model("casework", "SurveyAnswer"), dict.fromkeys(casework.SURVEY_ELEMENTS, 4)
    of_july = {"month": dt.date(2026, 7, 1), "agency": "dukcapil", "service": "akta", "channel": "web"}
    rows_of_july = [own(**of_july, overall=4, **names) for _ in range(7)]
    own.objects.bulk_create([*rows_of_july, *(own(**of_july, overall=2) for _ in range(6))])
    whole = queries.answers().whole
    assert (whole.answers, whole.complete) == (13, 7)
    assert whole.said is not None
    assert f"{whole.said.converted}" == "100.00"


@pytest.mark.django_db
@time_machine.travel(IN_AUGUST, tick=False)
def test_few_complete_answers_are_told_as_an_early_hint_with_their_interval() -> None:
    counted(*rows(6, "2026-07", "KK"), *rows(6, "2026-07", "KK", grade=4))
    said = queries.answers().whole.said
    assert said is not None
    assert said.low < said.converted < said.high
    assert "Petunjuk awal" in words("/maturity/satisfaction/")


@pytest.mark.django_db
def test_wrong_answers_are_named_by_row_and_column_and_nothing_is_kept() -> None:
    bad = rows(1, "2026-07", "KK", grade=5) + rows(1, "Juli", "KK")
    with pytest.raises(errors.BadTable) as caught:
        counted(*bad)
    told = [(type(one).__name__, one.params["line"], one.params["column"]) for one in caught.value.problems]
    assert told[0] == ("CellOutside", 2, "U1")
    assert told[-1] == ("CellUnknown", 3, "bulan")
    assert not SurveyImport.objects.exists()


@pytest.mark.django_db
def test_columns_that_name_people_are_not_kept() -> None:
    text = HEAD + ",nama\n" + rows(1, "2026-07", "KK")[0] + ",Sari Wulandari"
    surveys.hand_in(SYSTEM, text.encode(), agency="Dinas", source="x", month=None)
    row = SurveyAnswer.objects.values().get()
    assert "Sari" not in str(row)


@pytest.mark.django_db
def test_the_same_file_counts_once_and_a_dropped_one_leaves_no_answer() -> None:
    text = "\n".join([HEAD, *rows(6, "2026-07", "KK")]).encode()
    first = surveys.hand_in(SYSTEM, text, agency="Dinas", source="x", month=None)
    assert surveys.hand_in(SYSTEM, text, agency="Dinas", source="x", month=None) == first
    assert SurveyAnswer.objects.count() == 6
    surveys.drop(SYSTEM, first)
    assert SurveyAnswer.objects.count() == 0
    with pytest.raises(errors.NotADraft):
        surveys.publish(SYSTEM, first)
