"""The officers' pages over HTTP: the list, the case, its actions, and what another body's officer gets."""

import pytest
from django.test import Client

from pendopo.casework import api as casework
from pendopo.casework.api import CaseState, Receipt
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, appointed, person
from pendopo.casework.testing.office import Office
from pendopo.foundation.outbox import deliver_due
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(office: Office, sari: SubjectView) -> Receipt:
    """A sent application."""
    return walk.sent(person(sari))


def desk_of(officer: Officer) -> Client:
    """Return the browser of an officer who chose their post."""
    client = Client()
    people.sign_in(client, officer.subject.id, post=officer.post)
    return client


def state(receipt: Receipt, sari: SubjectView) -> CaseState:
    """Return where the case stands."""
    return casework.own(person(sari), receipt.case_id, "id").line.state


def test_a_case_is_taken_and_approved_at_the_desk(
    receipt: Receipt, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """List, case, confirmation, action, back to the case with a notice; then the worker does its part."""
    desk, address = desk_of(officer), f"/desk/cases/{receipt.case_id}/"
    assert receipt.number in desk.get("/desk/").content.decode()
    text = desk.get(address).content.decode()
    assert "Agus Prasetyo" in text
    assert f"{address}approve/" not in text
    for action, at in (("take", desk), ("approve", desk_of(decider))):
        assert at.get(f"{address}{action}/").status_code == 200
        answer = at.post(f"{address}{action}/")
        assert answer["Location"] == f"{address}?done={action}"
        assert at.get(answer["Location"]).status_code == 200
    while deliver_due():
        pass
    assert state(receipt, sari) is CaseState.ISSUED
    assert receipt.number in desk.get("/desk/?view=done").content.decode()


def test_returning_needs_pages_and_a_reason(receipt: Receipt, sari: SubjectView, officer: Officer) -> None:
    """Each missing part is named; with both the case goes back."""
    desk, address = desk_of(officer), f"/desk/cases/{receipt.case_id}/"
    desk.post(f"{address}take/")
    reason = "Foto surat kelahiran tidak terbaca."
    for sent in ({"reason": reason}, {"pages": "letter"}, {"pages": "letter", "reason": "kurang"}):
        answer = desk.post(f"{address}return/", sent)
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
    assert desk.post(f"{address}return/", {"pages": "letter", "reason": reason}).status_code == 303
    assert state(receipt, sari) is CaseState.RETURNED


def test_another_bodys_officer_gets_the_same_404_as_for_nothing(
    receipt: Receipt, foreign_officer: Officer
) -> None:
    """Every address of the case; no name, no number, nothing changed."""
    desk, address = desk_of(foreign_officer), f"/desk/cases/{receipt.case_id}/"
    assert receipt.number not in desk.get("/desk/").content.decode()
    assert "tidak ada di instansi" in desk.post("/desk/search/", {"number": receipt.number}).content.decode()
    for part in (
        "",
        "take/",
        "return/",
        "approve/",
        "refuse/",
        "retry/",
        "correct/0/",
        f"files/{receipt.case_id}/",
    ):
        answer = desk.get(address + part)
        assert answer.status_code == 404, part
        assert "Sari" not in answer.content.decode()
    sent = {"reason": "Alasan yang cukup panjang.", "pages": "letter"}
    for part in ("take/", "return/", "approve/", "refuse/", "retry/", "correct/0/"):
        assert desk.post(address + part, sent).status_code == 404, part


def test_a_citizen_has_no_desk(receipt: Receipt, sari: SubjectView) -> None:
    """Signed in, but without a post."""
    client = Client()
    people.sign_in(client, sari.id)
    assert client.get("/desk/").status_code == 403


def test_search_opens_the_case_or_says_no(receipt: Receipt, officer: Officer) -> None:
    """By number, however it is typed."""
    desk = desk_of(officer)
    found = desk.post("/desk/search/", {"number": f" {receipt.number} "})
    assert (found.status_code, found["Location"]) == (303, f"/desk/cases/{receipt.case_id}/")
    assert "2026-99-1" in desk.post("/desk/search/", {"number": "2026-99-1"}).content.decode()


def test_what_is_searched_for_stands_in_no_address(receipt: Receipt, officer: Officer) -> None:
    """The form sends it in the body, and a number in an address is not looked at."""
    desk = desk_of(officer)
    page = desk.get("/desk/").content.decode()
    assert 'method="post" action="/desk/search/"' in page
    typed = desk.get(f"/desk/search/?number={receipt.number}")
    assert (typed.status_code, typed["Location"]) == (303, "/desk/")
    assert "tidak ada di instansi" not in desk.get(f"/desk/?missing={receipt.number}").content.decode()


@pytest.mark.parametrize("view", ["today", "late", "waiting", "recording", "corrections", "done", "nonsense"])
def test_each_view_has_something_to_say_when_empty(officer: Officer, view: str) -> None:
    """An empty list is a designed page, and an unknown view is today's."""
    answer = desk_of(officer).get(f"/desk/?view={view}")
    assert answer.status_code == 200
    assert "pd-empty" in answer.content.decode()


def test_evidence_opens_as_what_it_is_and_runs_nothing(receipt: Receipt, officer: Officer) -> None:
    """The type found in the file, a sandbox around it, and no cache."""
    seen = casework.for_officer(officer.actor, receipt.case_id, "id")
    answer = desk_of(officer).get(f"/desk/cases/{receipt.case_id}/files/{seen.files[0].id}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("reason", "words"),
    [("mother-not-alive", "telah meninggal"), ("not-in-any-table", "kode not-in-any-table")],
)
def test_a_refusal_of_the_register_is_told_in_words(
    *, reason: str, words: str, receipt: Receipt, office: Office, officer: Officer, decider: Officer
) -> None:
    """The officer reads the register's reason as a sentence; a code without one is explained."""
    desk, address = desk_of(officer), f"/desk/cases/{receipt.case_id}/"
    desk.post(f"{address}take/")
    desk_of(decider).post(f"{address}approve/")
    office.refuse = reason
    while deliver_due():
        pass
    assert words in desk.get(address).content.decode()


def test_who_could_decide_is_warned_before_starting_to_check(receipt: Receipt, decider: Officer) -> None:
    """Four eyes: checking gives up deciding. Who cannot decide anyway is not warned."""
    address = f"/en/desk/cases/{receipt.case_id}/take/"
    warning = "Whoever checks a case cannot decide on it"
    assert warning in desk_of(decider).get(address).content.decode()
    checker = appointed(77, "Wati Periksa", "casework:case:verify", "casework:case:read")
    assert warning not in desk_of(checker).get(address).content.decode()


def test_the_counter_stands_in_the_head_of_those_who_may_use_it(receipt: Receipt, officer: Officer) -> None:
    """A verifier has no counter, and a link that only refuses is none."""
    assert "/counter/activation/" not in desk_of(officer).get("/desk/").content.decode()


@pytest.mark.parametrize("page", ["/", "/my/data/", "/counter/activation/", "/no-such-page/"])
def test_an_officer_finds_the_way_back_to_the_desk(officer: Officer, page: str) -> None:
    """On the citizen's pages, on a refusal and where nothing is."""
    answer = desk_of(officer).get(page, headers={"accept": "text/html"})
    assert 'href="/desk/"' in answer.content.decode()


def test_a_citizen_sees_no_link_to_the_desk(receipt: Receipt, sari: SubjectView) -> None:
    """Not on the pages that officers share with them."""
    client = Client()
    people.sign_in(client, sari.id)
    assert 'href="/desk/"' not in client.get("/my/data/").content.decode()
