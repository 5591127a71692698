"""The share of passkeys, lowered by a sign-in with a password and restored by more with a key."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from pendopo.foundation.clock import now
from pendopo.foundation.testing.measures import measured, value_of
from pendopo.identity import testing as people
from pendopo.identity.actions.sessions import SignIn, open_session
from pendopo.identity.assurance import Authentication
from pendopo.identity.jobs import sweep
from pendopo.identity.models import Session

pytestmark = pytest.mark.django_db


def test_a_password_lowers_the_share_of_passkeys_and_keys_raise_it_again() -> None:
    subject = people.a_person(people.a_nik(1), "Sari Wulandari", email=None)
    assert value_of("identity.passkeys") is None
    people.sign_in(Client(), subject.id)
    assert value_of("identity.passkeys") == 100
    open_session(SignIn(subject.id, Authentication.TWO_FACTORS, ("pwd", "otp", "mfa"), now()))
    found = measured("identity.passkeys")
    assert found is not None
    assert (float(found.value), found.of, float(found.detail["two_factors"])) == (50, 2, 2)
    for _ in range(8):
        people.sign_in(Client(), subject.id)
    assert value_of("identity.passkeys") == 90
    with time_machine.travel(now() + dt.timedelta(days=40), tick=False):
        assert value_of("identity.passkeys") is None
        people.sign_in(Client(), subject.id)
        assert value_of("identity.passkeys") == 100


def test_a_session_that_was_swept_still_counts() -> None:
    subject = people.a_person(people.a_nik(1), "Sari Wulandari", email=None)
    people.sign_in(Client(), subject.id)
    with time_machine.travel(now() + dt.timedelta(days=9), tick=False):
        sweep()
        assert not Session.objects.exists()
        assert value_of("identity.passkeys") == 100
