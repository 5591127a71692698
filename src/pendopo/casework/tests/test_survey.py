"""Asking how it was: once a case, passed over at will, and never to be led back to who said what."""

import datetime as dt
import re
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import Client

from pendopo.casework import api as casework
from pendopo.casework import survey
from pendopo.casework.actions.ask import ask_closed
from pendopo.casework.actions.rate import rate
from pendopo.casework.actions.stir import stir
from pendopo.casework.api import Outcome, Receipt
from pendopo.casework.errors import SurveyOver
from pendopo.casework.models import Case, SurveyAnswer
from pendopo.casework.survey import SurveyReply
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, activated, person
from pendopo.casework.testing.office import RINA, Office
from pendopo.foundation.clock import now, today
from pendopo.foundation.models import AuditRow, OutboxEvent
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView
from pendopo.inbox import api as inbox

pytestmark = pytest.mark.django_db

REASON = "Surat kelahiran bukan atas nama anak ini."
HANDLE = re.compile(r'name="answer" value="([^"]+)"')


@pytest.fixture
def closed(office: Office, sari: SubjectView, officer: Officer, decider: Officer) -> Receipt:
    """A refused application: closed without a document to set."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.REFUSED, reason=REASON)
    return receipt


@pytest.fixture
def mother(sari: SubjectView) -> Client:
    """The applicant's browser."""
    return browser_of(sari)


def browser_of(subject: SubjectView) -> Client:
    client = Client()
    people.sign_in(client, subject.id)
    return client


def rating(receipt: Receipt) -> str:
    return f"/my/cases/{receipt.case_id}/rating/"


def handle_in(page: bytes) -> str:
    found = HANDLE.search(page.decode())
    assert found
    return found[1]


def test_an_open_case_is_not_asked_about(office: Office, sari: SubjectView, mother: Client) -> None:
    receipt = walk.sent(person(sari))
    assert "pd-rating" not in mother.get(f"/my/cases/{receipt.case_id}/").content.decode()
    assert mother.get(rating(receipt))["Location"] == "/rating/thanks/?over=1"
    assert mother.post(rating(receipt), {"overall": "4"}).status_code == 422
    assert not SurveyAnswer.objects.exists()


def test_one_tap_is_kept_and_the_nine_may_follow(closed: Receipt, mother: Client) -> None:
    assert "pd-rating" in mother.get(f"/my/cases/{closed.case_id}/").content.decode()
    assert mother.get(rating(closed)).status_code == 200
    nine = mother.post(rating(closed), {"overall": "3"})
    assert nine.status_code == 200
    row = SurveyAnswer.objects.get(requirements=None)
    assert (row.overall, row.agency, row.service, row.channel) == (3, "dukcapil", "akta-kelahiran", "web")
    sent = {"answer": handle_in(nine.content), "requirements": "4", "time": "1"}
    assert Client().post("/rating/details/", sent)["Location"] == "/rating/thanks/"
    row.refresh_from_db()
    assert (row.requirements, row.time, row.fee) == (4, 1, None)
    assert "pd-rating" not in mother.get(f"/my/cases/{closed.case_id}/").content.decode()


def test_a_case_is_answered_once_and_added_to_once(closed: Receipt, mother: Client) -> None:
    nine = mother.post(rating(closed), {"overall": "3"})
    again = mother.post(rating(closed), {"overall": "1"})
    assert again["Location"] == "/rating/thanks/?over=1"
    sent = {"answer": handle_in(nine.content), "time": "4"}
    mother.post("/rating/details/", sent)
    late = mother.post("/rating/details/", sent | {"time": "1"})
    assert late["Location"] == "/rating/thanks/?over=1"
    row = SurveyAnswer.objects.get()
    assert (row.overall, row.time) == (3, 4)


def test_a_grade_that_there_is_not_is_asked_for_again_and_nothing_is_lost(
    closed: Receipt, mother: Client
) -> None:
    for wrong in ("", "0", "5", "empat"):
        answer = mother.post(rating(closed), {"overall": wrong})
        assert answer.status_code == 422
        assert "Pilih salah satu penilaian" in answer.content.decode()
    nine = mother.post(rating(closed), {"overall": "4"})
    sent = {"answer": handle_in(nine.content), "time": "9", "fee": "2"}
    refused = mother.post("/rating/details/", sent)
    assert refused.status_code == 422
    assert re.search(r'name="fee"[^>]*value="2" checked', refused.content.decode())
    assert mother.post("/rating/details/", sent | {"time": "3"}).status_code == 303


def test_whoever_holds_the_receipt_may_answer_without_signing_in(closed: Receipt) -> None:
    guest = Client()
    assert "pd-rating" in guest.get(f"/track/{closed.token}/").content.decode()
    page = guest.get(f"/track/{closed.token}/rating/")
    assert (page.status_code, page["Referrer-Policy"]) == (200, "same-origin")
    assert guest.post(f"/track/{closed.token}/rating/", {"overall": "2"}).status_code == 200
    assert SurveyAnswer.objects.get().overall == 2
    assert guest.get(f"/track/{closed.token[:-2]}x/rating/").status_code == 404


def test_nobody_else_answers_for_her(closed: Receipt, officer: Officer, service: object) -> None:
    stranger = activated(RINA)
    assert browser_of(stranger).post(rating(closed), {"overall": "1"}).status_code == 404
    assert browser_of(officer.subject).post(rating(closed), {"overall": "1"}).status_code == 404
    assert Client().post(rating(closed), {"overall": "1"}).status_code in {302, 303, 401}
    assert not SurveyAnswer.objects.exists()


def test_who_does_not_want_to_say_is_not_asked_again(closed: Receipt, mother: Client) -> None:
    assert mother.post(rating(closed), {"decline": "1"})["Location"] == "/rating/thanks/?over=1"
    assert "pd-rating" not in mother.get(f"/my/cases/{closed.case_id}/").content.decode()
    with time_machine.travel(now() + dt.timedelta(hours=2), tick=False):
        assert ask_closed() == 0


def test_a_message_asks_an_hour_after_the_end_once(closed: Receipt, sari: SubjectView) -> None:
    assert ask_closed() == 0, "not in the same minute"
    with time_machine.travel(now() + dt.timedelta(hours=2), tick=False):
        assert ask_closed() == 1
        assert ask_closed() == 0
        asked = inbox.messages_of(sari.id)[0]
    assert asked.title == f"Bagaimana layanan untuk permohonan {closed.number}?"
    assert asked.href == f"/my/cases/{closed.case_id}/rating/"


def test_the_reference_to_an_answer_is_good_for_an_hour_and_for_its_own_answer(closed: Receipt) -> None:
    handle = survey.handle_of(UUID(int=7))
    assert survey.answer_of(handle) == UUID(int=7)
    with pytest.raises(SurveyOver):
        survey.answer_of(handle[:-1] + ("A" if handle[-1] != "A" else "B"))
    with (
        time_machine.travel(now() + dt.timedelta(hours=2), tick=False),
        pytest.raises(SurveyOver),
    ):
        survey.answer_of(handle)


# -- what must not be learned --------------------------------------------------------------------------------


def test_no_row_leads_from_an_answer_to_a_case_or_a_person(
    closed: Receipt, sari: SubjectView, mother: Client
) -> None:
    """No id of the answer stands anywhere else; the answer holds no id, no moment, and no order."""
    nine = mother.post(rating(closed), {"overall": "4"})
    mother.post("/rating/details/", {"answer": handle_in(nine.content), "time": "2"})
    row = SurveyAnswer.objects.get()
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names(cursor)) - {"casework_surveyanswer"}:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608  # names of our tables
            told = "\n".join(line for (line,) in cursor.fetchall())
            assert str(row.id) not in told, table
            assert row.id.hex not in told, table
        cursor.execute("SELECT row_to_json(t)::text FROM casework_surveyanswer t")
        (own,) = cursor.fetchone()
    case = Case.objects.get()
    for known in (case.id, case.body_id, case.draft_id, sari.id, case.number, case.submitted_at.isoformat()):
        assert str(known) not in own
    assert row.id.version == 4
    assert {field.name for field in SurveyAnswer._meta.fields} == {
        "id",
        "month",
        "agency",
        "service",
        "channel",
        "overall",
        "stirred",
        *survey.ELEMENTS,
    }
    assert row.month.day == 1


def test_neither_the_audit_nor_the_event_tells_what_was_said(closed: Receipt, mother: Client) -> None:
    nine = mother.post(rating(closed), {"overall": "4"})
    mother.post("/rating/details/", {"answer": handle_in(nine.content), "time": "2"})
    answered = AuditRow.objects.get(event="casework.survey_answered")
    assert (answered.object_id, answered.detail) == (closed.case_id, {})
    added = AuditRow.objects.get(event="casework.survey_detailed")
    assert (added.object_id, added.actor_id, added.detail) == (None, None, {})
    event = OutboxEvent.objects.get(topic="casework.survey_answered")
    month = today().replace(day=1).isoformat()
    assert event.payload == {"agency": "dukcapil", "service": "akta-kelahiran", "month": month}


def test_stirring_takes_away_who_wrote_a_row_and_in_which_order(closed: Receipt, mother: Client) -> None:
    answers("dukcapil", "ktp", 30)
    mother.post(rating(closed), {"overall": "1"})
    before = places()
    assert stir() == 31
    after = places()
    assert {key for key, _ in before} == {key for key, _ in after}
    assert len({writer for _, writer in after}) == 1
    assert [key for key, _ in before] != [key for key, _ in after]
    assert SurveyAnswer.objects.filter(overall=1).count() == 1
    assert stir() == 0, "nothing new to hide"


def places() -> list[tuple[UUID, str]]:
    """The rows in the order in which they lie, with the transaction that wrote each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, xmin::text FROM casework_surveyanswer ORDER BY ctid")
        return list(cursor.fetchall())


def answers(agency: str, service: str, n: int, *, channel: str = "web", **grades: int) -> None:
    stated = {"overall": 3} | grades
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(month=today().replace(day=1), agency=agency, service=service, channel=channel, **stated)
        for _ in range(n)
    )


def told() -> dict[tuple[str, str, str], int]:
    counted: dict[tuple[str, str, str], int] = {}
    for reply in casework.survey_answers(since=today(), until=today()):
        place = (reply.agency, reply.service, reply.channel)
        counted[place] = counted.get(place, 0) + 1
    return counted


def test_a_service_with_fewer_than_five_answers_is_not_named() -> None:
    answers("dukcapil", "akta", 9)
    answers("dukcapil", "ktp", 4)
    assert told() == {("dukcapil", "", "web"): 13}, "nine and a rest of four would tell the four"
    answers("dukcapil", "ktp", 1)
    assert told() == {("dukcapil", "akta", "web"): 9, ("dukcapil", "ktp", "web"): 5}


def test_several_small_services_hide_among_each_other() -> None:
    answers("dukcapil", "akta", 9)
    answers("dukcapil", "ktp", 4)
    answers("dukcapil", "kk", 3)
    assert told() == {("dukcapil", "akta", "web"): 9, ("dukcapil", "", "web"): 7}


def test_a_channel_of_a_service_is_hidden_in_the_same_way() -> None:
    answers("dukcapil", "akta", 9)
    answers("dukcapil", "akta", 1, channel="counter")
    assert told() == {("dukcapil", "akta", ""): 10}


def test_an_agency_with_fewer_than_five_is_not_named_and_a_rest_below_five_is_left_out() -> None:
    answers("dinsos", "bansos", 4)
    assert told() == {}
    answers("dukcapil", "akta", 6)
    assert told() == {("", "", "web"): 10}
    answers("dinsos", "bansos", 1)
    assert told() == {("dinsos", "bansos", "web"): 5, ("dukcapil", "akta", "web"): 6}


def test_answers_are_handed_out_by_month_and_agency() -> None:
    answers("dukcapil", "akta", 5, time=2, fee=4)
    SurveyAnswer.objects.update(month=dt.date(2025, 3, 1))
    answers("dinsos", "bansos", 6)
    assert len(casework.survey_answers(since=dt.date(2025, 3, 17), until=dt.date(2025, 3, 20))) == 5
    only = casework.survey_answers(since=dt.date(2025, 1, 1), until=today(), agency="dukcapil")
    assert all(one == only[0] for one in only)
    assert only[0] == SurveyReply("dukcapil", "akta", "web", 3, {"time": 2, "fee": 4})


def test_a_case_that_is_not_closed_cannot_be_rated_by_the_action_either(
    office: Office, sari: SubjectView
) -> None:
    receipt = walk.sent(person(sari))
    with pytest.raises(casework.SurveyNotOpen):
        rate(person(sari), receipt.case_id, 4)
