"""Home, my cases, my documents, my data: what is shown to whom, and what it costs."""

import datetime as dt
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import RequestFactory

from pendopo.catalogue import api as catalogue
from pendopo.foundation.actor import ANONYMOUS
from pendopo.foundation.clock import now
from pendopo.foundation.settings import current
from pendopo.inbox import api as inbox
from pendopo.kernel.ids import uuid7
from pendopo.portal.pages import home, things
from pendopo.portal.tests.conftest import Person

pytestmark = pytest.mark.django_db

type Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def service(db: None) -> UUID:
    """Publish the birth certificate and return the id of its version."""
    folder = current().definitions_dir / "services" / "dukcapil" / "akta-kelahiran"
    catalogue.publish(folder)
    found: UUID = apps.get_model("catalogue", "ServiceVersion").objects.get(current=True).id
    return found


def _draft(person: Person, service: UUID) -> UUID:
    draft_id = uuid7()
    apps.get_model("casework", "Draft").objects.create(
        id=draft_id,
        subject_id=person.id,
        service_version_id=service,
        agency="dukcapil",
        service="akta-kelahiran",
        language="id",
        answers=b"",
        known=b"",
        remarks=b"",
        saved_at=now(),
    )
    return draft_id


def _case(person: Person, service: UUID, state: str, number: str) -> UUID:
    case_id = uuid7()
    apps.get_model("casework", "Case").objects.create(
        id=case_id,
        number=number,
        draft_id=_draft(person, service),
        service_version_id=service,
        agency="dukcapil",
        service="akta-kelahiran",
        body_id=uuid7(),
        subject_id=person.id,
        language="id",
        purpose="civil-registration.birth",
        applicant_name=b"",
        pseudonym=b"",
        answers=b"",
        known=b"",
        remarks=b"",
        tracking_code=b"",
        tracking_index=b"",
        state=state,
        submitted_at=now() - dt.timedelta(hours=3),
        promise_due_at=now() + dt.timedelta(hours=5),
    )
    return case_id


def _document(person: Person, number: str, state: str = "valid") -> str:
    code = uuid7().hex[:26].upper()
    row = apps.get_model("documents", "IssuedDocument").objects.create(
        code=code,
        template="dukcapil/akta-kelahiran/akta-kelahiran",
        template_sha256=bytes(32),
        case_id=uuid7(),
        number=number,
        body_code="dukcapil",
        sealed_holder=b"",
        state=state,
        state_changed_at=None if state == "valid" else now(),
        sha256=uuid7().bytes * 2,
        size=61_234,
        seal_certificate_sha256=bytes(32),
        content_id=uuid7(),
    )
    apps.get_model("documents", "DocumentSubject").objects.create(document=row, subject_id=person.id)
    return code


def _text(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def _anonymous() -> HttpResponse:
    request = RequestFactory().get("/")
    request.actor = ANONYMOUS  # type: ignore[attr-defined]  # set by the middleware
    request.language = "id"  # type: ignore[attr-defined]  # set by the middleware
    answer = home.home(request)
    assert isinstance(answer, HttpResponse)
    return answer


def test_home_shows_what_works_and_says_what_does_not(service: UUID) -> None:
    answer = _anonymous()
    text = _text(answer)
    assert "Apa yang Anda perlukan?" in text
    assert "Akta Kelahiran" in text
    assert text.count("Belum tersedia") == len(catalogue.life_events("id")) - 1
    available = re.findall(r'href="([^"]*life-events[^"]*)"', answer.content.decode())
    assert len(available) == 1
    assert "Perlu tindakan Anda" not in text


def test_a_hall_without_services_promises_nothing(db: None) -> None:
    text = _text(_anonymous())
    assert "Belum ada layanan yang diterbitkan" in text
    assert text.count("Belum tersedia") == len(catalogue.life_events("id"))


def test_home_puts_what_stands_still_first(person: Person, service: UUID) -> None:
    _case(person, service, "returned", "2026-11-000001")
    _case(person, service, "verifying", "2026-11-000002")
    _draft(person, service)
    text = _text(person.opens(home.home))
    assert "Perlu tindakan Anda" in text
    assert text.index("2026-11-000001") < text.index("Belum kami terima")
    assert "2026-11-000002" not in text
    assert "Lengkapi" in text
    assert "Lanjutkan" in text


def test_my_cases_tells_drafts_current_and_finished_apart(person: Person, service: UUID) -> None:
    _draft(person, service)
    for place, state in enumerate(("submitted", "approved", "registered", "returned", "refused", "issued")):
        _case(person, service, state, f"2026-11-00000{place}")
    text = _text(person.opens(home.cases))
    order = [text.index(heading) for heading in ("Belum dikirim", "Sedang berjalan", "Selesai")]
    assert order == sorted(order)
    assert text.index("2026-11-000003") < text.index("2026-11-000004")
    assert text.count("Janji selesai") == 3


def test_only_a_case_with_a_document_says_that_one_can_be_downloaded(person: Person, service: UUID) -> None:
    _case(person, service, "issued", "2026-11-000001")
    with_document = _case(person, service, "issued", "2026-11-000002")
    apps.get_model("casework", "Certificate").objects.create(
        case_id=with_document, child=0, document_id=uuid7(), code="A", issued_at=now()
    )
    text = _text(person.opens(home.cases))
    assert text.count("sudah bisa Anda unduh") == 1
    assert text.count("Permohonan Anda dikabulkan") == 1


def test_nobody_sees_anothers_cases(person: Person, stranger: Person, service: UUID) -> None:
    _case(person, service, "verifying", "2026-11-000001")
    _draft(person, service)
    assert "Belum ada urusan" in _text(stranger.opens(home.cases))
    assert "Perlu tindakan Anda" not in _text(stranger.opens(home.home))


def test_my_cases_costs_the_same_however_many_there_are(
    person: Person, service: UUID, django_assert_num_queries: Queries
) -> None:
    person.opens(home.cases)  # the definition is read once and kept
    for place in range(12):
        _case(person, service, "verifying", f"2026-11-{place:06}")
    with django_assert_num_queries(2):
        person.opens(home.cases)


def test_my_documents_shows_what_is_in_force_and_what_ended(person: Person) -> None:
    code = _document(person, "AK-1")
    _document(person, "AK-0", "superseded")
    _document(person, "AK-2", "revoked")
    answer = person.opens(things.my_documents)
    text = _text(answer)
    assert text.index("AK-1") < text.index("Tidak berlaku lagi") < text.index("AK-0")
    assert "Sudah diganti" in text
    assert "Dicabut" in text
    assert "Unduh PDF (62 kB)" in text
    assert f"/verify/{code}" in answer.content.decode()
    assert answer.content.decode().count("download.pdf") == 1


def test_nobody_sees_anothers_documents(person: Person, stranger: Person) -> None:
    _document(person, "AK-1")
    assert "Belum ada dokumen" in _text(stranger.opens(things.my_documents))


def test_my_data_counts_only_mine(person: Person, stranger: Person) -> None:
    _document(person, "AK-1")
    inbox.send(person.id, "inbox.contact_changed")
    assert "1 dokumen" in _text(person.opens(things.data))
    assert "1 belum dibaca" in _text(person.opens(things.data))
    text = _text(stranger.opens(things.data, lang="en"))
    assert "No documents yet" in text
    assert "All read" in text


@pytest.mark.parametrize("view", [home.cases, things.data, things.my_documents])
def test_pages_of_a_person_are_never_kept(person: Person, view: Callable[..., HttpResponse]) -> None:
    assert person.opens(view)["Cache-Control"] == "private, no-store"
