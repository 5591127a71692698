"""One application from the first page to the issued and then corrected certificate."""

import re

import pytest
from django.db import connection

from pendopo.casework import api as casework
from pendopo.casework.api import CaseState, Changes, CorrectionState, Outcome
from pendopo.casework.models import Case, RegisterCommand
from pendopo.casework.register.commands import note_rejection
from pendopo.casework.register.documents import tell_revoked
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, person
from pendopo.casework.testing.office import AGUS, CARD, SARI, Office
from pendopo.documents import api as documents
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.models import OutboxDelivery
from pendopo.foundation.outbox import deliver_due
from pendopo.identity.api import SubjectView
from pendopo.inbox import api as inbox

pytestmark = pytest.mark.django_db


def deliver() -> None:
    """Do what the worker does until nothing is due."""
    while deliver_due():
        pass


def test_from_the_first_page_to_the_issued_certificate(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """Submitted, taken, approved, registered, issued; each state is seen by both sides."""
    actor = person(sari)
    receipt = walk.sent(actor)
    assert casework.cases_of(actor)[0].state is CaseState.SUBMITTED
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    own = casework.own(actor, receipt.case_id, "id")
    assert own.line.state is CaseState.ISSUED
    assert [moment.kind.value for moment in own.moments] == [
        "submitted",
        "taken",
        "approved",
        "registered",
        "issued",
    ]
    assert own.children == ("Bunga Melati Prasetyo",)
    assert documents.read_document(own.certificates[0].document_id).startswith(b"%PDF")
    assert [message.title for message in inbox.messages_of(sari.id)] == [
        "Dokumen Anda sudah terbit",
        f"Permohonan {receipt.number} sudah kami terima",
    ]
    assert not OutboxDelivery.objects.filter(done_at=None).exists()


def test_whoever_holds_a_document_hears_that_it_was_revoked(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """Once, in both languages, by the case's number, with the way to the reason."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    (held,) = documents.documents_of(sari.id)
    documents.revoke(held.id, reason="court_order", actor=SYSTEM)
    deliver()
    tell_revoked(held.id)
    assert [message.title for message in inbox.messages_of(sari.id)][:2] == [
        "Dokumen Anda dicabut",
        "Dokumen Anda sudah terbit",
    ]
    told = inbox.messages_of(sari.id, lang="en")[0]
    assert told.title == "Your document has been revoked"
    assert receipt.number in told.text
    assert told.href == f"/verify/{held.code}"


def test_no_table_holds_a_name_or_a_nik_in_the_clear(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """After a whole walk: no text, JSON or bytes of any table tell who it was about.

    Published definitions are left out: their scenarios invent people, and use some of these names.
    """
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    told = [SARI.nik.value, AGUS.nik.value, SARI.name, AGUS.name, "Bunga Melati", "Bambang Petugas", CARD]
    found = set()
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - {"catalogue_serviceversion"}:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608  # names of our tables
            for (row,) in cursor.fetchall():
                shown = _opened(row)
                found |= {(table, word) for word in told if word.lower() in shown}
    assert not found


def _opened(row: str) -> str:
    """Return a row as lower-case text, what its bytea columns hold included."""
    held = [bytes.fromhex(found).decode("utf-8", "ignore") for found in re.findall(r"\\\\x([0-9a-f]+)", row)]
    return "\n".join([row, *held]).lower()


def test_the_register_gets_what_was_answered(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """The command carries parents from the register, the child from the answers, and the case's number."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    body, headers = next((body, headers) for path, body, headers in office.asked if path == "births")
    assert body["case_number"] == receipt.number == headers["x-road-issue"]
    assert body["marriage_proof"] == "register"
    child = body["child"]
    assert isinstance(child, dict)
    assert child["name"] == "Bunga Melati Prasetyo"
    assert child["birth_time"] == "04:30"
    assert child["length_millimetres"] == 490
    assert headers["idempotency-key"] == f"{receipt.case_id}:0"


def test_delivering_twice_registers_and_issues_once(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """A worker that dies after the work and before saying so does no harm when it starts again."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    OutboxDelivery.objects.update(done_at=None)
    deliver()
    assert sum(path == "births" for path, _, _ in office.asked) == 1
    assert len(documents.documents_of_case(receipt.case_id)) == 1
    assert len(inbox.messages_of(sari.id)) == 2


def test_the_office_is_down_after_the_decision(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """The case says what it waits for; the command keeps its key and goes through later."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    office.down = True
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    waiting = casework.own(actor, receipt.case_id, "id")
    assert (waiting.line.state, waiting.line.waits_for) == (CaseState.APPROVED, "population")
    command = RegisterCommand.objects.get()
    assert (command.attempts, command.last_error) == (1, "exchange.population_unavailable")
    office.down = False
    OutboxDelivery.objects.filter(done_at=None).update(due_at="2026-01-01T00:00:00Z")
    deliver()
    done = casework.own(actor, receipt.case_id, "id")
    assert (done.line.state, done.line.waits_for) == (CaseState.ISSUED, "")
    assert [moment.kind.value for moment in done.moments].count("register_waits") == 1


def test_the_register_refuses_and_an_officer_sends_again(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """A refusal is not repeated by itself; after an officer removed the cause, a new key goes out."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    office.refuse = "duplicate-birth"
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    refused = casework.for_officer(officer.actor, receipt.case_id, "id")
    assert refused.line.waits_for == "officer"
    assert refused.commands[0].last_error == "duplicate-birth"
    assert "retry" in refused.actions
    office.refuse = ""
    casework.retry(officer.actor, receipt.case_id)
    deliver()
    assert Case.objects.get(id=receipt.case_id).state == CaseState.ISSUED
    keys = [headers["idempotency-key"] for path, _, headers in office.asked if path == "births"]
    assert len(set(keys)) == 2


def test_an_issued_certificate_is_corrected(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """Asked by the mother, approved by an officer: the register changes, the old document is superseded."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    old = casework.own(actor, receipt.case_id, "id").certificates[0]
    changes = Changes(child_name="Bunga Melati Prasetya")
    correction = casework.request_correction(actor, receipt.case_id, 0, changes, "Salah ketik huruf terakhir")
    casework.decide_correction(decider.actor, receipt.case_id, correction, approve=True)
    deliver()
    own = casework.own(actor, receipt.case_id, "id")
    assert own.corrections[0].state is CorrectionState.REISSUED
    assert own.children == ("Bunga Melati Prasetya",)
    assert own.certificates[0].document_id != old.document_id
    assert documents.verify(old.code).status == "superseded"
    assert documents.verify(old.code).replaced_by == own.certificates[0].code
    assert documents.verify(own.certificates[0].code).status == "valid"


def test_a_correction_of_a_revoked_certificate_reaches_its_end(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """Revoked between the approval and the worker: the old one stays revoked, the new one is issued."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    old = casework.own(actor, receipt.case_id, "id").certificates[0]
    changes = Changes(child_name="Bunga Melati Prasetya")
    correction = casework.request_correction(actor, receipt.case_id, 0, changes, "Salah ketik huruf terakhir")
    casework.decide_correction(decider.actor, receipt.case_id, correction, approve=True)
    documents.revoke(old.document_id, reason="issued_in_error", actor=SYSTEM)
    deliver()
    own = casework.own(actor, receipt.case_id, "id")
    assert own.corrections[0].state is CorrectionState.REISSUED
    assert documents.verify(old.code).status == "revoked"
    assert documents.verify(own.certificates[0].code).status == "valid"


def test_a_refused_correction_ends_although_the_worker_died_in_between(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """The register's refusal was kept, then the worker died: the next attempt closes the request."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    changes = Changes(child_name="Bunga Melati Prasetya")
    correction = casework.request_correction(actor, receipt.case_id, 0, changes, "Salah ketik huruf terakhir")
    casework.decide_correction(decider.actor, receipt.case_id, correction, approve=True)
    note_rejection(RegisterCommand.objects.get(correction_id=correction).id, "certificate-not-found")
    deliver()
    own = casework.own(actor, receipt.case_id, "id")
    assert own.corrections[0].state is CorrectionState.REFUSED
    assert own.line.waits_for == ""
    casework.request_correction(actor, receipt.case_id, 0, changes, "Salah ketik huruf terakhir")


def test_refusing_closes_the_case_with_its_reason(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer
) -> None:
    """The reason reaches the applicant; no command goes to the register; no clock runs on."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    reason = "Surat kelahiran bukan atas nama anak ini."
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.REFUSED, reason=reason)
    deliver()
    own = casework.own(actor, receipt.case_id, "id")
    assert own.line.state is CaseState.REFUSED
    assert own.decision is not None
    assert own.decision.reason == reason
    assert all(clock.due_at is None for clock in own.clocks)
    assert not any(path == "births" for path, _, _ in office.asked)
