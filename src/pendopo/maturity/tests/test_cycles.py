"""Cycles: opened on a pinned instrument, taken on state by state, closed by two people for good."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pendopo.foundation.models import AuditRow, OutboxEvent
from pendopo.kernel.errors import Forbidden
from pendopo.maturity import pinned, refusals
from pendopo.maturity.actions import answers, cycles, evidence, giving
from pendopo.maturity.actions.answers import Said
from pendopo.maturity.models import Assessment, Cycle, CycleStep
from pendopo.maturity.testing.evaluation import REASON, YEAR, Evaluation, an_officer, begin
from pendopo.maturity.values import CycleKind, CycleState, Stage

pytestmark = pytest.mark.django_db


def test_a_cycle_holds_every_indicator_of_its_agencies(instruments: Path) -> None:
    """Rows of an indicator that is scored more than once are asked one by one."""
    found = begin("spbe-2018", 2019, agency_codes=("pemda-contoh", "dukcapil"))
    assert {one.items.count() for one in Assessment.objects.filter(cycle=found.cycle_id)} == {37}
    assert [one.row for one in found.assessment.items.filter(number="35").order_by("order")] == [1, 2, 3]


def test_an_edit_of_the_instrument_does_not_reach_a_running_cycle(
    evaluation: Evaluation, instruments: Path
) -> None:
    """The cycle goes on with the text that it began with, and the page can say that the file differs now."""
    assert pinned.is_current(evaluation.cycle)
    path = instruments / "tiny.yaml"
    path.write_text(path.read_text().replace("at_least: 50", "at_least: 99"))
    assert not pinned.is_current(evaluation.cycle)
    indicator = pinned.of(evaluation.cycle).indicator("2")
    assert indicator is not None
    assert [str(one.at_least) for one in indicator.evidence] == ["50", "80"]
    path.unlink()
    assert not pinned.is_current(evaluation.cycle)
    assert pinned.of(evaluation.cycle).digest == evaluation.cycle.instrument_hash


def test_a_body_runs_an_instrument_once_a_year(evaluation: Evaluation) -> None:
    """The second cycle of the same year is refused, another year's is not."""
    with pytest.raises(refusals.CycleThere):
        cycles.start(evaluation["coordinator"], "tiny", YEAR, kind=CycleKind.MONITORING)
    cycles.start(evaluation["coordinator"], "tiny", YEAR - 1, kind=CycleKind.MONITORING)
    assert Cycle.objects.count() == 2


@pytest.mark.parametrize(("instrument", "year"), [("spbe-2020", 2027), ("pemdi-2026", 2025), ("tiny", 2024)])
def test_a_year_in_which_the_instrument_was_not_in_force_is_refused(
    evaluation: Evaluation, instrument: str, year: int
) -> None:
    """Nothing is opened."""
    with pytest.raises(refusals.YearOutside):
        cycles.start(evaluation["coordinator"], instrument, year, kind=CycleKind.EVALUATION)
    assert Cycle.objects.count() == 1


def test_monitoring_has_no_interviews(instruments: Path, gauge: object) -> None:
    """PermenPANRB 59/2020: monitoring is self-assessment and documents."""
    found = begin(kind=CycleKind.MONITORING)
    found.to(CycleState.ASSESSING)
    found.assess_all()
    assert cycles.move(found["coordinator"], found.cycle_id, seen=CycleState.ASSESSING) == "objections"


def test_objections_begin_when_every_indicator_has_an_assessors_level(evaluation: Evaluation) -> None:
    """The refusal names what is missing."""
    evaluation.to(CycleState.INTERVIEWS)
    evaluation.assess("1", 2, Stage.INTERVIEW)
    with pytest.raises(refusals.NotAllAssessed) as refused:
        cycles.move(evaluation["coordinator"], evaluation.cycle_id, seen=CycleState.INTERVIEWS)
    assert refused.value.params["numbers"] == "2, 3, 4"


def test_two_coordinators_who_move_at_once_move_one_step(evaluation: Evaluation) -> None:
    """The second one is told that the cycle is elsewhere already."""
    cycles.move(evaluation["coordinator"], evaluation.cycle_id, seen=CycleState.OPEN)
    with pytest.raises(refusals.StageNotNow):
        cycles.move(evaluation["second_coordinator"], evaluation.cycle_id, seen=CycleState.OPEN)
    assert evaluation.cycle.state == CycleState.ASSESSING


def _to_objections(evaluation: Evaluation, level: int = 3) -> None:
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess_all(level)
    evaluation.to(CycleState.OBJECTIONS)


def test_closing_needs_two_people(evaluation: Evaluation) -> None:
    """One alone is refused in either order; the two keep levels and index of every agency."""
    _to_objections(evaluation)
    with pytest.raises(refusals.CloseNotAsked):
        cycles.close(evaluation["second_coordinator"], evaluation.cycle_id)
    cycles.ask_to_close(evaluation["coordinator"], evaluation.cycle_id)
    with pytest.raises(refusals.SamePerson):
        cycles.close(evaluation["coordinator"], evaluation.cycle_id)
    with pytest.raises(refusals.CloseAsked):
        cycles.ask_to_close(evaluation["second_coordinator"], evaluation.cycle_id)
    assert not Assessment.objects.filter(result__isnull=False).exists()
    cycles.close(evaluation["second_coordinator"], evaluation.cycle_id)
    result = evaluation.assessment.result
    assert result is not None
    assert (result["index"], result["exact"], result["predicate"]) == ("3.00", "3.0000", "high")
    assert result["levels"] == {number: ["3.00"] for number in "1234"}
    told = OutboxEvent.objects.get(topic="maturity.cycle_closed").payload
    assert told == {
        "cycle_id": str(evaluation.cycle_id),
        "assessments": [str(evaluation.assessment.id)],
    }
    assert [one.kind for one in CycleStep.objects.filter(cycle=evaluation.cycle_id).order_by("id")] == [
        "open",
        "assessing",
        "interviews",
        "objections",
        "close_asked",
        "closed",
    ]


def test_the_second_person_closes_what_the_first_one_saw(evaluation: Evaluation) -> None:
    """A level that changed in between takes the request back, and nothing is closed."""
    _to_objections(evaluation)
    item = evaluation.item("1").id
    answers.give(evaluation["objector"], item, Stage.OBJECTION, Said("5", REASON))
    evaluation.assess("1", 4, Stage.FINAL)
    cycles.ask_to_close(evaluation["coordinator"], evaluation.cycle_id)
    answers.give(evaluation["objector"], item, Stage.OBJECTION, Said("5", REASON))
    with pytest.raises(refusals.ObjectionsOpen):
        cycles.close(evaluation["second_coordinator"], evaluation.cycle_id)
    evaluation.assess("1", 5, Stage.FINAL)
    with pytest.raises(refusals.LevelsChanged):
        cycles.close(evaluation["second_coordinator"], evaluation.cycle_id)
    assert evaluation.cycle.close_asked_by is None
    assert evaluation.cycle.state == CycleState.OBJECTIONS
    evaluation.close()
    result = evaluation.assessment.result
    assert result is not None
    assert result["levels"]["1"] == ["5.00"]


def test_a_request_to_close_can_be_taken_back_with_a_reason(evaluation: Evaluation) -> None:
    """The reason is kept."""
    _to_objections(evaluation)
    cycles.ask_to_close(evaluation["coordinator"], evaluation.cycle_id)
    with pytest.raises(refusals.ReasonMissing):
        cycles.take_back(evaluation["second_coordinator"], evaluation.cycle_id, "  ")
    cycles.take_back(evaluation["second_coordinator"], evaluation.cycle_id, "Indikator 3 perlu dilihat lagi.")
    step = CycleStep.objects.filter(cycle=evaluation.cycle_id).order_by("-id").first()
    assert step is not None
    assert (step.kind, step.reason) == ("close_taken_back", "Indikator 3 perlu dilihat lagi.")
    with pytest.raises(refusals.CloseNotAsked):
        cycles.close(evaluation["second_coordinator"], evaluation.cycle_id)


def test_nothing_is_written_in_a_closed_cycle(evaluation: Evaluation) -> None:
    """Every verb says so with the same sentence, and changes nothing."""
    evaluation.show("1", 2)
    _to_objections(evaluation)
    evaluation.close()
    item = evaluation.item("1")
    before = AuditRow.objects.count()
    acts: list[Callable[[], object]] = [
        lambda: evaluation.claim("1", 1),
        lambda: evaluation.assess("1", 2, Stage.FINAL),
        lambda: evaluation.show("1", 3),
        lambda: evidence.add_live(evaluation["contact"], evaluation.item("2").id, 3, "casework.on-time"),
        lambda: evidence.remove(evaluation["contact"], item.evidence.get().id),
        lambda: giving.give_items(evaluation["coordinator"], evaluation.assessment.id, {item.id: None}),
        lambda: cycles.move(
            evaluation["coordinator"], evaluation.cycle_id, seen=CycleState(evaluation.cycle.state)
        ),
        lambda: cycles.ask_to_close(evaluation["coordinator"], evaluation.cycle_id),
    ]
    for act in acts:
        with pytest.raises(refusals.CycleClosed):
            act()
    assert AuditRow.objects.count() == before


@pytest.mark.parametrize("part", ["contact", "internal", "assessor", "objector", "clerk"])
def test_only_a_coordinator_opens_moves_and_closes(evaluation: Evaluation, part: str) -> None:
    """Others of the same body are refused; who has no part at all learns of nothing."""
    actor = evaluation[part]
    with pytest.raises(Forbidden):
        cycles.start(actor, "tiny", YEAR - 1, kind=CycleKind.MONITORING)
    refused = refusals.NoSuchCycle if part == "clerk" else refusals.NotYourPart
    acts: list[Callable[[], object]] = [
        lambda: cycles.move(actor, evaluation.cycle_id, seen=CycleState.OPEN),
        lambda: cycles.ask_to_close(actor, evaluation.cycle_id),
        lambda: cycles.close(actor, evaluation.cycle_id),
        lambda: cycles.take_back(actor, evaluation.cycle_id, REASON),
        lambda: giving.give_items(actor, evaluation.assessment.id, {}),
    ]
    for act in acts:
        with pytest.raises(refused):
            act()
    assert evaluation.cycle.state == CycleState.OPEN


def test_indicators_are_given_to_offices_and_taken_back(evaluation: Evaluation) -> None:
    """The office's own contact then answers, the agency's no longer; all choices count or none."""
    theirs = an_officer("contact", "dukcapil")
    item = evaluation.item("1").id
    with pytest.raises(refusals.NoSuchItem):
        answers.give(theirs, item, Stage.SELF, Said("1", REASON))
    assert theirs.body_id is not None
    places = {item: (theirs.body_id, None)}
    assert giving.give_items(evaluation["coordinator"], evaluation.assessment.id, places) == 1
    answers.give(theirs, item, Stage.SELF, Said("1", REASON))
    with pytest.raises(refusals.NotYourPart):
        answers.give(evaluation["contact"], item, Stage.SELF, Said("1", REASON))
    wrong = {item: None, evaluation.item("2").id: (item, None)}
    with pytest.raises(refusals.BadGiving):
        giving.give_items(evaluation["coordinator"], evaluation.assessment.id, wrong)
    assert evaluation.item("1").body_id == theirs.body_id
    giving.give_items(evaluation["coordinator"], evaluation.assessment.id, {item: None})
    evaluation.claim("1", 1)
