"""Levels: who gives them when, what they need, what happens when two write at once."""

from decimal import Decimal

import pytest

from pendopo.foundation.clock import now
from pendopo.maturity import errors, judging, pinned, refusals
from pendopo.maturity.actions import answers, comments, evidence
from pendopo.maturity.actions.answers import Said
from pendopo.maturity.judging import Flag, Judgement
from pendopo.maturity.models import Answer, Comment
from pendopo.maturity.testing.evaluation import REASON, Evaluation, an_officer, begin
from pendopo.maturity.values import CycleState, Stage

pytestmark = pytest.mark.django_db


def judged(evaluation: Evaluation, number: str) -> Judgement:
    item = evaluation.item(number)
    found = list(item.evidence.select_related("reading"))
    return judging.judge(pinned.of(evaluation.cycle), item.answers.all(), found, now())


def test_each_level_up_to_the_claimed_one_needs_evidence(evaluation: Evaluation) -> None:
    """The refusal names the levels without any; the lowest level needs none."""
    evaluation.claim("1", 1)
    evaluation.show("1", 2, 4)
    with pytest.raises(refusals.EvidenceMissing) as refused:
        evaluation.claim("1", 4)
    assert refused.value.params["levels"] == "3"
    evaluation.show("1", 3)
    evaluation.claim("1", 4)
    assert judged(evaluation, "1").proposed == 4


def test_evidence_that_was_taken_down_counts_no_more(evaluation: Evaluation) -> None:
    """Then the level above it cannot be claimed any longer."""
    evaluation.show("1", 2, 3)
    evidence.remove(evaluation["contact"], evaluation.item("1").evidence.get(level=2).id)
    with pytest.raises(refusals.EvidenceMissing):
        evaluation.claim("1", 3)


def test_an_outside_index_needs_evidence_of_its_own_level_only(instruments: object) -> None:
    """Pemdi I5 is decided by the Satu Data index: the published score is the evidence."""
    found = begin("pemdi-2026")
    found.show("I5", 3)
    found.claim("I5", "3.4")
    assert judged(found, "I5").proposed == Decimal("3.40")


@pytest.mark.parametrize(
    ("level", "refused"),
    [
        ("", refusals.LevelMissing),
        ("banyak", errors.LevelNotANumber),
        ("0", errors.LevelOutOfRange),
        ("6", errors.LevelOutOfRange),
        ("2.5", errors.LevelOffStep),
    ],
)
def test_a_level_off_the_scale_is_refused(
    evaluation: Evaluation, level: str, refused: type[Exception]
) -> None:
    """And nothing is written."""
    with pytest.raises(refused):
        evaluation.claim("1", level)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("reason", "refused"), [("  \n ", refusals.ReasonMissing), ("x" * 4001, refusals.TextTooLong)]
)
def test_a_level_needs_a_reason(evaluation: Evaluation, reason: str, refused: type[Exception]) -> None:
    """One that people can read."""
    with pytest.raises(refused):
        answers.give(evaluation["contact"], evaluation.item("1").id, Stage.SELF, Said("1", reason))


def test_a_level_is_accepted_after_the_one_below(evaluation: Evaluation) -> None:
    """Level 4 is refused until 3 is accepted, in the same sitting or an earlier one."""
    evaluation.to(CycleState.ASSESSING)
    item = evaluation.item("1").id
    with pytest.raises(refusals.GateClosed) as refused:
        answers.give(evaluation["assessor"], item, Stage.DOCUMENT, Said("4", REASON, frozenset({2, 4})))
    assert (refused.value.params["level"], refused.value.params["below"]) == (4, 3)
    with pytest.raises(refusals.LevelBeyondAccepted):
        answers.give(evaluation["assessor"], item, Stage.DOCUMENT, Said("4", REASON, frozenset({2, 3})))
    with pytest.raises(refusals.LevelBeyondAccepted):
        answers.give(evaluation["assessor"], item, Stage.DOCUMENT, Said("2", REASON, frozenset({2, 3})))
    with pytest.raises(refusals.LevelBeyondAccepted):
        answers.give(evaluation["assessor"], item, Stage.DOCUMENT, Said("5", REASON, frozenset({9})))
    answers.give(evaluation["assessor"], item, Stage.DOCUMENT, Said("3", REASON, frozenset({2, 3})))
    assert Answer.objects.get().accepted == 3


def test_between_two_levels_the_lower_one_is_accepted(instruments: object) -> None:
    """Pemdi's levels have no steps: 3.40 needs level 3 accepted, and not 4."""
    found = begin("pemdi-2026")
    found.to(CycleState.ASSESSING)
    item = found.item("I1").id
    said = Said("3.40", REASON, frozenset({2, 3}))
    answers.give(found["assessor"], item, Stage.DOCUMENT, said)
    assert judged(found, "I1").assessed is not None
    with pytest.raises(refusals.LevelBeyondAccepted):
        answers.give(found["assessor"], item, Stage.DOCUMENT, Said("3.40", REASON, frozenset({2, 3, 4})))


def test_agency_and_assessor_are_kept_apart(evaluation: Evaluation) -> None:
    """Neither changes the other's value; of each the newest of the highest stage counts."""
    evaluation.show("1", 2, 3, 4)
    evaluation.claim("1", 4)
    said = Said("3", REASON)
    answers.give(evaluation["internal"], evaluation.item("1").id, Stage.INTERNAL, said)
    evaluation.claim("1", 4)
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess("1", 2)
    evaluation.to(CycleState.INTERVIEWS)
    evaluation.assess("1", 3, Stage.INTERVIEW)
    evaluation.assess("1", 4, Stage.VISIT)
    evaluation.assess("1", 2, Stage.INTERVIEW)
    found = judged(evaluation, "1")
    assert found.own is not None
    assert found.assessed is not None
    assert (found.own.stage, found.own.level) == (Stage.INTERNAL, Decimal(3))
    assert (found.assessed.stage, found.assessed.level) == (Stage.VISIT, Decimal(4))


def test_a_stage_out_of_turn_is_refused(evaluation: Evaluation) -> None:
    """Each state of the cycle takes its own stages."""
    with pytest.raises(refusals.StageNotNow):
        evaluation.assess("1", 2)
    evaluation.to(CycleState.ASSESSING)
    for stage in (Stage.INTERVIEW, Stage.VISIT, Stage.FINAL):
        with pytest.raises(refusals.StageNotNow):
            evaluation.assess("1", 2, stage)
    with pytest.raises(refusals.StageNotNow):
        evaluation.claim("1", 1)
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("part", "allowed"),
    [
        ("contact", {Stage.SELF}),
        ("internal", {Stage.INTERNAL}),
        ("assessor", {Stage.DOCUMENT, Stage.INTERVIEW, Stage.VISIT, Stage.FINAL}),
        ("objector", {Stage.OBJECTION}),
        ("coordinator", set()),
    ],
)
def test_each_part_gives_its_own_stages(evaluation: Evaluation, part: str, allowed: set[Stage]) -> None:
    """Whatever a post does not carry is refused before anything else is looked at."""
    for stage in Stage:
        refused = refusals.StageNotNow if stage in allowed else refusals.NotYourPart
        if stage in allowed & {Stage.SELF, Stage.INTERNAL}:
            answers.give(evaluation[part], evaluation.item("1").id, stage, Said("1", REASON))
            continue
        with pytest.raises(refused):
            answers.give(evaluation[part], evaluation.item("1").id, stage, Said("1", REASON))


def test_who_spoke_for_the_agency_judges_nothing(evaluation: Evaluation) -> None:
    """One person with two posts does not check or assess their own answer."""
    contact = evaluation["contact"]
    evaluation.claim("1", 1)
    assert contact.subject_id is not None
    both = an_officer("contact")
    checking = type(both)(
        contact.kind,
        contact.subject_id,
        2,
        body_id=contact.body_id,
        post_id=contact.post_id,
        permissions=evaluation["internal"].permissions | evaluation["assessor"].permissions,
    )
    with pytest.raises(refusals.OwnAnswer):
        answers.give(checking, evaluation.item("1").id, Stage.INTERNAL, Said("1", REASON))
    evaluation.to(CycleState.ASSESSING)
    with pytest.raises(refusals.OwnAnswer):
        answers.give(checking, evaluation.item("1").id, Stage.DOCUMENT, Said("1", REASON))


def test_two_who_answer_at_once_are_shown_each_other(evaluation: Evaluation) -> None:
    """The second one's value is refused beside the first one's, and given when they look again."""
    evaluation.to(CycleState.ASSESSING)
    item = evaluation.item("1").id
    first, second = evaluation["assessor"], evaluation["second_assessor"]
    answers.give(first, item, Stage.DOCUMENT, Said("2", REASON, frozenset({2}), revision=0))
    with pytest.raises(refusals.AnsweredMeanwhile) as refused:
        answers.give(second, item, Stage.DOCUMENT, Said("3", REASON, frozenset({2, 3}), revision=0))
    assert (refused.value.params["theirs"], refused.value.params["yours"]) == ("2", "3")
    assert Answer.objects.count() == 1
    again = Said("3", REASON, frozenset({2, 3}), revision=1)
    assert answers.give(second, item, Stage.DOCUMENT, again) == 2


def test_an_objection_waits_for_its_decision(evaluation: Evaluation) -> None:
    """One at a time, only against a level that was given; the decision answers it and counts."""
    evaluation.to(CycleState.ASSESSING)
    evaluation.assess_all(2)
    evaluation.to(CycleState.OBJECTIONS)
    item = evaluation.item("1").id
    with pytest.raises(refusals.NoObjection):
        evaluation.assess("1", 3, Stage.FINAL)
    objection = Said("4", "Peraturan nomor 12 tidak dibaca.")
    answers.give(evaluation["objector"], item, Stage.OBJECTION, objection)
    with pytest.raises(refusals.ObjectionThere):
        answers.give(evaluation["objector"], item, Stage.OBJECTION, objection)
    found = judged(evaluation, "1")
    assert found.flags == {Flag.OBJECTION}
    assert found.assessed is not None
    assert found.assessed.level == 2
    evaluation.assess("1", 3, Stage.FINAL)
    found = judged(evaluation, "1")
    assert found.flags == frozenset()
    assert found.assessed is not None
    assert found.assessed.level == 3


def test_remarks_are_kept_by_criterion(evaluation: Evaluation) -> None:
    """Anybody with a part may remark, on a level that exists."""
    item = evaluation.item("1").id
    comments.remark(evaluation["assessor"], item, "Lampiran halaman 3 tidak terbaca.", 3)
    comments.remark(evaluation["contact"], item, "Sudah diganti.")
    with pytest.raises(refusals.NotALevel):
        comments.remark(evaluation["contact"], item, "Apa?", 6)
    with pytest.raises(refusals.ReasonMissing):
        comments.remark(evaluation["contact"], item, " ")
    with pytest.raises(refusals.NoSuchItem):
        comments.remark(evaluation["clerk"], item, "Apa?")
    assert [one.level for one in Comment.objects.order_by("id")] == [3, None]
