"""Nobody learns from any list or address what is not theirs: no title, no count, no existence.

Each route is asked by an officer of another agency with every permission, an officer without permissions, and
another citizen; once in a hall where the case does not exist, and once where it does. The answers must be the
same, letter by letter, but for tokens that are drawn anew.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from django.http import HttpResponseBase
from django.test import Client

from pendopo.cabinet.actions import bodies, coordination, dossiers
from pendopo.cabinet.actions.dossiers import Text
from pendopo.cabinet.models import CoordinationRequest, Difference
from pendopo.cabinet.testing.house import House, found
from pendopo.cabinet.values import Classification, Response, Scope
from pendopo.casework import api as casework
from pendopo.casework.api import Changes, Outcome
from pendopo.casework.models import Evidence
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, appointed, person
from pendopo.casework.testing.office import RINA, SARI
from pendopo.documents import api as documents
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import deliver_due
from pendopo.identity import models as identity
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView, pseudonym_of
from pendopo.identity.policy import VISIT
from pendopo.inbox import api as inbox
from pendopo.ledger import api as ledger
from pendopo.maturity.actions import evidence, results, surveys
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.testing import evaluation
from tests.house.visibility import Route, Shows, table

pytestmark = pytest.mark.django_db

ROUTES = Path(__file__).with_name("routes.txt")
EVERYTHING = (
    "casework:case:read",
    "casework:case:verify",
    "casework:case:return",
    "casework:case:decide",
    "documents:document:revoke",
    "identity:activation:perform",
    "maturity:results:publish",
    *{permission for part in evaluation.PARTS.values() for permission in part},
)
FORBIDDEN = 403
DRAWN_ANEW = (
    re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+'),
    re.compile(r'(nonce=")[^"]+'),
    re.compile(r"(<code>)[0-9a-f]{32}(?=</code>)"),
    re.compile(r"()urn:pendopo:request:[0-9a-f]{32}"),
)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
FIXED = {
    "agency": "dukcapil",
    "code": "akta-kelahiran",
    "key": "relation",
    "path": "mother.name",
    "child": "0",
    "form": "json",
}


@dataclass
class Ours:
    """What must not be noticed, and the identifiers that name it."""

    ids: dict[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)


type Answers = dict[str, tuple[int, str, str]]


def _stated() -> dict[str, str]:
    lines = (line.split("  ", 1) for line in ROUTES.read_text().splitlines())
    return {path: needs for path, needs in lines if not needs.startswith("public")}


def _audience(route: Route) -> str:
    return _stated()[route.path].split(" · ")[0]


def _routes(*shows: Shows) -> list[Route]:
    return [route for route in table() if route.shows in shows]


def _address(route: Route, ids: dict[str, str]) -> str:
    """Fill an address. Rooms call different things by one name: ``cabinet:session_id`` is no sign-in."""
    room = route.path.split("/")[1]
    own = {name.partition(":")[2]: value for name, value in ids.items() if name.startswith(f"{room}:")}
    return PARAMETER.sub(lambda found: (FIXED | ids | own)[found[1]], route.path)


def _unknown() -> dict[str, str]:
    names = {name for route in table() for name in PARAMETER.findall(route.path)}
    return {name: str(uuid4()) for name in names - FIXED.keys()} | {"number": "2026-11-999999"}


def _plain(answer: HttpResponseBase, ids: dict[str, str]) -> tuple[int, str, str]:
    """Return what an answer tells, without what is drawn anew and without the identifier that was typed."""
    body = bytes(getattr(answer, "content", b"")).decode(errors="replace")
    for pattern in DRAWN_ANEW:
        body = pattern.sub(r"\1-", body)
    told = answer.get("Location", "")
    for value in ids.values():
        body, told = body.replace(value, "-"), told.replace(value, "-")
    return answer.status_code, told, body


def _asked(client: Client, route: Route, ids: dict[str, str]) -> Answers:
    """Ask, and send an empty form where that cannot begin something of the caller's own."""
    address = _address(route, ids)
    number = {"number": ids["number"]} if route.path == "/desk/search/" else {}
    told = {"get": _plain(client.get(address, headers={"Accept": "text/html"}), ids)}
    if route.shows is Shows.ONE or number:
        told["post"] = _plain(client.post(address, number, headers={"Accept": "text/html"}), ids)
    return told


def _callers() -> dict[str, Client]:
    """Three who have no business with the case, each signed in."""
    far = appointed(902, "Citra Dinsos", *EVERYTHING, body="dinsos")
    bare = appointed(905, "Eko Tamu")
    rina = people.a_person(RINA.nik, RINA.name, email=None)
    clients = {name: Client() for name in ("another agency", "no permission", "another citizen")}
    people.sign_in(clients["another agency"], far.subject.id, post=far.post)
    people.sign_in(clients["no permission"], bare.subject.id, post=bare.post)
    people.sign_in(clients["another citizen"], rina.id)
    return clients


def _plant(sari: SubjectView, officer: Officer, decider: Officer) -> Ours:
    """Let the mother have one of everything: an issued case with a correction, a draft, a look, a session."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    while deliver_due():
        pass
    correction = casework.request_correction(
        actor, receipt.case_id, 0, Changes(child_name="Bunga Melati Prasetya"), "Salah ketik huruf terakhir"
    )
    casework.for_officer(officer.actor, receipt.case_id, "id")
    session = people.sign_in(Client(), sari.id)
    ids = {
        "draft_id": walk.begin(actor),
        "case_id": receipt.case_id,
        "correction_id": correction,
        "evidence_id": Evidence.objects.get(case_id=receipt.case_id).id,
        "document_id": documents.documents_of(sari.id)[0].id,
        "entry_id": ledger.access_of(pseudonym_of(sari.id))[0].id,
        "message_id": inbox.messages_of(sari.id)[0].id,
        "passkey_id": _passkey(sari),
        "session_id": session.id,
        "visit_id": _visit(officer),
    }
    ids |= _meeting() | _drafts() | _assessment()
    words = {SARI.name, SARI.nik.value, receipt.number, "Bunga Melati", "sari@", "Tiga calon"}
    return Ours({name: str(value) for name, value in ids.items()} | {"number": receipt.number}, words)


def _drafts() -> dict[str, UUID]:
    """Let an officer of the population office have a draft of results and one of survey answers."""
    actor = appointed(907, "Fajar Evaluasi", "maturity:results:publish").actor
    table = b"instansi;Indeks\nKab. Tiga calon;3,12\n"
    answers = ",".join(f"U{n}" for n in range(1, 10)) + "\n" + ",".join(["3"] * 9)
    return {
        "import_id": results.hand_in(actor, table, source="x", defaults=Defaults("spbe-2020", 2024)),
        "survey_id": surveys.hand_in(
            actor, answers.encode(), agency="Tiga calon", source="x", month=dt.date(2026, 5, 1)
        ),
    }


def _assessment() -> dict[str, UUID]:
    """Let the regency assess itself, with one piece of evidence."""
    found = evaluation.begin("pemdi-2026", 2026)
    item = found.item("I1").id
    url = "https://jdih.example.go.id/tiga"
    piece = evidence.add_link(found["contact"], item, 2, title="Tiga calon", url=url)
    return {
        "cycle_id": found.cycle_id,
        "assessment_id": found.assessment.id,
        "desk:item_id": item,
        "piece_id": piece,
    }


def _meeting() -> dict[str, UUID]:
    """Let a body sit on a secret matter, with a deputy named."""
    house = found("rapim-contoh")
    matter = house.dossier("pengangkatan", title="Tiga calon", classification=Classification.SECRET)
    point = _point(house)
    session = house.session(matter)
    delegation = bodies.delegate(
        house.actor("wabup"),
        house.seats["wabup"],
        to_subject_id=uuid4(),
        scopes=[Scope.POSITION],
        valid_from=now(),
        valid_to=now() + timedelta(days=1),
    )
    return {
        "cabinet:session_id": session.id,
        "cabinet:document_id": matter.documents.get().id,
        "item_id": session.items.get().id,
        "dossier_id": matter.id,
        "delegation_id": delegation,
        "poll_id": uuid4(),  # nobody sits in a body that decides by vote; the item alone gives it away
        "paper_id": matter.documents.get().paper,
        "request_id": point.request_id,
        "difference_id": point.id,
    }


def _point(house: House) -> Difference:
    """Let a seat be asked about another secret matter, and object."""
    clerk = house.actor(house.clerk)
    text = Text(title="Tiga calon lagi", summary="Rahasia", classification=Classification.SECRET)
    made = dossiers.open_dossier(
        clerk, house.body.code, item_type="pengangkatan", owner_seat="sekda", text=text
    )
    dossiers.add_document(clerk, made, name="Naskah", data=house.paper(), filename="naskah.pdf")
    coordination.open_round(clerk, made, coordination.Asked(mandatory=("wabup",)))
    asked = CoordinationRequest.objects.get(round__dossier_id=made)
    coordination.respond(house.actor("wabup"), asked.id, Response.OBJECT, ["Belum lengkap"])
    return Difference.objects.get(dossier_id=made)


def _passkey(sari: SubjectView) -> UUID:
    row = identity.Passkey.objects.create(
        subject_id=sari.id, credential_id=b"c" * 32, public_key=b"k", sign_count=0, label="", backed_up=False
    )
    return row.id


def _visit(officer: Officer) -> UUID:
    row = identity.CounterVisit.objects.create(
        officer_id=officer.subject.id, person=b"sealed", expires_at=now() + VISIT
    )
    return row.id


def test_every_route_says_what_it_shows() -> None:
    assert {route.path for route in table()} == set(_stated()), "tests/house/visibility.py misses a route"


def test_the_table_calls_no_address_with_an_identifier_a_list() -> None:
    for route in table():
        named = {name for name in PARAMETER.findall(route.path) if name.endswith("_id")}
        if route.shows is not Shows.BEARER:
            assert bool(named) == (route.shows is Shows.ONE), route.path


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("office", "sealed")
def test_nobody_foreign_notices_that_a_case_exists(
    sari: SubjectView, officer: Officer, decider: Officer
) -> None:
    """Lists as if it were not there, addresses as if they named nothing. The clock stands."""
    with time_machine.travel(now(), tick=False):
        callers, nothing = _callers(), _unknown()
        before = {
            who: [_asked(client, route, nothing) for route in _routes_for(who)]
            for who, client in callers.items()
        }
        ours = _plant(sari, officer, decider)
        noticed = [
            f"{who}: {told} at {route.path}"
            for who, client in callers.items()
            for route, empty in zip(_routes_for(who), before[who], strict=True)
            for told in _noticed(empty, _asked(client, route, nothing | ours.ids), ours)
        ]
    assert noticed == []


def _routes_for(who: str) -> list[Route]:
    """On pages of persons an officer is a citizen like another; permissions matter on those of officers."""
    found = _routes(Shows.ROWS, Shows.ONE)
    return [route for route in found if who != "no permission" or _audience(route) == "officer"]


def _noticed(empty: Answers, now_there: Answers, ours: Ours) -> list[str]:
    """Return what tells the two halls apart, and words of ours."""
    shown = "".join(body for _, _, body in now_there.values())
    return [way for way in empty if now_there[way] != empty[way]] + [w for w in ours.words if w in shown]


@pytest.mark.usefixtures("office", "sealed")
def test_the_same_search_finds_everything_in_the_hands_of_those_whose_it_is(
    sari: SubjectView, officer: Officer, decider: Officer
) -> None:
    """Without this the test above could pass on pages that show nobody anything."""
    ours = _plant(sari, officer, decider)
    mine, desk = Client(), Client()
    people.sign_in(mine, sari.id)
    people.sign_in(desk, officer.subject.id, post=officer.post)
    hers = "".join(body for path in ("/my/cases/", "/my/inbox/") for body in _body(mine, path))
    assert {ours.ids["number"], ours.ids["case_id"]} <= {word for word in ours.ids.values() if word in hers}
    assert ours.ids["number"] in "".join(_body(desk, "/desk/?view=corrections"))
    assert mine.get(f"/my/cases/{ours.ids['case_id']}/").status_code == 200
    assert desk.get(f"/desk/cases/{ours.ids['case_id']}/").status_code == 200


def _body(client: Client, path: str) -> list[str]:
    return [client.get(path, headers={"Accept": "text/html"}).content.decode()]


def test_a_list_and_its_things_ask_the_same_permission() -> None:
    """Who may not see the desk's list is refused every case alike, and not told that some exist."""
    stated = _stated()
    refused = {"officer · level 2 · casework:case:read"}
    assert {stated["/desk/"], stated["/desk/search/"], stated["/desk/cases/<uuid:case_id>/"]} == refused


def test_without_permission_or_session_every_route_answers_alike() -> None:
    """403 to an officer without the permission, 303 to sign in for a stranger; a 404 would tell."""
    callers, wrong = _callers(), []
    for route in _routes(Shows.ONE, Shows.ROWS):
        address = _address(route, _unknown())
        stranger = Client().get(address, headers={"Accept": "text/html"})
        if (stranger.status_code, stranger["Location"].partition("?")[0]) != (303, "/sign-in/"):
            wrong.append(f"a stranger at {route.path}: {stranger.status_code}")
        for who in ("no permission", "another citizen") if _audience(route) == "officer" else ():
            answer = callers[who].get(address)
            if answer.status_code != FORBIDDEN:
                wrong.append(f"{who} at {route.path}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("route", _routes(Shows.BEARER), ids=lambda route: route.path)
@pytest.mark.parametrize("bearer", ["", "Bearer wrong"])
def test_a_program_without_the_right_token_gets_no_rows(route: Route, bearer: str, db: None) -> None:
    headers = {"Accept": "application/json"} | ({"Authorization": bearer} if bearer else {})
    answer = Client().post(_address(route, {"certificate": "x"}), {}, headers=headers)
    assert answer.status_code in {400, 401, 403, 404, 405}
    assert b"items" not in answer.content
