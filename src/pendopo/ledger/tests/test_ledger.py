"""The log through its door: sequencing, a person's list, proofs."""

import datetime as dt
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import transaction

from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.ledger import api
from pendopo.ledger.tests.builders import entry

pytestmark = pytest.mark.django_db
MOTHER, FATHER = "pseudonym-of-mother", "pseudonym-of-father"


def test_an_entry_is_listed_at_once_and_proved_after_sequencing() -> None:
    entry_id = api.record_access(entry(MOTHER))
    assert api.access_of(MOTHER)[0].leaf_index is None
    with pytest.raises(api.NotSequencedError):
        api.proof_of(entry_id, MOTHER)
    api.sequence()
    proof = api.proof_of(entry_id, MOTHER)
    assert proof.holds()
    assert proof.checkpoint == api.latest_checkpoint().note


def test_a_proof_does_not_hold_for_a_changed_record() -> None:
    entry_id = api.record_access(entry(MOTHER))
    api.sequence()
    proof = api.proof_of(entry_id, MOTHER)
    assert proof.record is not None
    changed = {**proof.record, "purpose": "something-else"}
    assert not replace(proof, record=changed).holds()


def test_the_same_message_twice_is_one_entry() -> None:
    first = api.record_access(entry(MOTHER, message_id="m-1"))
    assert api.record_access(entry(MOTHER, message_id="m-1")) == first
    api.sequence()
    assert api.completeness(MOTHER).count == 1


def test_both_sides_of_an_exchange_confirm_one_entry() -> None:
    for side in ("consumer", "provider"):
        api.record_access(entry(MOTHER, message_id="m-1", side=side, statement=f"signed by {side}"))
    (view,) = api.access_of(MOTHER)
    assert (view.confirmed, view.disputed) == (True, False)


def test_a_side_that_tells_another_story_is_shown_as_a_dispute() -> None:
    for _ in range(2):
        api.record_access(entry(MOTHER, message_id="m-1", side="consumer", statement="a"))
        api.record_access(entry(MOTHER, message_id="m-1", side="provider", statement="b", purpose="taxes"))
    views = api.access_of(MOTHER)
    assert {view.purpose for view in views} == {"civil-registration.birth", "taxes"}
    assert all(view.disputed and not view.confirmed for view in views)
    assert len(views) == 2


def test_whoever_only_one_side_names_gets_an_entry_too() -> None:
    api.record_access(entry(MOTHER, message_id="m-1", side="consumer", statement="a"))
    api.record_access(entry(MOTHER, FATHER, message_id="m-1", side="provider", statement="b"))
    assert [view.disputed for view in api.access_of(FATHER)] == [True]


def test_a_lost_answer_is_no_dispute_and_what_was_shown_is_told() -> None:
    asked = replace(entry(MOTHER, message_id="m-1", side="consumer", statement="a"), status=None, fields=())
    answered = entry(MOTHER, FATHER, message_id="m-1", side="provider", statement="b")
    for _ in range(2):
        api.record_access(asked)
        api.record_access(answered)
    assert [(view.disputed, view.fields) for view in api.access_of(FATHER)] == [
        (False, ("birth_date", "name"))
    ]
    assert [view.disputed for view in api.access_of(MOTHER)] == [False, False]


def test_an_entry_without_a_person_is_refused() -> None:
    with pytest.raises(api.NobodyConcernedError):
        api.record_access(entry())


def test_a_list_shows_only_what_concerns_the_person() -> None:
    api.record_access(entry(MOTHER, message_id="m-1"))
    api.record_access(entry(FATHER, message_id="m-2"))
    api.record_access(entry(MOTHER, FATHER, message_id="m-3"))
    assert len(api.access_of(MOTHER)) == 2
    assert len(api.access_of(FATHER)) == 2
    assert api.access_of("somebody-else") == []


def test_pages_follow_one_another_without_gap_or_repeat() -> None:
    at = dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)
    made = [api.record_access(entry(MOTHER, message_id=f"m-{number}", at=at)) for number in range(7)]
    seen: list[api.AccessView] = []
    while page := api.access_of(MOTHER, before=seen[-1].id if seen else None, limit=3):
        seen += page
    assert [view.id for view in seen] == sorted(made, reverse=True)


def test_a_page_after_somebody_elses_entry_is_refused() -> None:
    foreign = api.record_access(entry(FATHER))
    with pytest.raises(api.EntryNotFoundError):
        api.access_of(MOTHER, before=foreign)


def test_a_page_of_the_list_takes_four_queries(django_assert_num_queries: object) -> None:
    for number in range(10):
        api.record_access(entry(MOTHER, message_id=f"m-{number}", side="consumer", statement="s"))
    with django_assert_num_queries(3):  # type: ignore[operator]  # a pytest-django fixture without public type
        api.access_of(MOTHER, limit=10)


def test_looking_at_ones_own_data_is_marked() -> None:
    api.record_access(entry(MOTHER, user=MOTHER))
    assert api.access_of(MOTHER)[0].own


def test_an_officers_look_is_recorded_with_post_and_body() -> None:
    body, post = uuid4(), uuid4()
    officer = Actor(ActorKind.OFFICER, subject_id=uuid4(), body_id=body, post_id=post)
    api.record_look(
        officer,
        subjects=[MOTHER],
        purpose="civil-registration.birth",
        legal_basis="UU 24/2013 Ps. 27",
        fields=["name"],
        issue="AK-1",
    )
    (view,) = api.access_of(MOTHER)
    assert (view.body_id, view.post_id, view.issue, view.fields) == (body, post, "AK-1", ("name",))


def test_a_record_vanishes_with_the_transaction_that_wrote_it() -> None:
    with transaction.atomic():
        api.record_access(entry(MOTHER))
        transaction.set_rollback(True)
    assert api.access_of(MOTHER) == []


def test_completeness_counts_every_entry_and_absence_is_provable() -> None:
    for number in range(5):
        api.record_access(entry(MOTHER, message_id=f"m-{number}"))
    api.record_access(entry(FATHER, message_id="f-1"))
    api.sequence()
    mother, stranger = api.completeness(MOTHER), api.completeness("nobody")
    assert (mother.count, mother.holds()) == (5, True)
    assert (stranger.count, stranger.holds()) == (0, True)
    assert mother.counters_root == api.latest_checkpoint().counters_root


def test_a_smaller_count_cannot_be_proved() -> None:
    for number in range(5):
        api.record_access(entry(MOTHER, message_id=f"m-{number}"))
    api.sequence()
    proof = api.completeness(MOTHER)
    assert not api.CounterProof(proof.key, 4, proof.path, proof.counters_root, proof.checkpoint).holds()


def test_the_log_only_grows() -> None:
    api.record_access(entry(MOTHER, message_id="m-1"))
    api.sequence()
    old = api.latest_checkpoint().size
    for number in range(300):
        api.record_access(entry(MOTHER, message_id=f"n-{number}"))
    api.sequence()
    assert api.consistency(old).holds()
    assert api.consistency(old, old).holds()


def test_every_entry_of_a_log_of_many_tiles_is_provable() -> None:
    made = [api.record_access(entry(MOTHER, message_id=f"m-{number}")) for number in range(600)]
    api.sequence()
    assert all(api.proof_of(entry_id, MOTHER).holds() for entry_id in made[::37])
    assert api.completeness(MOTHER).count == 600


def test_erasing_takes_the_content_and_leaves_the_proof() -> None:
    entry_id = api.record_access(entry(MOTHER, side="consumer", statement="s"))
    api.sequence()
    api.erase(entry_id, actor=SYSTEM, ground="retention")
    api.sequence()
    (view,) = api.access_of(MOTHER)
    assert (view.erased, view.purpose) == (True, "")
    proof = api.proof_of(entry_id, MOTHER)
    assert (proof.holds(), proof.record, proof.salt) == (True, None, None)
    assert api.completeness(MOTHER).count == 1
    assert api.verify().ok
