"""The pages of an assessment over HTTP: each part's forms, refusals that keep what was typed, queries."""

from typing import Protocol
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import Actor
from pendopo.foundation.text import t
from pendopo.identity import testing as people
from pendopo.maturity.actions import answers, cycles, evidence, giving
from pendopo.maturity.actions.answers import Said
from pendopo.maturity.models import Answer, Comment, Cycle, Evidence, LiveReading
from pendopo.maturity.testing.evaluation import MEASURE, REASON, Evaluation, Gauge, an_officer, begin
from pendopo.maturity.tests.test_live import PDF, again, bind
from pendopo.maturity.values import CycleKind, CycleState, Stage

pytestmark = pytest.mark.django_db

HTML = {"Accept": "text/html"}
HOME = "/desk/maturity/"
OK, SEE_OTHER, MISSING, CONFLICT, WRONG = 200, 303, 404, 409, 422


def at(actor: Actor) -> Client:
    """Return a browser in which the officer is signed in, in their post."""
    assert actor.subject_id is not None
    assert actor.post_id is not None
    client = Client(headers=HTML)
    people.sign_in(client, actor.subject_id, post=agencies.posts_by_id([actor.post_id])[actor.post_id])
    return client


class Page(Protocol):
    """An answer with its bytes."""

    @property
    def content(self) -> bytes:
        """The bytes."""


def words(response: Page) -> str:
    return response.content.decode()


def address(kind: str, key: UUID, more: str = "") -> str:
    return f"{HOME}{kind}/{key}/{more}"


def test_a_coordinator_opens_a_cycle(evaluation: Evaluation) -> None:
    """Nothing typed is lost when the year does not fit."""
    client = at(evaluation["coordinator"])
    form = {
        "instrument": "spbe-2020",
        "year": "2030",
        "kind": "monitoring",
        "agency": [str(evaluation.cycle.body_id)],
    }
    refused = client.post(f"{HOME}cycles/new/", form)
    assert refused.status_code == WRONG
    assert 'value="2030"' in words(refused)
    assert "2021 sampai 2026" in words(refused)
    for year in ("", "dua ribu", "20255"):
        assert client.post(f"{HOME}cycles/new/", form | {"year": year}).status_code == WRONG
    assert client.post(f"{HOME}cycles/new/", form | {"year": "2025", "agency": []}).status_code == WRONG
    done = client.post(f"{HOME}cycles/new/", form | {"year": "2025"})
    assert done.status_code == SEE_OTHER
    assert "2025" in words(client.get(HOME))
    assert Cycle.objects.get(year=2025).kind == "monitoring"


def test_every_part_reads_the_list_and_an_indicator(evaluation: Evaluation) -> None:
    """Each sees the forms of its own part and no other's."""
    offered = {
        "contact": "claim",
        "internal": "claim",
        "assessor": None,
        "objector": None,
        "coordinator": None,
    }
    for part, form in offered.items():
        client = at(evaluation[part])
        assert client.get(HOME).status_code == OK
        for view in ("all", "mine", "unclaimed", "unassessed", "flagged", "nonsense"):
            page = client.get(address("assessments", evaluation.assessment.id) + f"?view={view}")
            assert page.status_code == OK
        page = client.get(address("indicators", evaluation.item("2").id))
        assert page.status_code == OK
        for name in ("claim", "judge", "object"):
            assert (t(f"maturity.assess.form.{name}") in words(page)) is (name == form)
        assert client.get(address("assessments", evaluation.assessment.id, "compare/")).status_code == OK
        assert client.get(address("cycles", evaluation.cycle_id)).status_code == OK


def test_pages_are_complete_in_english(evaluation: Evaluation) -> None:
    """No page falls back to Indonesian."""
    bind(evaluation)
    client = at(evaluation["contact"])
    page = words(client.get("/en" + address("indicators", evaluation.item("2").id)))
    assert "Eighty percent is done" in page
    assert t("maturity.assess.live.holds", "en") in page


def test_a_unit_claims_with_evidence(evaluation: Evaluation) -> None:
    """Without evidence the refusal stands at the form with what was typed; with it the level is saved."""
    client = at(evaluation["contact"])
    item = evaluation.item("1").id
    claim = {"stage": "self", "level": "2", "reason": "Peraturan berlaku sejak 2024.", "revision": "0"}
    refused = client.post(address("indicators", item, "answer/"), claim)
    assert refused.status_code == WRONG
    assert "Peraturan berlaku sejak 2024." in words(refused)
    link = {"level": "2", "title": "Perbup 12/2024", "url": "http://tidak-aman.go.id"}
    wrong = client.post(address("indicators", item, "evidence/"), link)
    assert wrong.status_code == WRONG
    assert "http://tidak-aman.go.id" in words(wrong)
    good = link | {"url": "https://jdih.example.go.id/12"}
    assert client.post(address("indicators", item, "evidence/"), good).status_code == SEE_OTHER
    assert client.post(address("indicators", item, "answer/"), claim).status_code == SEE_OTHER
    page = words(client.get(address("indicators", item)))
    assert "https://jdih.example.go.id/12" in page
    assert "Peraturan berlaku sejak 2024." in page


def test_a_file_is_added_opened_and_taken_down(evaluation: Evaluation) -> None:
    """A harmful one is refused with a sentence and without losing the name."""
    client = at(evaluation["contact"])
    item = evaluation.item("1").id
    bad = {"level": "2", "title": "SK Bupati", "file": SimpleUploadedFile("sk.pdf", b"MZ not a paper")}
    refused = client.post(address("indicators", item, "evidence/"), bad)
    assert refused.status_code == WRONG
    assert "SK Bupati" in words(refused)
    empty = client.post(address("indicators", item, "evidence/"), {"level": "2", "title": "SK"})
    assert empty.status_code == WRONG
    good = {"level": "2", "title": "", "file": SimpleUploadedFile("sk bupati.pdf", PDF)}
    assert client.post(address("indicators", item, "evidence/"), good).status_code == SEE_OTHER
    row = Evidence.objects.get()
    assert row.title == "sk bupati"
    opened = at(evaluation["assessor"]).get(address("evidence", row.id, "file/"))
    assert opened.headers["Content-Type"] == "application/pdf"
    assert client.post(address("evidence", row.id, "remove/")).status_code == SEE_OTHER
    assert client.get(address("evidence", row.id, "file/")).status_code == MISSING


def test_live_data_is_read_on_the_page(evaluation: Evaluation, gauge: Gauge) -> None:
    """Value, over how many, threshold, moment, expiry, digest; then fallen, then frozen, each visibly."""
    client = at(evaluation["contact"])
    item = evaluation.item("2").id
    evaluation.show("2", 2, 3)
    page = words(client.get(address("indicators", item)))
    assert t("maturity.assess.evidence.read") in page
    read = {"level": "4", "measure": MEASURE}
    assert client.post(address("indicators", item, "read/"), read).status_code == SEE_OTHER
    row = Evidence.objects.select_related("reading").get(kind="live")
    assert row.reading is not None
    page = words(client.get(address("indicators", item)))
    assert "90%" in page
    assert row.reading.sha256 in page
    assert t("maturity.assess.evidence.whole") in page
    gauge.part = 5
    assert client.post(address("evidence", row.id, "read/")).status_code == SEE_OTHER
    assert t("maturity.assess.live.fell") in words(client.get(address("indicators", item)))
    gauge.whole = 0
    again(row)
    page = words(client.get(address("indicators", item)))
    assert t("maturity.assess.live.frozen") in page
    assert t("maturity.assess.evidence.failed.nothing") in page
    listed = words(client.get(address("assessments", evaluation.assessment.id) + "?view=flagged"))
    assert t("maturity.assess.flags.frozen.short") in listed
    Evidence.objects.filter(id=row.id).update(failed_at=None)
    LiveReading.objects.filter(failed="").update(value="99.00")
    assert t("maturity.assess.evidence.broken") in words(client.get(address("indicators", item)))


def test_all_live_data_is_read_from_the_list(evaluation: Evaluation) -> None:
    """And the list says so."""
    client = at(evaluation["contact"])
    done = client.post(address("assessments", evaluation.assessment.id, "read/"), follow=True)
    assert t("maturity.assess.list.done.read") in words(done)
    assert Evidence.objects.filter(kind="live").count() == 2


def test_two_assessors_at_once_see_both_values(evaluation: Evaluation) -> None:
    """The second one's words stay in the form, beside the first one's; saving again works."""
    evaluation.to(CycleState.ASSESSING)
    item = evaluation.item("1").id
    said = Said("2", "Bukti tingkat 3 tidak terbaca.", frozenset({2}), 0)
    answers.give(evaluation["second_assessor"], item, Stage.DOCUMENT, said)
    client = at(evaluation["assessor"])
    form = {"stage": "document", "level": "3", "accepted": ["2", "3"], "reason": "Lengkap.", "revision": "0"}
    refused = client.post(address("indicators", item, "answer/"), form)
    assert refused.status_code == CONFLICT
    page = words(refused)
    assert "Bukti tingkat 3 tidak terbaca." in page
    assert "Lengkap." in page
    assert 'name="revision" value="1"' in page
    assert (
        client.post(address("indicators", item, "answer/"), form | {"revision": "1"}).status_code == SEE_OTHER
    )
    assert Answer.objects.count() == 2


def test_a_gate_that_is_closed_keeps_the_ticks(evaluation: Evaluation) -> None:
    """The sentence names the level that is missing."""
    evaluation.to(CycleState.ASSESSING)
    form = {"stage": "document", "level": "4", "accepted": ["2", "4"], "reason": "Lengkap.", "revision": "0"}
    refused = at(evaluation["assessor"]).post(address("indicators", evaluation.item("1").id, "answer/"), form)
    assert refused.status_code == WRONG
    assert "sebelum tingkat 3 diterima" in words(refused)
    assert words(refused).count("checked") == 3


def test_a_cycle_closed_while_somebody_writes_keeps_what_was_typed(evaluation: Evaluation) -> None:
    """The page says that it is closed, and shows the words for copying."""
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess_all()
    evaluation.to(CycleState.OBJECTIONS)
    evaluation.close()
    item = evaluation.item("1").id
    form = {"stage": "objection", "level": "5", "reason": "Kami sudah menulis panjang.", "revision": "1"}
    refused = at(evaluation["objector"]).post(address("indicators", item, "answer/"), form)
    assert refused.status_code == CONFLICT
    assert "Kami sudah menulis panjang." in words(refused)
    assert "sudah ditutup" in words(refused)
    said = {"text": "Catatan yang terlambat.", "level": ""}
    late = at(evaluation["objector"]).post(address("indicators", item, "remark/"), said)
    assert late.status_code == CONFLICT
    assert "Catatan yang terlambat." in words(late)
    link = {"level": "2", "title": "Perbup terlambat", "url": "https://jdih.example.go.id/1"}
    late = at(evaluation["contact"]).post(address("indicators", item, "evidence/"), link)
    assert late.status_code == CONFLICT
    assert "Perbup terlambat" in words(late)
    assert not Comment.objects.exists()


def test_two_people_close_on_the_page(evaluation: Evaluation) -> None:
    """The first one is told that another closes; the second one closes, and the page says final."""
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess_all(4)
    first, second = at(evaluation["coordinator"]), at(evaluation["second_coordinator"])
    cycle = address("cycles", evaluation.cycle_id)
    assert first.post(cycle + "move/", {"state": "open"}).status_code == CONFLICT
    assert first.post(cycle + "move/", {"state": "assessing"}).status_code == SEE_OTHER
    assert first.post(cycle + "move/", {"state": "interviews"}).status_code == SEE_OTHER
    assert first.post(cycle + "ask-to-close/").status_code == SEE_OTHER
    assert t("maturity.assess.cycle.asked_by_you") in words(first.get(cycle))
    assert first.post(cycle + "close/").status_code == 403
    assert second.post(cycle + "take-back/", {"reason": ""}).status_code == WRONG
    assert second.post(cycle + "close/").status_code == SEE_OTHER
    page = words(second.get(cycle))
    assert "4,00" in page
    assert t("maturity.assess.states.closed") in page


def test_a_coordinator_gives_indicators_to_units(evaluation: Evaluation) -> None:
    """The unit's own contact then sees them among theirs."""
    client = at(evaluation["coordinator"])
    give = address("assessments", evaluation.assessment.id, "give/")
    assert client.get(give).status_code == OK
    office = agencies.body_by_code("dukcapil")
    item = evaluation.item("3").id
    wrong = client.post(give, {f"item-{item}": f"{item}.x"})
    assert wrong.status_code == WRONG
    assert client.post(give, {f"item-{item}": str(office.id)}).status_code == SEE_OTHER
    page = words(at(an_officer("contact", "dukcapil")).get(address("assessments", evaluation.assessment.id)))
    assert "Ketiga" in page
    assert "Pertama" not in page


def test_years_are_compared_with_the_carry_over(instruments: object) -> None:
    """SPBE 2020 beside Pemdi 2026, marked as our reading."""
    before = begin("spbe-2020", 2025)
    before.to(CycleState.ASSESSING)
    before.assess_all(3)
    before.to(CycleState.OBJECTIONS)
    before.close()
    coordinator = before["coordinator"]
    made = cycles.start(coordinator, "pemdi-2026", 2026, kind=CycleKind.EVALUATION)
    row = Cycle.objects.get(id=made).assessments.get()
    page = words(at(coordinator).get(address("assessments", row.id, "compare/")))
    assert t("maturity.assess.compare.ours") in page
    assert "3,00" in page
    assert "Layanan Pengaduan Pelayanan Publik" in page


def test_lists_ask_the_database_as_often_for_many_as_for_few(
    evaluation: Evaluation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The list of 4 and of 47 indicators, with and without answers: the same queries."""
    small, large = evaluation, begin("spbe-2020", 2025)
    bind(small)
    evidence.add_live(large["contact"], large.item("28").id, 4, MEASURE)
    large.show("1", 2, 3)
    large.claim("1", 3)
    for found in (small, large):
        client = at(found["coordinator"])
        client.get(HOME)
        with django_assert_num_queries(LIST_QUERIES):
            assert client.get(address("assessments", found.assessment.id)).status_code == OK


LIST_QUERIES = 11


def test_an_officer_without_a_part_and_a_foreign_one_see_nothing(evaluation: Evaluation) -> None:
    """Every address answers as if it were not there; the list of the foreign coordinator is empty."""
    bind(evaluation)
    row = Evidence.objects.get(kind="live")
    item, assessment = evaluation.item("2").id, evaluation.assessment.id
    reads = [
        address("cycles", evaluation.cycle_id),
        address("assessments", assessment),
        address("assessments", assessment, "give/"),
        address("assessments", assessment, "compare/"),
        address("indicators", item),
        address("evidence", row.id, "file/"),
    ]
    writes = [
        address("cycles", evaluation.cycle_id, "move/"),
        address("cycles", evaluation.cycle_id, "ask-to-close/"),
        address("cycles", evaluation.cycle_id, "close/"),
        address("assessments", assessment, "read/"),
        address("indicators", item, "answer/"),
        address("indicators", item, "evidence/"),
        address("evidence", row.id, "read/"),
        address("evidence", row.id, "remove/"),
    ]
    filled = {
        "state": "open",
        "stage": "self",
        "level": "2",
        "reason": REASON,
        "title": "x",
        "url": "https://a.go.id/",
    }
    foreign = at(an_officer("coordinator", "dinsos"))
    assert t("maturity.assess.home.empty") in words(foreign.get(HOME))
    assert [foreign.get(path).status_code for path in reads] == [MISSING] * len(reads)
    assert [foreign.post(path, filled).status_code for path in writes] == [MISSING] * len(writes)
    clerk = at(evaluation["clerk"])
    assert {clerk.get(path).status_code for path in (HOME, *reads)} == {403}
    assert not Answer.objects.exists()


def test_a_body_that_was_given_one_indicator_sees_that_one_alone(evaluation: Evaluation) -> None:
    """Not the others, nor the comparison of years, nor who answers for what."""
    theirs = an_officer("contact", "dukcapil")
    office = agencies.body_by_code("dukcapil").id
    given = {evaluation.item("1").id: (office, None)}
    giving.give_items(evaluation["coordinator"], evaluation.assessment.id, given)
    client = at(theirs)
    assert client.get(address("indicators", evaluation.item("1").id)).status_code == OK
    assert client.get(address("indicators", evaluation.item("2").id)).status_code == MISSING
    for more in ("compare/", "give/"):
        assert client.get(address("assessments", evaluation.assessment.id, more)).status_code in {
            403,
            MISSING,
        }
    page = words(client.get(address("cycles", evaluation.cycle_id)))
    assert t("maturity.assess.cycle.given_only") in page
