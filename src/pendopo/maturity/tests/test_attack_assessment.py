"""An officer who wants a better index than deserved: against gates, evidence, parts, closes and clocks."""

import dataclasses
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from pendopo.agencies.api import UnknownBody
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.kernel.errors import PendopoError
from pendopo.maturity import errors, judging, pinned, refusals
from pendopo.maturity.actions import answers, comments, cycles, evidence, giving
from pendopo.maturity.actions.answers import Said
from pendopo.maturity.models import Answer, Assessment, Cycle, Evidence
from pendopo.maturity.testing.evaluation import MEASURE, REASON, YEAR, Evaluation, Gauge, an_officer, begin
from pendopo.maturity.values import CycleKind, CycleState, Stage

A_MOMENT = 0.7
"""Seconds for a thread to come to stand before a lock."""


def judged(evaluation: Evaluation, number: str) -> judging.Judgement:
    item = evaluation.item(number)
    found = list(item.evidence.filter(removed_at=None).select_related("reading"))
    return judging.judge(pinned.of(evaluation.cycle), item.answers.all(), found, now())


def with_all_parts(actor: Actor, evaluation: Evaluation) -> Actor:
    """Return the same person in a post that has every permission of every part."""
    every = frozenset().union(*(one.permissions for one in evaluation.officers.values()))
    return dataclasses.replace(actor, permissions=every)


def test_evidence_under_a_claim_is_not_taken_away(evaluation: Evaluation) -> None:
    """Claim with links, then take the links down: the claim would stand on nothing."""
    evaluation.show("1", 2, 3)
    evaluation.claim("1", 3)
    for row in Evidence.objects.all():
        with pytest.raises(refusals.EvidenceCarries):
            evidence.remove(evaluation["contact"], row.id)
    assert Evidence.objects.filter(removed_at=None).count() == 2
    evaluation.show("1", 3)
    newest, older = Evidence.objects.filter(level=3).order_by("-created_at", "-id")
    evidence.remove(evaluation["contact"], older.id)
    with pytest.raises(refusals.EvidenceCarries):
        evidence.remove(evaluation["contact"], newest.id)
    evaluation.claim("1", 2)
    evidence.remove(evaluation["contact"], newest.id)


def test_a_reading_that_fell_is_not_taken_down_to_lift_the_claim_again(
    evaluation: Evaluation, gauge: Gauge
) -> None:
    evaluation.show("2", 2, 3, 4)
    item = evaluation.item("2").id
    live = evidence.add_live(evaluation["contact"], item, 3, MEASURE)
    evaluation.claim("2", 4)
    gauge.part = 10
    evidence.read_again(evaluation["contact"], live)
    assert judged(evaluation, "2").proposed == 2
    with pytest.raises(refusals.EvidenceCarries):
        evidence.remove(evaluation["contact"], live)
    assert judged(evaluation, "2").proposed == 2


@pytest.mark.parametrize("typed", ["3.995", "3,999", "4.994999", "0.995", "5.004"])
def test_a_level_is_never_rounded_to_one_that_was_not_typed(
    instruments: Path, gauge: Gauge, db: None, typed: str
) -> None:
    """Pemdi takes figures between; one with more places than are kept is refused, not lifted."""
    pemdi = begin("pemdi-2026", 2026)
    pemdi.to(CycleState.ASSESSING)
    item = pemdi.item("I1")
    for accepted in (frozenset({2, 3}), frozenset({2, 3, 4}), frozenset({2, 3, 4, 5}), frozenset[int]()):
        with pytest.raises(errors.MaturityError):
            answers.give(pemdi["assessor"], item.id, Stage.DOCUMENT, Said(typed, REASON, accepted))
    assert not Answer.objects.exists()
    answers.give(pemdi["assessor"], item.id, Stage.DOCUMENT, Said("3,99", REASON, frozenset({2, 3})))
    assert Answer.objects.get().level == Decimal("3.99")


@pytest.mark.parametrize(
    "typed",
    [
        "NaN",
        "1e999",
        "1e0",
        "Infinity",
        "-3",
        "+3",
        "٣",
        "３",
        "3 ",
        "3\u2009",
        "3\u00a05",
        "0x3",
        "3_0",
        "3.",
        "",
        "'",
        "5.0000000001",
    ],
)
def test_what_is_no_level_of_the_scale_gets_nowhere(evaluation: Evaluation, typed: str) -> None:
    evaluation.show("1", 2, 3, 4, 5)
    try:
        answers.give(evaluation["contact"], evaluation.item("1").id, Stage.SELF, Said(typed, REASON))
    except errors.MaturityError:
        assert not Answer.objects.exists()
    else:
        assert Answer.objects.get().level == Decimal(typed.strip())


@pytest.mark.parametrize(
    ("level", "accepted"),
    [
        ("5", {5}),
        ("4", {2, 4}),
        ("3", {2}),
        ("2", {2, 3}),
        ("5", {2, 3, 4, 5, 6}),
        ("3", {0, 2, 3}),
        ("2", {-1, 2}),
    ],
)
def test_no_level_is_reached_past_a_gate(evaluation: Evaluation, level: str, accepted: set[int]) -> None:
    evaluation.to(CycleState.ASSESSING)
    said = Said(level, REASON, frozenset(accepted))
    with pytest.raises(errors.MaturityError):
        answers.give(evaluation["assessor"], evaluation.item("1").id, Stage.DOCUMENT, said)
    assert not Answer.objects.exists()


def test_many_at_once_pass_no_gate_either(evaluation: Evaluation) -> None:
    """One that may not be given takes the others with it."""
    evaluation.to(CycleState.ASSESSING)
    first, second = evaluation.item("1").id, evaluation.item("2").id
    said = {first: Said("2", REASON, frozenset({2})), second: Said("5", REASON, frozenset({5}))}
    with pytest.raises(errors.MaturityError):
        answers.give_all(evaluation["assessor"], evaluation.assessment.id, Stage.DOCUMENT, said)
    assert not Answer.objects.exists()
    assert evaluation.item("1").revision == 0


def test_many_at_once_reach_no_other_assessment(instruments: Path, gauge: Gauge, db: None) -> None:
    ours = begin(agency_codes=("pemda-contoh", "dinsos"))
    theirs = Assessment.objects.exclude(id=ours.assessment.id).get()
    foreign = theirs.items.get(number="1").id
    said = {ours.item("1").id: Said("1", REASON), foreign: Said("1", REASON)}
    with pytest.raises(refusals.NoSuchItem):
        answers.give_all(ours["contact"], ours.assessment.id, Stage.SELF, said)
    assert not Answer.objects.exists()


def test_who_brought_the_evidence_does_not_accept_it(evaluation: Evaluation) -> None:
    """One person in two posts: the colleague claims, they bring the papers and then judge them."""
    both = with_all_parts(evaluation["contact"], evaluation)
    evidence.add_link(both, evaluation.item("1").id, 2, title="Perbup", url="https://jdih.example.go.id/1")
    colleague = an_officer("contact")
    answers.give(colleague, evaluation.item("1").id, Stage.SELF, Said("2", REASON))
    evaluation.to(CycleState.ASSESSING)
    with pytest.raises(refusals.OwnAnswer):
        answers.give(both, evaluation.item("1").id, Stage.DOCUMENT, Said("2", REASON, frozenset({2})))


def test_an_assessor_of_another_body_judges_nothing(evaluation: Evaluation) -> None:
    foreign = an_officer("assessor", "dinsos")
    evaluation.to(CycleState.ASSESSING)
    with pytest.raises(refusals.NoSuchItem):
        answers.give(foreign, evaluation.item("1").id, Stage.DOCUMENT, Said("2", REASON, frozenset({2})))


def test_an_answer_for_another_unit_is_refused(evaluation: Evaluation) -> None:
    """The indicator was given to another body: the agency's own contact answers no more."""
    item = evaluation.item("1").id
    body = an_officer("contact", "dukcapil")
    assert body.body_id is not None
    giving.give_items(evaluation["coordinator"], evaluation.assessment.id, {item: (body.body_id, None)})
    with pytest.raises(refusals.NotYourPart):
        answers.give(evaluation["contact"], item, Stage.SELF, Said("1", REASON))
    with pytest.raises(refusals.NotYourPart):
        evidence.add_link(evaluation["contact"], item, 2, title="x", url="https://a.go.id/")
    answers.give(body, item, Stage.SELF, Said("1", REASON))
    for other in (one.id for one in evaluation.assessment.items.exclude(id=item)):
        with pytest.raises(refusals.NoSuchItem):
            answers.give(body, other, Stage.SELF, Said("1", REASON))


def ready(evaluation: Evaluation) -> None:
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess_all(2)
    evaluation.to(CycleState.OBJECTIONS)


def test_one_person_in_two_posts_does_not_close_alone(evaluation: Evaluation) -> None:
    ready(evaluation)
    first = evaluation["coordinator"]
    again = dataclasses.replace(evaluation["second_coordinator"], subject_id=first.subject_id)
    cycles.ask_to_close(first, evaluation.cycle_id)
    with pytest.raises(refusals.SamePerson):
        cycles.close(again, evaluation.cycle_id)
    cycles.take_back(again, evaluation.cycle_id, REASON)
    cycles.ask_to_close(again, evaluation.cycle_id)
    with pytest.raises(refusals.SamePerson):
        cycles.close(first, evaluation.cycle_id)
    assert evaluation.cycle.state == CycleState.OBJECTIONS


def test_a_coordinator_of_an_assessed_agency_does_not_close_the_cycle_of_another(
    instruments: Path, gauge: Gauge, db: None
) -> None:
    ours = begin(agency_codes=("pemda-contoh", "dinsos"))
    theirs = an_officer("coordinator", "dinsos")
    for act in (cycles.ask_to_close, cycles.close):
        with pytest.raises(refusals.NotYourPart):
            act(theirs, ours.cycle_id)
    with pytest.raises(refusals.NotYourPart):
        cycles.move(theirs, ours.cycle_id, seen=CycleState.OPEN)


def test_a_closed_cycle_takes_nothing_and_its_result_stands(evaluation: Evaluation, gauge: Gauge) -> None:
    item = evaluation.item("2").id
    live = evidence.add_live(evaluation["contact"], item, 3, MEASURE)
    ready(evaluation)
    evaluation.close()
    before = evaluation.assessment.result
    gauge.part = 1
    acts: list[Callable[[], object]] = [
        lambda: answers.give(
            evaluation["assessor"], item, Stage.FINAL, Said("5", REASON, frozenset({2, 3, 4, 5}))
        ),
        lambda: answers.give_all(
            evaluation["assessor"],
            evaluation.assessment.id,
            Stage.DOCUMENT,
            {item: Said("2", REASON, frozenset({2}))},
        ),
        lambda: evidence.add_link(evaluation["contact"], item, 2, title="x", url="https://a.go.id/"),
        lambda: evidence.add_live(evaluation["contact"], item, 4, MEASURE),
        lambda: evidence.read_again(evaluation["contact"], live),
        lambda: evidence.read_all(evaluation["contact"], evaluation.assessment.id),
        lambda: evidence.remove(evaluation["contact"], live),
        lambda: comments.remark(evaluation["contact"], item, "Masih?"),
        lambda: giving.give_items(evaluation["coordinator"], evaluation.assessment.id, {item: None}),
        lambda: cycles.take_back(evaluation["coordinator"], evaluation.cycle_id, REASON),
        lambda: cycles.ask_to_close(evaluation["coordinator"], evaluation.cycle_id),
        lambda: cycles.close(evaluation["coordinator"], evaluation.cycle_id),
    ]
    for place, act in enumerate(acts):
        with pytest.raises(refusals.CycleClosed):
            act()
        assert evaluation.assessment.result == before, place
    assert Evidence.objects.get(id=live).holds is True


@pytest.mark.django_db(transaction=True)
def test_an_answer_while_the_second_person_closes_is_refused_not_lost(
    instruments: Path, gauge: Gauge
) -> None:
    evaluation = begin()
    ready(evaluation)
    item = evaluation.item("1").id
    answers.give(evaluation["objector"], item, Stage.OBJECTION, Said("3", REASON))
    evaluation.assess("1", 2, Stage.FINAL)
    cycles.ask_to_close(evaluation["coordinator"], evaluation.cycle_id)

    def act(work: Callable[[], object]) -> str:
        try:
            work()
        except PendopoError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Cycle.objects.select_for_update().get(id=evaluation.cycle_id)
            closing = pool.submit(
                act, lambda: cycles.close(evaluation["second_coordinator"], evaluation.cycle_id)
            )
            time.sleep(A_MOMENT)
            objecting = pool.submit(
                act, lambda: answers.give(evaluation["objector"], item, Stage.OBJECTION, Said("5", REASON))
            )
            time.sleep(A_MOMENT)
        told = closing.result(), objecting.result()
    assert told in {
        ("done", "maturity.cycle_closed"),
        ("maturity.objections_open", "done"),
    }
    closed = evaluation.cycle.state == CycleState.CLOSED
    assert closed == (told[0] == "done")


@pytest.mark.django_db(transaction=True)
def test_two_who_open_the_same_cycle_at_once_open_one(instruments: Path, gauge: Gauge) -> None:
    evaluation = begin()
    seen: list[str] = []
    really = Cycle.objects.create

    def open_it() -> str:
        try:
            cycles.start(evaluation["coordinator"], "tiny", YEAR + 1, kind=CycleKind.EVALUATION)
        except PendopoError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    def slowly(**columns: object) -> Cycle:
        time.sleep(A_MOMENT)
        return really(**columns)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cycle.objects, "create", slowly)
        with ThreadPoolExecutor(2) as pool:
            seen += pool.map(lambda _: open_it(), range(2))
    assert sorted(seen) == ["done", "maturity.cycle_there"]


@pytest.mark.parametrize("level", [0, 1000, -3, 6])
def test_evidence_is_for_a_level_of_the_scale(evaluation: Evaluation, level: int) -> None:
    with pytest.raises(refusals.NotALevel):
        evidence.add_link(
            evaluation["contact"], evaluation.item("1").id, level, title="x", url="https://a.go.id/"
        )


def test_an_agency_that_is_not_there_is_not_assessed(evaluation: Evaluation) -> None:
    with pytest.raises(UnknownBody):
        cycles.start(
            evaluation["coordinator"],
            "tiny",
            YEAR + 1,
            kind=CycleKind.EVALUATION,
            agency_ids=[evaluation.cycle_id],
        )
    assert Cycle.objects.count() == 1
