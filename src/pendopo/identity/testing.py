"""Builders for tests, here and in other rooms: people with an identity, and browsers that are signed in."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.test import Client

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.foundation.clock import now
from pendopo.foundation.http import Audience
from pendopo.identity import models, sessions, totp
from pendopo.identity.actions import credentials
from pendopo.identity.actions.sessions import SignIn, choose_post, open_session
from pendopo.identity.actions.subjects import ensure_subject, write_contact
from pendopo.identity.assurance import Authentication, Proofing
from pendopo.identity.client import flow, registration
from pendopo.identity.cookies import Cookie, name_of
from pendopo.identity.provider import clients
from pendopo.identity.records import SubjectView, subject_view
from pendopo.kernel.nik import Nik, compose
from pendopo.kernel.sex import Sex

REGION = "331499"
"""A district that does not exist: demo people only."""


def a_nik(serial: int = 1, *, sex: Sex = Sex.FEMALE, born: dt.date = dt.date(1996, 3, 12)) -> Nik:
    """Return a fictitious NIK."""
    return compose(REGION, born, sex, serial)


def a_person(
    nik: Nik | None = None, name: str = "Sari Wulandari", *, email: str | None = "sari@example.id"
) -> SubjectView:
    """Return an activated person who was proofed in person. Credentials are not made."""
    with transaction.atomic():
        row = ensure_subject(nik or a_nik(), name, proofing=Proofing.IN_PERSON)
        row.activated_at = now()
        row.save()
        if email is not None:
            write_contact(row.id, email)
    return subject_view(row)


def a_body(code: str = "dukcapil") -> agencies.Body:
    """Return the body with this code, entered if need be."""
    try:
        return agencies.body_by_code(code)
    except agencies.UnknownBody:
        return agencies.create_body(code, name_id=code.title(), name_en=code.title(), actor=SYSTEM)


def a_post(subject_id: UUID, *permissions: str, body: str = "dukcapil") -> agencies.Post:
    """Appoint a person in a body with these permissions."""
    return agencies.appoint(
        subject_id,
        body=a_body(body),
        title_id="Petugas",
        title_en="Officer",
        permissions=permissions,
        actor=SYSTEM,
    )


def sign_in(
    client: Client,
    subject_id: UUID,
    *,
    post: agencies.Post | None = None,
    authentication: int = Authentication.TWO_FACTORS,
    authenticated_at: dt.datetime | None = None,
) -> models.Session:
    """Give a test client a living session, as a finished sign-in would; with a post, in that post."""
    made = SignIn(
        subject_id=subject_id,
        authentication=authentication,
        amr=("pop", "user", "mfa"),
        authenticated_at=authenticated_at or now(),
    )
    token = open_session(made)
    client.cookies[name_of(Cookie.HALL)] = token
    found = sessions.present(token).session
    if found is None:
        raise LookupError
    if post is not None:
        choose_post(found.id, post.id, actor=sessions.actor_for(found, Audience.PERSON))
        found.refresh_from_db()
    return found


def officer(subject_id: UUID, post: agencies.Post) -> Actor:
    """Return the actor of an officer in a post, for calling actions without HTTP."""
    session = models.Session(
        subject_id=subject_id, post_id=post.id, authentication=Authentication.TWO_FACTORS
    )
    return sessions.actor_for(session, Audience.OFFICER)


def give_password(subject_id: UUID, password: str) -> bytes:
    """Give a person a password and an authenticator; return the authenticator's secret."""
    secret = totp.new_secret()
    credentials.store_password(subject_id, password)
    credentials.store_totp(subject_id, secret, 0)
    return secret


def code_now(secret: bytes) -> str:
    """Return what the authenticator shows now."""
    return totp.code_at(secret, int(now().timestamp()) // totp.PERIOD)


def register_hall() -> None:
    """Register the hall at its own provider, under the present base address."""
    registration.ensure()


def forget_provider() -> None:
    """Drop connections and keys that were kept for another base address."""
    flow.forget()


def register_client(
    client_id: str, back: str, *, keys: dict[str, list[dict[str, str]]] | None = None, bye: str = ""
) -> None:
    """Register an application of another body; without keys it is a public client."""
    entry = clients.Registration(
        client_id=client_id,
        name_id="Aplikasi",
        name_en="Application",
        redirect_uris=(back,),
        post_logout_redirect_uris=(bye,) if bye else (),
        keys=keys,
    )
    clients.register(entry, actor=SYSTEM)
