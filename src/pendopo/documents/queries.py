"""Reading files and documents; rows become values here and nowhere else."""

import datetime as dt
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from pendopo.agencies import api as agencies
from pendopo.documents import codes, contents, typesetting
from pendopo.documents.errors import DocumentNotFound, FileNotFound, TemplateUnusable
from pendopo.documents.models import DocumentSubject, EarlierFile
from pendopo.documents.models import IssuedDocument as DocumentRow
from pendopo.documents.models import StoredFile as FileRow
from pendopo.documents.values import DocumentState, IssuedDocument, SealLevel, StoredFile, Verification
from pendopo.foundation import crypto
from pendopo.foundation.actor import Actor
from pendopo.foundation.text import has_text, t

MASK = "•••"


def filename_context(file_id: UUID) -> str:
    """Name the row that a sealed file name belongs to."""
    return f"documents.storedfile.sealed_filename:{file_id}"


def holder_context(document_id: UUID) -> str:
    """Name the row that a sealed holder belongs to."""
    return f"documents.issueddocument.sealed_holder:{document_id}"


def stored(row: FileRow) -> StoredFile:
    """Map a row."""
    return StoredFile(
        id=row.id,
        filename=crypto.open_text(row.sealed_filename, context=filename_context(row.id)),
        media_type=row.media_type,
        size=row.size,
        sha256=bytes(row.sha256).hex(),
        created_at=row.created_at,
    )


def _file_row(file_id: UUID) -> FileRow:
    row = FileRow.objects.filter(id=file_id).first()
    if row is None:
        raise FileNotFound
    return row


def file(file_id: UUID) -> StoredFile:
    """See ``documents.api.file``."""
    return stored(_file_row(file_id))


def read_file(file_id: UUID) -> bytes:
    """See ``documents.api.read_file``."""
    return contents.get(_file_row(file_id).content_id)


def owned_by(subject_id: UUID) -> QuerySet[DocumentRow]:
    """Return what one person may see as theirs: the only way to documents from a person's pages."""
    return DocumentRow.objects.filter(subjects__subject_id=subject_id)


def issued(row: DocumentRow) -> IssuedDocument:
    """Map a row."""
    title = _title(row)
    return IssuedDocument(
        id=row.id,
        code=row.code,
        template=row.template,
        title_id=title.id,
        title_en=title.en,
        number=row.number,
        case_id=row.case_id,
        body_code=row.body_code,
        status=cast("DocumentState", row.state),
        status_reason=row.state_reason,
        issued_at=row.created_at,
        changed_at=row.state_changed_at,
        replaced_by=row.replaced_by_id,
        sha256=bytes(row.sha256).hex(),
        size=row.size,
        seal_level=cast("SealLevel", row.seal_level),
        stamped_at=row.stamped_at,
    )


def _title(row: DocumentRow) -> typesetting.Title:
    """A document outlives its template; then its number still names it."""
    try:
        return typesetting.template(row.template).manifest.title
    except TemplateUnusable:
        return typesetting.Title(id=row.number, en=row.number)


def documents_of(subject_id: UUID) -> list[IssuedDocument]:
    """See ``documents.api.documents_of``."""
    return [issued(row) for row in owned_by(subject_id).order_by("-created_at")]


def documents_of_case(case_id: UUID) -> list[IssuedDocument]:
    """See ``documents.api.documents_of_case``."""
    return [issued(row) for row in DocumentRow.objects.filter(case_id=case_id).order_by("created_at")]


def _document_row(document_id: UUID) -> DocumentRow:
    row = DocumentRow.objects.filter(id=document_id).first()
    if row is None:
        raise DocumentNotFound
    return row


def document(document_id: UUID) -> IssuedDocument:
    """See ``documents.api.document``."""
    return issued(_document_row(document_id))


def owned_document(document_id: UUID, subject_id: UUID) -> IssuedDocument:
    """Return a document that is the person's; a foreign one is as absent as one that never was."""
    row = owned_by(subject_id).filter(id=document_id).first()
    if row is None:
        raise DocumentNotFound
    return issued(row)


def document_for_officer(document_id: UUID, actor: Actor) -> IssuedDocument:
    """Return a document of the officer's own body; those of other bodies are not found."""
    row = DocumentRow.objects.filter(id=document_id).first()
    if row is None or actor.body_id != agencies.body_by_code(row.body_code).id:
        raise DocumentNotFound
    return issued(row)


def read_document(document_id: UUID) -> bytes:
    """See ``documents.api.read_document``."""
    return contents.get(_document_row(document_id).content_id)


def verify(code: str) -> Verification:
    """See ``documents.api.verify``."""
    parsed = codes.parse(code)
    row = DocumentRow.objects.select_related("replaced_by").filter(code=parsed or "").first()
    return Verification("unknown") if row is None else verification(row)


def owners_of(code: str) -> set[UUID]:
    """Return whose document it is, by its code."""
    return set(DocumentSubject.objects.filter(document__code=code).values_list("subject_id", flat=True))


def holders_of(document_id: UUID) -> frozenset[UUID]:
    """See ``documents.api.holders_of``."""
    found = DocumentSubject.objects.filter(document_id=document_id)
    return frozenset(found.values_list("subject_id", flat=True))


def by_content(sha256: bytes) -> str | None:
    """Return the code of the document that is exactly this file, with its time stamp or as it was before."""
    code = DocumentRow.objects.filter(sha256=sha256).values_list("code", flat=True).first()
    if code is not None:
        return code
    earlier = EarlierFile.objects.filter(sha256=sha256)
    return earlier.values_list("document__code", flat=True).first()


def verification(row: DocumentRow) -> Verification:
    """Return what the public may know of a document."""
    known = issued(row)
    return Verification(
        status=known.status,
        code=row.code,
        title_id=known.title_id,
        title_en=known.title_en,
        number=row.number,
        holder=masked(crypto.open_text(row.sealed_holder, context=holder_context(row.id))),
        body_code=row.body_code,
        issued_at=row.created_at,
        changed_at=row.state_changed_at,
        reason=row.state_reason,
        replaced_by=row.replaced_by.code if row.replaced_by is not None else "",
        seal=bytes(row.seal_certificate_sha256).hex(),
        sha256=known.sha256,
        earlier_sha256=_earlier(row.id),
        seal_level=known.seal_level,
        stamped_at=known.stamped_at,
    )


def _earlier(document_id: UUID) -> tuple[str, ...]:
    rows = EarlierFile.objects.filter(document_id=document_id).order_by("created_at")
    return tuple(bytes(sha256).hex() for sha256 in rows.values_list("sha256", flat=True))


def unstamped(issued_before: dt.datetime, after: UUID | None, limit: int) -> list[UUID]:
    """Return documents that wait for a time stamp, oldest first, behind ``after``."""
    rows = DocumentRow.objects.filter(stamped_at=None, created_at__lte=issued_before).order_by("id")
    rows = rows if after is None else rows.filter(id__gt=after)
    return list(rows.values_list("id", flat=True)[:limit])


def reason_text(code: str, language: str) -> str:
    """Word a reason code; a code without a sentence is told in general terms rather than raw."""
    if not code:
        return ""
    key = f"documents.reason.{code}"
    return t(key if has_text(key) else "documents.reason.other", language)


def masked(name: str) -> str:
    """Keep the first letter of each word; the number of the others is not told either."""
    return " ".join(f"{word[0]}{MASK}" for word in name.split())
