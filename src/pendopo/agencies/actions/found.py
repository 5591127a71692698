"""Found a public body; open a unit in it."""

import re

from django.db import IntegrityError, transaction

from pendopo.agencies import models
from pendopo.agencies.errors import CodeTaken, InvalidCode
from pendopo.agencies.permissions import Permission
from pendopo.agencies.queries import may_manage
from pendopo.agencies.records import Body, Unit, body_record, unit_record
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.foundation.audit import audit, event_type
from pendopo.kernel.errors import Forbidden

BODY_CREATED = event_type("agencies.body_created", "A public body was entered into the hall")
UNIT_CREATED = event_type("agencies.unit_created", "A unit was opened in a public body")

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST, _SHORTEST = 48, 2


def create_body(code: str, *, name_id: str, name_en: str, actor: Actor, member_id: str | None = None) -> Body:
    """Enter a public body; only the system and the hall's manager may.

    Raises ``Forbidden``, :class:`InvalidCode`, :class:`CodeTaken` (code or member). Not checked: whether the
    exchange knows ``member_id``.
    """
    if actor.kind is not ActorKind.SYSTEM:
        actor.require(Permission.HALL_MANAGE)
    _check_code(code)
    try:
        with transaction.atomic(durable=True):
            row = models.Body.objects.create(code=code, name_id=name_id, name_en=name_en, member_id=member_id)
            audit(BODY_CREATED, actor=actor, object_id=row.id, body_id=row.id, detail={"code": code})
    except IntegrityError as error:
        raise CodeTaken(name=code) from error
    return body_record(row)


def create_unit(body: Body, code: str, *, name_id: str, name_en: str, actor: Actor) -> Unit:
    """Open a unit in a body that the actor may manage.

    Raises ``Forbidden``, :class:`InvalidCode`, :class:`CodeTaken`.
    """
    if not may_manage(actor, body.id):
        raise Forbidden
    _check_code(code)
    try:
        with transaction.atomic(durable=True):
            row = models.Unit.objects.create(body_id=body.id, code=code, name_id=name_id, name_en=name_en)
            audit(UNIT_CREATED, actor=actor, object_id=row.id, body_id=body.id, detail={"code": code})
    except IntegrityError as error:
        raise CodeTaken(name=code) from error
    return unit_record(row)


def _check_code(code: str) -> None:
    if not _SHORTEST <= len(code) <= _LONGEST or not _CODE.fullmatch(code):
        raise InvalidCode(name=code[:_LONGEST])
