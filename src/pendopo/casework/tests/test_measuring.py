"""Each measure of casework, with a fault that lowers it and what restores it, through what really happens."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine

from pendopo.agencies import api as agencies
from pendopo.casework import api as casework
from pendopo.casework.actions.rate import add_elements, rate
from pendopo.casework.api import Changes, Outcome, Receipt
from pendopo.casework.models import Case, SurveyAnswer
from pendopo.casework.survey import ELEMENTS, LEAST
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import Officer, person
from pendopo.casework.testing.office import Office
from pendopo.foundation.clock import now, today
from pendopo.foundation.measures import Reading
from pendopo.foundation.models import OutboxDelivery
from pendopo.foundation.outbox import deliver_due
from pendopo.foundation.testing.measures import measured, value_of
from pendopo.identity.api import SubjectView
from pendopo.identity.testing import a_body

pytestmark = pytest.mark.django_db

REASON = "Surat kelahiran bukan atas nama anak ini."
DAY = dt.timedelta(days=1)


@pytest.fixture
def refuse(office: Office, sari: SubjectView, officer: Officer, decider: Officer) -> "Refuse":
    return Refuse(sari, officer, decider)


class Refuse:
    """Sends an application and closes it, some days later."""

    def __init__(self, mother: SubjectView, officer: Officer, decider: Officer) -> None:
        self.mother, self.officer, self.decider = person(mother), officer.actor, decider.actor

    def after(self, days: int) -> Receipt:
        receipt = walk.sent(self.mother)
        casework.take(self.officer, receipt.case_id)
        with time_machine.travel(now() + days * DAY, tick=False):
            casework.decide(self.decider, receipt.case_id, outcome=Outcome.REFUSED, reason=REASON)
        return receipt


def test_a_late_decision_lowers_on_time_and_a_period_without_one_restores_it(refuse: Refuse) -> None:
    assert value_of("casework.on-time") is None
    refuse.after(0)
    assert value_of("casework.on-time") == 100
    refuse.after(20)
    with time_machine.travel(now() + 21 * DAY, tick=False):
        late = measured("casework.on-time")
        assert late is not None
        assert (float(late.value), late.of, float(late.detail["part"])) == (50, 2, 1)
    with time_machine.travel(now() + 60 * DAY, tick=False):
        assert value_of("casework.on-time") is None
        refuse.after(0)
        assert value_of("casework.on-time") == 100


def test_a_case_from_the_counter_lowers_online(refuse: Refuse) -> None:
    receipt = refuse.after(0)
    assert value_of("casework.online") == 100
    Case.objects.filter(id=receipt.case_id).update(channel="counter")
    assert value_of("casework.online") == 0
    for _ in range(3):
        refuse.after(0)
    assert value_of("casework.online") == 75
    Case.objects.filter(id=receipt.case_id).update(channel="web")
    assert value_of("casework.online") == 100


def test_an_agency_reads_its_own_cases_only(refuse: Refuse) -> None:
    refuse.after(0)
    own, other = agencies.body_by_code("dukcapil").id, a_body("dinsos").id
    for key in ("casework.on-time", "casework.online", "casework.survey-answered"):
        assert value_of(key, agency=own) is not None
        assert value_of(key, agency=other) is None


@pytest.fixture
def issued(office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None) -> Receipt:
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    return receipt


def deliver() -> None:
    while deliver_due():
        pass


def test_a_correction_left_lying_lowers_corrections_answered(
    issued: Receipt, sari: SubjectView, decider: Officer
) -> None:
    mother, case_id = person(sari), issued.case_id

    def ask() -> object:
        changes = Changes(child_name="Bunga Melati Prasetya")
        return casework.request_correction(mother, case_id, 0, changes, "Salah ketik huruf terakhir")

    asked = ask()
    assert value_of("casework.corrections-answered") is None, "it may still be answered in time"
    with time_machine.travel(now() + 4 * DAY, tick=False):
        assert value_of("casework.corrections-answered") == 0
        casework.decide_correction(decider.actor, case_id, asked, approve=False, answer=REASON)  # type: ignore[arg-type]  # an id
        assert value_of("casework.corrections-answered") == 0, "answered, but late"
    with time_machine.travel(now() + 40 * DAY, tick=False):
        again = ask()
        with time_machine.travel(now() + 2 * DAY, tick=False):
            casework.decide_correction(decider.actor, case_id, again, approve=False, answer=REASON)  # type: ignore[arg-type]  # an id
            assert value_of("casework.corrections-answered") == 100


def test_a_register_that_is_down_lowers_commands_answered_until_it_answers(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    office.down = True
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    deliver()
    assert value_of("casework.commands-answered") is None, "it may still be on its way"
    with time_machine.travel(now() + dt.timedelta(hours=2), tick=False):
        assert value_of("casework.commands-answered") == 0
        office.down = False
        OutboxDelivery.objects.filter(done_at=None).update(due_at=now())
        deliver()
        assert value_of("casework.commands-answered") == 100


# -- satisfaction --------------------------------------------------------------------------------------------


def last_month() -> dt.date:
    return (today().replace(day=1) - DAY).replace(day=1)


def asked(key: str, days: int = 40, agency: UUID | None = None) -> Reading | None:
    """Read over days that hold all of the month before, also on the last of one."""
    return measured(key, days=days, agency=agency)


def said(key: str, days: int = 40, agency: UUID | None = None) -> Decimal | None:
    found = asked(key, days, agency)
    return None if found is None else found.value


def answers(n: int, grade: int, month: dt.date | None = None, agency: str = "dukcapil") -> None:
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            month=month or last_month(),
            agency=agency,
            service="akta-kelahiran",
            channel="web",
            overall=grade,
            **dict.fromkeys(ELEMENTS, grade),
        )
        for _ in range(n)
    )


def test_what_people_say_moves_satisfaction_both_ways() -> None:
    answers(LEAST - 1, 4)
    assert said("casework.satisfaction") is None
    assert said("casework.satisfied") is None
    answers(1, 4)
    assert said("casework.satisfaction") == 100
    assert said("casework.satisfied") == 100
    answers(5, 1)
    assert said("casework.satisfaction") == Decimal("62.50")
    assert said("casework.satisfied") == 50
    answers(40, 4)
    assert said("casework.satisfaction") == Decimal("92.50")
    assert said("casework.satisfied") == 90
    assert said("casework.satisfaction", agency=a_body("dinsos").id) is None
    assert said("casework.satisfaction", agency=a_body("dukcapil").id) == Decimal("92.50")


def test_each_element_weighs_a_ninth_however_many_rated_it() -> None:
    answers(5, 4)
    SurveyAnswer.objects.create(
        month=last_month(), agency="dukcapil", service="akta", channel="web", overall=3, fee=1
    )
    found = asked("casework.satisfaction")
    assert found is not None
    assert found.detail["fee"] == Decimal("3.5")
    assert found.value == Decimal("98.61"), "(8 x 4 + 3.5) / 9 x 25 = 98.611"


SURVEYED = ("casework.satisfaction", "casework.satisfied")


@pytest.mark.parametrize("key", SURVEYED)
def test_looking_before_and_after_an_answer_tells_nothing(key: str) -> None:
    """The figure of a running month stands still, so nobody sees which way one answer moved it."""
    answers(9, 4)
    before = asked(key)
    answers(1, 1, today().replace(day=1))
    assert before is not None
    after = asked(key)
    assert after is not None
    assert (after.value, after.of, after.detail) == (before.value, before.of, before.detail)


@pytest.mark.parametrize("key", SURVEYED)
def test_a_month_of_few_is_told_by_no_difference_of_months(key: str) -> None:
    """Two windows that differ by one month would tell what its one answer said."""
    answers(9, 4)
    answers(1, 1, (last_month() - DAY).replace(day=1))
    assert said(key, days=40) == said(key, days=95) == 100


@pytest.mark.parametrize("key", SURVEYED)
def test_the_hall_less_one_agency_tells_no_other(key: str) -> None:
    """One answer about an agency is not what is left when the other agency is taken from the hall."""
    answers(9, 4)
    answers(1, 1, agency="dinsos")
    assert said(key) is not None
    assert said(key, agency=a_body("dukcapil").id) is None
    assert said(key, agency=a_body("dinsos").id) is None
    answers(5, 1, agency="dinsos")
    assert said(key, agency=a_body("dukcapil").id) == 100


def test_one_who_answered_all_nine_is_not_told_among_those_who_did_not() -> None:
    """A month adds to the nine elements only when five people answered all of them in it."""
    answers(9, 4)
    before = last_month() - DAY
    answers(1, 1, before.replace(day=1))
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(month=before.replace(day=1), agency="dukcapil", service="akta", channel="web", overall=4)
        for _ in range(6)
    )
    assert said("casework.satisfaction", days=95) == 100


def test_rating_through_the_pages_raises_what_is_answered(refuse: Refuse) -> None:
    first = refuse.after(0)
    assert value_of("casework.survey-answered") == 0
    handle = rate(refuse.mother, first.case_id, 4)
    assert handle
    add_elements(handle, dict.fromkeys(ELEMENTS, 4))
    assert value_of("casework.survey-answered") == 100
    second = refuse.after(0)
    assert value_of("casework.survey-answered") == 50
    rate(refuse.mother, second.case_id, 2)
    assert value_of("casework.survey-answered") == 100
