"""Live evidence: read, kept with its digest, fallen and returned, failed and frozen; files and links."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import OperationalError

from pendopo.documents import api as documents
from pendopo.foundation import measures
from pendopo.foundation.clock import now, today
from pendopo.foundation.models import AuditRow, OutboxEvent
from pendopo.foundation.outbox import deliver_due
from pendopo.inbox import api as inbox
from pendopo.maturity import jobs, live, refusals
from pendopo.maturity.actions import answers, evidence, refresh
from pendopo.maturity.actions.answers import Said
from pendopo.maturity.judging import Flag, LiveState, live_state
from pendopo.maturity.models import Evidence, LiveReading
from pendopo.maturity.testing.evaluation import MEASURE, REASON, Evaluation, Gauge, begin
from pendopo.maturity.tests.test_answers import judged
from pendopo.maturity.values import CycleState, Stage

pytestmark = pytest.mark.django_db

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def bind(evaluation: Evaluation, level: int = 4) -> Evidence:
    """Show levels 2 and 3 by links, bind the measure to a level and claim it."""
    evaluation.show("2", *range(2, level))
    made = evidence.add_live(evaluation["contact"], evaluation.item("2").id, level, MEASURE)
    return Evidence.objects.select_related("reading").get(id=made)


def again(row: Evidence) -> Evidence:
    refresh.refresh(row.id)
    return Evidence.objects.select_related("reading").get(id=row.id)


def test_a_reading_says_what_was_counted_when_and_how_long_it_counts(
    evaluation: Evaluation, gauge: Gauge
) -> None:
    """Value, of how many, moment and expiry, over the year up to today; its digest finds any later edit."""
    row = bind(evaluation)
    reading = row.reading
    assert reading is not None
    assert (reading.value, reading.of, reading.unit) == (Decimal("90.00"), 100, "percent")
    assert reading.expires_at == reading.taken_at + dt.timedelta(days=2)
    scope = gauge.asked[-1]
    assert (scope.until, (scope.until - scope.since).days) == (today(), 364)
    assert live.is_whole(reading)
    reading.value = Decimal("99.00")
    assert not live.is_whole(reading)
    assert live_state(row, now()) is LiveState.HOLDS


def test_a_digest_survives_the_database(evaluation: Evaluation) -> None:
    """Read back, the row still gives the digest that was written."""
    bind(evaluation)
    assert all(live.is_whole(one) for one in LiveReading.objects.all())


def test_a_reading_that_falls_lowers_the_proposal_and_returns(evaluation: Evaluation, gauge: Gauge) -> None:
    """The claim itself stays as it was given; outbox and audit tell of both turns."""
    row = bind(evaluation)
    evaluation.claim("2", 4)
    assert judged(evaluation, "2").proposed == 4
    gauge.part = 79
    row = again(row)
    found = judged(evaluation, "2")
    assert live_state(row, now()) is LiveState.FELL
    assert (found.proposed, set(found.flags)) == (Decimal(3), {Flag.DROPPED})
    assert found.own is not None
    assert found.own.level == 4
    gauge.part = 80
    again(row)
    assert judged(evaluation, "2").proposed == 4
    assert not judged(evaluation, "2").flags
    topics = ["maturity.level_in_doubt", "maturity.level_holds_again"]
    told = list(OutboxEvent.objects.filter(topic__in=topics).order_by("id"))
    assert [one.topic for one in told] == topics
    assert told[0].payload["number"] == "2"
    assert AuditRow.objects.filter(event="maturity.reading_taken").count() == 3


def test_who_answers_and_who_coordinates_are_told_once_that_a_reading_fell(
    evaluation: Evaluation, gauge: Gauge
) -> None:
    row = bind(evaluation)
    while deliver_due():
        pass
    gauge.part = 79
    row = again(row)
    again(row)
    while deliver_due():
        pass

    def told(part: str) -> list[str]:
        subject = evaluation[part].subject_id
        assert subject is not None
        return [one.title for one in inbox.messages_of(subject)]

    expected = ["Bukti indikator 2 turun (Kecil, 2026)"]
    assert told("contact") == told("coordinator") == expected
    assert told("assessor") == []


def test_a_fallen_reading_flags_the_assessors_level_and_never_changes_it(
    evaluation: Evaluation, gauge: Gauge
) -> None:
    """Until the assessor looks again and gives a level, the same or another."""
    row = bind(evaluation)
    evaluation.claim("2", 4)
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess("2", 4)
    gauge.part = 10
    again(row)
    found = judged(evaluation, "2")
    assert Flag.DOUBT in found.flags
    assert found.assessed is not None
    assert found.assessed.level == 4
    evaluation.assess("2", 4)
    assert Flag.DOUBT not in judged(evaluation, "2").flags


def test_a_level_below_the_fallen_reading_is_not_in_doubt(evaluation: Evaluation, gauge: Gauge) -> None:
    """The assessor accepted less than what the reading is about."""
    row = bind(evaluation)
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess("2", 3)
    gauge.part = 10
    again(row)
    assert Flag.DOUBT not in judged(evaluation, "2").flags


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (OperationalError("canceling statement due to statement timeout"), live.TOO_SLOW),
        (ZeroDivisionError(), live.BROKEN),
        (None, live.NOTHING),
        ("few", live.TOO_FEW),
    ],
)
def test_a_reading_that_fails_freezes_the_level(
    evaluation: Evaluation, gauge: Gauge, fault: Exception | str | None, word: str
) -> None:
    """What the last good reading said stays, visibly frozen; the next good one thaws it."""
    row = bind(evaluation)
    evaluation.claim("2", 4)
    if isinstance(fault, Exception):
        gauge.breaks = fault
    else:
        gauge.part, gauge.whole = (1, 9) if fault == "few" else (0, 0)
    row = again(row)
    assert (row.failed_with, live_state(row, now())) == (word, LiveState.FROZEN)
    found = judged(evaluation, "2")
    assert (found.proposed, set(found.flags)) == (Decimal(4), {Flag.FROZEN})
    assert LiveReading.objects.order_by("-id")[0].failed == word
    gauge.breaks, gauge.part, gauge.whole = None, 95, 100
    assert live_state(again(row), now()) is LiveState.HOLDS
    assert judged(evaluation, "2").flags == frozenset()


def test_a_measure_that_is_gone_freezes_the_level(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A room that this hall no longer has."""
    row = bind(evaluation)
    monkeypatch.delitem(measures._known, MEASURE)
    assert again(row).failed_with == live.UNKNOWN


def test_a_reading_that_is_too_old_is_frozen(evaluation: Evaluation) -> None:
    """It is told as stale from the moment of its expiry, without anybody doing anything."""
    row = bind(evaluation)
    assert row.reading is not None
    assert live_state(row, row.reading.expires_at - dt.timedelta(seconds=1)) is LiveState.HOLDS
    assert live_state(row, row.reading.expires_at) is LiveState.FROZEN


def test_a_reading_that_never_was_is_no_evidence(evaluation: Evaluation, gauge: Gauge) -> None:
    """Nor is one below its threshold: the claim is refused."""
    gauge.whole = 0
    row = bind(evaluation)
    assert live_state(row, now()) is LiveState.WAITING
    with pytest.raises(refusals.EvidenceMissing):
        evaluation.claim("2", 4)
    gauge.part, gauge.whole = 20, 100
    again(row)
    with pytest.raises(refusals.EvidenceMissing):
        evaluation.claim("2", 4)


def test_what_is_a_day_old_is_read_again(evaluation: Evaluation, gauge: Gauge) -> None:
    """What failed is tried again after an hour; a closed cycle keeps its readings."""
    row = bind(evaluation)
    assert jobs.refresh_readings() == 0
    _age(row, hours=25)
    assert jobs.refresh_readings() == 1
    gauge.breaks = OperationalError()
    again(row)
    assert jobs.refresh_readings() == 0
    assert refresh.refresh_all() == 1, "whoever asks need not wait"
    Evidence.objects.filter(id=row.id).update(failed_at=now() - dt.timedelta(minutes=61))
    gauge.breaks = None
    assert jobs.refresh_readings() == 1
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess_all()
    evaluation.to(CycleState.OBJECTIONS)
    evaluation.close()
    _age(row, hours=200)
    assert jobs.refresh_readings() == 0
    assert refresh.refresh_all() == 0
    assert refresh.refresh(row.id) is False


def _age(row: Evidence, *, hours: int) -> None:
    newest = Evidence.objects.filter(id=row.id).values("reading_id")
    LiveReading.objects.filter(id__in=newest).update(taken_at=now() - dt.timedelta(hours=hours))


def test_all_bound_measures_are_read_at_once(evaluation: Evaluation) -> None:
    """Only of indicators that the officer answers for; a second time reads again and binds nothing twice."""
    contact = evaluation["contact"]
    assert evidence.read_all(contact, evaluation.assessment.id) == 2
    assert evidence.read_all(contact, evaluation.assessment.id) == 2
    assert (Evidence.objects.count(), LiveReading.objects.count()) == (2, 4)
    assert evidence.read_all(evaluation["assessor"], evaluation.assessment.id) == 0
    assert judged(evaluation, "2").proposed == 4


def test_whose_figures_count(evaluation: Evaluation, gauge: Gauge) -> None:
    """Where the agency runs the cycle the whole hall is its own; another agency has its own figures."""
    bind(evaluation)
    assert gauge.asked[-1].agency is None
    other = begin(year=2025, agency_codes=("dukcapil",))
    row = other.cycle.assessments.get()
    assert live.scope_of(row, MEASURE) == row.agency_id


def test_a_measure_that_the_instrument_does_not_bind_is_refused(evaluation: Evaluation) -> None:
    """Neither another level nor another indicator."""
    for number, level in (("2", 2), ("1", 4)):
        with pytest.raises(refusals.NotBound):
            evidence.add_live(evaluation["contact"], evaluation.item(number).id, level, MEASURE)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "jdih.go.id",
        "http://jdih.example.go.id/1",
        "javascript:alert(1)",
        "https://x",
        "https://a:b@jdih.go.id/",
    ],
)
def test_only_a_whole_https_address_is_a_link(evaluation: Evaluation, url: str) -> None:
    """Anything else is refused with a sentence."""
    with pytest.raises(refusals.LinkUnusable):
        evidence.add_link(evaluation["contact"], evaluation.item("1").id, 2, title="Peraturan", url=url)
    assert not Evidence.objects.exists()


def test_a_file_is_made_harmless_and_kept(evaluation: Evaluation) -> None:
    """What is no PDF or picture is refused; opening a file leaves an audit row."""
    item = evaluation.item("1").id
    with pytest.raises(documents.UnsafeFile):
        evidence.add_file(evaluation["contact"], item, 2, title="SK", data=b"MZ", filename="sk.exe")
    with pytest.raises(refusals.TitleMissing):
        evidence.add_file(evaluation["contact"], item, 2, title=" ", data=PDF, filename="sk.pdf")
    made = evidence.add_file(evaluation["contact"], item, 2, title="SK", data=PDF, filename="sk.pdf")
    kept, data = evidence.open_file(evaluation["assessor"], made)
    assert (kept.media_type, data[:5]) == ("application/pdf", b"%PDF-")
    assert AuditRow.objects.filter(event="maturity.evidence_read").count() == 1
    evaluation.claim("1", 2)


def test_evidence_is_taken_down_only_while_the_agency_assesses_itself(evaluation: Evaluation) -> None:
    """An assessor looks at what was there; more may be added until the cycle closes."""
    evaluation.show("1", 2)
    row = Evidence.objects.get()
    with pytest.raises(refusals.NotYourPart):
        evidence.remove(evaluation["assessor"], row.id)
    evaluation.to(CycleState.ASSESSING)
    with pytest.raises(refusals.StageNotNow):
        evidence.remove(evaluation["contact"], row.id)
    evaluation.show("1", 3)


def test_an_objector_may_add_what_was_missing(evaluation: Evaluation) -> None:
    """For the agency, not for the assessors."""
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess_all(2)
    evaluation.to(CycleState.OBJECTIONS)
    item = evaluation.item("1").id
    answers.give(evaluation["objector"], item, Stage.OBJECTION, Said("3", REASON))
    evidence.add_link(evaluation["objector"], item, 3, title="Perbup 12", url="https://jdih.example.go.id/12")
    with pytest.raises(refusals.NotYourPart):
        evidence.add_link(evaluation["assessor"], item, 3, title="X", url="https://jdih.example.go.id/13")
