"""The public page of figures: every measure, none about few people, and a broken one hides no other."""

import pytest
from django.test import Client

from pendopo.foundation import measures
from pendopo.foundation.http import destination
from pendopo.foundation.text import has_text
from pendopo.identity import testing as people
from pendopo.portal.pages import figures

pytestmark = pytest.mark.django_db

ALL = "<strong>100%</strong>"


@pytest.fixture(autouse=True)
def _read_anew() -> None:
    figures.forget()


def page(language: str = "") -> str:
    return Client().get(f"{language}/figures/").content.decode()


def test_every_measure_stands_there_in_both_languages_with_what_it_counts() -> None:
    indonesian, english = page(), page("/en")
    assert len(measures.measures()) >= 20
    for one in measures.measures():
        assert f'id="{one.key}"' in indonesian
        assert has_text(f"portal.figures.rooms.{one.room}", "en"), one.room
    assert "Masuk dengan passkey" in indonesian
    assert "Sign-ins by passkey" in english
    assert "Belum ada yang bisa dihitung" in indonesian


def test_every_measure_has_words_and_a_page_that_opens() -> None:
    assert measures.problems() == []
    for one in measures.measures():
        assert destination(one.page).startswith("/")


def test_a_figure_over_fewer_than_five_is_kept_back() -> None:
    subject = people.a_person(people.a_nik(1), "Sari Wulandari", email=None)
    for _ in range(4):
        people.sign_in(Client(), subject.id)
    assert "kurang dari 5" in page()
    people.sign_in(Client(), subject.id)
    figures.forget()
    assert "kurang dari 5" not in page()
    assert ALL in page()


def test_figures_are_read_once_in_a_while() -> None:
    page()
    subject = people.a_person(people.a_nik(1), "Sari Wulandari", email=None)
    for _ in range(5):
        people.sign_in(Client(), subject.id)
    assert ALL not in page()
    figures.forget()
    assert ALL in page()


def test_one_that_cannot_be_read_is_said_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = measures.read

    def fail_one(key: str, scope: measures.Scope) -> measures.Reading | None:
        if key == "ledger.sequenced":
            raise RuntimeError(key)
        return honest(key, scope)

    monkeypatch.setattr(measures, "read", fail_one)
    text = page()
    assert "Tidak terbaca saat ini" in text
    assert 'id="ledger.stamped"' in text
