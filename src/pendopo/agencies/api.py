"""The door of ``agencies``.

Bodies and posts as frozen values; the verbs check permission, write the audit row and tell the outbox.
Reads here are open to any room (a body's name is public); lists shown to an officer go through
:func:`posts_visible_to`, which keeps to the officer's own body.
"""

from collections.abc import Iterable
from uuid import UUID

from pendopo.agencies import actions, models, queries
from pendopo.agencies.errors import (
    AgenciesError,
    CodeTaken,
    InvalidCode,
    UnknownBody,
    UnknownPermission,
    UnknownPost,
    UnknownUnit,
)
from pendopo.agencies.permissions import Permission
from pendopo.agencies.records import Body, Post, Unit, body_record, post_record, unit_record
from pendopo.foundation.actor import Actor
from pendopo.foundation.statements import first

__all__ = [
    "AgenciesError",
    "Body",
    "CodeTaken",
    "InvalidCode",
    "Permission",
    "Post",
    "Unit",
    "UnknownBody",
    "UnknownPermission",
    "UnknownPost",
    "UnknownUnit",
    "appoint",
    "bodies",
    "bodies_by_code",
    "body",
    "body_by_code",
    "body_by_member",
    "body_id",
    "create_body",
    "create_unit",
    "end_post",
    "forget_ids",
    "posts_by_id",
    "posts_of",
    "posts_visible_to",
    "posts_with",
    "unit_by_code",
    "units_of",
]

_ids: dict[str, UUID] = {}


def bodies() -> list[Body]:
    """Return all public bodies of this hall, by code."""
    return [body_record(row) for row in models.Body.objects.order_by("code")]


def body(body_id: UUID) -> Body:
    """Return one body; raise :class:`UnknownBody`."""
    row = models.Body.objects.filter(id=body_id).first()
    if row is None:
        raise UnknownBody(name=str(body_id))
    return body_record(row)


def body_by_code(code: str) -> Body:
    """Return the body with this code (``dukcapil``); raise :class:`UnknownBody`."""
    row = first(models.Body, "WHERE code = %s", [code])
    if row is None:
        raise UnknownBody(name=code)
    return body_record(row)


def body_id(code: str) -> UUID:
    """Return the id of the body with this code; raise :class:`UnknownBody`.

    Asked once a process: neither of the two ever changes, and no body is taken away.
    """
    found = _ids.get(code)
    if found is None:
        found = _ids[code] = body_by_code(code).id
    return found


def forget_ids() -> None:
    """Ask anew, for tests: another database has other bodies."""
    _ids.clear()


def bodies_by_code(codes: Iterable[str]) -> dict[str, Body]:
    """Return the bodies with these codes, by code; the hall may not know them all."""
    return {row.code: body_record(row) for row in models.Body.objects.filter(code__in=set(codes))}


def body_by_member(member_id: str) -> Body:
    """Return the body that is this exchange member (``ID-DEMO/GOV/X``); raise :class:`UnknownBody`."""
    row = models.Body.objects.filter(member_id=member_id).first()
    if row is None:
        raise UnknownBody(name=member_id)
    return body_record(row)


def units_of(body_id: UUID) -> list[Unit]:
    """Return the units of a body, by code."""
    return [unit_record(row) for row in models.Unit.objects.filter(body_id=body_id).order_by("code")]


def unit_by_code(body_id: UUID, code: str) -> Unit:
    """Return one unit of a body; raise :class:`UnknownUnit`."""
    row = models.Unit.objects.filter(body_id=body_id, code=code).first()
    if row is None:
        raise UnknownUnit(name=code)
    return unit_record(row)


def posts_of(subject_id: UUID) -> list[Post]:
    """Return the posts that a person holds now, oldest first; one query."""
    return [post_record(row) for row in queries.standing_posts(subject_id)]


def posts_by_id(ids: Iterable[UUID]) -> dict[UUID, Post]:
    """Return posts, ended ones too, to name who acted in an old record; one query, unknown ids left out."""
    rows = models.Post.objects.select_related("body").filter(id__in=set(ids))
    return {row.id: post_record(row) for row in rows}


def posts_with(permission: Permission, body_id: UUID) -> list[Post]:
    """Return the standing posts of a body that carry a permission, to tell their holders of something."""
    found = models.Post.objects.select_related("body").filter(
        body_id=body_id, ended_at__isnull=True, permissions__contains=[permission.value]
    )
    return [post_record(row) for row in found.order_by("created_at", "id")]


def posts_visible_to(actor: Actor, *, include_ended: bool = False) -> list[Post]:
    """Return the posts that the actor may see, by title: the own body's, or all for the hall's manager."""
    posts = queries.visible_posts(actor)
    if not include_ended:
        posts = posts.filter(ended_at__isnull=True)
    return [post_record(row) for row in posts.order_by("title_id", "id")]


def create_body(code: str, *, name_id: str, name_en: str, actor: Actor, member_id: str | None = None) -> Body:
    """Enter a public body; see :func:`pendopo.agencies.actions.found.create_body`."""
    return actions.create_body(code, name_id=name_id, name_en=name_en, actor=actor, member_id=member_id)


def create_unit(of: Body, code: str, *, name_id: str, name_en: str, actor: Actor) -> Unit:
    """Open a unit; see :func:`pendopo.agencies.actions.found.create_unit`."""
    return actions.create_unit(of, code, name_id=name_id, name_en=name_en, actor=actor)


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
    """Appoint a person; see :func:`pendopo.agencies.actions.appoint.appoint`."""
    return actions.appoint(
        subject_id,
        body=body,
        unit=unit,
        title_id=title_id,
        title_en=title_en,
        permissions=permissions,
        actor=actor,
    )


def end_post(post_id: UUID, *, actor: Actor) -> None:
    """End a post; see :func:`pendopo.agencies.actions.appoint.end_post`."""
    actions.end_post(post_id, actor=actor)
