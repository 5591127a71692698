"""Statements signed with a passkey: a signature is good for one statement of one person, given on purpose."""

import json

import pytest

from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.settings import current
from pendopo.identity import api, models, passkeys, queries, signatures
from pendopo.identity.actions import credentials
from pendopo.identity.errors import PasskeyRefused
from pendopo.identity.records import SubjectView
from pendopo.identity.testing import a_nik, a_person
from pendopo.identity.tests.authenticator import UP, Device

pytestmark = pytest.mark.django_db

YES, NO = b'{"ballot":"yes","seat":"wakil-1"}', b'{"ballot":"no","seat":"wakil-1"}'


def device_of(subject: SubjectView) -> Device:
    """Register a device for a person."""
    made = Device(origin=current().base_url, rp_id=current().host)
    started = passkeys.start_registration(queries.subject_row(subject.id))
    actor = Actor(ActorKind.PERSON, subject.id, 3)
    credentials.add_passkey(str(started.id), made.create(started.options), label="Ponsel", actor=actor)
    return made


def answered(device: Device, subject: SubjectView, statement: bytes) -> str:
    return device.get(api.signature_options(subject.id, statement))


def test_a_signature_signs_this_statement_and_no_other(sari: SubjectView) -> None:
    answer = answered(device_of(sari), sari, YES)
    with pytest.raises(PasskeyRefused):
        api.signed(sari.id, NO, answer)
    evidence = api.signed(sari.id, YES, answer)
    assert api.signature_holds(YES, evidence)
    assert not api.signature_holds(NO, evidence), "nor does it when somebody changes the choice underneath"


def test_a_signature_of_somebody_else_is_refused(sari: SubjectView) -> None:
    other = a_person(a_nik(2), "Budi", email=None)
    mine, theirs = device_of(sari), device_of(other)
    assert mine.credential_id != theirs.credential_id
    options = json.loads(api.signature_options(other.id, YES))
    with pytest.raises(PasskeyRefused):
        api.signed(sari.id, YES, theirs.get(json.dumps(options)))
    assert api.signature_holds(YES, api.signed(other.id, YES, theirs.get(json.dumps(options))))


def test_an_answer_is_not_given_twice_by_a_key_that_counts(sari: SubjectView) -> None:
    answer = answered(device_of(sari), sari, YES)
    api.signed(sari.id, YES, answer)
    with pytest.raises(PasskeyRefused):
        api.signed(sari.id, YES, answer)


@pytest.mark.parametrize("lie", ["unverified", "origin", "host"])
def test_a_signature_without_a_person_or_from_another_site_is_refused(sari: SubjectView, lie: str) -> None:
    device = device_of(sari)
    if lie == "unverified":
        device.flags = UP
    elif lie == "origin":
        device.origin = "https://evil.example"
    else:
        device.rp_id = "evil.example"
    with pytest.raises(PasskeyRefused):
        api.signed(sari.id, YES, answered(device, sari, YES))


def test_a_removed_or_suspected_passkey_signs_nothing(sari: SubjectView) -> None:
    device = device_of(sari)
    answer = answered(device, sari, YES)
    models.Passkey.objects.update(suspect_at=models.Passkey.objects.get().created_at)
    with pytest.raises(PasskeyRefused):
        api.signed(sari.id, YES, answer)
    with pytest.raises(PasskeyRefused):
        api.signature_options(sari.id, YES)


def test_signing_in_is_not_signing_a_statement(sari: SubjectView) -> None:
    device = device_of(sari)
    signed_in = device.get(passkeys.start_authentication().options)
    with pytest.raises(PasskeyRefused):
        api.signed(sari.id, YES, signed_in)


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "x" * (signatures.LONGEST_ANSWER + 1), '{"id": 1}']
)
def test_an_answer_that_is_none_is_refused_and_breaks_nothing(sari: SubjectView, answer: str) -> None:
    device_of(sari)
    with pytest.raises(PasskeyRefused):
        api.signed(sari.id, YES, answer)


@pytest.mark.parametrize("kept", [b"", b"{}", b"[]", b"null", b'{"client_data": "e30"}', b"\xff"])
def test_evidence_that_was_tampered_with_does_not_hold(kept: bytes) -> None:
    assert not api.signature_holds(YES, kept)
