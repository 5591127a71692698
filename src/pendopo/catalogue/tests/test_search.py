"""Finding services by the words that people use, and life events that say what is not there yet."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pendopo.agencies import api as agencies
from pendopo.catalogue import store
from pendopo.catalogue.api import cards, life_events, publish, search
from pendopo.catalogue.errors import VersionTampered
from pendopo.catalogue.models import ServiceVersion
from pendopo.catalogue.queries import cards_of
from pendopo.catalogue.search import LanguageSynonyms, likeness, words_of
from pendopo.catalogue.tests.conftest import SERVICE
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.settings import current

FOUND = [
    ("bikin akte anak", "id"),
    ("akta kelahiran", "id"),
    ("AKTE LAHIR", "id"),
    ("bayi baru lahir", "id"),
    ("akta kelahirn", "id"),
    ("melahirkan", "id"),
    ("nik anak", "id"),
    ("KK", "id"),
    ("birth certificate", "en"),
    ("newborn", "en"),
    ("baby", "en"),
    ("brith certifcate", "en"),
    ("bikin akte anak", "en"),
    ("birth certificate", "id"),
]
NOT_FOUND = ["", "   ", "bikin", "xyzzy", "'; DROP TABLE catalogue_searchentry; --", "&|!:*()", "%" * 500]


@pytest.fixture
def _published() -> None:
    publish(current().definitions_dir / SERVICE)


@pytest.mark.django_db
@pytest.mark.usefixtures("_published")
def test_people_find_the_birth_certificate() -> None:
    found = {asked: [card.code for card in search(*asked)] for asked in FOUND}
    assert found == {asked: ["akta-kelahiran"] for asked in FOUND}


@pytest.mark.django_db
@pytest.mark.usefixtures("_published")
def test_what_fits_nothing_finds_nothing() -> None:
    assert {query: search(query, "id") for query in NOT_FOUND} == dict.fromkeys(NOT_FOUND, ())


@pytest.mark.django_db
def test_nothing_is_listed_before_it_is_published() -> None:
    assert cards("id") == ()
    assert not any(event.available for event in life_events("id"))


@pytest.mark.django_db
@pytest.mark.usefixtures("_published")
def test_cards_and_life_events_speak_both_languages() -> None:
    assert [card.name for card in cards("en")] == ["Birth certificate"]
    events = {event.code: event for event in life_events("id")}
    assert events["anak-lahir"].services == (("dukcapil", "akta-kelahiran"),)
    assert [code for code, event in events.items() if not event.available] == [
        "menikah",
        "pindah-rumah",
        "buka-usaha",
        "perlu-bantuan",
        "keluarga-meninggal",
    ]
    assert life_events("en")[0].name == "A child is born"


@pytest.mark.django_db
@pytest.mark.usefixtures("_published")
def test_lists_cost_few_queries(django_assert_max_num_queries: pytest.FixtureRequest) -> None:
    cards("id")
    with django_assert_max_num_queries(4):  # type: ignore[operator]  # pytest-django types it as a fixture
        cards("id")
        life_events("id")


@pytest.mark.django_db
def test_many_services_cost_as_many_queries_as_one(definitions: Path) -> None:
    office = agencies.create_body("dukcapil", name_id="Dinas", name_en="Office", actor=SYSTEM)
    publish(definitions / SERVICE)
    asked_for_one = [asked(lambda: cards("id")), asked(lambda: search("akta", "id"))]
    for n in range(3):
        publish(copied(definitions, f"akta-kelahiran-{n}"))
    assert {card.agency_name for card in cards("id")} == {office.name_id}
    assert len(search("akta", "id")) == 4
    assert [asked(lambda: cards("id")), asked(lambda: search("akta", "id"))] == asked_for_one


@pytest.mark.django_db
def test_a_service_that_was_tampered_with_is_missed_only_where_it_stands(definitions: Path) -> None:
    publish(definitions / SERVICE)
    publish(copied(definitions, "akta-kelahiran-2"))
    ServiceVersion.objects.filter(code="akta-kelahiran-2").update(signature=bytes(64))
    store.read_version.cache_clear()
    assert len(cards_of([("dukcapil", "akta-kelahiran")], "id")) == 1
    with pytest.raises(VersionTampered):
        cards("id")


def asked(act: Callable[[], object]) -> int:
    """Return how many statements an act takes once each version was read."""
    act()
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def copied(definitions: Path, code: str) -> Path:
    """Return the birth certificate again under another code."""
    folder = (definitions / SERVICE).with_name(code)
    shutil.copytree(definitions / SERVICE, folder)
    named = folder / "service.yaml"
    named.write_text(named.read_text().replace("code: akta-kelahiran\n", f"code: {code}\n"))
    return folder


def test_words_are_folded_replaced_and_bounded(tmp_path: Path) -> None:
    synonyms = LanguageSynonyms(ignore=("bikin",), same={"kk": "kartu keluarga"})
    assert words_of("Bikin KK, káká!", synonyms) == ("kartu", "keluarga", "kaka")
    assert len(words_of(" ".join(f"w{n}" for n in range(100)), synonyms)) == 12


def test_likeness_forgives_one_letter() -> None:
    assert likeness("kelahiran", "kelahirn") > 0.5
    assert likeness("akta", "nikah") < 0.2
    assert likeness("akta", "akta") == 1.0
