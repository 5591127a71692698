"""Files made to break the hall or to lie in it: refused in words, and nothing of them is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.identity import testing as people
from pendopo.maturity import library, plain_yaml
from pendopo.maturity.actions import countries, results
from pendopo.maturity.errors import MaturityError
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.models import CountryScore, PublishedResult, ResultImport, SurveyImport
from pendopo.maturity.queries.countries import FILE

pytestmark = pytest.mark.django_db

HEAD = "instansi;D1;D2;D3;D4;Indeks;Predikat\n"
IN_2024 = Defaults("spbe-2020", 2024)
PUBLISH = "maturity:results:publish"
HTML = {"Accept": "text/html"}
ELEMENTS = ";".join(f"U{n}" for n in range(1, 10))
GRADES = ";".join("3" * 9)


def publisher(body: str = "pemda-contoh", serial: int = 7001) -> Client:
    subject = people.a_person(people.a_nik(serial), f"Petugas {serial}", email=None)
    post = people.a_post(subject.id, PUBLISH, body=body)
    client = Client(headers=HTML)
    people.sign_in(client, subject.id, post=post)
    return client


def upload(text: str, name: str = "a.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


@pytest.mark.parametrize(
    "agency",
    [
        "Kab. \x00Contoh",
        "Kab. " + "a" * 195,
        "ß" * 150,
        "***",
        "Kab. \u202eoejagnaP",
        "Kab. Con\u200btoh",
    ],
    ids=["nul", "longer as a key", "longer folded", "no letter", "written backwards", "zero width"],
)
def test_a_name_made_to_break_is_refused_by_its_row_or_cleaned(agency: str) -> None:
    client = publisher()
    given = {"source": "Laporan", "year": "2024", "instrument": "spbe-2020"}
    text = HEAD + f"{agency};3;3;3;3;3;Baik\n"
    answer = client.post("/maturity/imports/", given | {"file": upload(text)})
    assert answer.status_code in {303, 422}
    for row in ResultImport.objects.all():
        results.publish(SYSTEM if row.body_id is None else people_actor(client), row.id)
    for one in PublishedResult.objects.all():
        assert one.agency_key.strip()
        assert one.agency.isprintable()
        assert "\u200b" not in one.agency


def people_actor(client: Client) -> Actor:
    """Return the officer who is signed in."""
    request = client.get("/maturity/imports/").wsgi_request
    return request.actor  # type: ignore[attr-defined,no-any-return]  # set by the middleware


@pytest.mark.parametrize("figure", ["NaN", "1e999", "Infinity", "1_000", "٣", "3 000", "--3", "3.5.5", "0x3"])
def test_what_only_looks_like_a_figure_is_none(figure: str) -> None:
    with pytest.raises(MaturityError):
        results.hand_in(SYSTEM, (HEAD + f"Kab. A;3;3;3;3;{figure};\n").encode(), source="x", defaults=IN_2024)


@pytest.mark.parametrize("year", [0, 1950, 9999])
def test_a_year_given_for_the_whole_file_is_held_to_the_same_bounds(year: int) -> None:
    with pytest.raises(MaturityError):
        results.hand_in(
            SYSTEM,
            (HEAD + "Kab. A;3;3;3;3;3;Baik\n").encode(),
            source="x",
            defaults=Defaults("spbe-2020", year),
        )
    assert not ResultImport.objects.exists()


BUNDLED = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("0.97170,0.97970", "0.97170,5"),
        ("0.97170,0.97970", "0.97170,99999"),
        ("Denmark,1,", "Denmark,99999,"),
        ("Denmark,1,", "Denmark," + "9" * 5000 + ","),
        ("Denmark,1,0.97170", "Denmark,1,40000"),
        ("Denmark,", "D" * 300 + ","),
        ("Denmark,", ","),
        ("0.97170,0.97970", "0.97170,NaN"),
        ("0.97170,0.97970", "0.97170,0.979701234"),
    ],
    ids=["five", "huge", "rank", "endless rank", "index", "long", "nameless", "nan", "too fine"],
)
def test_a_country_that_cannot_be_is_refused_before_it_is_kept(before: str, after: str) -> None:
    text = BUNDLED.replace(before, after, 1)
    assert text != BUNDLED
    answer = publisher().post(
        "/maturity/imports/countries/", {"year": "2022", "source": "x", "file": upload(text)}
    )
    assert answer.status_code == 422
    assert not CountryScore.objects.exists()
    assert Client(headers=HTML).get("/maturity/egdi/").status_code == 200


def test_the_whole_table_of_countries_is_still_taken_and_cleaned() -> None:
    text = BUNDLED.replace("Denmark,", "Den\x00mark\u202e,")
    assert countries.enter(SYSTEM, text.encode(), year=2022, source="UN\x00") == 193
    assert CountryScore.objects.filter(country="Denmark", source="UN").count() == 1


@pytest.mark.parametrize("service", ["a" * 300, "KTP\x00", "\u202eKTP"])
def test_a_service_made_to_break_is_refused_or_cleaned(service: str) -> None:
    text = f"{ELEMENTS};month;service\n" + f"{GRADES};2026-05;{service}\n" * 5
    answer = publisher().post(
        "/maturity/imports/surveys/", {"agency": "Dinas", "source": "x", "file": upload(text)}
    )
    assert answer.status_code in {303, 422}


def test_a_file_that_is_no_text_is_told_so() -> None:
    client = publisher()
    for data in (b"PK\x03\x04" + bytes(range(256)), b"\xff\xfe" + "a;b".encode("utf-16-le"), b""):
        for address in ("", "countries/", "surveys/"):
            given = {"source": "x", "year": "2022", "agency": "A", "month": "2026-05"}
            answer = client.post(
                f"/maturity/imports/{address}", given | {"file": SimpleUploadedFile("a.csv", data)}
            )
            assert answer.status_code == 422, (address, data[:4])
    assert not SurveyImport.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["a: &a [*a]\n", "[" * 5000, "? {a: b}\n: c\n", "a: &a\n  b: *a\n", "\x00", "a: *nobody\n"],
    ids=["itself", "deep", "a key that is none", "a mapping of itself", "nul", "an alias to nothing"],
)
def test_yaml_tricks_are_refused_in_words(text: str) -> None:
    with pytest.raises(plain_yaml.UnreadableYamlError, match="line"):
        plain_yaml.read(text)


def test_a_tag_calls_nothing_and_stays_what_it_is_written_on() -> None:
    assert plain_yaml.read("!!python/object/apply:os.system ['true']\n") == ["true"]
    assert plain_yaml.read("a: &a [x]\nb: [*a, *a]\n") == {"a": ["x"], "b": [["x"], ["x"]]}


def test_aliases_do_not_multiply_an_instrument_without_end() -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for n in range(1, 12):
        text += f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n"
    with pytest.raises(plain_yaml.UnreadableYamlError):
        plain_yaml.read(text)


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "spbe-2020/../spbe-2020", "", "SPBE-2020", "spbe-2020\n"]
)
def test_an_instrument_is_only_found_by_its_own_name(name: str) -> None:
    with pytest.raises(MaturityError):
        library.instrument(name)


def test_a_survey_of_too_many_is_bounded_by_its_size() -> None:
    answer = publisher().post(
        "/maturity/imports/surveys/",
        {"agency": "A", "source": "x", "file": SimpleUploadedFile("a.csv", b"x" * 5_000_001)},
    )
    assert answer.status_code in {413, 422}
    assert SurveyImport.objects.count() == 0
