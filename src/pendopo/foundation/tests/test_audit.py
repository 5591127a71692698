"""Audit rows: declared events only, each committed to, each verifiable from its content."""

from uuid import UUID

import pytest

from pendopo.foundation import audit, commitments, models
from pendopo.foundation.actor import SYSTEM
from pendopo.kernel.ids import uuid7

pytestmark = pytest.mark.django_db

PLANTED = audit.event_type("foundation.test_event", "Planted by a test")


def test_a_row_commits_to_its_content() -> None:
    object_id = uuid7()
    row_id = audit.audit(PLANTED, actor=SYSTEM, object_id=object_id, detail={"pages": 3})
    row = models.AuditRow.objects.get(id=row_id)
    content = commitments.contents(audit.KIND, [row.commitment_id])[row.commitment_id]
    stored = models.Commitment.objects.get(id=row.commitment_id)
    assert commitments.digest(content.salt, content.record) == bytes(stored.digest)


def test_a_changed_row_no_longer_fits_its_commitment() -> None:
    row_id = audit.audit(PLANTED, actor=SYSTEM, detail={"pages": 3})
    models.AuditRow.objects.filter(id=row_id).update(detail={"pages": 4})
    row = models.AuditRow.objects.get(id=row_id)
    content = commitments.contents(audit.KIND, [row.commitment_id])[row.commitment_id]
    stored = models.Commitment.objects.get(id=row.commitment_id)
    assert commitments.digest(content.salt, content.record) != bytes(stored.digest)


def test_an_undeclared_event_is_refused() -> None:
    with pytest.raises(audit.UndeclaredEventError):
        audit.audit("nobody.declared_this", actor=SYSTEM)


def test_commitments_are_numbered_once_and_in_order() -> None:
    ids = [commitments.commit("audit", {"n": number}).id for number in range(3)]
    waiting: list[UUID] = commitments.pending(10)
    leaves = commitments.assign(waiting, 0)
    assert [leaf.index for leaf in leaves] == [0, 1, 2]
    assert set(waiting) == set(ids)
    assert commitments.pending(10) == []
    assert commitments.sequenced_count() == 3
