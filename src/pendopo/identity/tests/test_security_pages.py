"""My security: what a person changes herself."""

import base64
import re
import time

import pytest
from django.test import Client

from pendopo.identity import api, models, queries, testing, totp
from pendopo.identity.actions import credentials, sign_in
from pendopo.identity.records import SubjectView
from pendopo.identity.tests.conftest import PASSWORD, SECRET

pytestmark = pytest.mark.django_db
NEW = "senja kopi hujan teras"


@pytest.fixture
def me(with_password: SubjectView) -> Client:
    client = Client(headers={"accept": "text/html"})
    testing.sign_in(client, with_password.id)
    return client


def test_everything_is_on_one_page(me: Client, with_password: SubjectView) -> None:
    page = me.get("/my/security/?done=password").content.decode()
    assert "Kata sandi diganti." in page
    assert "sari@example.id" in page
    assert "Perangkat ini" in page


def test_an_unknown_notice_is_not_shown(me: Client) -> None:
    assert me.get("/my/security/?done=%3Cscript%3E").status_code == 200


def test_a_new_password_replaces_the_old_and_signs_others_out(me: Client, with_password: SubjectView) -> None:
    testing.sign_in(Client(), with_password.id)
    wrong = me.post("/my/security/password/", {"password": NEW, "password_again": "other"})
    assert wrong.status_code == 422
    done = me.post("/my/security/password/", {"password": NEW, "password_again": NEW})
    assert done["Location"] == "/my/security/?done=password"
    assert len(queries.live_sessions(with_password.id)) == 1
    code = totp.code_at(SECRET, int(time.time()) // 30)
    sign_in.with_password(testing.a_nik(), NEW, code, address="", device="")


def setup_of(page: str) -> tuple[str, bytes]:
    pending = re.search(r'name="pending" value="([^"]+)"', page)
    shown = re.search(r'"pd-code">([^<]+)<', page)
    assert pending
    assert shown
    return pending[1], base64.b32decode(shown[1].replace(" ", ""))


def test_the_authenticator_moves_to_a_new_phone(me: Client, with_password: SubjectView) -> None:
    pending, secret = setup_of(me.get("/my/security/authenticator/").content.decode())
    refused = me.post("/my/security/authenticator/", {"pending": pending, "code": "000000"})
    assert refused.status_code == 422
    assert setup_of(refused.content.decode())[1] == secret
    code = totp.code_at(secret, int(time.time()) // 30)
    done = me.post("/my/security/authenticator/", {"pending": pending, "code": code})
    assert done.content.decode().count("<li><code>") == 8
    sign_in.with_password(
        testing.a_nik(), PASSWORD, totp.code_at(secret, int(time.time()) // 30 + 1), address="", device=""
    )


def test_a_secret_proposed_to_another_session_is_not_taken(me: Client, with_password: SubjectView) -> None:
    pending, secret = setup_of(me.get("/my/security/authenticator/").content.decode())
    other = Client(headers={"accept": "text/html"})
    testing.sign_in(other, with_password.id)
    code = totp.code_at(secret, int(time.time()) // 30)
    assert other.post("/my/security/authenticator/", {"pending": pending, "code": code}).status_code == 422


def test_who_has_only_a_passkey_sets_up_password_and_app_together(sari: SubjectView) -> None:
    client = Client(headers={"accept": "text/html"})
    testing.sign_in(client, sari.id)
    assert client.get("/my/security/authenticator/")["Location"] == "/my/security/password/"
    pending, secret = setup_of(client.get("/my/security/password/").content.decode())
    fields = {"password": NEW, "password_again": NEW, "pending": pending}
    assert client.post("/my/security/password/", fields | {"code": "000000"}).status_code == 422
    assert not credentials.has_password(sari.id)
    good = fields | {"code": totp.code_at(secret, int(time.time()) // 30)}
    assert client.post("/my/security/password/", good).content.decode().count("<li><code>") == 8
    assert credentials.has_password(sari.id)


def test_new_recovery_codes_void_the_old(me: Client, with_password: SubjectView) -> None:
    old = credentials.store_recovery_codes(with_password.id)
    page = me.post("/my/security/recovery/").content.decode()
    assert page.count("<li><code>") == 8
    assert old[0] not in page
    assert models.RecoveryCode.objects.count() == 8


def test_the_contact_address_is_changed_and_sealed(me: Client, with_password: SubjectView) -> None:
    assert me.post("/my/contact/", {"email": "not one"}).status_code == 422
    assert me.post("/my/contact/", {"email": " baru@example.id "}).status_code == 303
    assert api.email_of(with_password.id) == "baru@example.id"
    assert b"baru@" not in bytes(models.Contact.objects.get().email)


@pytest.mark.parametrize("page", ["", "passkey/", "password/", "authenticator/"])
def test_nobody_else_opens_it(page: str) -> None:
    response = Client(headers={"accept": "text/html"}).get(f"/my/security/{page}")
    assert response.status_code == 303
    assert response["Location"].startswith("/sign-in/")


def test_pages_of_a_person_are_kept_by_no_cache(me: Client) -> None:
    assert me.get("/my/security/")["Cache-Control"] == "private, no-store"


def test_the_overview_needs_few_queries(me: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's fixture has no public type
        me.get("/my/security/")


def test_whoever_only_comes_by_the_page_of_new_codes_is_sent_back(me: Client) -> None:
    answer = me.get("/my/security/recovery/")
    assert answer.status_code == 303
    assert answer["Location"] == "/my/security/"
