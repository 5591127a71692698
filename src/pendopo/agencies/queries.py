"""Reading bodies and posts. :func:`visible_posts` and :func:`visible_units` draw the tenant boundary."""

from uuid import UUID

from django.db.models import QuerySet

from pendopo.agencies import models
from pendopo.agencies.permissions import Permission
from pendopo.foundation.actor import Actor, ActorKind


def visible_posts(actor: Actor) -> QuerySet[models.Post]:
    """Posts that the actor may see: of the own body; all for the hall's manager and for the system.

    A person sees her own appointments; anybody else sees none.
    """
    posts = models.Post.objects.select_related("body")
    if _sees_all(actor):
        return posts
    if actor.kind is ActorKind.OFFICER and actor.body_id is not None:
        return posts.filter(body_id=actor.body_id)
    if actor.subject_id is not None:
        return posts.filter(subject_id=actor.subject_id)
    return posts.none()


def visible_units(actor: Actor) -> QuerySet[models.Unit]:
    """Units that the actor may see, by the same boundary."""
    units = models.Unit.objects.all()
    if _sees_all(actor):
        return units
    if actor.kind is ActorKind.OFFICER and actor.body_id is not None:
        return units.filter(body_id=actor.body_id)
    return units.none()


def may_manage(actor: Actor, body_id: UUID) -> bool:
    """Whether the actor may appoint and end posts in a body."""
    if _sees_all(actor):
        return True
    return actor.can(Permission.BODY_MANAGE) and actor.body_id == body_id


def standing_posts(subject_id: UUID) -> QuerySet[models.Post]:
    """Posts that a person holds now, oldest first. The session asks this; it is not limited to a body."""
    posts = models.Post.objects.select_related("body").filter(subject_id=subject_id, ended_at__isnull=True)
    return posts.order_by("created_at", "id")


def _sees_all(actor: Actor) -> bool:
    return actor.kind is ActorKind.SYSTEM or actor.can(Permission.HALL_MANAGE)
