"""Officers: what they may see and do, what is written down when they look, and what is asked twice."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from pendopo.casework import api as casework
from pendopo.casework.api import CaseState, Outcome, WorkView
from pendopo.casework.models import Case
from pendopo.casework.testing import walk
from pendopo.casework.testing.fixtures import OFFICER, Officer, activated, appointed, person
from pendopo.casework.testing.office import AGUS, RINA, SARI, Office
from pendopo.exchange import api as exchange
from pendopo.foundation.models import AuditRow
from pendopo.foundation.outbox import deliver_due
from pendopo.identity import testing as people
from pendopo.identity.api import SubjectView
from pendopo.kernel.errors import Forbidden
from pendopo.ledger import api as ledger

pytestmark = pytest.mark.django_db

REASON = "Foto surat kelahiran tidak terbaca. Mohon foto ulang."


def test_another_bodys_officer_finds_nothing(
    office: Office, sari: SubjectView, foreign_officer: Officer
) -> None:
    """Not in the list, not by number, not by id, not by any action; and nobody is told that it exists."""
    receipt = walk.sent(person(sari))
    actor = foreign_officer.actor
    assert not casework.worklist(actor, WorkView.TODAY).lines
    assert set(casework.work_counts(actor).values()) == {0}
    assert casework.find_case(actor, receipt.number) is None
    assert sum(day.submitted for day in casework.work_load(actor)) == 0
    attempts: list[Callable[[], object]] = [
        lambda: casework.for_officer(actor, receipt.case_id, "id"),
        lambda: casework.take(actor, receipt.case_id),
        lambda: casework.return_for_completion(actor, receipt.case_id, pages=["letter"], reason=REASON),
        lambda: casework.decide(actor, receipt.case_id, outcome=Outcome.APPROVED),
        lambda: casework.retry(actor, receipt.case_id),
        lambda: casework.request_correction(actor, receipt.case_id, 0, casework.Changes("A B"), REASON),
        lambda: casework.decide_correction(actor, receipt.case_id, receipt.case_id, approve=True),
        lambda: casework.file_for_officer(actor, receipt.case_id, receipt.case_id),
    ]
    for attempt in attempts:
        with pytest.raises(casework.NoSuchCase):
            attempt()
    assert Case.objects.get().state == CaseState.SUBMITTED
    assert not any(view.issue == receipt.number for view in ledger.access_of(exchange.pseudonym(SARI.nik)))


@pytest.mark.parametrize("missing", OFFICER)
def test_each_permission_is_asked_for(office: Office, sari: SubjectView, missing: str) -> None:
    """An officer without one permission cannot do what needs it."""
    receipt = walk.sent(person(sari))
    actor = appointed(910, "Dedi Petugas", *(set(OFFICER) - {missing})).actor
    attempts: dict[str, Callable[[], object]] = {
        "casework:case:read": lambda: casework.worklist(actor, WorkView.TODAY),
        "casework:case:verify": lambda: casework.take(actor, receipt.case_id),
        "casework:case:return": lambda: casework.return_for_completion(
            actor, receipt.case_id, pages=["letter"], reason=REASON
        ),
        "casework:case:decide": lambda: casework.decide(actor, receipt.case_id, outcome=Outcome.APPROVED),
    }
    with pytest.raises(Forbidden):
        attempts[missing]()


def test_an_action_out_of_turn_is_refused(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer
) -> None:
    """The flow of the definition decides: no decision before verification, none after it was made."""
    receipt = walk.sent(person(sari))
    with pytest.raises(casework.ActionNotPossible):
        casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.REFUSED, reason=REASON)
    with pytest.raises(casework.ActionNotPossible):
        casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)


@pytest.mark.parametrize("reason", ["", "   ", "kurang", "x" * 2001])
def test_a_reason_nobody_can_use_is_refused(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, reason: str
) -> None:
    """Empty, blank, too short and too long: nothing changes."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    with pytest.raises(casework.ReasonMissing):
        casework.decide(decider.actor, receipt.case_id, outcome=Outcome.REFUSED, reason=reason)
    with pytest.raises(casework.ReasonMissing):
        casework.return_for_completion(officer.actor, receipt.case_id, pages=["letter"], reason=reason)
    assert Case.objects.get().state == CaseState.VERIFYING


def test_nobody_handles_their_own_application(office: Office, sari: SubjectView, officer: Officer) -> None:
    """An officer who is the applicant sees the case at the desk and can do nothing with it there."""
    receipt = walk.sent(person(sari))
    own = people.officer(sari.id, people.a_post(sari.id, *OFFICER, body="dukcapil"))
    assert casework.for_officer(own, receipt.case_id, "id").actions == frozenset()
    acts: tuple[Callable[[], None], ...] = (
        lambda: casework.take(own, receipt.case_id),
        lambda: casework.return_for_completion(own, receipt.case_id, pages=["letter"], reason=REASON),
        lambda: casework.decide(own, receipt.case_id, outcome=Outcome.APPROVED),
        lambda: casework.retry(own, receipt.case_id),
    )
    for act in acts:
        with pytest.raises(casework.OwnApplication):
            act()
    casework.take(officer.actor, receipt.case_id)
    with pytest.raises(casework.OwnApplication):
        casework.decide(own, receipt.case_id, outcome=Outcome.APPROVED)
    assert Case.objects.get().state == CaseState.VERIFYING


@pytest.mark.parametrize("page", ["no-such-page", "3314995603960001"])
def test_only_pages_that_were_answered_can_be_given_back(
    office: Office, sari: SubjectView, officer: Officer, page: str
) -> None:
    """What a forged form names as a page reaches neither the case nor the audit row."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    with pytest.raises(casework.NoSuchPage):
        casework.return_for_completion(officer.actor, receipt.case_id, pages=["letter", page], reason=REASON)
    assert Case.objects.get().state == CaseState.VERIFYING
    assert not AuditRow.objects.filter(event="casework.returned").exists()


def test_opening_a_case_is_written_to_everybody_shown(
    office: Office, sari: SubjectView, officer: Officer
) -> None:
    """Mother and father each find the look in their list, with purpose, legal basis and case number."""
    receipt = walk.sent(person(sari))
    casework.for_officer(officer.actor, receipt.case_id, "id")
    for someone in (SARI, AGUS):
        looks = [
            view for view in ledger.access_of(exchange.pseudonym(someone.nik)) if view.issue == receipt.number
        ]
        assert len(looks) == 1
        assert looks[0].purpose == "civil-registration.birth"
        assert looks[0].legal_basis


def test_each_evidence_is_a_look_of_its_own(office: Office, sari: SubjectView, officer: Officer) -> None:
    """Opening a file writes another record that says so."""
    receipt = walk.sent(person(sari))
    seen = casework.for_officer(officer.actor, receipt.case_id, "id")
    casework.file_for_officer(officer.actor, receipt.case_id, seen.files[0].id)
    looks = [view for view in ledger.access_of(exchange.pseudonym(SARI.nik)) if view.issue == receipt.number]
    assert [tuple(view.fields) for view in looks] == [("evidence",), ("application", "name")]


def test_a_list_is_written_down_once_a_day(office: Office, sari: SubjectView, officer: Officer) -> None:
    """The officer sees the name at each refresh; the record is one for each officer and day."""
    receipt = walk.sent(person(sari))
    for _ in range(3):
        assert casework.worklist(officer.actor, WorkView.TODAY).lines[0].applicant == "Sari Wulandari"
    looks = [view for view in ledger.access_of(exchange.pseudonym(SARI.nik)) if view.issue == receipt.number]
    assert [tuple(view.fields) for view in looks] == [("name",)]


def test_the_list_asks_the_same_few_questions_however_long_it_is(
    office: Office, sari: SubjectView, officer: Officer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A page that was seen before costs two queries (rows, looks of today) and two for the savepoint."""
    for _ in range(4):
        walk.sent(person(sari))
    casework.worklist(officer.actor, WorkView.TODAY)
    with django_assert_num_queries(4):
        page = casework.worklist(officer.actor, WorkView.TODAY)
    assert len(page.lines) == 4
    with django_assert_num_queries(1):
        casework.work_counts(officer.actor)


def test_pages_of_the_list_meet_without_gap_or_overlap(
    office: Office, sari: SubjectView, officer: Officer
) -> None:
    """Keyset paging: five cases in pages of two are each shown once, in the order of their promise."""
    sent = [walk.sent(person(sari)).case_id for _ in range(5)]
    shown, cursor = [], None
    for _ in range(3):
        page = casework.worklist(officer.actor, WorkView.TODAY, cursor=cursor, size=2)
        shown += [line.id for line in page.lines]
        cursor = page.next_cursor
    assert cursor is None
    assert shown == sent


@pytest.mark.parametrize("cursor", ["", "x", "****", "MjAyNi0xMS0yMnxub3QtYS11dWlk", "e30"])
def test_a_foreign_cursor_gives_the_first_page(
    office: Office, sari: SubjectView, officer: Officer, cursor: str
) -> None:
    """Nothing breaks and nothing leaks by a made-up cursor."""
    receipt = walk.sent(person(sari))
    assert casework.worklist(officer.actor, WorkView.TODAY, cursor=cursor).lines[0].id == receipt.case_id


def test_returning_pauses_both_clocks_and_completing_lets_them_run(
    office: Office, sari: SubjectView, officer: Officer
) -> None:
    """Only the asked page can be answered anew; what is sent back replaces the evidence; the clocks go on."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    casework.return_for_completion(officer.actor, receipt.case_id, pages=["letter"], reason=REASON)
    own = casework.own(actor, receipt.case_id, "id")
    assert own.return_reason == REASON
    assert all(clock.paused_for and clock.due_at is None for clock in own.clocks)
    with pytest.raises(casework.NoSuchPage):
        casework.save_page(actor, own.draft_id, "child.0", {"children.0.name": "Nama Lain"}, {})
    file = walk.upload(actor, "children.0.letter", walk.picture("grey"))
    assert not casework.save_page(actor, own.draft_id, "letter.0", {}, {"children.0.letter": file})
    assert casework.complete(actor, own.draft_id).number == receipt.number
    again = casework.own(actor, receipt.case_id, "id")
    assert again.line.state is CaseState.SUBMITTED
    assert all(clock.running and clock.due_at for clock in again.clocks)
    seen = casework.for_officer(officer.actor, receipt.case_id, "id")
    assert [entry.file_id for entry in seen.files] == [file.id]
    assert not casework.drafts_in_progress(actor)


def test_completing_twice_gives_the_same_receipt(office: Office, sari: SubjectView, officer: Officer) -> None:
    """The second press finds the case sent."""
    actor = person(sari)
    receipt = walk.sent(actor)
    casework.take(officer.actor, receipt.case_id)
    casework.return_for_completion(officer.actor, receipt.case_id, pages=["letter"], reason=REASON)
    draft_id = casework.own(actor, receipt.case_id, "id").draft_id
    assert casework.complete(actor, draft_id) == casework.complete(actor, draft_id)


def test_four_eyes_keep_the_verifier_from_deciding(
    office: Office, sari: SubjectView, officer: Officer
) -> None:
    """The definition asks it: the officer who verified may not decide; another one may."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    assert not {"approve", "refuse"} & casework.for_officer(officer.actor, receipt.case_id, "id").actions
    with pytest.raises(casework.FourEyes):
        casework.decide(officer.actor, receipt.case_id, outcome=Outcome.APPROVED)
    second = appointed(911, "Eka Penyelia", *OFFICER)
    casework.decide(second.actor, receipt.case_id, outcome=Outcome.APPROVED)
    assert Case.objects.get().state == CaseState.APPROVED


def test_a_correction_is_asked_once_at_a_time_and_must_change_something(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """The same name, a name of one word, a second request, a stranger: each is refused."""
    from pendopo.foundation.outbox import deliver_due
    from pendopo.kernel.names import InvalidName

    actor = person(sari)
    receipt = walk.sent(actor)
    changes = casework.Changes(child_name="Bunga Melati Prasetya")
    with pytest.raises(casework.ActionNotPossible):
        casework.request_correction(actor, receipt.case_id, 0, changes, REASON)
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    while deliver_due():
        pass
    with pytest.raises(casework.NothingChanged):
        casework.request_correction(
            actor, receipt.case_id, 0, casework.Changes(child_name="Bunga Melati Prasetyo"), REASON
        )
    with pytest.raises(InvalidName):
        casework.request_correction(actor, receipt.case_id, 0, casework.Changes(child_name="Bunga"), REASON)
    with pytest.raises(casework.NoSuchCase):
        casework.request_correction(person(activated(RINA)), receipt.case_id, 0, changes, REASON)
    casework.request_correction(actor, receipt.case_id, 0, changes, REASON)
    with pytest.raises(casework.CorrectionOpen):
        casework.request_correction(actor, receipt.case_id, 0, changes, REASON)


def test_every_step_leaves_one_audit_row(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer
) -> None:
    """Who did what to which case can be told from the audit rows alone, without personal data."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.REFUSED, reason=REASON)
    rows = AuditRow.objects.filter(object_id=receipt.case_id).order_by("created_at")
    assert [row.event for row in rows] == ["casework.submitted", "casework.taken", "casework.decided"]
    assert [row.actor_id for row in rows[1:]] == [officer.subject.id, decider.subject.id]
    assert rows[2].detail == {"outcome": "refused"}


def test_measured_times_reach_the_catalogue(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer
) -> None:
    """One case closed at once: counted, kept, with the minutes that its clock really ran."""
    from pendopo.casework.past_cases import ClosedCases

    assert ClosedCases().this_month("dukcapil", "akta-kelahiran") is None
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.REFUSED, reason=REASON)
    pace = ClosedCases().this_month("dukcapil", "akta-kelahiran")
    assert pace is not None
    assert (pace.cases, pace.kept_percent, pace.promise_minutes) == (1, Decimal(100), 24 * 60)
    assert pace.median_working_minutes <= 5


def test_the_load_counts_each_day(office: Office, sari: SubjectView, officer: Officer) -> None:
    """Seven days, today last."""
    walk.sent(person(sari))
    load = casework.work_load(officer.actor)
    assert len(load) == 7
    assert load[-1].submitted == 1
    assert load[-1].day - load[0].day == dt.timedelta(days=6)


def test_what_an_officer_asked_for_another_officer_decides(
    office: Office, sari: SubjectView, officer: Officer, decider: Officer, sealed: None
) -> None:
    """A correction asked by an officer cannot be approved by the same one."""
    receipt = walk.sent(person(sari))
    casework.take(officer.actor, receipt.case_id)
    casework.decide(decider.actor, receipt.case_id, outcome=Outcome.APPROVED)
    while deliver_due():
        pass
    changes = casework.Changes(child_name="Bima Sakti Pratama", birth_place_code=None)
    asked = casework.request_correction(officer.actor, receipt.case_id, 0, changes, REASON)
    with pytest.raises(casework.FourEyes):
        casework.decide_correction(officer.actor, receipt.case_id, asked, approve=True)
    casework.decide_correction(decider.actor, receipt.case_id, asked, approve=True)
