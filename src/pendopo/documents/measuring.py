"""How issued documents stand: time-stamped by another authority, and still the bytes that were sealed."""

import datetime as dt
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from pendopo.agencies import api as agencies
from pendopo.documents import contents
from pendopo.documents.models import Content, IssuedDocument
from pendopo.foundation import crypto
from pendopo.foundation.clock import now
from pendopo.foundation.measures import Measure, Reading, Scope, Unit, share
from pendopo.kernel.ids import first_of

STAMPED_WITHIN = dt.timedelta(minutes=10)
LOOKED_AT = 50


def stamped(scope: Scope) -> Reading | None:
    """Share of the documents issued in the time, but for the last ten minutes, that carry a time stamp."""
    rows = _issued(scope).filter(id__lt=first_of(now() - STAMPED_WITHIN))
    found = rows.aggregate(
        n=Count("id"),
        stamped=Count("id", filter=Q(stamped_at__isnull=False)),
        for_years=Count("id", filter=Q(seal_level=IssuedDocument.SealLevel.LONG_TERM)),
    )
    return share(found["stamped"], found["n"], for_years=found["for_years"])


def whole(scope: Scope) -> Reading | None:
    """Share of the fifty newest documents of the time that open and are, byte for byte, what was sealed.

    Whether the seal itself is valid is judged by ``drill restore`` and by whoever opens the document.
    """
    rows = list(_issued(scope).order_by("-id").values_list("content_id", "sha256")[:LOOKED_AT])
    return share(sum(_is_whole(content_id, bytes(sha256)) for content_id, sha256 in rows), len(rows))


def _is_whole(content_id: UUID, sha256: bytes) -> bool:
    try:
        return crypto.constant_time_equal(crypto.fingerprint(contents.get(content_id)), sha256)
    except (crypto.SealBrokenError, Content.DoesNotExist):
        return False


def _issued(scope: Scope) -> QuerySet[IssuedDocument]:
    low, high = scope.ids
    rows = IssuedDocument.objects.filter(id__gte=low, id__lt=high)
    return rows if scope.agency is None else rows.filter(body_code=agencies.body(scope.agency).code)


DAY = dt.timedelta(days=1)
MEASURES = (
    Measure("documents.stamped", Unit.PERCENT, "portal.figures", DAY, stamped, by_agency=True),
    Measure("documents.whole", Unit.PERCENT, "portal.figures", DAY, whole, by_agency=True),
)
