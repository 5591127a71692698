"""Count the pages of papers, for ``metric``: afterwards and in the worker, since a PDF takes a while."""

import io

from django.db import transaction

from pendopo.cabinet.models import DocumentVersion
from pendopo.documents import api as documents

BATCH = 20
MOST = 32_767
PDF = "application/pdf"


def count_pages() -> int:
    """Count a few papers that were not counted yet and return how many; 0 pages: it cannot be counted."""
    rows = list(DocumentVersion.objects.filter(pages=None).order_by("created_at")[:BATCH])
    for row in rows:
        row.pages = min(_pages(row), MOST)
        with transaction.atomic(durable=True):
            row.save(update_fields=["pages"])
    return len(rows)


def _pages(row: DocumentVersion) -> int:
    if row.media_type != PDF:
        return 1
    import pikepdf  # noqa: PLC0415  # only the worker counts

    try:
        with pikepdf.open(io.BytesIO(documents.read_file(row.file_id))) as document:
            return len(document.pages)
    except (pikepdf.PdfError, documents.FileNotFound):
        return 0
