"""Documents after the register's answer: the certificate of each child, and the one that replaces it."""

from pathlib import Path
from uuid import UUID

from django.db import transaction

from pendopo.casework import events, timeline
from pendopo.casework.models import Case, Certificate, RegisterCommand
from pendopo.casework.moves import move, service_of
from pendopo.casework.register import answers
from pendopo.casework.states import CaseState, CommandKind, EventKind
from pendopo.catalogue.api import Service
from pendopo.documents import api as documents
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.formats import format_date
from pendopo.foundation.outbox import emit
from pendopo.foundation.text import t
from pendopo.inbox import api as inbox
from pendopo.kernel.ids import uuid7


def issue(case_id: UUID) -> None:
    """Issue the certificate of every registered child, then close the case. Safe to repeat.

    ``documents`` gives the same document for the same case and child, so that a crash between two
    certificates leaves nothing doubled.
    """
    case = Case.objects.get(id=case_id)
    if case.state != CaseState.REGISTERED:
        return
    for row in case.commands.filter(kind=CommandKind.BIRTH).order_by("child"):
        if not case.certificates.filter(child=row.child).exists():
            keep(case, row.child, certificate_for(case, row))
    _close(case_id)


def certificate_for(case: Case, row: RegisterCommand) -> documents.IssuedDocument:
    """Have the certificate set, sealed and stored."""
    entry = answers.entry_of(row)
    return documents.issue_certificate(
        template_of(service_of(case)),
        certificate_data(entry),
        body_code=case.agency,
        subject_ids=[case.subject_id],
        case_id=case.id,
        number=entry.full_number,
    )


def template_of(service: Service) -> str:
    """Return the name of the service's document, as ``documents`` knows it."""
    output = service.identity.outputs[0]
    return f"{service.agency}/{service.code}/{Path(output.template).stem}"


def certificate_data(entry: answers.Entry) -> documents.CertificateData:
    """Return what the certificate may show: only what the register answered, never what somebody typed."""
    return {
        "full_number": entry.full_number,
        "registered_on": entry.registered_on,
        "issued_on": entry.issued_on,
        "child_nik": entry.child_nik,
        "child_name": entry.child_name,
        "child_sex": entry.child_sex,
        "birth_date": entry.birth_date,
        "birth_place": entry.birth_place,
        "birth_order": entry.birth_order,
        "mother_name": entry.mother_name,
        "father_name": entry.father_name,
        "remark": _remark(entry),
    }


def _remark(entry: answers.Entry) -> str | None:
    """Return the marginal note of a corrected certificate; certificates are in Indonesian by law."""
    if not entry.corrected:
        return None
    fields = ", ".join(t(f"casework.correct.fields.{name}") for name in entry.corrected)
    return t("casework.certificate.corrected", fields=fields.lower(), day=format_date(entry.issued_on, "id"))


def keep(case: Case, child: int, issued: documents.IssuedDocument) -> None:
    """Note the present document of a child, in place of an earlier one."""
    with transaction.atomic():
        case.certificates.filter(child=child, replaced_at=None).exclude(document_id=issued.id).update(
            replaced_at=now()
        )
        Certificate.objects.get_or_create(
            case=case,
            child=child,
            document_id=issued.id,
            defaults={"id": uuid7(), "code": issued.code, "issued_at": now()},
        )


def _close(case_id: UUID) -> None:
    with transaction.atomic(durable=True):
        case = Case.objects.select_for_update().get(id=case_id)
        if case.state != CaseState.REGISTERED:
            return
        move(case, service_of(case), "issue")
        case.save()
        timeline.write(case, EventKind.ISSUED, SYSTEM)
        audit(events.ISSUED, actor=SYSTEM, object_id=case.id, body_id=case.body_id)
        emit(events.ISSUED_TOPIC, {"case_id": str(case.id)})
        inbox.send(
            case.subject_id,
            template="casework.issued",
            params={"number": case.number},
            link=("casework.case", {"case_id": str(case.id)}),
        )


def tell_revoked(document_id: UUID) -> None:
    """Write to everybody whose document it was, once; what another room issued is not this room's to tell."""
    document = documents.document(document_id)
    with transaction.atomic(durable=True):
        case = Case.objects.filter(id=document.case_id).first()
        if case is None:
            return
        for holder in documents.holders_of(document_id):
            inbox.send(
                holder,
                template="casework.revoked",
                params={"number": case.number},
                link=("documents.verification", {"code": document.code}),
                key=f"casework.revoked:{document_id}",
            )
