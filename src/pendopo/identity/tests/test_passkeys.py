"""Passkeys: the ceremony, and every way in which an answer can be wrong."""

import datetime as dt
import json

import pytest
import time_machine

from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.settings import current
from pendopo.identity import models, passkeys, queries, testing
from pendopo.identity.actions import credentials, sign_in
from pendopo.identity.errors import LastCredential, PasskeyKnown, PasskeyRefused
from pendopo.identity.records import SubjectView
from pendopo.identity.tests.authenticator import BE, BS, UP, UV, Device

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Device:
    return Device(origin=current().base_url, rp_id=current().host)


def as_person(subject: SubjectView) -> Actor:
    return Actor(ActorKind.PERSON, subject.id, 3)


def register(subject: SubjectView, device: Device) -> None:
    started = passkeys.start_registration(queries.subject_row(subject.id))
    answer = device.create(started.options)
    credentials.add_passkey(str(started.id), answer, label="Ponsel", actor=as_person(subject))


def assert_in(device: Device) -> str:
    started = passkeys.start_authentication()
    answer = device.get(started.options)
    return sign_in.with_passkey(str(started.id), answer, address="192.0.2.1", device="")


def refused_because(device: Device) -> str:
    with pytest.raises(PasskeyRefused) as refused:
        assert_in(device)
    return str(refused.value.params["reason"])


def test_a_passkey_is_made_and_signs_in(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    assert_in(device)
    session = models.ProviderSession.objects.get()
    assert (session.subject_id, session.authentication, session.amr) == (sari.id, 2, ["pop", "user", "mfa"])
    assert models.Passkey.objects.get().last_used_at is not None


def test_the_options_ask_for_a_discoverable_key_and_user_verification(sari: SubjectView) -> None:
    made = json.loads(passkeys.start_registration(queries.subject_row(sari.id)).options)
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert testing.a_nik().value not in json.dumps(made)
    asked = json.loads(passkeys.start_authentication().options)
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")


def test_a_person_may_have_several_and_a_device_only_one(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    other = Device(origin=device.origin, rp_id=device.rp_id)
    register(sari, other)
    assert len(queries.passkeys_of(sari.id)) == 2
    with pytest.raises(PasskeyKnown):
        register(sari, device)


def test_a_challenge_is_good_once(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    started = passkeys.start_authentication()
    answer = device.get(started.options)
    sign_in.with_passkey(str(started.id), answer, address="", device="")
    with pytest.raises(PasskeyRefused):
        sign_in.with_passkey(str(started.id), answer, address="", device="")


def test_a_refused_answer_spends_its_challenge_too(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    started = passkeys.start_authentication()
    with pytest.raises(PasskeyRefused):
        sign_in.with_passkey(str(started.id), "{}", address="", device="")
    with pytest.raises(PasskeyRefused):
        sign_in.with_passkey(str(started.id), device.get(started.options), address="", device="")


def test_an_answer_to_another_challenge_is_refused(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    first, second = passkeys.start_authentication(), passkeys.start_authentication()
    with pytest.raises(PasskeyRefused):
        sign_in.with_passkey(str(second.id), device.get(first.options), address="", device="")


def test_a_late_answer_is_refused(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        started = passkeys.start_authentication()
        clock.shift(dt.timedelta(minutes=6))
        with pytest.raises(PasskeyRefused):
            sign_in.with_passkey(str(started.id), device.get(started.options), address="", device="")


@pytest.mark.parametrize("origin", ["http://localhost:1", "https://localhost", "http://evil.example", "null"])
def test_another_origin_is_refused(sari: SubjectView, device: Device, origin: str) -> None:
    register(sari, device)
    device.origin = origin
    assert refused_because(device) == "InvalidAuthenticationResponse"


def test_another_relying_party_is_refused(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    device.rp_id = "evil.example"
    assert refused_because(device) == "InvalidAuthenticationResponse"


@pytest.mark.parametrize("flags", [UP, UV, 0])
def test_without_presence_and_verification_it_is_refused(
    sari: SubjectView, device: Device, flags: int
) -> None:
    register(sari, device)
    device.flags = flags
    assert refused_because(device) == "InvalidAuthenticationResponse"


def test_a_registration_without_user_verification_is_refused(sari: SubjectView, device: Device) -> None:
    device.flags = UP
    with pytest.raises(PasskeyRefused):
        register(sari, device)
    assert not queries.passkeys_of(sari.id)


def test_an_answer_from_inside_another_sites_frame_is_refused(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    device.cross_origin = True
    assert refused_because(device) == "cross-origin"


def test_another_key_is_refused(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    device.key = Device(origin="", rp_id="").key
    assert refused_because(device) == "InvalidAuthenticationResponse"


def test_an_unknown_passkey_or_a_foreign_handle_is_refused(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    assert refused_because(Device(origin=device.origin, rp_id=device.rp_id)) == "unknown"
    device.user_handle = testing.a_person(testing.a_nik(2), "Budi Santoso").id.bytes
    assert refused_because(device) == "unknown"


def test_a_copied_passkey_is_locked_at_the_first_sight(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    assert_in(device)
    copy = Device(
        origin=device.origin,
        rp_id=device.rp_id,
        key=device.key,
        credential_id=device.credential_id,
        user_handle=device.user_handle,
        counter=0,
    )
    assert refused_because(copy) == "counter"
    assert models.Passkey.objects.get().suspect_at is not None
    assert refused_because(device) == "unknown"
    assert queries.passkeys_of(sari.id)[0].suspect


def test_a_forged_counter_locks_nothing(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    assert_in(device)
    forged = Device(
        origin=device.origin,
        rp_id=device.rp_id,
        credential_id=device.credential_id,
        user_handle=device.user_handle,
    )
    assert refused_because(forged) == "InvalidAuthenticationResponse"
    assert models.Passkey.objects.get().suspect_at is None
    assert_in(device)


def test_synced_passkeys_without_counter_work_and_are_told_apart(sari: SubjectView, device: Device) -> None:
    device.counts, device.flags = False, UP | UV | BE | BS
    register(sari, device)
    assert_in(device)
    assert_in(device)
    assert queries.passkeys_of(sari.id)[0].backed_up


def test_a_challenge_for_making_a_passkey_serves_only_its_person(sari: SubjectView, device: Device) -> None:
    budi = testing.a_person(testing.a_nik(2), "Budi Santoso")
    started = passkeys.start_registration(queries.subject_row(sari.id))
    with pytest.raises(PasskeyRefused):
        credentials.add_passkey(
            str(started.id), device.create(started.options), label="", actor=as_person(budi)
        )


def test_the_last_way_in_cannot_be_removed(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    only = queries.passkeys_of(sari.id)[0]
    with pytest.raises(LastCredential):
        credentials.remove_passkey(only.id, actor=as_person(sari))
    register(sari, Device(origin=device.origin, rp_id=device.rp_id))
    credentials.remove_passkey(only.id, actor=as_person(sari))
    assert refused_because(device) == "unknown"


def test_nobody_removes_another_persons_passkey(sari: SubjectView, device: Device) -> None:
    register(sari, device)
    register(sari, Device(origin=device.origin, rp_id=device.rp_id))
    budi = testing.a_person(testing.a_nik(2), "Budi Santoso")
    credentials.remove_passkey(queries.passkeys_of(sari.id)[0].id, actor=as_person(budi))
    assert len(queries.passkeys_of(sari.id)) == 2


@pytest.mark.parametrize("answer", ["", "null", "[]", '{"id":1}', '{"id":"a","rawId":"a"}', "{" * 20000])
def test_nonsense_is_refused_as_any_other_answer(sari: SubjectView, answer: str) -> None:
    started = passkeys.start_authentication()
    with pytest.raises(PasskeyRefused):
        sign_in.with_passkey(str(started.id), answer, address="", device="")


@pytest.mark.parametrize("ceremony", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_ceremony_is_refused(sari: SubjectView, ceremony: str) -> None:
    with pytest.raises(PasskeyRefused):
        sign_in.with_passkey(ceremony, "{}", address="", device="")
