"""The survey, attacked: forged posts, borrowed tokens, many presses at once, an answer changed afterwards."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client

from pendopo.casework import api as casework
from pendopo.casework import survey, tracking
from pendopo.casework.actions.rate import add_elements, rate_tracked
from pendopo.casework.api import Outcome, Receipt
from pendopo.casework.errors import SurveyOver, TrackingRefused
from pendopo.casework.models import Case, SurveyAnswer
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, person
from pendopo.casework.testing.office import Office
from pendopo.identity.api import SubjectView

REASON = "Surat kelahiran bukan atas nama anak ini."
HANDLE = re.compile(r'name="answer" value="([^"]+)"')
A_MOMENT = 0.5


@pytest.fixture
def closed(office: Office, sari: SubjectView, officer: Officer, decider: Officer) -> Receipt:
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.REFUSED, reason=REASON)
    return receipt


@pytest.mark.django_db
def test_another_site_cannot_post_a_grade_through_somebodys_browser(closed: Receipt) -> None:
    """There is no session to lean on, so the form's own token is what stands against it."""
    browser = Client(enforce_csrf_checks=True)
    address = f"/track/{closed.token}/rating/"
    assert browser.post(address, {"overall": "1"}).status_code == 403
    assert browser.post(address, {"decline": "1"}).status_code == 403
    handle = rate_tracked(closed.token, 4)
    assert browser.post("/rating/details/", {"answer": handle, "fee": "1"}).status_code == 403
    assert SurveyAnswer.objects.get().overall == 4
    assert SurveyAnswer.objects.get().fee is None


@pytest.mark.django_db
def test_one_kind_of_token_opens_nothing_else(closed: Receipt) -> None:
    handle = rate_tracked(closed.token, 4)
    assert handle is not None
    with pytest.raises(SurveyOver):
        survey.answer_of(closed.token)
    with pytest.raises(TrackingRefused):
        tracking.case_of(handle)
    for forged in ("", "a", handle.split(":")[0], handle[::-1], f"{handle}:", handle.replace(":", "::")):
        with pytest.raises(SurveyOver):
            add_elements(forged, {"fee": 1})


@pytest.mark.django_db
def test_an_answer_is_not_changed_once_it_is_given(closed: Receipt) -> None:
    """Neither by the receipt again, nor by the reference again, nor by going back in the browser."""
    handle = rate_tracked(closed.token, 1)
    assert handle is not None
    assert rate_tracked(closed.token, 4) is None
    add_elements(handle, {"fee": 1})
    with pytest.raises(SurveyOver):
        add_elements(handle, {"fee": 4, "time": 4})
    browser = Client()
    for typed in ({"overall": "4"}, {"decline": "1"}):
        browser.post(f"/track/{closed.token}/rating/", typed)
    row = SurveyAnswer.objects.get()
    assert (row.overall, row.fee, row.time) == (1, 1, None)
    assert Case.objects.get(id=closed.case_id).survey == "answered"


@pytest.mark.django_db
@pytest.mark.parametrize("grade", ["0", "5", "-1", "4.0", "٤", "4 ", "1e0", "", "NaN", "9" * 500])
def test_only_four_grades_are_there(closed: Receipt, grade: str) -> None:
    browser = Client()
    assert browser.post(f"/track/{closed.token}/rating/", {"overall": grade}).status_code == 422
    assert not SurveyAnswer.objects.exists()
    handle = rate_tracked(closed.token, 2)
    if grade:
        assert browser.post("/rating/details/", {"answer": handle, "fee": grade}).status_code == 422
    assert SurveyAnswer.objects.get().fee is None


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_are_one_answer(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer
) -> None:
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.REFUSED, reason=REASON)

    def press(grade: int) -> str | None:
        try:
            return rate_tracked(receipt.token, grade)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        with transaction.atomic():
            Case.objects.select_for_update().get(id=receipt.case_id)
            pressed = [pool.submit(press, grade) for grade in (1, 2, 3, 4)]
            time.sleep(A_MOMENT)
        handles = [one.result() for one in pressed]
    assert SurveyAnswer.objects.count() == 1
    assert len([one for one in handles if one]) == 1
