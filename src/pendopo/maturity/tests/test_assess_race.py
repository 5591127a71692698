"""Two at the same moment: assessors on one indicator, and closing while somebody writes."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from pendopo.maturity.actions import answers, cycles
from pendopo.maturity.actions.answers import Said
from pendopo.maturity.actions.holding import open_cycle
from pendopo.maturity.errors import MaturityError
from pendopo.maturity.models import Answer, Cycle
from pendopo.maturity.testing.evaluation import REASON, Evaluation, Gauge, begin
from pendopo.maturity.values import CycleState, Stage

pytestmark = pytest.mark.django_db(transaction=True)

A_MOMENT = 0.7
"""Seconds for a thread to come to stand before a lock."""


@pytest.fixture
def at_objections(instruments: Path, gauge: Gauge) -> Evaluation:
    """A cycle whose close one coordinator has asked for."""
    found = begin()
    found.to(CycleState.ASSESSING)
    found.assess_all(2)
    found.to(CycleState.OBJECTIONS)
    cycles.ask_to_close(found["coordinator"], found.cycle_id)
    return found


def told(act: Callable[[], object]) -> str:
    """Act in a connection of this thread and return how it ended."""
    try:
        act()
    except MaturityError as error:
        return error.code
    finally:
        connection.close()
    return "done"


def test_of_two_assessors_at_the_same_moment_one_is_shown_the_other(instruments: Path, gauge: Gauge) -> None:
    """Both saw the same revision; one level is kept, and nobody's is lost without a word."""
    found = begin()
    found.to(CycleState.ASSESSING)
    item, ready = found.item("1").id, threading.Barrier(2)

    def give(part: str, level: int) -> str:
        ready.wait()
        said = Said(str(level), REASON, frozenset(range(2, level + 1)), revision=0)
        return told(lambda: answers.give(found[part], item, Stage.DOCUMENT, said))

    with ThreadPoolExecutor(2) as pool:
        ends = [pool.submit(give, "assessor", 2), pool.submit(give, "second_assessor", 3)]
        assert sorted(one.result() for one in ends) == ["done", "maturity.answered_meanwhile"]
    assert Answer.objects.count() == 1


def test_who_writes_while_the_cycle_closes_is_told_so(at_objections: Evaluation) -> None:
    """The writer waits for the close and then finds the cycle closed; its levels stay what they were."""
    item = at_objections.item("1").id
    objection = Said("5", REASON)
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Cycle.objects.select_for_update().get(id=at_objections.cycle_id)
            closing = pool.submit(
                told, lambda: cycles.close(at_objections["second_coordinator"], at_objections.cycle_id)
            )
            time.sleep(A_MOMENT)
            writing = pool.submit(
                told,
                lambda: answers.give(at_objections["objector"], item, Stage.OBJECTION, objection),
            )
            time.sleep(A_MOMENT)
        assert closing.result() == "done"
        assert writing.result() == "maturity.cycle_closed"
    assert at_objections.cycle.state == CycleState.CLOSED
    assert not Answer.objects.filter(stage=Stage.OBJECTION).exists()


def test_who_closes_while_somebody_writes_waits_for_the_words(at_objections: Evaluation) -> None:
    """What was being written counts: the close is refused, because an objection waits now."""
    item = at_objections.item("1").id
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            open_cycle(at_objections.cycle)
            closing = pool.submit(
                told, lambda: cycles.close(at_objections["second_coordinator"], at_objections.cycle_id)
            )
            time.sleep(A_MOMENT)
            assert not closing.done()
            Answer.objects.create(item_id=item, revision=2, stage=Stage.OBJECTION, level="5", reason=REASON)
        assert closing.result() == "maturity.objections_open"
    assert at_objections.cycle.state == CycleState.OBJECTIONS
