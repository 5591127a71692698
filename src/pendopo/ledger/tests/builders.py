"""Makes access entries for tests."""

import datetime as dt
from uuid import uuid4

from pendopo.ledger.api import AccessEntry, Side


def entry(
    *subjects: str,
    message_id: str | None = None,
    at: dt.datetime | None = None,
    purpose: str = "civil-registration.birth",
    user: str | None = None,
    side: Side = "action",
    statement: str = "",
) -> AccessEntry:
    """Return an access over the exchange by the hall at the population office."""
    return AccessEntry(
        message_id=message_id or str(uuid4()),
        at=at or dt.datetime.now(dt.UTC),
        subjects=subjects,
        purpose=purpose,
        legal_basis="UU 24/2013 Ps. 27",
        fields=("name", "birth_date"),
        consumer="ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO",
        provider="ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN",
        service="population-v1",
        user=user,
        status=200,
        side=side,
        statement=statement,
    )
