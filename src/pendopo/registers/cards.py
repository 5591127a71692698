"""Family cards: keep each issued version as it was."""

import dataclasses
import json
from datetime import date
from typing import Literal

from pendopo.exchange.api import Family
from pendopo.kernel.ids import uuid7
from pendopo.kernel.nik import Nik
from pendopo.registers import models, queries, vault

type Cause = Literal["seeded", "birth", "correction"]


def issue(family: models.Family, cause: Cause, on: date) -> int:
    """Issue the next version of a card after its lines changed; return the version.

    The family row must be locked by the caller, else two events of one family could take the same version.
    """
    family.version += 1
    family.issued_on = on
    family.save(update_fields=["version", "issued_on"])
    keep(family, cause)
    return family.version


def keep(family: models.Family, cause: Cause) -> None:
    """Store the card as it stands now under its current version."""
    card_of(family, queries.family_record(family), cause).save(force_insert=True)


def card_of(family: models.Family, record: Family, cause: Cause) -> models.FamilyCard:
    """Return the unsaved row that keeps a card as ``record`` tells it."""
    row = models.FamilyCard(
        id=uuid7(),
        family=family,
        version=family.version,
        issued_on=family.issued_on,
        cause=cause,
        content=b"",
    )
    content = json.dumps(dataclasses.asdict(record), default=_plain, ensure_ascii=False)
    row.content = vault.seal("familycard", "content", row.id, content)
    return row


def _plain(value: object) -> str:
    if isinstance(value, Nik):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
