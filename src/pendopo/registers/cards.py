"""Family cards: keep each issued version as it was."""

import dataclasses
import json
from datetime import date
from typing import Literal

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
    row = models.FamilyCard(
        id=uuid7(),
        family=family,
        version=family.version,
        issued_on=family.issued_on,
        cause=cause,
        content=b"",
    )
    card = dataclasses.asdict(queries.family_record(family))
    row.content = vault.seal(
        "familycard", "content", row.id, json.dumps(card, default=_plain, ensure_ascii=False)
    )
    row.save(force_insert=True)


def _plain(value: object) -> str:
    if isinstance(value, Nik):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
