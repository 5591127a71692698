"""Officers whom the operator brings in and lets go by the command line; the first is an administrator."""

from collections.abc import Iterable

from django.db import transaction

from pendopo.agencies import api as agencies
from pendopo.agencies.api import Permission
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit, event_type
from pendopo.identity.actions.counter import OFFICER_PURPOSE, Issued, new_activation, read_name
from pendopo.identity.actions.subjects import ensure_subject
from pendopo.identity.assurance import Proofing
from pendopo.identity.errors import UnknownSubject
from pendopo.identity.queries import subject_row_by_nik
from pendopo.kernel.nik import Nik

FIRST_ADMINISTRATOR = event_type("identity.first_administrator", "The operator entered an administrator")
OFFICER_APPOINTED = event_type("identity.officer_appointed", "The operator brought an officer in")
PERMISSIONS = (Permission.HALL_MANAGE, Permission.BODY_MANAGE, Permission.ACTIVATION_PERFORM)


def first_administrator(nik: Nik, body: agencies.Body) -> Issued:
    """Enter a person, give her the administrator's post, and return an activation code.

    Whoever runs the command line of the hall vouches for the person, as an officer at the counter does.
    Raises the exchange's errors and :class:`PersonNotAlive`.
    """
    name = read_name(nik, purpose=OFFICER_PURPOSE, actor=SYSTEM)
    with transaction.atomic(durable=True):
        subject = ensure_subject(nik, name, proofing=Proofing.IN_PERSON)
        issued = new_activation(subject, name)
        audit(FIRST_ADMINISTRATOR, actor=SYSTEM, object_id=subject.id, body_id=body.id)
    if not any(post.body_id == body.id for post in agencies.posts_of(subject.id)):
        agencies.appoint(
            subject.id,
            body=body,
            title_id="Administrator Pendopo",
            title_en="Administrator of the hall",
            permissions=PERMISSIONS,
            actor=SYSTEM,
        )
    return issued


def appoint_officer(
    nik: Nik, body: agencies.Body, *, title_id: str, title_en: str, permissions: Iterable[str]
) -> Issued | None:
    """Appoint a person of the population register to a post; return an activation code if she needs one.

    Whoever runs the command line vouches for the person, as an officer at the counter does. ``None``: she
    signs in already and only gained a post. Raises the exchange's errors, :class:`PersonNotAlive` and the
    refusals of ``agencies.appoint``.
    """
    name = read_name(nik, purpose=OFFICER_PURPOSE, actor=SYSTEM)
    with transaction.atomic(durable=True):
        subject = ensure_subject(nik, name, proofing=Proofing.IN_PERSON)
        issued = None if subject.activated_at else new_activation(subject, name)
        audit(OFFICER_APPOINTED, actor=SYSTEM, object_id=subject.id, body_id=body.id)
    agencies.appoint(
        subject.id, body=body, title_id=title_id, title_en=title_en, permissions=permissions, actor=SYSTEM
    )
    return issued


def dismiss_officer(nik: Nik, body: agencies.Body | None = None) -> list[agencies.Post]:
    """End all posts of a person, or those in one body; return them. Their Digital ID stays, as a citizen's.

    Takes effect at the person's next request: a session in a post asks for it each time. The register is not
    asked, so that somebody who moved or died can be let go. Raises :class:`UnknownSubject` for a NIK without
    a Digital ID here, :class:`UnknownPost` when there is nothing to end.
    """
    subject = subject_row_by_nik(nik)
    if subject is None:
        raise UnknownSubject
    held = [post for post in agencies.posts_of(subject.id) if body is None or post.body_id == body.id]
    if not held:
        raise agencies.UnknownPost
    for post in held:
        agencies.end_post(post.id, actor=SYSTEM)
    return held
