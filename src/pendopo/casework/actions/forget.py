"""Erase files that an applicant replaced before sending: nobody but the applicant ever saw them.

A file that was part of a sent application stays with the case, also when another took its place later: an
officer may have decided by it.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction

from pendopo.casework.models import Evidence
from pendopo.documents import api as documents
from pendopo.foundation.clock import now

REPLACED = dt.timedelta(days=1)
"""How long a replaced file stays: an open page may still link to it."""
BATCH = 200


def erase_replaced() -> int:
    """Erase a bounded batch, each file in its own transaction; return how many went."""
    late = Evidence.objects.filter(case=None, replaced_at__lte=now() - REPLACED)
    return sum(_erase(row_id) for row_id in late.values_list("id", flat=True)[:BATCH])


def _erase(row_id: UUID) -> bool:
    with transaction.atomic():
        row = Evidence.objects.select_for_update(skip_locked=True).filter(id=row_id, case=None).first()
        if row is None:
            return False
        documents.delete_file(row.file_id)
        row.delete()
    return True
