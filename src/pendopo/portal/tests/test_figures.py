"""The public page of figures: every measure, none about few people, and a broken one hides no other."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import time_machine
from django.test import Client

from pendopo.foundation import figures, measures
from pendopo.foundation.clock import now
from pendopo.foundation.http import destination
from pendopo.foundation.models import Figure
from pendopo.foundation.text import has_text
from pendopo.identity import testing as people

pytestmark = pytest.mark.django_db

ALL = "<strong>100%</strong>"


def page(language: str = "") -> str:
    return Client().get(f"{language}/figures/").content.decode()


def signed_in(times: int) -> None:
    subject = people.a_person(people.a_nik(times), "Sari Wulandari", email=None)
    for _ in range(times):
        people.sign_in(Client(), subject.id)


def test_every_measure_stands_there_in_both_languages_with_what_it_counts() -> None:
    assert figures.refresh() == len(measures.measures()) >= 20
    indonesian, english = page(), page("/en")
    for one in measures.measures():
        assert f'id="{one.key}"' in indonesian
        assert has_text(f"portal.figures.rooms.{one.room}", "en"), one.room
    assert "Masuk dengan passkey" in indonesian
    assert "Sign-ins by passkey" in english
    assert "Terakhir dihitung" in indonesian


def test_before_the_worker_came_there_is_nothing_to_tell_and_nothing_breaks() -> None:
    text = page()
    assert text.count("Belum ada yang bisa dihitung") == len(measures.measures())
    assert "Terakhir dihitung" not in text


def test_every_measure_has_words_and_a_page_that_opens() -> None:
    assert measures.problems() == []
    for one in measures.measures():
        assert destination(one.page).startswith("/")


def test_a_figure_over_fewer_than_five_is_kept_back() -> None:
    signed_in(4)
    figures.refresh()
    assert "kurang dari 5" in page()
    signed_in(5)
    figures.refresh()
    assert "kurang dari 5" not in page()
    assert ALL in page()


def test_the_page_counts_nothing_itself(
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    figures.refresh()
    with django_assert_max_num_queries(3):
        page()


def test_one_that_cannot_be_read_is_said_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = measures.read

    def fail_one(key: str, scope: measures.Scope) -> measures.Reading | None:
        if key == "ledger.sequenced":
            raise RuntimeError(key)
        return honest(key, scope)

    with monkeypatch.context() as patched:
        patched.setattr(measures, "read", fail_one)
        assert figures.refresh() == len(measures.measures()) - 1
    assert page().count("Tidak terbaca saat ini") == 1
    figures.refresh()
    assert "Tidak terbaca saat ini" not in page()


def test_a_figure_that_nobody_read_for_too_long_is_not_shown() -> None:
    signed_in(5)
    figures.refresh()
    with time_machine.travel(now() + dt.timedelta(days=2), tick=False):
        assert ALL not in page()
        assert "Tidak terbaca saat ini" in page()


def test_a_figure_of_a_room_that_left_goes_with_it() -> None:
    Figure.objects.create(key="gone.away", value=1, of=1, read_at=now(), failed=False)
    figures.refresh()
    assert not Figure.objects.filter(key="gone.away").exists()
