"""The dashboard, its plans and its report: the same exact figures everywhere, for those who see the whole."""

import io
import re
import zipfile
from decimal import Decimal
from xml.etree import ElementTree as ET  # only files that were made here are parsed

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.models import AuditRow
from pendopo.identity import testing as people
from pendopo.maturity import library
from pendopo.maturity.actions import reports, results
from pendopo.maturity.actions.evidence import add_live
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.index import compute
from pendopo.maturity.queries.dashboard import dashboard
from pendopo.maturity.refusals import NoSuchCycle
from pendopo.maturity.testing.evaluation import Evaluation, Gauge, an_officer, begin
from pendopo.maturity.values import CycleState

pytestmark = pytest.mark.django_db

HTML = {"Accept": "text/html"}
PUBLISHED = """instansi,D1,D2,D3,D4,index,predicate
Kab. Contoh,3.00,3.00,3.00,3.00,3.00,Baik
Badan Tetangga,2.00,2.00,2.00,2.00,2.00,Cukup
Lembaga Jauh,4.00,4.00,4.00,4.00,4.00,Sangat Baik
Kota Lain,5.00,5.00,5.00,5.00,5.00,Memuaskan
"""


@pytest.fixture
def tiny(evaluation: Evaluation) -> Evaluation:
    """Two of four indicators assessed at 3 and 2, one claimed at 2."""
    evaluation.show("1", 2, 3)
    evaluation.show("3", 2)
    evaluation.show("4", 2)
    evaluation.claim("1", 3)
    evaluation.claim("3", 2)
    evaluation.claim("4", 2)
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess("1", 3)
    evaluation.assess("3", 2)
    return evaluation


def browser(actor: Actor) -> Client:
    client = Client(headers=HTML)
    assert actor.subject_id is not None
    post = next(one for one in agencies.posts_of(actor.subject_id) if one.id == actor.post_id)
    people.sign_in(client, actor.subject_id, post=post)
    return client


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def address(evaluation: Evaluation, more: str = "") -> str:
    return f"/desk/maturity/assessments/{evaluation.assessment.id}/dashboard/{more}"


def test_the_index_is_that_of_the_levels_which_count_now(tiny: Evaluation) -> None:
    view = dashboard(tiny["coordinator"], tiny.assessment.id, "id")
    levels = {"1": Decimal(3), "2": Decimal(1), "3": Decimal(2), "4": Decimal(2)}
    assert view.outcome == compute(library.instrument("tiny"), levels, year=tiny.cycle.year)
    assert view.missing == 1
    assert sum(one.points for one in view.parts) == view.outcome.index


def test_what_could_rise_most_comes_first(tiny: Evaluation) -> None:
    view = dashboard(tiny["coordinator"], tiny.assessment.id, "id")
    assert [one.indicator.number for one in view.parts] == ["2", "3", "4", "1"]
    assert view.parts[0].level is None


def test_the_wall_tells_a_reading_its_moment_and_when_it_expires(tiny: Evaluation, gauge: Gauge) -> None:
    add_live(tiny["contact"], tiny.item("2").id, 3, "casework.on-time")
    view = dashboard(tiny["coordinator"], tiny.assessment.id, "id")
    (wall,) = view.walls
    (one,) = wall.evidence
    assert one.reading is not None
    assert one.reading.value == "90%"
    assert one.reading.expires_at > one.reading.taken_at
    assert "90%" in words(browser(tiny["coordinator"]), address(tiny))


def test_peers_are_agencies_of_the_kind_and_not_oneself(db: None) -> None:
    found = begin("spbe-2020", 2025)
    found.to(CycleState.ASSESSING)
    found.assess_all(3)
    own = agencies.body_by_code("pemda-contoh").name("id")
    table = PUBLISHED.replace("Kab. Contoh", own)
    draft = results.hand_in(SYSTEM, table.encode(), source="x", defaults=Defaults("spbe-2020", 2024))
    results.publish(SYSTEM, draft)
    view = dashboard(found["coordinator"], found.assessment.id, "id")
    assert view.outcome.index == Decimal("3.00")
    assert view.peers is not None
    assert (view.peers.count, view.peers.below) == (2, 1)
    assert (view.peers.median, view.peers.best) == (Decimal("3.00"), Decimal("4.00"))
    assert [(one.year, one.index) for one in view.times] == [(2024, Decimal("3.00")), (2025, Decimal("3.00"))]


@pytest.mark.parametrize("language", ["id", "en"])
def test_pages_show_the_same_figures_in_both_languages(tiny: Evaluation, language: str) -> None:
    client = browser(tiny["coordinator"])
    before = "" if language == "id" else "/en"
    seen = words(client, before + address(tiny))
    assert ("2,00" if language == "id" else "2.00") in seen
    assert words(client, before + address(tiny, "plan/?budget=3&aim=high&to-2=4"))


def test_a_plan_reaches_its_aim_and_what_if_counts_what_is_typed(tiny: Evaluation) -> None:
    seen = words(browser(tiny["coordinator"]), address(tiny, "plan/?budget=1&aim=high&to-2=5&to-9=4&to-1=x"))
    assert "Jalan tersingkat menuju Tinggi" in seen
    assert "Indeks 2,00 menjadi 3,00" in seen


def test_an_officer_who_sees_a_part_sees_no_dashboard(tiny: Evaluation) -> None:
    foreign = an_officer("contact", "dinsos")
    with pytest.raises(NoSuchCycle):
        dashboard(foreign, tiny.assessment.id, "id")
    client = browser(foreign)
    for more in ("", "plan/", "report.pdf", "report.xlsx"):
        assert client.get(address(tiny, more)).status_code == 404
    assert not AuditRow.objects.filter(event="maturity.report_made").exists()


def test_the_dashboard_of_a_whole_instrument_asks_few_questions(db: None) -> None:
    found = begin("spbe-2020", 2025)
    found.to(CycleState.ASSESSING)
    found.assess_all(2)
    client = browser(found["coordinator"])
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(found)).status_code == 200
    assert len(asked) <= 20


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_report_is_a_tagged_pdf_with_bookmarks_and_a_language(tiny: Evaluation, language: str) -> None:
    made = reports.pdf(tiny["coordinator"], tiny.assessment.id, language)
    with pikepdf.open(io.BytesIO(made.data)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith(language)
        assert len(list(document.open_outline().root)) > 0
        xmp = document.open_metadata()
        assert xmp["pdfuaid:part"] == "1"
        figures = [one for one in document.objects if _is_figure(one)]
        assert len(figures) >= 5
        assert all(str(one.get("/Alt", "")).strip() for one in figures)
    assert AuditRow.objects.get(event="maturity.report_made").detail == {"form": "pdf"}


def _is_figure(one: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/S") == pikepdf.Name("/Figure")


def test_the_spreadsheet_holds_figures_as_numbers_and_no_formula(tiny: Evaluation) -> None:
    made = reports.spreadsheet(tiny["coordinator"], tiny.assessment.id, "id")
    with zipfile.ZipFile(io.BytesIO(made.data)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 6
        told = book.read("xl/worksheets/sheet1.xml")
        assert all(b"<f>" not in book.read(name) for name in sheets)
    tag = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}v"
    assert "2" in [cell.text for cell in ET.fromstring(told).iter(tag)]  # noqa: S314
