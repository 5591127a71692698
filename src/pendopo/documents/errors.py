"""What can go wrong with files and documents."""

from typing import ClassVar

from pendopo.kernel.errors import PendopoError


class DocumentsError(PendopoError):
    """Base of this room."""

    code = "documents.error"
    status = 500
    text_key = "documents.errors.error"


class UnsafeFile(DocumentsError):
    """An upload was refused; ``reason`` says why, the sentence how to go on."""

    code = "documents.unsafe_file"
    status = 422
    text_key = "documents.errors.unsafe_file"
    reason: ClassVar[str] = "unsafe"


class EmptyFile(UnsafeFile):
    """Nothing was sent."""

    text_key = "documents.errors.empty_file"
    reason = "empty"


class FileTooLarge(UnsafeFile):
    """More bytes than allowed; ``megabytes`` is the limit."""

    text_key = "documents.errors.file_too_large"
    reason = "too_large"


class TypeNotAllowed(UnsafeFile):
    """Neither PDF nor PNG nor JPEG, whatever its name says."""

    text_key = "documents.errors.type_not_allowed"
    reason = "type_not_allowed"


class NameDoesNotFit(UnsafeFile):
    """The name ends in one type, the content is another."""

    text_key = "documents.errors.name_does_not_fit"
    reason = "name_does_not_fit"


class LockedFile(UnsafeFile):
    """The PDF asks for a password."""

    text_key = "documents.errors.locked_file"
    reason = "locked"


class BrokenFile(UnsafeFile):
    """The content cannot be read to its end."""

    text_key = "documents.errors.broken_file"
    reason = "broken"


class TooManyPages(UnsafeFile):
    """More pages than an officer should read; ``pages`` is the limit."""

    text_key = "documents.errors.too_many_pages"
    reason = "too_many_pages"


class PictureTooLarge(UnsafeFile):
    """More pixels than can be opened safely; ``megapixels`` is the limit."""

    text_key = "documents.errors.picture_too_large"
    reason = "picture_too_large"


class FileNotFound(DocumentsError):
    """There is no such file."""

    code = "documents.file_not_found"
    status = 404
    text_key = "documents.errors.file_not_found"


class DocumentNotFound(DocumentsError):
    """There is no such document, or it is not the asking person's."""

    code = "documents.document_not_found"
    status = 404
    text_key = "documents.errors.document_not_found"


class TemplateUnusable(DocumentsError):
    """The template is missing, does not compile, or its field list is wrong."""

    code = "documents.template_unusable"
    text_key = "documents.errors.template_unusable"


class DataDoesNotFit(DocumentsError):
    """The data for a certificate lacks a field or has one of the wrong type; ``field`` names it."""

    code = "documents.data_does_not_fit"
    text_key = "documents.errors.data_does_not_fit"


class NoSeal(DocumentsError):
    """The issuing body has no certified seal key; ``body`` is its code."""

    code = "documents.no_seal"
    status = 503
    text_key = "documents.errors.no_seal"


class NotInForce(DocumentsError):
    """Only a valid document can be revoked or superseded."""

    code = "documents.not_in_force"
    status = 409
    text_key = "documents.errors.not_in_force"
