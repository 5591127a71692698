"""Fill a hall that only benchmarks use: people, sessions, applications that wait for the last button.

Runs inside the hall's environment: ``python -m benchmarks.prepare PEOPLE_FILE DRAFTS`` prints JSON. People
and sessions are made through the rooms' test doors; one application a person is filled in through
``casework.api``, with the look-ups answered by the population office through both gateways. The others are
copies of that row under new ids, sealed anew, because filling in a thousand by hand measures nothing.
"""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection, transaction  # noqa: E402  # after Django is set up
from django.test import Client  # noqa: E402

from pendopo.casework import api as casework  # noqa: E402
from pendopo.casework.testing import walk  # noqa: E402
from pendopo.foundation import crypto  # noqa: E402
from pendopo.foundation.actor import Actor, ActorKind  # noqa: E402
from pendopo.foundation.settings import current  # noqa: E402
from pendopo.identity import api as identity  # noqa: E402
from pendopo.identity import testing as people  # noqa: E402
from pendopo.kernel.ids import uuid7  # noqa: E402
from pendopo.kernel.nik import Nik  # noqa: E402

Row = dict[str, Any]


def main(people_file: Path, drafts: int, persons: int) -> dict[str, Any]:
    """Prepare and tell what a client needs to send."""
    mothers = json.loads(people_file.read_text())["mothers"][:persons]
    each = -(-drafts // len(mothers))
    found = [_person(mother, each) for mother in mothers]
    return {"people": found, "csrf_cookie": f"pendopo_{current().instance}_csrf"}


def _person(mother: dict[str, str], drafts: int) -> dict[str, Any]:
    nik = Nik.parse(mother["nik"])
    subject = identity.subject_by_nik(nik) or people.a_person(nik, mother["name"], email=None)
    actor = Actor(ActorKind.PERSON, subject_id=subject.id, assurance=2)
    client = Client()
    people.sign_in(client, subject.id)
    (cookie,) = client.cookies.values()
    waiting = _waiting(actor)
    if not waiting:
        waiting = [_filled(actor)]
    waiting += [_copy(waiting[0]) for _ in range(drafts + 1 - len(waiting))]
    return {"cookie": f"{cookie.key}={cookie.value}", "drafts": [str(one) for one in waiting[1 : drafts + 1]]}


def _waiting(actor: Actor) -> list[UUID]:
    """Drafts of an earlier run that were filled in and not sent; the first stays as the original."""
    return sorted(
        line.id
        for line in casework.drafts_in_progress(actor)
        if casework.opened(actor, line.id).state.first_open is None or _only_check_is_open(actor, line.id)
    )


def _only_check_is_open(actor: Actor, draft_id: UUID) -> bool:
    page = casework.opened(actor, draft_id).state.first_open
    return page is not None and page.key == "check"


def _filled(actor: Actor) -> UUID:
    born = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=5)
    birth = {
        **walk.ONE_CHILD["birth.0"],
        "children.0.birth_date-day": str(born.day),
        "children.0.birth_date-month": str(born.month),
        "children.0.birth_date-year": str(born.year),
    }
    draft_id = walk.begin(actor)
    walk.fill(actor, draft_id, {**walk.ONE_CHILD, "birth.0": birth}, until="check")
    return draft_id


def _copy(original: UUID) -> UUID:
    fresh = uuid7()
    with transaction.atomic():
        (row,) = _rows("casework_draft", "id", original)
        _insert("casework_draft", _resealed(row, "draft", fresh))
        for paper in _rows("casework_evidence", "draft_id", original):
            _insert("casework_evidence", {**_resealed(paper, "evidence", uuid7()), "draft_id": fresh})
    return fresh


def _rows(table: str, column: str, value: UUID) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {column} = %s", [value])  # noqa: S608  # our own names
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _resealed(row: Row, table: str, fresh: UUID) -> Row:
    """Return the row under another id, each sealed column bound to its new place."""
    return {
        name: _sealed(value, f"casework.{table}.{name}", row["id"], fresh) for name, value in row.items()
    } | {"id": fresh}


def _sealed(value: object, column: str, old: UUID, new: UUID) -> object:
    if not isinstance(value, bytes | memoryview):
        return value
    return crypto.seal(crypto.open_bytes(value, context=f"{column}:{old}"), context=f"{column}:{new}")


def _insert(table: str, row: Row) -> None:
    names, places = ", ".join(row), ", ".join(["%s"] * len(row))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(row.values()))  # noqa: S608  # same


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
