"""The only place that decides which cycles, assessments and indicators an officer may see.

Whoever reads maturity in a post sees the assessments of the post's body; coordinators and assessors of the
body that runs a cycle see all of it; and whoever's body was given an indicator of another agency sees that
indicator alone. Whatever is not visible does not exist (the same 404).
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from pendopo.agencies.api import Permission
from pendopo.foundation.actor import Actor, ActorKind
from pendopo.maturity.models import Assessment, Cycle, Evidence, Item
from pendopo.maturity.refusals import NoSuchCycle, NoSuchEvidence, NoSuchItem

READ = Permission.MATURITY_READ.value
COORDINATE = Permission.MATURITY_COORDINATE.value
ANSWER = Permission.MATURITY_ANSWER.value
CHECK = Permission.MATURITY_CHECK.value
ASSESS = Permission.MATURITY_ASSESS.value
OBJECT = Permission.MATURITY_OBJECT.value


def reads(actor: Actor) -> bool:
    """Say whether the chosen post has any part in assessments."""
    return actor.kind is ActorKind.OFFICER and actor.body_id is not None and actor.can(READ)


def leads(actor: Actor, cycle: Cycle) -> bool:
    """Say whether the officer sees all of a cycle: a coordinator or assessor of the body that runs it."""
    return reads(actor) and cycle.body_id == actor.body_id and (actor.can(COORDINATE) or actor.can(ASSESS))


def assessments(actor: Actor) -> QuerySet[Assessment]:
    """Return the assessments that the officer may see, whole or in part, with their cycles."""
    rows = Assessment.objects.select_related("cycle")
    if not reads(actor):
        return rows.none()
    given = Item.objects.filter(assessment=OuterRef("pk"), body_id=actor.body_id)
    allowed = Q(agency_id=actor.body_id) | Q(Exists(given))
    if actor.can(COORDINATE) or actor.can(ASSESS):
        allowed |= Q(cycle__body_id=actor.body_id)
    return rows.filter(allowed)


def assessment(actor: Actor, assessment_id: UUID) -> Assessment:
    """Return one assessment or raise ``NoSuchCycle``."""
    row = assessments(actor).filter(id=assessment_id).first()
    if row is None:
        raise NoSuchCycle
    return row


def sees_whole(actor: Actor, row: Assessment) -> bool:
    """Say whether the officer sees every indicator of an assessment."""
    return row.agency_id == actor.body_id or leads(actor, row.cycle)


def items(actor: Actor, row: Assessment) -> QuerySet[Item]:
    """Return the indicators of an assessment that the officer may see, in the instrument's order."""
    found = Item.objects.filter(assessment=row).order_by("order")
    return found if sees_whole(actor, row) else found.filter(body_id=actor.body_id)


def item(actor: Actor, item_id: UUID) -> Item:
    """Return one indicator with its assessment and cycle, or raise ``NoSuchItem``."""
    seen = assessments(actor).values("id")
    row = Item.objects.select_related("assessment__cycle").filter(id=item_id, assessment_id__in=seen).first()
    if row is None or not (sees_whole(actor, row.assessment) or row.body_id == actor.body_id):
        raise NoSuchItem
    return row


def evidence(actor: Actor, evidence_id: UUID) -> Evidence:
    """Return one piece of evidence that stands, or raise ``NoSuchEvidence``."""
    row = Evidence.objects.filter(id=evidence_id, removed_at=None).first()
    if row is None:
        raise NoSuchEvidence
    try:
        row.item = item(actor, row.item_id)
    except NoSuchItem as error:
        raise NoSuchEvidence from error
    return row


def cycles(actor: Actor) -> QuerySet[Cycle]:
    """Return the cycles in which the officer may see anything, newest year first."""
    seen = assessments(actor).values("cycle_id")
    return Cycle.objects.filter(id__in=seen).order_by("-year", "-created_at")


def cycle(actor: Actor, cycle_id: UUID) -> Cycle:
    """Return one cycle or raise ``NoSuchCycle``."""
    row = cycles(actor).filter(id=cycle_id).first()
    if row is None:
        raise NoSuchCycle
    return row
