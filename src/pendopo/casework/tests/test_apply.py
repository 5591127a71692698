"""The applicant's pages: what was typed wrong, what is missing, who else applies, what is down."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pendopo.casework import api as casework
from pendopo.casework.api import Outcome
from pendopo.casework.models import Case, Draft, Evidence
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, activated, person
from pendopo.casework.testing.office import AGUS, BIDAN, DEWI, RINA, SARI, Office
from pendopo.documents import api as documents
from pendopo.foundation.outbox import deliver_due
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView

type Queries = Callable[[int], AbstractContextManager[Any]]

pytestmark = pytest.mark.django_db

START = "/apply/dukcapil/akta-kelahiran/"


@pytest.fixture
def browser(sari: SubjectView) -> Client:
    """The mother's browser, signed in."""
    client = Client()
    people.sign_in(client, sari.id)
    return client


def browser_of(subject: SubjectView) -> Client:
    """Return a browser in which a person is signed in."""
    client = Client()
    people.sign_in(client, subject.id)
    return client


def begin(client: Client) -> str:
    """Begin an application; return its address."""
    answer = client.post(START)
    assert answer.status_code == 303
    return re.sub(r"p/[^/]+/$|waiting/$", "", answer["Location"])


def post(client: Client, application: str, key: str, **answers: object) -> tuple[int, str, str]:
    """Save a page; return status, where it leads, and the text of the page."""
    answer = client.post(
        f"{application}p/{key}/", {name.replace("__", "."): value for name, value in answers.items()}
    )
    return answer.status_code, str(answer.headers.get("Location", "")), answer.content.decode()


def pages(client: Client, application: str, answers: Mapping[str, Mapping[str, object]]) -> str:
    """Save several pages; return where the last one leads."""
    leads = ""
    for key, raw in answers.items():
        answer = client.post(f"{application}p/{key}/", dict(raw))
        assert answer.status_code == 303, (key, errors(answer.content.decode()))
        leads = answer["Location"]
    return leads


def errors(text: str) -> list[str]:
    """Return the sentences of the error summary."""
    found = re.search(r'error-summary__list">(.*?)</ul>', text, re.DOTALL)
    return re.findall(r"<a[^>]*>(.*?)</a>", found.group(1)) if found else []


def draft_of(application: str) -> UUID:
    """Return the draft's id from its address."""
    return UUID(application.rstrip("/").rsplit("/", 1)[1])


TO_BIRTH = {
    "relation": {"report.relation": "mother"},
    "parents": {},
    "delivery": {"delivery.kind": "one"},
    "place": walk.ONE_CHILD["place"],
    "child.0": walk.ONE_CHILD["child.0"],
}


def test_nobody_applies_without_signing_in(sari: SubjectView) -> None:
    """The page leads to sign-in and back."""
    answer = Client().get(START)
    assert answer.status_code == 303
    assert "next=%2Fapply%2Fdukcapil" in answer["Location"]


def test_each_page_is_saved_and_leads_on(office: Office, browser: Client) -> None:
    """POST, redirect, GET; coming back goes to the first open page."""
    application = begin(browser)
    leads = pages(browser, application, TO_BIRTH)
    assert leads == f"{application}p/birth.0/"
    assert browser.get(application)["Location"] == leads
    assert "Bunga Melati Prasetyo" in browser.get(f"{application}p/child.0/").content.decode()


def test_beginning_twice_makes_one_draft(office: Office, browser: Client) -> None:
    """Pressing start twice takes the untouched draft up again."""
    assert begin(browser) == begin(browser)
    assert Draft.objects.count() == 1


def test_known_data_is_shown_with_its_source_and_not_asked(office: Office, browser: Client) -> None:
    """Names of both parents come from the register; no question repeats them."""
    application = begin(browser)
    pages(browser, application, {"relation": {"report.relation": "mother"}})
    text = browser.get(f"{application}p/parents/").content.decode()
    assert "Sari Wulandari" in text
    assert "Agus Prasetyo" in text
    assert "Data kependudukan Dukcapil" in text
    assert "tujuan: Pencatatan kelahiran" in text


def test_a_remark_on_register_data_reaches_the_officer(
    office: Office, browser: Client, sari: SubjectView, officer: Officer
) -> None:
    """What the applicant says is wrong stands beside what the register says."""
    application = begin(browser)
    pages(browser, application, {"relation": {"report.relation": "mother"}})
    path = f"{application}wrong/father.name/"
    assert browser.post(path, {"remark": "xx"}).status_code == 422
    assert browser.post(path, {"remark": "Seharusnya Agus Prasetya"}).status_code == 303
    actor = person(sari)
    walk.fill(actor, draft_of(application), walk.ONE_CHILD)
    receipt = casework.submit(actor, draft_of(application))
    seen = casework.for_officer(officer.actor, receipt.case_id, "id")
    row = next(row for section in seen.sections for row in section.rows if row.label == "Nama ayah")
    assert (row.register, row.answer, row.match.value) == (
        "Agus Prasetyo",
        "Seharusnya Agus Prasetya",
        "different",
    )


def test_a_malformed_nik_gets_a_sentence_and_stays_in_its_field(office: Office, sari: SubjectView) -> None:
    """Fifteen digits: the sentence says to count; the typed digits are still there; no register is asked."""
    midwife = browser_of(activated(BIDAN))
    application = begin(midwife)
    pages(midwife, application, _authorised())
    before = len(office.asked)
    status, _, text = post(midwife, application, "mother", mother__nik=SARI.nik.value[:15])
    assert status == 422
    assert errors(text) == ["NIK terdiri dari 16 angka. Hitung kembali angka yang Anda ketik."]
    assert SARI.nik.value[:15] in text
    assert len(office.asked) == before


def test_a_nik_that_nobody_has_gets_a_sentence(office: Office, sari: SubjectView) -> None:
    """Well-formed but unknown: the page stays, with a way out, and the next page does not come."""
    midwife = browser_of(activated(BIDAN))
    application = begin(midwife)
    pages(midwife, application, _authorised())
    status, leads, _ = post(midwife, application, "mother", mother__nik=people.a_nik(77).value)
    assert (status, leads) == (303, f"{application}p/mother/")
    assert len(errors(midwife.get(leads).content.decode())) == 1


def _authorised() -> dict[str, Mapping[str, object]]:
    """Return the pages of a midwife who has the parents' letter."""
    letter = SimpleUploadedFile("kuasa.jpg", walk.picture(), "image/jpeg")
    return {
        "relation": {"report.relation": "health_worker"},
        "authority": {"report.authority_letter": letter},
        "mother_known": {"mother.has_nik": "true"},
    }


def test_a_midwife_learns_nobodys_name_from_a_number(office: Office, sari: SubjectView) -> None:
    """She may apply; the register's answer about strangers is masked for her."""
    midwife = browser_of(activated(BIDAN))
    application = begin(midwife)
    leads = pages(midwife, application, {**_authorised(), "mother": {"mother.nik": SARI.nik.value}})
    text = midwife.get(leads).content.decode()
    assert "S••• W••••••••" in text
    for secret in ("Sari Wulandari", "Agus", AGUS.nik.value, "12 Maret 1996"):
        assert secret not in text


def test_the_father_applies_for_his_wifes_child(office: Office, sari: SubjectView) -> None:
    """The mother is found through his family card; her name is shown, for they live together."""
    father = browser_of(activated(AGUS))
    application = begin(father)
    leads = pages(father, application, {"relation": {"report.relation": "father"}})
    assert leads == f"{application}p/parents/"
    assert "Sari Wulandari" in father.get(leads).content.decode()


def test_a_woman_cannot_apply_as_the_father(office: Office, browser: Client) -> None:
    """The register knows better than the radio button."""
    application = begin(browser)
    status, leads, _ = post(browser, application, "relation", report__relation="father")
    assert status == 303
    assert len(errors(browser.get(leads).content.decode())) == 1


def test_a_father_without_nik_is_stated_by_the_marriage(
    office: Office, officer: Officer, decider: Officer, sealed: None
) -> None:
    """A recorded husband without NIK: nobody asks for one, and the command carries his name only."""
    subject = activated(DEWI)
    receipt = walk.sent(person(subject))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    while deliver_due():
        pass
    body = next(body for path, body, _ in office.asked if path == "births")
    assert body["father"] == {"nik": None, "stated_name": "John Smith"}


def test_a_single_mother_registers_her_child_alone(office: Office, officer: Officer) -> None:
    """No recorded marriage and none claimed: no father is asked for."""
    subject = activated(RINA)
    receipt = walk.sent(person(subject), {**walk.ONE_CHILD, "marriage": {"marriage.situation": "none"}})
    seen = casework.for_officer(officer.actor, receipt.case_id, "id")
    assert "Ayah" not in " ".join(row.label for section in seen.sections for row in section.rows)
    assert seen.warnings


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("1", "2", "1980"), ("1", "1", "2030"), ("31", "2", "2026"), ("", "11", "2026")],
)
def test_an_impossible_birth_date_gets_a_sentence(
    office: Office, browser: Client, day: str, month: str, year: str
) -> None:
    """Older than the mother, in the future, no such day, half a date: one sentence, and the digits stay."""
    application = begin(browser)
    pages(browser, application, TO_BIRTH)
    status, _, text = post(
        browser,
        application,
        "birth.0",
        **{
            "children__0__birth_date-day": day,
            "children__0__birth_date-month": month,
            "children__0__birth_date-year": year,
            "children__0__birth_order": "1",
        },
    )
    assert status == 422
    assert len(errors(text)) == 1
    assert f'value="{year}"' in text


TWINS = {
    **walk.ONE_CHILD,
    "delivery": {"delivery.kind": "two"},
    "child.1": {"children.1.name": "Bagas Melati Prasetyo", "children.1.sex": "male"},
    "birth.1": {
        **{name.replace(".0.", ".1."): value for name, value in walk.ONE_CHILD["birth.0"].items()},
        "children.1.birth_order": "2",
        "children.1.birth_time": "04.41",
    },
    "letter.1": {"children.1.letter": "upload"},
}


def test_twins_are_two_commands_and_two_certificates(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """One application, one decision, two children in the order of their birth."""
    actor = person(sari)
    receipt = walk.sent(actor, TWINS)
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    while deliver_due():
        pass
    own = casework.own(actor, receipt.case_id, "id")
    assert own.children == ("Bunga Melati Prasetyo", "Bagas Melati Prasetyo")
    assert len({certificate.document_id for certificate in own.certificates}) == 2
    children = [body["child"] for path, body, _ in office.asked if path == "births"]
    assert [(child["delivery_order"], child["delivery_count"]) for child in children] == [(1, 2), (2, 2)]  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("surat.pdf", b"MZ\x90\x00 this is a program"),
        ("surat.jpg", b"%PDF-1.7 a document by another name"),
        ("surat.png", b""),
        ("surat.exe", b"MZ\x90\x00"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    office: Office, browser: Client, sari: SubjectView, name: str, data: bytes
) -> None:
    """A sentence, no stored evidence, and the page stays."""
    application = begin(browser)
    walk.fill(person(sari), draft_of(application), walk.ONE_CHILD, until="letter.0")
    upload = SimpleUploadedFile(name, data, "application/pdf")
    status, _, text = post(browser, application, "letter.0", children__0__letter=upload)
    assert status == 422
    assert len(errors(text)) == 1
    assert not Evidence.objects.exists()


def test_a_missing_file_is_asked_for(office: Office, browser: Client, sari: SubjectView) -> None:
    """Pressing on without a file says which one is missing."""
    application = begin(browser)
    walk.fill(person(sari), draft_of(application), walk.ONE_CHILD, until="letter.0")
    status, _, text = post(browser, application, "letter.0")
    assert (status, len(errors(text))) == (422, 1)


def test_a_session_that_ends_mid_form_gives_back_what_was_typed(office: Office, sari: SubjectView) -> None:
    """The refused page comes back filled in after the next sign-in; nothing was saved meanwhile."""
    with time_machine.travel(dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)) as clock:
        client = browser_of(sari)
        application = begin(client)
        pages(
            client, application, {key: TO_BIRTH[key] for key in ("relation", "parents", "delivery", "place")}
        )
        clock.shift(dt.timedelta(hours=12))
        status, leads, _ = post(client, application, "child.0", children__0__name="Bunga Melati")
        assert status == 303
        assert "sign-in" in leads
        people.sign_in(client, sari.id)
        text = client.get(f"{application}p/child.0/").content.decode()
        assert "Bunga Melati" in text
        assert "Isian Anda kembali" in text


def test_the_office_is_down_while_filling_in(office: Office, browser: Client, sari: SubjectView) -> None:
    """The answer is saved, the page says what waits, later pages can be filled in, and a retry continues."""
    office.down = True
    application = begin(browser)
    status, _, _ = post(browser, application, "relation", report__relation="mother")
    assert status == 303
    text = browser.get(application, follow=True).content.decode()
    assert "Dukcapil" in text
    assert "tidak dapat dihubungi" in text
    assert Draft.objects.get().waits_for == "population"
    office.down = False
    assert browser.post(f"{application}registers/")["Location"] == f"{application}p/parents/"
    assert Draft.objects.get().waits_for == ""
    walk.fill(person(sari), draft_of(application), walk.ONE_CHILD)
    assert casework.submit(person(sari), draft_of(application)).number


def test_a_register_that_was_not_asked_because_the_process_died_is_asked_again(
    office: Office, browser: Client, sari: SubjectView
) -> None:
    """The page was saved, then nothing: whoever comes back is offered to ask, and goes on."""
    application = begin(browser)
    casework.save_page(person(sari), draft_of(application), "relation", {"report.relation": "mother"}, {})
    assert Draft.objects.get().waits_for == ""
    assert f'action="{application}registers/"' in browser.get(application, follow=True).content.decode()
    assert browser.post(f"{application}registers/")["Location"] == f"{application}p/parents/"
    assert f'action="{application}registers/"' not in browser.get(application, follow=True).content.decode()


def test_an_application_that_waits_cannot_be_sent(office: Office, sari: SubjectView) -> None:
    """Without the register's answer nobody knows whether it is complete."""
    office.down = True
    actor = person(sari)
    draft_id = walk.begin(actor)
    casework.save_page(actor, draft_id, "relation", {"report.relation": "mother"}, {})
    with pytest.raises(casework.Incomplete):
        casework.submit(actor, draft_id)


def test_a_double_submit_gives_one_case_and_the_same_receipt(
    office: Office, browser: Client, sari: SubjectView
) -> None:
    """The second press, the back button and a refresh all show the first receipt."""
    application = begin(browser)
    walk.fill(person(sari), draft_of(application), walk.ONE_CHILD, until="check")
    first = post(browser, application, "check", report__truthful="1")
    again = post(browser, application, "check", report__truthful="1")
    assert first[:2] == again[:2]
    assert Case.objects.count() == 1
    page, refreshed = browser.get(first[1]).content, browser.get(first[1]).content
    assert re.sub(rb"csrf\S+ value=\S+", b"", page) == re.sub(rb"csrf\S+ value=\S+", b"", refreshed)
    assert browser.get(f"{application}p/relation/")["Location"] == first[1]


def test_sending_asks_the_database_four_things_and_tells_it_one(
    office: Office, browser: Client, sari: SubjectView, django_assert_num_queries: Queries
) -> None:
    """Session, draft, its case, number; then all in one statement. Two more are the test's savepoint."""
    walk.sent(person(sari))  # what a process asks once
    application = begin(browser)
    walk.fill(person(sari), draft_of(application), walk.ONE_CHILD, until="check")
    with django_assert_num_queries(4 + 1 + 2):
        assert post(browser, application, "check", report__truthful="1")[0] == 303
    case = Case.objects.get(draft_id=draft_of(application))
    assert case.clock_segments.count() == 2
    assert case.events.count() == 1
    assert [one.field for one in case.evidence.all()] == ["children.0.letter"]


def test_the_check_page_wants_the_declaration(office: Office, browser: Client, sari: SubjectView) -> None:
    """Nothing is sent without it, and everything said is shown with a way to change it."""
    application = begin(browser)
    walk.fill(person(sari), draft_of(application), walk.ONE_CHILD, until="check")
    status, _, text = post(browser, application, "check")
    assert status == 422
    assert not Case.objects.exists()
    assert f"{application}p/child.0/" in text


def test_after_sending_the_draft_says_nothing_any_more(office: Office, sari: SubjectView) -> None:
    """What was said lives in the case alone; the draft and the database hold no name in the clear."""
    walk.sent(person(sari))
    row = Draft.objects.get()
    assert len(bytes(row.answers)) < 50
    case = Case.objects.get()
    for column in (case.answers, case.known, case.applicant_name):
        assert b"Sari" not in bytes(column)
        assert SARI.nik.value.encode() not in bytes(column)


def test_discarding_erases_what_was_said(office: Office, browser: Client) -> None:
    """Asked once more, then the draft is gone."""
    application = begin(browser)
    pages(browser, application, {"relation": {"report.relation": "mother"}})
    assert browser.get(f"{application}discard/").status_code == 200
    assert Draft.objects.count() == 1
    browser.post(f"{application}discard/")
    assert Draft.objects.count() == 0
    assert browser.get(application).status_code == 404


def test_discarding_erases_what_was_uploaded(office: Office, sari: SubjectView) -> None:
    """The letter goes with the draft, not only the line that pointed to it."""
    actor = person(sari)
    draft_id = walk.begin(actor)
    walk.fill(actor, draft_id, walk.ONE_CHILD, until="check")
    file_id = Evidence.objects.get().file_id
    assert documents.read_file(file_id)
    casework.discard(actor, draft_id)
    with pytest.raises(documents.FileNotFound):
        documents.read_file(file_id)


def test_somebody_elses_application_does_not_exist(
    office: Office, browser: Client, sari: SubjectView
) -> None:
    """Draft, case, receipt and file of another person: 404, the same as for a number that was never given."""
    receipt = walk.sent(person(sari))
    file_id = Evidence.objects.get().id
    application = begin(browser)
    stranger = browser_of(activated(RINA))
    for address in (
        application,
        f"{application}p/relation/",
        f"/my/cases/{receipt.case_id}/",
        f"/my/cases/{receipt.case_id}/receipt/",
        f"/my/cases/{receipt.case_id}/complete/",
        f"/my/cases/{receipt.case_id}/correct/0/",
        f"/my/files/{file_id}/",
    ):
        answer = stranger.get(address)
        assert answer.status_code == 404, address
        assert "Sari" not in answer.content.decode()
    assert stranger.post(f"{application}p/relation/", {"report.relation": "mother"}).status_code == 404
    assert browser.get(f"/my/files/{file_id}/").headers["Content-Type"] == "image/jpeg"


def test_no_page_needs_script_or_more_than_sixty_kilobytes(office: Office, browser: Client) -> None:
    """The pages carry no script at all, and the longest (514 regencies) stays within the budget."""
    application = begin(browser)
    pages(browser, application, {key: TO_BIRTH[key] for key in ("relation", "parents", "delivery")})
    text = browser.get(f"{application}p/place/").content
    assert b"<script" not in text
    assert len(__import__("gzip").compress(text)) < 14_000


def test_the_english_pages_are_english(office: Office, sari: SubjectView) -> None:
    """The language is in the address and stays there."""
    client = browser_of(sari)
    text = client.get("/en" + START).content.decode()
    assert "Before you start" in text
    assert client.post("/en" + START)["Location"].startswith("/en/apply/")


def test_a_midwife_is_asked_whether_the_mother_has_a_nik(office: Office, sari: SubjectView) -> None:
    """Both answers can be chosen; without a NIK the application stops with a way out, and nothing is lost."""
    midwife = browser_of(activated(BIDAN))
    application = begin(midwife)
    opened = {key: raw for key, raw in _authorised().items() if key != "mother_known"}
    text = midwife.get(pages(midwife, application, opened)).content.decode()
    assert re.findall(r'name="mother.has_nik"[^>]*value="(\w+)"', text) == ["true", "false"]
    leads = pages(midwife, application, {"mother_known": {"mother.has_nik": "false"}})
    assert leads == f"{application}p/mother_without_nik/"
    text = midwife.get(leads).content.decode()
    assert "Jawaban Anda tersimpan" in text
    assert f"{application}p/mother_known/" in text
