"""What deciding costs, and what the simulation may say."""

import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pendopo.cabinet import metric, simulation
from pendopo.cabinet.actions import pages, positions
from pendopo.cabinet.configuration import Effort
from pendopo.cabinet.metric import Hours, ItemWork, SessionWork
from pendopo.cabinet.models import DocumentVersion
from pendopo.cabinet.pages import stacks
from pendopo.cabinet.queries.measures import measures
from pendopo.cabinet.simulation import Assumed, Case
from pendopo.cabinet.testing.house import House
from pendopo.cabinet.testing.walk import drafted, meeting
from pendopo.cabinet.values import Path

EFFORT = Effort(page_minutes=2, response_minutes=30, position_minutes=3, unknown_pages=10)


def work(**more: object) -> ItemWork:
    told = {"path": Path.DEBATE, "by_consent": False, "planned_minutes": 10, "spent_seconds": 600} | more
    return ItemWork(**told)  # type: ignore[arg-type]  # fields by name


def test_person_hours_follow_the_stated_formula() -> None:
    item = work(pages=30, readers=4, answers=2, positions=10)
    hours = metric.hours(SessionWork((item,), 10, 120), EFFORT)
    assert hours.reading == pytest.approx(30 * 2 * 4 / 60)
    assert hours.coordination == pytest.approx(1.0)
    assert hours.positions == pytest.approx(0.5)
    assert hours.session == pytest.approx(2.0)
    assert hours.total == pytest.approx(7.5)


def test_papers_that_nobody_counted_are_estimated() -> None:
    unknown = metric.hours(SessionWork((work(readers=3),), 10, 0), EFFORT)
    assert unknown.reading == pytest.approx(10 * 2 * 3 / 60)


def test_minutes_by_path_have_a_median() -> None:
    items = [work(spent_seconds=seconds) for seconds in (60, 120, 600)]
    assert [(one.items, one.actual, one.median) for one in metric.by_path(items)] == [(3, 13, 2)]


def test_a_reader_measures_only_what_they_may_know_of(rapim: House) -> None:
    drafted(meeting(rapim))
    low = measures(rapim.actor("dinkes"), "id").sessions[0]
    high = measures(rapim.actor("wabup"), "id").sessions[0]
    assert (low.items, high.items) == (2, 3)
    assert low.by_consent == 1


def test_reading_counts_people_and_pages(rapim: House) -> None:
    held = meeting(rapim)
    drafted(held)
    DocumentVersion.objects.update(pages=60)
    before = measures(rapim.actor("wabup"), "id").sessions[0].hours.reading
    positions.record_read(rapim.actor("bkad"), held.session.items.get(id=held.plain).dossier_id)
    positions.record_read(rapim.actor("bkad"), held.session.items.get(id=held.plain).dossier_id)
    after = measures(rapim.actor("wabup"), "id").sessions[0].hours.reading
    assert after - before == pytest.approx(2.0)


def test_pages_are_counted_once_by_the_worker(rapim: House) -> None:
    rapim.dossier()
    assert pages.count_pages() == 1
    assert pages.count_pages() == 0
    assert DocumentVersion.objects.get().pages == 1


def test_the_test_paper_has_one_page(rapim: House) -> None:
    with pikepdf.open(io.BytesIO(rapim.paper())) as document:
        assert len(document.pages) == 1


def test_the_same_seed_gives_the_same_numbers() -> None:
    assert simulation.simulate() == simulation.simulate()
    assert simulation.simulate(Assumed(seed=7)) != simulation.simulate(Assumed(seed=8))


def test_without_the_consent_rule_nothing_passes_by_consent() -> None:
    results = {one.case: one for one in simulation.simulate()}
    assert results[Case.NOTHING].by_consent == 0
    assert results[Case.DEADLINE].by_consent == 0
    assert results[Case.BOTH].by_consent > 0


def test_what_the_page_says_of_the_simulation_is_what_came_out() -> None:
    results = {one.case: one for one in simulation.simulate()}
    nothing, both, consent = results[Case.NOTHING], results[Case.BOTH], results[Case.CONSENT]
    assert both.session_minutes < nothing.session_minutes, "the session becomes short"
    assert both.hours.total > nothing.hours.total, "the whole work grows"
    assert both.hours.reading > nothing.hours.reading
    assert (consent.by_consent, consent.hours) == (0, nothing.hours), "consent alone changes nothing"


def test_bars_stand_on_one_scale_and_have_no_gaps() -> None:
    long, short = Hours(6, 2, 1, 1), Hours(1, 0, 0, 1)
    one, other = stacks.rows([("a", "", "", long), ("b", "", "", short)])
    assert [piece.kind for piece in one.pieces] == ["reading", "coordination", "positions", "session"]
    assert sum(piece.width for piece in one.pieces) == 1000
    assert [(piece.kind, piece.start, piece.width) for piece in other.pieces] == [
        ("reading", 0, 100),
        ("session", 100, 100),
    ]
    assert stacks.rows([("nothing", "", "", Hours())])[0].pieces == ()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(min_value=0, max_value=10_000), contested=st.floats(min_value=0, max_value=1))
def test_more_items_by_consent_never_lengthen_the_session(seed: int, contested: float) -> None:
    results = {
        one.case: one
        for one in simulation.simulate(Assumed(seed=seed, contested=contested, items=8, sessions=2))
    }
    assert results[Case.BOTH].session_minutes <= results[Case.DEADLINE].session_minutes + 2
    assert results[Case.BOTH].hours.reading == results[Case.DEADLINE].hours.reading
