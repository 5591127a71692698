"""Issue a certificate."""

from collections.abc import Sequence
from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.documents import codes, contents, queries, typesetting
from pendopo.documents.errors import DataDoesNotFit
from pendopo.documents.models import DocumentSubject
from pendopo.documents.models import IssuedDocument as Row
from pendopo.documents.values import CertificateData, IssuedDocument
from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.database import lock
from pendopo.foundation.settings import current
from pendopo.foundation.text import t
from pendopo.kernel.ids import uuid7

ISSUED = event_type("documents.issued", "A certificate was set, sealed and kept")


def issue(
    template: str,
    data: CertificateData,
    *,
    body_code: str,
    subject_ids: Sequence[UUID],
    case_id: UUID,
    number: str,
    actor: Actor,
) -> IssuedDocument:
    """See ``documents.api.issue_certificate``."""
    lock(f"documents:{case_id}:{template}:{number}")
    row = Row.objects.filter(case_id=case_id, template=template, number=number).first()
    if row is None:
        row = _issue(template, data, body_code=body_code, case_id=case_id, number=number)
        owners = [DocumentSubject(document=row, subject_id=subject) for subject in set(subject_ids)]
        DocumentSubject.objects.bulk_create(owners)
        body = agencies.body_by_code(body_code)
        detail = {"template": template, "sha256": bytes(row.sha256).hex()}
        audit(ISSUED, actor=actor, object_id=row.id, body_id=body.id, detail=detail)
    return queries.issued(row)


def _issue(template: str, data: CertificateData, *, body_code: str, case_id: UUID, number: str) -> Row:
    # pyHanko costs every process a second at start, and only the worker issues documents.
    from pendopo.documents import sealing  # noqa: PLC0415

    chosen = typesetting.template(template)
    stamp = _stamp(body_code)
    pdf = typesetting.typeset(chosen, data, stamp)
    sealed = sealing.seal(pdf, body_code=body_code, location=stamp.region, reason=chosen.manifest.title.id)
    document_id = uuid7()
    return Row.objects.create(
        id=document_id,
        created_at=stamp.issued_at,
        code=stamp.code,
        template=template,
        template_sha256=chosen.sha256,
        case_id=case_id,
        number=number,
        body_code=body_code,
        sealed_holder=crypto.seal(_holder(chosen, data), context=queries.holder_context(document_id)),
        sha256=crypto.fingerprint(sealed.pdf),
        size=len(sealed.pdf),
        seal_certificate_sha256=sealed.certificate_sha256,
        content_id=contents.put(sealed.pdf),
    )


def _holder(chosen: typesetting.Template, data: CertificateData) -> str:
    holder = data.get(chosen.manifest.holder)
    if not isinstance(holder, str):
        raise DataDoesNotFit(field=chosen.manifest.holder)
    return holder


def _stamp(body_code: str) -> typesetting.Stamp:
    body = agencies.body_by_code(body_code)
    code = codes.new()
    return typesetting.Stamp(
        code=code,
        address=f"{current().base_url}/verify/{code}",
        body_name_id=body.name_id,
        body_name_en=body.name_en,
        region=t("foundation.instance_name"),
        issued_at=now().replace(microsecond=0),
        specimen=current().demo,
    )
