"""Every address of the room, knocked at by whoever has no business there: no route is left out."""

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import Actor
from pendopo.foundation.http import Audience, access_of
from pendopo.foundation.models import AuditRow
from pendopo.identity import testing as people
from pendopo.maturity.actions import evidence, giving, results, surveys
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.models import Answer, Comment, Cycle, Evidence
from pendopo.maturity.pages.urls import urlpatterns
from pendopo.maturity.testing.evaluation import MEASURE, PARTS, REASON, Evaluation, an_officer

pytestmark = pytest.mark.django_db

HTML = {"Accept": "text/html"}
PUBLISH = "maturity:results:publish"
OPEN_TO_THE_POST = {"home", "cycle-new", "imports", "countries", "surveys"}
"""Addresses without a key: lists and forms of the reader's own body."""
FILLED = {
    "state": "open", "stage": "self", "level": "2", "reason": REASON, "title": "x", "url": "https://a.go.id/",
    "text": "x", "measure": MEASURE, "act": "publish", "accepted": "2",
}  # fmt: skip


def at(actor: Actor) -> Client:
    assert actor.subject_id is not None
    assert actor.post_id is not None
    client = Client(headers=HTML)
    people.sign_in(client, actor.subject_id, post=agencies.posts_by_id([actor.post_id])[actor.post_id])
    return client


def publisher(body: str, serial: int) -> Actor:
    subject = people.a_person(people.a_nik(serial), f"Petugas {serial}", email=None)
    return people.officer(subject.id, people.a_post(subject.id, PUBLISH, body=body))


def everything_of(evaluation: Evaluation) -> dict[str, UUID]:
    """Return a key for each kind that stands in an address, all of one body."""
    item = evaluation.item("2").id
    own = publisher("pemda-contoh", 7301)
    table = "instansi;Indeks\nKab. Rancangan Rahasia;3\n"
    draft = results.hand_in(own, table.encode(), source="x", defaults=Defaults("spbe-2020", 2024))
    head = ";".join(f"U{n}" for n in range(1, 10))
    survey = surveys.hand_in(
        own, f"{head};bulan\n{';'.join('4' * 9)};2026-05\n".encode(), agency="RSUD", source="x", month=None
    )
    return {
        "cycle_id": evaluation.cycle_id,
        "assessment_id": evaluation.assessment.id,
        "item_id": item,
        "piece_id": evidence.add_live(evaluation["contact"], item, 3, MEASURE),
        "import_id": draft,
        "survey_id": survey,
        "result_id": draft,
    }


def routes(keys: dict[str, UUID], *, keyed: bool) -> dict[str, str]:
    """Return name and address of every route for officers, with or without a key of somebody's."""
    found = {}
    for one in urlpatterns:
        assert isinstance(one, URLPattern)
        stated = access_of(one.callback)
        assert stated is not None
        assert stated.assurance >= 2, one.name
        path = str(one.pattern)
        if stated.audience is Audience.OFFICER and ("<uuid" in path) == keyed:
            found[str(one.name)] = "/" + re.sub(r"<uuid:(\w+)>", lambda key: str(keys[key[1]]), path)
    return found


def written() -> tuple[int, ...]:
    return tuple(one.objects.count() for one in (Answer, Comment, Evidence, Cycle, AuditRow))


def test_a_foreign_officer_with_every_permission_finds_nothing(evaluation: Evaluation) -> None:
    """Not by address, not by form, not in lists; nothing is written and nothing is counted."""
    keys = everything_of(evaluation)
    subject = people.a_person(people.a_nik(7302), "Petugas asing", email=None)
    every = sorted({permission for part in PARTS.values() for permission in part} | {PUBLISH})
    foreign = Client(headers=HTML)
    people.sign_in(foreign, subject.id, post=people.a_post(subject.id, *every, body="dinsos"))
    addresses = routes(keys, keyed=True)
    assert len(addresses) >= 20
    before = written()
    for name, path in addresses.items():
        for answer in (foreign.get(path), foreign.post(path, FILLED)):
            assert answer.status_code in {404, 405}, (name, answer.status_code)
            assert "Rancangan Rahasia" not in answer.content.decode()
    assert written() == before
    plain = routes(keys, keyed=False)
    assert set(plain) == OPEN_TO_THE_POST
    for path in plain.values():
        told = foreign.get(path).content.decode()
        assert not [str(key) for key in keys.values() if str(key) in told], path


@pytest.mark.parametrize("who", ["stranger", "citizen", "officer without a part"])
def test_whoever_has_no_part_is_turned_away_before_anything_is_looked_up(
    evaluation: Evaluation, who: str
) -> None:
    keys = everything_of(evaluation)
    client = Client(headers=HTML)
    if who == "citizen":
        people.sign_in(client, people.a_person(people.a_nik(7303), "Sari", email=None).id)
    elif who != "stranger":
        client = at(evaluation["clerk"])
    before = written()
    for keyed in (True, False):
        for name, path in routes(keys, keyed=keyed).items():
            for answer in (client.get(path), client.post(path, FILLED)):
                assert answer.status_code in {302, 303, 401, 403, 405}, (name, answer.status_code)
    assert written()[:4] == before[:4]


def test_who_was_given_one_indicator_gets_no_dashboard_plan_or_report(evaluation: Evaluation) -> None:
    """The index, the others' levels and the reports are of the whole assessment."""
    keys = everything_of(evaluation)
    theirs = an_officer("contact", "dukcapil")
    assert theirs.body_id is not None
    giving.give_items(
        evaluation["coordinator"], evaluation.assessment.id, {evaluation.item("2").id: (theirs.body_id, None)}
    )
    client, addresses = at(theirs), routes(keys, keyed=True)
    whole = {"dashboard", "plan", "report-pdf", "report-xlsx", "compare"}
    assert whole <= set(addresses)
    assert {client.get(addresses[name]).status_code for name in whole} == {404}
    assert client.get(addresses["indicator"]).status_code == 200
    assert AuditRow.objects.filter(event="maturity.report_made").count() == 0


def test_public_pages_tell_nothing_of_drafts_and_assessments(evaluation: Evaluation) -> None:
    keys = everything_of(evaluation)
    anybody = Client(headers=HTML)
    for one in urlpatterns:
        assert isinstance(one, URLPattern)
        stated = access_of(one.callback)
        path = str(one.pattern)
        if stated is None or stated.audience is not Audience.PUBLIC or "<uuid" in path:
            continue
        told = anybody.get(f"/{path}").content.decode()
        assert "Rancangan Rahasia" not in told, path
        assert "RSUD" not in told, path
        assert not [key for key in keys.values() if str(key) in told], path
    assert anybody.get(f"/maturity/agencies/{keys['result_id']}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "search=%00", "search=%25%27--", "search=" + "a" * 5000, "after=x",
        "cycle=spbe-2020:99999999999999999999", "cycle=../../etc:2024", "region=%F0%9F%98%80",
        "kind[]=city", "year=-1", "year=%C2%B2", "name=%00",
        "name=" + "x" * 3000, "osi=NaN", "osi=1e999", "osi=-0", "osi=0,5&tii=2",
        "period=2026-3", "period=9999-1", "edition=%E0%A4%A",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", ["ranking/", "egdi/", "egdi/country/", "egdi.csv", "satisfaction/", "satisfaction.csv"]
)
def test_no_question_breaks_a_public_page(path: str, query: str) -> None:
    assert Client(headers=HTML).get(f"/maturity/{path}?{query}").status_code < 500


@pytest.mark.parametrize(
    "query",
    ["budget=-1", "budget=99999", "budget=1e9", "budget=%C2%B2", "aim=x", "aim=high&budget=0", "to-1=9",
     "to-1=NaN", "to-1=2,5", "to-99=5", "to-1=&to-2=" + "9" * 999],
)  # fmt: skip
def test_no_question_breaks_a_plan(evaluation: Evaluation, query: str) -> None:
    path = f"/desk/maturity/assessments/{evaluation.assessment.id}/dashboard/plan/?{query}"
    assert at(evaluation["coordinator"]).get(path).status_code == 200


def test_a_file_as_a_level_or_a_list_as_a_word_breaks_no_form(evaluation: Evaluation) -> None:
    client = at(evaluation["contact"])
    path = f"/desk/maturity/indicators/{evaluation.item('1').id}/"
    for form in ("answer/", "remark/", "evidence/", "read/"):
        for typed in (
            {"level": SimpleUploadedFile("a.csv", b"x")},
            {"level": ["1", "2"], "stage": "x"},
            {"level": "9" * 400},
        ):
            assert client.post(path + form, typed).status_code < 500, form
