"""Appoint a person to a post; end a post."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from pendopo.agencies import models
from pendopo.agencies.errors import UnknownBody, UnknownPermission, UnknownPost, UnknownUnit
from pendopo.agencies.permissions import ALL, Permission
from pendopo.agencies.queries import may_manage, visible_posts
from pendopo.agencies.records import Body, Post, Unit, post_record
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit, event_type
from pendopo.foundation.clock import now
from pendopo.foundation.outbox import emit
from pendopo.kernel.errors import Forbidden

POST_APPOINTED = event_type("agencies.post_appointed", "A person was appointed to a post with permissions")
POST_ENDED = event_type("agencies.post_ended", "A post ended; its permissions ended with it")


def appoint(
    subject_id: UUID,
    *,
    body: Body,
    title_id: str,
    title_en: str,
    permissions: Iterable[str],
    actor: Actor,
    unit: Unit | None = None,
) -> Post:
    """Give a person a post. Takes effect at the person's next request.

    Raises ``Forbidden`` (also when the post would carry a permission that the appointing officer's post
    lacks, or when officers appoint themselves), :class:`UnknownPermission`, :class:`UnknownUnit`. Not
    checked: whether the subject exists.
    """
    wanted = _known(permissions)
    _check_may_appoint(actor, body, wanted, subject_id)
    if unit is not None and unit.body_id != body.id:
        raise UnknownUnit
    with transaction.atomic(durable=True):
        if not models.Body.objects.filter(id=body.id).exists():
            raise UnknownBody(name=body.code)
        row = models.Post.objects.create(
            subject_id=subject_id,
            body_id=body.id,
            unit_id=unit.id if unit else None,
            title_id=title_id,
            title_en=title_en,
            permissions=sorted(wanted),
        )
        audit(
            POST_APPOINTED,
            actor=actor,
            object_id=row.id,
            body_id=body.id,
            detail={"subject": str(subject_id), "permissions": sorted(wanted)},
        )
        emit("agencies.post_appointed", {"post_id": str(row.id), "subject_id": str(subject_id)})
    return post_record(row)


def end_post(post_id: UUID, *, actor: Actor) -> None:
    """End a post now. Ending an ended post changes nothing.

    Raises :class:`UnknownPost` for a post that the actor may not see, ``Forbidden`` for one that the actor
    sees but may not manage.
    """
    with transaction.atomic(durable=True):
        row = visible_posts(actor).select_for_update(of=("self",)).filter(id=post_id).first()
        if row is None:
            raise UnknownPost
        if not may_manage(actor, row.body_id):
            raise Forbidden
        if row.ended_at is not None:
            return
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        audit(POST_ENDED, actor=actor, object_id=row.id, body_id=row.body_id)
        emit("agencies.post_ended", {"post_id": str(row.id), "subject_id": str(row.subject_id)})


def _known(permissions: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(permissions)
    unknown = wanted - ALL
    if unknown:
        raise UnknownPermission(name=min(unknown))
    return wanted


def _check_may_appoint(actor: Actor, body: Body, wanted: frozenset[str], subject_id: UUID) -> None:
    if not may_manage(actor, body.id):
        raise Forbidden
    if actor.kind is ActorKind.SYSTEM:
        return
    own = actor.subject_id == subject_id
    # Whoever manages the hall may staff any body; nobody hands out, or takes, more than that.
    more = not actor.can(Permission.HALL_MANAGE) and not wanted <= actor.permissions
    if own or more:
        raise Forbidden
