"""Published results: read whole or not at all, a draft until published, the same thing twice is nothing."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.models import AuditRow, OutboxEvent
from pendopo.identity import testing as people
from pendopo.kernel.errors import Forbidden
from pendopo.maturity import demo_published
from pendopo.maturity import import_errors as errors
from pendopo.maturity.actions import results
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.models import PublishedResult, ResultImport
from pendopo.maturity.published import UNRANKED, AgencyKind, ImportState

pytestmark = pytest.mark.django_db

REPORT = """no;Nama Instansi;D1;D2;D3;D4;Indeks;Predikat
1;Kab. Pacitan;4,70;3,00;2,09;3,94;3,50;Baik
2;Prov. Jawa Barat;5,00;4,90;3,82;4,88;4,73;Memuaskan
3;Kab. Asmat;1,00;1,10;1,00;1,00;1,03;Kurang
4;Kem. Komunikasi dan Informatika;5,00;5,00;3,45;5,00;4,75;
5;Kota Tanpa Angka;4,70;;-;3,94;;
"""
IN_2024 = Defaults("spbe-2020", 2024)
PUBLISH = "maturity:results:publish"
HTML = {"Accept": "text/html"}


def handed(text: str = REPORT, defaults: Defaults = IN_2024, actor: Actor = SYSTEM) -> ResultImport:
    found = results.hand_in(actor, text.encode(), source="Laporan 2024, tabel 7", defaults=defaults)
    return ResultImport.objects.get(id=found)


def published(text: str = REPORT, defaults: Defaults = IN_2024) -> int:
    return results.publish(SYSTEM, handed(text, defaults).id)


def refused(text: str, defaults: Defaults = IN_2024) -> list[tuple[str, object, object]]:
    with pytest.raises(errors.BadTable) as caught:
        handed(text, defaults)
    return [
        (type(one).__name__, one.params.get("line"), one.params.get("column"))
        for one in caught.value.problems
    ]


def officer(serial: int = 1, *permissions: str, body: str = "pemda-contoh") -> tuple[Client, Actor]:
    subject = people.a_person(people.a_nik(serial), f"Petugas {serial}", email=None)
    post = people.a_post(subject.id, *permissions, body=body)
    client = Client(headers=HTML)
    people.sign_in(client, subject.id, post=post)
    return client, people.officer(subject.id, post)


def words(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_report_with_decimal_commas_and_blank_cells_is_read() -> None:
    assert published() == 5
    pacitan = PublishedResult.objects.get(agency_key="kabupaten pacitan")
    assert (pacitan.index, pacitan.predicate, pacitan.exact) == (Decimal("3.5000"), "baik", "3.4985")
    assert (pacitan.kind, pacitan.flags) == (AgencyKind.REGENCY, [])
    empty = PublishedResult.objects.get(agency_key="kota tanpa angka")
    assert (empty.index, empty.place, empty.flags) == (None, UNRANKED, ["missing"])
    assert empty.domains == {"D1": "4.70", "D4": "3.94"}


def test_a_predicate_that_was_not_printed_follows_from_the_figures() -> None:
    published()
    assert PublishedResult.objects.get(agency__contains="Informatika").predicate == "memuaskan"


def test_places_follow_the_printed_index_and_equals_share_one() -> None:
    published(REPORT + "6;Kota Kembar;4,70;3,00;2,09;3,94;3,50;Baik\n")
    places = dict(PublishedResult.objects.order_by("place").values_list("agency", "place"))
    assert places["Kem. Komunikasi dan Informatika"] == 1
    assert places["Kab. Pacitan"] == places["Kota Kembar"] == 3
    assert places["Kab. Asmat"] == 5


def test_every_wrong_cell_is_named_and_nothing_is_kept() -> None:
    wrong = REPORT.replace("3,50;Baik", "tiga;Baik").replace("1,10", "5,10").replace("Memuaskan", "Hebat")
    assert refused(wrong) == [
        ("CellNoFigure", 2, "indeks"),
        ("CellUnknown", 3, "predikat"),
        ("CellOutside", 4, "d2"),
    ]
    assert not ResultImport.objects.exists()
    assert not AuditRow.objects.filter(event="maturity.results_handed_in").exists()


def test_an_agency_without_a_name_and_one_that_stands_twice_are_named() -> None:
    wrong = REPORT.replace("Kab. Asmat", "") + "6;Kabupaten Pacitan;4,70;3,00;2,09;3,94;3,50;Baik\n"
    assert refused(wrong) == [("CellBlank", 4, "nama instansi"), ("RowTwice", 7, None)]


def test_a_file_needs_a_year_from_somewhere() -> None:
    assert ("CellBlank", 2, "year") in refused(REPORT, Defaults("spbe-2020"))


def test_a_table_without_agencies_is_refused_with_the_names_that_are_understood() -> None:
    with pytest.raises(errors.NoColumn) as caught:
        handed("no;Indeks\n1;3,50\n")
    assert "instansi" in str(caught.value.params["known"])


@pytest.mark.parametrize("text", ["", "agency,index\n"])
def test_a_table_without_rows_is_refused(text: str) -> None:
    with pytest.raises((errors.EmptyTable, errors.NoColumn)):
        handed(text)


def test_a_spreadsheet_that_was_not_exported_is_refused() -> None:
    with pytest.raises(errors.NotText):
        results.hand_in(SYSTEM, b"PK\x03\x04\xff\xfe", source="x", defaults=IN_2024)


def test_publishing_the_same_file_again_changes_nothing() -> None:
    published()
    before = list(PublishedResult.objects.order_by("id").values())
    assert published() == 0
    assert list(PublishedResult.objects.order_by("id").values()) == before


def test_a_corrected_file_changes_what_differs_and_keeps_the_address() -> None:
    published()
    asmat = PublishedResult.objects.get(agency_key="kabupaten asmat")
    assert published(REPORT.replace("1,10;1,00;1,00;1,03", "1,20;1,00;1,00;1,05")) == 1
    again = PublishedResult.objects.get(agency_key="kabupaten asmat")
    assert (again.id, again.index) == (asmat.id, Decimal("1.0500"))


def test_the_same_file_waiting_is_the_same_draft() -> None:
    assert handed().id == handed().id


def test_a_draft_is_not_public_and_is_published_once() -> None:
    row = handed()
    assert not PublishedResult.objects.exists()
    results.publish(SYSTEM, row.id)
    with pytest.raises(errors.NotADraft):
        results.publish(SYSTEM, row.id)
    assert OutboxEvent.objects.get(topic="maturity.results_published").payload["cycles"] == [
        ["spbe-2020", 2024]
    ]


def test_a_dropped_draft_leaves_nothing() -> None:
    row = handed()
    results.drop(SYSTEM, row.id)
    row.refresh_from_db()
    assert (row.state, row.rows) == (ImportState.DROPPED, [])


def test_nobody_publishes_without_the_permission() -> None:
    _, guest = officer(1, "casework:case:read")
    with pytest.raises(Forbidden):
        handed(actor=guest)


def test_a_draft_of_another_body_does_not_exist() -> None:
    _, ours = officer(1, PUBLISH)
    theirs, actor = officer(2, PUBLISH, body="dinsos")
    row = handed(actor=ours)
    with pytest.raises(errors.NoSuchImport):
        results.publish(actor, row.id)
    assert theirs.get(f"/maturity/imports/{row.id}/").status_code == 404
    assert str(row.id) not in theirs.get("/maturity/imports/").content.decode()


def test_an_officer_hands_in_looks_and_publishes_on_the_page() -> None:
    client, _ = officer(1, PUBLISH)
    wrong = REPORT.replace("3,50;Baik", "3,51;Baik")
    given = {"source": "Laporan", "year": "2024", "instrument": "spbe-2020"}
    answer = client.post("/maturity/imports/", given | {"file": SimpleUploadedFile("a.csv", wrong.encode())})
    assert answer.status_code == 303
    seen = words(client, answer["Location"])
    assert "Indeks tidak cocok dengan domain" in seen
    assert client.post(answer["Location"], {"act": "publish"}).status_code == 303
    assert "Sudah diterbitkan" in words(client, answer["Location"])
    assert "Kab. Pacitan" in words(Client(headers=HTML), "/maturity/ranking/")


def test_what_was_typed_stays_when_the_file_is_wrong() -> None:
    client, _ = officer(1, PUBLISH)
    answer = client.post("/maturity/imports/", {"source": "Laporan tahunan", "year": "2024"})
    assert answer.status_code == 422
    assert "Laporan tahunan" in answer.content.decode()
    assert "Pilih berkas CSV" in answer.content.decode()


def test_the_ranking_asks_few_questions_of_the_database_however_long_it_is() -> None:
    rows = [f"{n};Kab. Contoh {n};3,00;3,00;3,00;3,00;3,00;Baik" for n in range(120)]
    for year in (2023, 2024):
        published("no;instansi;D1;D2;D3;D4;Indeks;Predikat\n" + "\n".join(rows), Defaults("spbe-2020", year))
    client = Client(headers=HTML)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get("/maturity/ranking/?cycle=spbe-2020:2024")
    assert answer.content.decode().count("pd-spark") == 50
    assert len(asked) <= 7


def test_pages_of_the_ranking_hold_every_agency_once() -> None:
    rows = [f"{n};Kab. Contoh {n};3,00;3,00;3,00;3,00;3,00;Baik" for n in range(120)]
    published("no;instansi;D1;D2;D3;D4;Indeks;Predikat\n" + "\n".join(rows))
    client, address, seen = Client(headers=HTML), "/maturity/ranking/", []
    for _ in range(5):
        told = client.get(address).content.decode()
        seen += re.findall(r"Kab\. Contoh \d+", told)
        further = re.search(r'href="([^"]+)" rel="next"', told)
        if further is None:
            break
        address = further[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("search=pacitan", "Kab. Pacitan", "Kab. Asmat"),
        ("search=Pemkab+Pacitan", "Kab. Pacitan", "Kab. Asmat"),
        ("kind=province", "Prov. Jawa Barat", "Kab. Asmat"),
        ("kind=nonsense&after=nonsense&cycle=x:y", "Kab. Asmat", "tidak ada yang"),
    ],
)
def test_filters_leave_what_fits(query: str, there: str, absent: str) -> None:
    published()
    seen = words(Client(headers=HTML), f"/maturity/ranking/?{query}")
    assert there in seen
    assert absent not in seen


def test_an_agency_tells_its_years_and_the_only_exact_index_that_fits() -> None:
    published()
    published(REPORT, Defaults("spbe-2020", 2023))
    one = PublishedResult.objects.get(agency_key="kabupaten pacitan", year=2024)
    seen = words(Client(headers=HTML), f"/maturity/agencies/{one.id}/")
    assert "3,4985" in seen
    assert "2023" in seen
    assert "3.4985" in words(Client(headers=HTML), f"/en/maturity/agencies/{one.id}/")


def test_an_unknown_agency_is_told_in_words() -> None:
    missing = "/maturity/agencies/00000000-0000-7000-8000-000000000000/"
    assert "Cari instansinya" in words(Client(headers=HTML), missing, 404)


def test_open_data_holds_every_result_as_printed() -> None:
    published()
    told = Client().get("/maturity/results.csv").content.decode()
    assert "spbe-2020,2024,3,Kab. Pacitan,regency,,3.50,3.4985,baik,4.70|3.00|2.09|3.94,," in told
    found = Client().get("/maturity/results.json").json()["results"]
    assert len(found) == 5
    assert found[-1]["index"] is None


def test_a_name_is_no_formula_in_a_spreadsheet() -> None:
    published(REPORT.replace("Kab. Asmat", '"=HYPERLINK(""x"")"'))
    assert '''"'=HYPERLINK(""x"")"''' in Client().get("/maturity/results.csv").content.decode()


def test_the_nation_is_told_without_any_import() -> None:
    short = Client(headers=HTML).get("/maturity/")
    assert (short.status_code, short["Location"]) == (303, "/maturity/national/")
    seen = words(Client(headers=HTML), "/maturity/national/")
    assert "3,12" in seen
    assert "1,98" in seen


def test_the_demonstration_publishes_the_checked_rows_and_says_what_is_fiction() -> None:
    assert demo_published.seed(SYSTEM) == 12
    assert demo_published.seed(SYSTEM) == 0
    real = PublishedResult.objects.filter(source=demo_published.REPORT)
    assert {one.exact for one in real} == {"4.7450", "4.7250", "3.4985", "1.0250"}
    others = PublishedResult.objects.exclude(source=demo_published.REPORT)
    assert {one.source for one in others} == {demo_published.FICTION}
    seen = words(Client(headers=HTML), "/maturity/satisfaction/")
    assert "Kartu Keluarga" in seen
    assert "rekaan" in seen
