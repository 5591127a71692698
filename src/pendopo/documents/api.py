"""The door of ``documents``."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from pendopo.documents import queries
from pendopo.documents.actions import end as _end
from pendopo.documents.actions import issue as _issue
from pendopo.documents.actions import store as _store
from pendopo.documents.errors import (
    BrokenFile,
    DataDoesNotFit,
    DocumentNotFound,
    DocumentsError,
    EmptyFile,
    FileNotFound,
    FileTooLarge,
    LockedFile,
    NameDoesNotFit,
    NoSeal,
    NotInForce,
    PictureTooLarge,
    TemplateUnusable,
    TooManyPages,
    TypeNotAllowed,
    UnsafeFile,
)
from pendopo.documents.values import (
    CertificateData,
    DocumentState,
    FieldValue,
    IssuedDocument,
    SealLevel,
    Status,
    StoredFile,
    Verification,
)
from pendopo.foundation.actor import SYSTEM, Actor

__all__ = (
    "REVOKE",
    "BrokenFile",
    "CertificateData",
    "DataDoesNotFit",
    "DocumentNotFound",
    "DocumentState",
    "DocumentsError",
    "EmptyFile",
    "FieldValue",
    "FileNotFound",
    "FileTooLarge",
    "IssuedDocument",
    "LockedFile",
    "NameDoesNotFit",
    "NoSeal",
    "NotInForce",
    "PictureTooLarge",
    "SealLevel",
    "Status",
    "StoredFile",
    "TemplateUnusable",
    "TooManyPages",
    "TypeNotAllowed",
    "UnsafeFile",
    "Verification",
    "delete_file",
    "document",
    "documents_of",
    "documents_of_case",
    "file",
    "holders_of",
    "issue_certificate",
    "keep_file",
    "read_document",
    "read_file",
    "revoke",
    "store_upload",
    "supersede",
    "verify",
)

REVOKE = _end.REVOKE


def store_upload(data: bytes, filename: str, *, owner_subject_id: UUID, purpose: str) -> StoredFile:
    """Make an upload harmless, encrypt it and keep it.

    Allowed are PDF, PNG and JPEG up to 10 MB whose content is what the name says. Pictures are encoded anew
    without metadata; PDFs lose scripts, actions and attachments. ``purpose`` is a code such as
    ``evidence:birth_letter``. Raises a subclass of ``UnsafeFile`` whose sentence tells the person what to do.
    Not checked: viruses (no scanner is connected), and whether the picture shows what it should.

    The file is erased after a day unless :func:`keep_file` was called for it.
    """
    with transaction.atomic():
        return _store.store(data, filename, owner_subject_id=owner_subject_id, purpose=purpose)


def file(file_id: UUID) -> StoredFile:
    """Describe a stored file. Raises ``FileNotFound``. The caller has checked who asks."""
    return queries.file(file_id)


def read_file(file_id: UUID) -> bytes:
    """Return a stored file's bytes. Raises ``FileNotFound``. The caller checks who asks and logs the look."""
    return queries.read_file(file_id)


def keep_file(file_id: UUID) -> None:
    """Hold on to an upload: call it in the transaction that writes the record which names the file.

    Raises ``FileNotFound`` when it was erased already.
    """
    with transaction.atomic():
        _store.keep(file_id)


def delete_file(file_id: UUID) -> None:
    """Remove a stored file and its content, for a draft that was discarded or an upload replaced."""
    with transaction.atomic():
        _store.delete(file_id)


def issue_certificate(
    template: str,
    data: CertificateData,
    *,
    body_code: str,
    subject_ids: Sequence[UUID],
    case_id: UUID,
    number: str,
    actor: Actor = SYSTEM,
) -> IssuedDocument:
    """Set, seal and keep a certificate; the same ``(case_id, template, number)`` is the same document.

    ``template`` is ``<agency>/<service>/<output>``, for example ``dukcapil/akta-kelahiran/akta-kelahiran``;
    the fields that it asks for stand beside it in ``<output>.yaml`` and are checked. ``subject_ids`` are the
    persons under whose "my documents" it appears. Joins the caller's transaction; takes about half a second.
    Raises ``TemplateUnusable``, ``DataDoesNotFit``, ``NoSeal``.
    """
    with transaction.atomic():
        return _issue.issue(
            template,
            data,
            body_code=body_code,
            subject_ids=subject_ids,
            case_id=case_id,
            number=number,
            actor=actor,
        )


def documents_of(subject_id: UUID) -> list[IssuedDocument]:
    """Return a person's documents, newest first, with revoked and superseded ones."""
    return queries.documents_of(subject_id)


def documents_of_case(case_id: UUID) -> list[IssuedDocument]:
    """Return what was issued for a case, oldest first. The caller has checked who asks."""
    return queries.documents_of_case(case_id)


def document(document_id: UUID) -> IssuedDocument:
    """Describe a document. Raises ``DocumentNotFound``. The caller has checked who asks."""
    return queries.document(document_id)


def holders_of(document_id: UUID) -> frozenset[UUID]:
    """Return whose document it is: nobody, when there is none. The caller has checked who asks."""
    return queries.holders_of(document_id)


def read_document(document_id: UUID) -> bytes:
    """Return the sealed PDF. Raises ``DocumentNotFound``. The caller has checked who asks."""
    return queries.read_document(document_id)


def revoke(document_id: UUID, *, reason: str, actor: Actor) -> IssuedDocument:
    """End a document. ``reason`` is a short code that the public verification page words.

    Asks the permission ``documents:document:revoke`` of an officer of the issuing body; SYSTEM may act for a
    case. Raises ``Forbidden``, ``DocumentNotFound``, ``NotInForce`` (also when it was revoked already).
    """
    with transaction.atomic():
        return _end.revoke(document_id, reason=reason, actor=actor)


def supersede(old_id: UUID, new_id: UUID, *, reason: str, actor: Actor) -> IssuedDocument:
    """End a document in favour of another, which the verification page then points to; rights as for revoke.

    The same pair again changes nothing. Raises as :func:`revoke`.
    """
    with transaction.atomic():
        return _end.supersede(old_id, new_id, reason=reason, actor=actor)


def verify(code: str) -> Verification:
    """Tell what the public may know about a document; accepts the code as people type it."""
    return queries.verify(code)
