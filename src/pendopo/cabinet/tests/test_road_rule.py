"""Pure rules of preparation: whose act is next, and what changed from one agenda to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo.cabinet.road import HAND, Hand, Next, Standing, next_act
from pendopo.cabinet.values import DossierState
from pendopo.cabinet.versions import Change, Entry, changes


@pytest.mark.parametrize(
    ("at", "act"),
    [
        (Standing(DossierState.DRAFT), Next.ADD_PAPER),
        (Standing(DossierState.DRAFT, papers=1), Next.ASK_OR_SUBMIT),
        (Standing(DossierState.COORDINATION, 1, 1, round_open=True, missing=1), Next.WAIT_FOR_ANSWERS),
        (Standing(DossierState.COORDINATION, 1, 1, round_open=True), Next.CLOSE_ROUND),
        (Standing(DossierState.COORDINATION, 1, 1, unanswered_points=2), Next.ANSWER_POINTS),
        (Standing(DossierState.COORDINATION, 1, 1), Next.SUBMIT),
        (Standing(DossierState.RETURNED, 1, 1), Next.REWORK),
        (Standing(DossierState.SUBMITTED, 1), Next.SCHEDULE),
        (Standing(DossierState.DEFERRED, 1), Next.SCHEDULE),
        (Standing(DossierState.WITHDRAWN, 1), Next.NOTHING),
        (Standing(DossierState.DECIDED, 1), Next.FOLLOW),
    ],
    ids=lambda value: value.value if isinstance(value, Next) else value.state.value,
)
def test_every_standing_has_one_next_act(at: Standing, act: Next) -> None:
    assert next_act(at) is act


@pytest.mark.parametrize("state", list(DossierState))
def test_every_state_has_a_hand(state: DossierState) -> None:
    assert HAND[next_act(Standing(state))] in Hand


def entries(*items: str) -> list[Entry]:
    return [Entry(item, 10, "a", information=False) for item in items]


def told(old: list[Entry], new: list[Entry]) -> list[tuple[str, Change]]:
    return [(one.item, one.change) for one in changes(old, new)]


def test_what_came_and_what_went() -> None:
    assert told(entries("a", "b"), entries("b", "c")) == [("c", Change.ADDED), ("a", Change.REMOVED)]


def test_of_two_that_changed_places_one_moved() -> None:
    assert told(entries("a", "b", "c"), entries("b", "a", "c")) in (
        [("a", Change.MOVED)],
        [("b", Change.MOVED)],
    )


def test_an_item_before_a_new_one_did_not_move() -> None:
    assert told(entries("a", "b"), entries("c", "a", "b")) == [("c", Change.ADDED)]


def test_minutes_papers_and_path_are_told_apart() -> None:
    new = [Entry("a", 15, "b", information=True)]
    assert [one[1] for one in told(entries("a"), new)] == [Change.MINUTES, Change.PAPERS, Change.INFORMATION]


def test_a_version_that_did_not_say_whether_it_informs_is_not_said_to_differ() -> None:
    assert told([Entry("a", 10, "a")], [Entry("a", 10, "a", information=True)]) == []


@given(st.permutations(list("abcdefg")))
def test_putting_back_what_moved_gives_the_old_order(new: list[str]) -> None:
    old = list("abcdefg")
    moved = {one.item for one in changes(entries(*old), entries(*new))}
    assert [one for one in old if one not in moved] == [one for one in new if one not in moved]
