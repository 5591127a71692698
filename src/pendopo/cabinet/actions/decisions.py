"""Write down what the session decided, order what follows, publish what may be read.

A decision is written once an item was disposed of; tally, dissent and papers come from the session's events,
only the words are written by hand. In a body where the chair decides, the words are the chair's directive.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.cabinet import errors, events, numbering, sealed, texts, visibility
from pendopo.cabinet.actions.closing import settle
from pendopo.cabinet.actions.live import state_of
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.live.state import Poll
from pendopo.cabinet.models import (
    AgendaItem,
    Decision,
    Directive,
    Dossier,
    Publication,
    Seat,
    Task,
    TaskReport,
)
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.values import Choice, Classification, DossierState, Outcome, Scope
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now, today
from pendopo.foundation.formats import zone
from pendopo.kernel.ids import uuid7

MONTHS = 12
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Public:
    """What everybody may read of a decision. English is what the body wrote, both empty where it did not."""

    title: str
    text: str
    title_en: str = ""
    text_en: str = ""
    embargo_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One task of a directive; ``due_on`` is a day of the region."""

    owner_seat: str
    text: str
    due_on: dt.date
    report_every_months: int | None = None
    budget_line: str = ""


def write_decision(actor: Actor, item_id: UUID, text: str) -> UUID:
    """Put words to what was decided; clerk or chair. They may be replaced until the minutes are signed."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        item = _item(standing, item_id)
        disposed = state_of(item.session_id).disposed.get(str(item_id))
        if disposed is None or item.session.minutes.exclude(signed_at=None).exists():
            raise errors.StateDoesNotAllow
        configuration = BodyConfiguration.model_validate(item.session.body.configuration)
        kind = configuration.item_type(item.dossier.item_type)
        poll = state_of(item.session_id).polls.get(disposed.poll)
        row = Decision.objects.filter(item=item).first() or Decision(
            id=uuid7(), item=item, number=numbering.next_decision(item.dossier)
        )
        row.outcome = disposed.outcome
        row.mode = configuration.decision_mode
        row.by_consent = disposed.by_consent
        row.docset_hash = disposed.docset_hash
        row.tally, row.dissent = _votes(poll)
        row.legal_form = kind.legal_form if kind and disposed.outcome is Outcome.ADOPTED else ""
        row.classification = Classification(item.dossier.classification)
        row.sealed_text = sealed.seal(
            texts.required(text, "text", texts.PAGES), column="decision.text", row=row.id
        )
        row.decided_at = disposed.at
        row.save()
        audit(
            events.DECIDED,
            actor=actor,
            object_id=row.id,
            body_id=item.session.body.agency_id,
            detail={"number": row.number, "outcome": row.outcome},
        )
    return row.id


def direct(actor: Actor, decision_id: UUID, text: str, orders: Sequence[Order]) -> UUID:
    """Turn a decision into a directive (arahan) with tasks, their owners and days."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        decision = _decision(standing, decision_id)
        body = decision.item.session.body
        if decision.item.dossier.state == DossierState.CLOSED:
            raise errors.StateDoesNotAllow
        if not orders:
            raise errors.TextMissing(field="tasks")
        row = Directive(id=uuid7(), decision=decision)
        row.sealed_text = sealed.seal(
            texts.required(text, "text", texts.PAGES), column="directive.text", row=row.id
        )
        row.save(force_insert=True)
        months = BodyConfiguration.model_validate(body.configuration).deadlines.report_months
        seats = {seat.code: seat for seat in Seat.objects.filter(body=body)}
        for order in orders:
            _order(row, order, seats, months, decision.item.dossier)
        settle([decision.item.dossier_id])
        audit(
            events.DIRECTED,
            actor=actor,
            object_id=row.id,
            body_id=body.agency_id,
            detail={"tasks": len(orders)},
        )
    return row.id


def report(actor: Actor, task_id: UUID, text: str, progress: int) -> None:
    """Report on a task as its owner; ``progress`` is in percent. The next report is due a period later."""
    standing = standing_of(actor)
    if not 0 <= progress <= WHOLE:
        raise errors.DoesNotFit(field="progress")
    with transaction.atomic(durable=True):
        task = _task(standing, task_id)
        row = TaskReport(id=uuid7(), task=task, progress=progress, by_subject_id=standing.subject_id)
        row.sealed_text = sealed.seal(texts.required(text, "text"), column="task_report.text", row=row.id)
        row.save(force_insert=True)
        after = months_after(today(zone()), task.report_every_months)
        task.next_report_on = min(after, task.due_on) if task.due_on > today(zone()) else after
        task.save(update_fields=["next_report_on"])
        audit(events.REPORTED, actor=actor, object_id=task.id, detail={"progress": progress})


def close_task(actor: Actor, task_id: UUID, *, done: bool) -> None:
    """Close a task as done or dropped; clerk or chair, not its owner. Done is only what was reported."""
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        task = _visible_task(standing, task_id)
        standing.require_clerk(task.owner.body_id)
        if task.closed_at is not None:
            return
        if done and not task.reports.exists():
            raise errors.NotReported
        task.state, task.closed_at = ("done" if done else "dropped"), now()
        task.save(update_fields=["state", "closed_at"])
        settle([task.directive.decision.item.dossier_id])
        audit(events.TASK_CLOSED, actor=actor, object_id=task.id, detail={"done": done})


def publish(actor: Actor, decision_id: UUID, words: Public) -> UUID:
    """Publish a decision in words that passed a redaction by hand; only of open matters, from a moment on.

    A dossier that is classified, or that few need to know of, cannot be published: it has to be opened first,
    which is a decision itself.
    English words are published as the body wrote them: title and text, or neither.
    """
    standing = standing_of(actor)
    with transaction.atomic(durable=True):
        decision = _decision(standing, decision_id)
        if decision.classification > Classification.OPEN or visibility.is_closed(decision.item.dossier):
            raise errors.AboveTheRoom
        row, _ = Publication.objects.update_or_create(
            decision=decision,
            defaults={
                "title_id": texts.required(words.title, "title", texts.TITLE),
                "text_id": texts.required(words.text, "text", texts.PAGES),
                **_english(words),
                "embargo_until": words.embargo_until or now(),
                "published_by": standing.subject_id,
            },
        )
        settle([decision.item.dossier_id])
        audit(
            events.PUBLISHED,
            actor=actor,
            object_id=decision.id,
            body_id=decision.item.session.body.agency_id,
        )
    return row.id


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month some months later, or the month's last day."""
    month = day.month - 1 + months
    year, month = day.year + month // MONTHS, month % MONTHS + 1
    last = (dt.date(year + month // MONTHS, month % MONTHS + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(day.day, last))


def _english(words: Public) -> dict[str, str]:
    title = texts.optional(words.title_en, "title_en", texts.TITLE)
    text = texts.optional(words.text_en, "text_en", texts.PAGES)
    if bool(title) != bool(text):
        raise errors.TextMissing(field="text_en" if title else "title_en")
    return {"title_en": title, "text_en": text}


def _votes(poll: Poll | None) -> tuple[dict[str, int] | None, list[str]]:
    if poll is None or poll.counted is None:
        return None, []
    counted = poll.counted
    tally = {
        "yes": counted.yes,
        "no": counted.no,
        "abstain": counted.abstain,
        "entitled": counted.entitled,
    }
    return tally, sorted(seat for seat, choice in poll.ballots.items() if choice is Choice.NO)


def _order(row: Directive, order: Order, seats: dict[str, Seat], months: int, matter: Dossier) -> None:
    owner = seats.get(order.owner_seat)
    if owner is None:
        raise errors.DoesNotFit(field="owner_seat")
    if not visibility.knows(owner, owner.id, matter):
        raise errors.OwnerMayNotKnow(field="owner_seat")
    if order.due_on < today(zone()):
        raise errors.DoesNotFit(field="due_on")
    every = order.report_every_months or months
    task = Task(
        id=uuid7(),
        directive=row,
        owner=owner,
        due_on=order.due_on,
        report_every_months=every,
        next_report_on=min(order.due_on, months_after(today(zone()), every)),
        budget_line=texts.optional(order.budget_line, "budget_line", 64),
    )
    task.sealed_text = sealed.seal(texts.required(order.text, "task"), column="task.text", row=task.id)
    task.save(force_insert=True)


def _item(standing: Standing, item_id: UUID) -> AgendaItem:
    item = visibility.item(standing, item_id)
    standing.require_clerk(item.session.body_id)
    return item


def _decision(standing: Standing, decision_id: UUID) -> Decision:
    row = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("item__session__body", "item__dossier")
        .filter(id=decision_id, item__dossier__in=visibility.dossiers(standing))
        .first()
    )
    if row is None:
        raise errors.NoSuchItem
    standing.require_clerk(row.item.session.body_id)
    return row


def _visible_task(standing: Standing, task_id: UUID) -> Task:
    """Hold a task of a matter that the person may know of; of others it is not told that they are there."""
    rows = Task.objects.select_for_update(of=("self",)).select_related("owner", "directive__decision__item")
    known = visibility.dossiers(standing)
    row = rows.filter(id=task_id, directive__decision__item__dossier__in=known).first()
    if row is None:
        raise errors.NoSuchItem
    return row


def _task(standing: Standing, task_id: UUID) -> Task:
    row = _visible_task(standing, task_id)
    standing.holding(row.owner_id, Scope.POSITION)
    if row.closed_at is not None:
        raise errors.StateDoesNotAllow
    return row
