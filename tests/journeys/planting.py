"""Plants people whose pages hold a marker of their own; run in a deployment's environment, not in the test's.

``population COUNT`` prints so many women of the register (NIK and name).
``hall`` reads them from standard input, gives each a Digital ID, a session, an address, a message, a case, a
draft and an access record that carry the person's marker, and prints what a browser needs to know of each.
"""

import datetime as dt
import json
import sys
from typing import Any
from uuid import UUID

import django

BORN_BEFORE = dt.date(2000, 1, 1)
SERVICE = ("dukcapil", "akta-kelahiran")


def marker(number: int, what: str) -> str:
    """Return text that no other person's page can hold by chance."""
    return f"mk{number:03d}{what}km"


def population(count: int) -> list[dict[str, str]]:
    """Return women of the register who have no part in the demonstration: no other journey has them."""
    from pendopo.registers import demo, models, queries

    cast = {mother["nik"] for mother in demo.demo_cast().mothers}
    women = models.Person.objects.filter(sex="female", died_on=None, birth_date__lt=BORN_BEFORE)
    found = [(queries.nik_of(row).value, queries.name_of(row)) for row in women.order_by("id")[: 4 * count]]
    return [{"nik": nik, "name": name} for nik, name in found if nik not in cast][:count]


def hall(people: list[dict[str, str]]) -> list[dict[str, str]]:
    """Plant everybody in one process."""
    return [_planted(number, person) for number, person in enumerate(people)]


def _planted(number: int, person: dict[str, str]) -> dict[str, str]:
    from django.db import transaction

    from pendopo.identity import testing
    from pendopo.inbox import api as inbox
    from pendopo.kernel.nik import Nik

    nik = Nik.parse(person["nik"])
    subject = testing.a_person(nik, person["name"], email=f"{marker(number, 'mail')}@example.id")
    with transaction.atomic():
        case = _case(number, subject.id, nik)
        message = inbox.send(
            subject.id, template="casework.submitted", params={"number": marker(number, "note")}
        )
    return {
        "cookie": _session(subject.id),
        "subject": str(subject.id),
        "name": person["name"],
        "nik": nik.value,
        "case": str(case),
        "message": str(message),
        "draft": str(_draft(number, subject.id)),
    }


def _session(subject_id: UUID) -> str:
    from django.test import Client

    from pendopo.identity import testing
    from pendopo.identity.cookies import Cookie, name_of

    client = Client()
    testing.sign_in(client, subject_id)
    return f"{name_of(Cookie.HALL)}={client.cookies[name_of(Cookie.HALL)].value}"


def _draft(number: int, subject_id: UUID) -> UUID:
    """Begin an application; the registers are asked through both gateways; then something is typed."""
    from pendopo.casework import api as casework
    from pendopo.casework.actions import drafts
    from pendopo.catalogue import api as catalogue
    from pendopo.foundation.actor import Actor, ActorKind

    actor = Actor(ActorKind.PERSON, subject_id=subject_id, assurance=2)
    draft_id = casework.start(catalogue.service(*SERVICE), actor, "id")
    casework.read_registers(actor, draft_id)
    opened = drafts.opened(actor, draft_id)
    content = opened.content.with_answers(
        {
            "report.relation": "mother",
            "delivery.kind": "one",
            "children.0.name": f"Anak {marker(number, 'draft')}",
        }
    )
    drafts._keep(opened.draft, content)  # the pages before it are not this test's matter
    return draft_id


def _case(number: int, subject_id: UUID, nik: object) -> UUID:
    """Write a case whose number is the marker."""
    from pendopo.agencies import api as agencies
    from pendopo.casework import content as contents
    from pendopo.casework import sealed
    from pendopo.casework.content import Content
    from pendopo.casework.models import Case
    from pendopo.catalogue import api as catalogue
    from pendopo.exchange import api as exchange
    from pendopo.foundation.clock import now
    from pendopo.kernel.ids import uuid7
    from pendopo.ledger import api as ledger

    version = catalogue.service(*SERVICE).version_id
    if version is None:
        raise LookupError
    own = exchange.pseudonym(nik)  # type: ignore[arg-type]  # a NIK, imported late
    case = Case(
        id=uuid7(),
        number=marker(number, "case"),
        draft_id=uuid7(),
        service_version_id=version,
        agency=SERVICE[0],
        service=SERVICE[1],
        body_id=agencies.body_by_code(SERVICE[0]).id,
        subject_id=subject_id,
        language="id",
        purpose="civil-registration.birth",
        submitted_at=now(),
        state="submitted",
    )
    contents.write(case, Content())
    case.applicant_name = sealed.seal("Planted", column="case.applicant_name", row=case.id)
    case.pseudonym = sealed.seal(own, column="case.pseudonym", row=case.id)
    case.tracking_code = sealed.seal("AAAAAAAAAA", column="case.tracking_code", row=case.id)
    case.tracking_index = b"0" * 32
    case.save(force_insert=True)
    ledger.record_access(
        ledger.AccessEntry(
            message_id=marker(number, "look"),
            at=now(),
            subjects=(own,),
            purpose="civil-registration.birth",
            legal_basis="UU 24/2013",
            fields=("name",),
            issue=marker(number, "look"),
        )
    )
    return case.id


def main() -> None:
    """Run one of the two, and print JSON."""
    django.setup()
    made: Any
    made = population(int(sys.argv[2])) if sys.argv[1] == "population" else hall(json.load(sys.stdin))
    sys.stdout.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    main()
