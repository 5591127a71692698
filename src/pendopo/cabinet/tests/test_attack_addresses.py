"""Addresses by guess: for whoever may not know of a thing its address is the address of nothing.

Every address of the room that names something is tried twice, with an id that is there and one that is not;
a new kind of id has to be added here with what it stands for.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from django.test import Client

from pendopo.cabinet.actions import bodies, coordination, decisions, dossiers
from pendopo.cabinet.actions.coordination import Asked
from pendopo.cabinet.actions.decisions import Order, Public
from pendopo.cabinet.actions.dossiers import Text
from pendopo.cabinet.models import CoordinationRequest, Delegation, Difference, Dossier, Publication, Task
from pendopo.cabinet.pages import urls
from pendopo.cabinet.testing import walk
from pendopo.cabinet.testing.browsers import at_seat, browser, named
from pendopo.cabinet.testing.house import House, found
from pendopo.cabinet.testing.walk import drafted
from pendopo.cabinet.values import Classification, Response, Scope
from pendopo.foundation.clock import now, today
from pendopo.foundation.formats import zone
from pendopo.identity import testing as identity

pytestmark = pytest.mark.django_db

PLACE = re.compile(r"<(?:(uuid|slug|str):)(\w+)>")
WORDS = {"form": "json", "token": "x" * 43}
"""What stands in an address without naming anything."""


@dataclass(frozen=True, slots=True)
class Things:
    """Ids by their name in addresses: of an open matter, and of one that is secret."""

    session: dict[str, UUID]
    secret: dict[str, UUID] = field(default_factory=dict)


@pytest.fixture
def things(rapim: House) -> Things:
    held = drafted(walk.meeting(rapim))
    assert held.secret is not None
    chair, clerk = rapim.actor("bupati"), rapim.actor("risalah")
    made = decisions.write_decision(chair, held.secret, "Ditunda")
    due = today(zone()) + dt.timedelta(days=30)
    decisions.direct(chair, made, "Siapkan", [Order("bkad", "Susun", due)])
    open_one = decisions.write_decision(chair, held.plain, "Disetujui")
    soon = now() + dt.timedelta(days=2)
    decisions.publish(chair, open_one, Public("Judul", "Isi", embargo_until=soon))
    bodies.delegate(
        rapim.actor("bkad"),
        rapim.seats["bkad"],
        to_subject_id=uuid4(),
        scopes=[Scope.READ],
        valid_from=now(),
        valid_to=soon,
    )
    text = Text(title="Rancangan rahasia", summary="Ringkasan", classification=Classification.SECRET)
    asked = dossiers.open_dossier(clerk, "rapim-contoh", item_type="perbup", owner_seat="bkad", text=text)
    dossiers.add_document(clerk, asked, name="Naskah", data=rapim.paper(), filename="naskah.pdf")
    coordination.open_round(clerk, asked, Asked(mandatory=("sekda",)))
    request = CoordinationRequest.objects.get()
    coordination.respond(rapim.actor("sekda"), request.id, Response.OBJECT, ["Belum sepakat"])
    document = Dossier.objects.get(id=asked).documents.get()
    return Things(
        session={
            "session_id": held.session.id,
            "delegation_id": Delegation.objects.get().id,
            "publication_id": Publication.objects.get().id,
        },
        secret={
            "item_id": held.secret,
            "dossier_id": asked,
            "document_id": document.id,
            "paper_id": document.paper,
            "request_id": request.id,
            "difference_id": Difference.objects.get().id,
            "task_id": Task.objects.get().id,
            "poll_id": uuid4(),
        },
    )


def routes() -> Iterator[tuple[str, list[str]]]:
    """Return every address of the room with the names of what it holds."""
    for pattern in urls.urlpatterns:
        route = str(pattern.pattern)
        yield route, [name for _, name in PLACE.findall(route)]


def filled(route: str, ids: dict[str, UUID]) -> str:
    def value(match: re.Match[str]) -> str:
        return WORDS[match[2]] if match[2] in WORDS else str(ids[match[2]])

    return "/" + PLACE.sub(value, route)


def told(client: Client, address: str, sent: dict[str, object] | None) -> tuple[int, str]:
    """Ask, and return what the answer tells: status, and code of the refusal or address to go to."""
    answer = client.get(address) if sent is None else client.post(address, sent)
    if answer.headers["Content-Type"].startswith("application/problem+json"):
        return answer.status_code, answer.json()["code"]
    return answer.status_code, answer.headers.get("Location", "")


def guess(client: Client, seat: UUID, ids: dict[str, UUID]) -> None:
    """Try every address that holds any of these ids; the answer is that of an id that nobody gave away."""
    form = {
        "seat": seat,
        "verb": "attend",
        "presence": "room",
        "version": 1,
        "progress": 5,
        "text": "x",
        "how": "done",
        "stance": "no_objection",
        "poll": uuid4(),
        "choice": "yes",
        "expected_seq": 1,
        "classification": 0,
        "response": "agree",
        "reason": "x",
        "title": "x",
        "summary": "x",
    }
    tried = 0
    for route, names in routes():
        named = [name for name in names if name not in WORDS]
        if not named or not set(named) & set(ids):
            continue
        assert set(named) <= KNOWN, f"{route}: say in this test what {named} stand for"
        if not set(named) <= set(ids):
            continue
        for sent in (None, form):
            there = told(client, filled(route, ids), sent)
            nowhere = {name: uuid4() for name in ids}
            not_there = told(client, filled(route, nowhere), sent)
            moved = not_there[1]
            for name, value in nowhere.items():
                moved = moved.replace(str(value), str(ids[name]))
            assert there == (not_there[0], moved), (route, sent is None)
            assert there[0] != 200, route
            tried += 1
    assert tried > 10


KNOWN = {
    "session_id",
    "delegation_id",
    "publication_id",
    "item_id",
    "dossier_id",
    "document_id",
    "paper_id",
    "request_id",
    "difference_id",
    "task_id",
    "poll_id",
}


def test_a_citizen_finds_nothing_at_any_address(rapim: House, things: Things) -> None:
    guess(browser(uuid4()), rapim.seats["dinkes"], things.session | things.secret)


def test_a_member_of_another_body_finds_nothing_at_any_address(things: Things) -> None:
    other = found("forkopimda-contoh")
    guess(at_seat(other, "kapolres"), other.seats["kapolres"], things.session | things.secret)


def test_a_member_below_the_class_finds_nothing_of_a_secret_matter(rapim: House, things: Things) -> None:
    guess(at_seat(rapim, "dinkes"), rapim.seats["dinkes"], things.secret)


def test_a_member_outside_the_circle_finds_nothing_of_a_narrow_matter(rapim: House, things: Things) -> None:
    Dossier.objects.filter(classification=Classification.SECRET).update(need_to_know=["bkad", "sekda"])
    guess(at_seat(rapim, "asisten-1"), rapim.seats["asisten-1"], things.secret)


def test_no_address_takes_a_form_from_another_site(rapim: House, things: Things) -> None:
    subject = rapim.actor("bupati").subject_id
    assert subject is not None
    at_seat(rapim, "bupati")
    client = Client(enforce_csrf_checks=True)
    identity.sign_in(client, subject)
    for route, _ in routes():
        address = filled(route, things.session | things.secret)
        assert client.post(address, {"verb": "close"}).status_code == 403, address


def test_pages_of_the_room_are_kept_by_no_cache(rapim: House, things: Things) -> None:
    client = named(rapim, "bupati")
    for address in (
        "/cabinet/",
        "/cabinet/register/",
        f"/cabinet/items/{things.secret['item_id']}/decision/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
