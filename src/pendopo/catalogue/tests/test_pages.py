"""Public pages of the catalogue, in both languages and without a session."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from pendopo.catalogue import pace
from pendopo.catalogue.api import Pace, publish, register_past_cases
from pendopo.catalogue.tests.conftest import SERVICE
from pendopo.foundation.settings import current

pytestmark = pytest.mark.django_db

PAGE = "/services/dukcapil/akta-kelahiran/"


@pytest.fixture(autouse=True)
def _published() -> None:
    publish(current().definitions_dir / SERVICE)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_the_service_page_says_what_it_takes(client: Client) -> None:
    page = text_of(client, PAGE)
    for piece in (
        "Akta Kelahiran",
        "Gratis",
        "24 jam kerja",
        "5 hari kerja",
        "belum diverifikasi",
        "Kartu Keluarga",
    ):
        assert piece in page
    assert "Kenyataan bulan ini" not in page
    assert "saksi pertama" not in page


def test_the_service_page_speaks_english(client: Client) -> None:
    page = text_of(client, f"/en{PAGE}")
    for piece in ("Birth certificate", "Free", "24 working hours", "not verified"):
        assert piece in page


def test_measured_time_shows_only_where_there_are_cases(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Measured:
        def this_month(self, agency: str, code: str) -> Pace | None:
            return (
                Pace(41, 312, Decimal("97.6"), 1440)
                if (agency, code) == ("dukcapil", "akta-kelahiran")
                else None
            )

    monkeypatch.setattr(pace, "_providers", [])
    register_past_cases(Measured())
    page = text_of(client, PAGE)
    assert "Kenyataan bulan ini" in page
    assert "5 jam 12 menit" in re.sub(r"\s+", " ", page)
    assert "41 permohonan, 97,6% tepat janji" in page
    assert "41 applications, 97.6% kept the promise" in text_of(client, f"/en{PAGE}")


@pytest.mark.parametrize(
    ("cases", "said", "bars"),
    [(2, "Too early to say: 2 applications", 0), (5, "Less than one working minute", 1)],
)
def test_few_cases_and_short_times_are_told_in_words(
    client: Client, monkeypatch: pytest.MonkeyPatch, cases: int, said: str, bars: int
) -> None:
    class Measured:
        def this_month(self, agency: str, code: str) -> Pace | None:
            return Pace(cases, 0, Decimal(100), 1440)

    monkeypatch.setattr(pace, "_providers", [Measured()])
    page = text_of(client, f"/en{PAGE}")
    assert said in page
    assert page.count("pd-meter") == bars


def test_the_standard_shows_all_fourteen_components(client: Client) -> None:
    page = text_of(client, f"{PAGE}standard/")
    assert page.count("Belum diverifikasi") >= 14
    for piece in ("Persyaratan", "Jumlah pelaksana", "Evaluasi kinerja pelaksana", "UU 24/2013"):
        assert piece in page


def test_search_finds_and_says_when_it_does_not(client: Client) -> None:
    assert "Akta Kelahiran" in text_of(client, "/services/?q=bikin+akte+anak")
    none = text_of(client, "/services/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "Belum ada layanan yang cocok" in none
    assert "<script>alert" not in none


def test_a_life_event_lists_its_services(client: Client) -> None:
    assert "Akta Kelahiran" in text_of(client, "/life-events/anak-lahir/")
    text_of(client, "/life-events/menikah/", 404)


@pytest.mark.parametrize(
    "path", ["/services/dukcapil/akta-bulan/", "/services/x/y/standard/", "/life-events/x/"]
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    text_of(client, path, 404)


@pytest.mark.parametrize("path", ["/services/", PAGE, f"{PAGE}standard/"])
def test_pages_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code in {403, 405}


@pytest.mark.parametrize("path", ["/services/", PAGE, f"{PAGE}standard/", "/life-events/anak-lahir/"])
def test_pages_are_small(client: Client, path: str) -> None:
    assert len(client.get(path).content) < 45_000
