"""Pairwise subject identifiers: each sector knows a person under a name of its own."""

import base64
from uuid import UUID

from pendopo.foundation import crypto
from pendopo.identity import models


def pairwise(subject_id: UUID, sector: str) -> str:
    """Return the ``sub`` of a person for a sector, remembering it for the way back."""
    digest = crypto.blind_index(f"{sector}\n{subject_id}", purpose="identity.pairwise")
    sub = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    models.Pairwise.objects.get_or_create(subject_id=subject_id, sector=sector, defaults={"sub": sub})
    return sub


def subject_of(sub: str, sector: str) -> UUID | None:
    """Return whom a sector's ``sub`` stands for, or None."""
    return models.Pairwise.objects.filter(sub=sub, sector=sector).values_list("subject_id", flat=True).first()
