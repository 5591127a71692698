"""A proof opens the reader's own name in the record and nobody else's, and the log is bound to every name."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from pendopo.foundation import crypto
from pendopo.foundation.commitments import commit
from pendopo.ledger import api, hiding
from pendopo.ledger.contents import context, record_of
from pendopo.ledger.models import AccessRecord
from pendopo.ledger.tests.builders import entry
from pendopo_wire import canonical

pytestmark = pytest.mark.django_db
MOTHER, FATHER, CLERK = "pseudonym-of-mother", "pseudonym-of-father", "pseudonym-of-clerk"


def _looked(*subjects: str, user: str = CLERK) -> UUID:
    entry_id = api.record_access(entry(*subjects, user=user))
    api.sequence()
    return entry_id


def test_a_persons_proof_names_that_person_alone() -> None:
    entry_id = _looked(MOTHER, FATHER)
    for own, other in ((MOTHER, FATHER), (FATHER, MOTHER)):
        proof = api.proof_of(entry_id, own)
        assert proof.holds()
        assert set(proof.names) == {own}
        told = json.dumps([dict(proof.record or {}), list(proof.names)])
        assert other not in told
        assert CLERK not in told


def test_who_looks_at_the_own_data_is_opened_both_ways() -> None:
    proof = api.proof_of(_looked(MOTHER, user=MOTHER), MOTHER)
    assert proof.record is not None
    digest = hiding.name_digest(proof.names[MOTHER], MOTHER)
    assert (proof.record["subjects"], proof.record["user"]) == ([digest], digest)


def test_a_name_that_does_not_stand_in_the_record_makes_the_proof_false() -> None:
    proof = api.proof_of(_looked(MOTHER, FATHER), MOTHER)
    assert not replace(proof, names={FATHER: proof.names[MOTHER]}).holds()
    assert not replace(proof, names={MOTHER: b"0" * 16}).holds()


def test_the_same_people_looked_at_twice_leave_no_equal_digest() -> None:
    first, second = (api.proof_of(_looked(MOTHER, FATHER), MOTHER).record for _ in range(2))
    assert first is not None
    assert second is not None
    assert not {*hiding.names_in(first)} & {*hiding.names_in(second)}


def test_exchanging_a_stored_name_is_found_by_the_verifier() -> None:
    entry_id = _looked(MOTHER, FATHER)
    assert api.verify().ok
    row = AccessRecord.objects.get(id=entry_id)
    stored = json.loads(json.dumps(record_of(row)).replace(FATHER, "pseudonym-of-uncle"))
    row.sealed_record = crypto.seal(canonical.dumps(stored), context=context(entry_id))
    row.save(update_fields=["sealed_record"])
    assert {finding.code for finding in api.verify().findings} >= {"content_changed", "subjects_differ"}


def _from_before(*subjects: str) -> UUID:
    """Write an entry as it was written when names stood in the clear."""
    entry_id = api.record_access(entry(*subjects, user=subjects[0]))
    row = AccessRecord.objects.get(id=entry_id)
    plain = {key: value for key, value in (record_of(row) or {}).items() if key != hiding.SALTS}
    made = commit("access", plain)
    row.commitment_id, row.salt = made.id, made.salt
    row.sealed_record = crypto.seal(canonical.dumps(plain), context=context(entry_id))
    row.save()
    return entry_id


def test_an_entry_from_before_still_verifies_and_keeps_others_names_to_itself() -> None:
    alone, together = _from_before(MOTHER), _from_before(MOTHER, FATHER)
    api.sequence()
    own, shared = api.proof_of(alone, MOTHER), api.proof_of(together, MOTHER)
    assert (own.holds(), shared.holds()) == (True, True)
    assert own.record is not None
    assert (shared.record, shared.salt, shared.names) == (None, None, {})
