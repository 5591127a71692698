"""Decisions: the register of those with a seat, and what the public may read."""

from uuid import UUID

from django.db.models import QuerySet

from pendopo.cabinet import errors, minutes_rows, sealed, visibility
from pendopo.cabinet.actions.live import state_of
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.models import Decision, Publication
from pendopo.cabinet.queries.minutes import seat_name
from pendopo.cabinet.queries.tasks import line_of, lines
from pendopo.cabinet.records.after import DecisionLine, DecisionView, OrderView, Published
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.values import Classification, Outcome
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now

PAGE = 50


def register(actor: Actor, *, page: int = 1) -> tuple[list[DecisionLine], bool]:
    """Return a page of the decisions that the reader may know of, newest first, and whether more follow."""
    standing = standing_of(actor)
    rows = (
        Decision.objects.filter(item__dossier__in=visibility.dossiers(standing))
        .select_related("item__dossier", "publication")
        .order_by("-decided_at", "-id")[(page - 1) * PAGE : page * PAGE + 1]
    )
    found = [
        DecisionLine(
            id=row.id,
            item_id=row.item_id,
            number=row.number,
            title=minutes_rows.title_of(row.item),
            outcome=Outcome(row.outcome),
            tally=row.tally,
            decided_at=row.decided_at,
            embargo_until=row.publication.embargo_until if hasattr(row, "publication") else None,
        )
        for row in rows
    ]
    return found[:PAGE], len(found) > PAGE


def decision(actor: Actor, item_id: UUID, language: str) -> DecisionView:
    """Return an item's decision, or what is known of it before one is written; raise ``NoSuchItem``."""
    standing = standing_of(actor)
    item = visibility.item(standing, item_id)
    disposed = state_of(item.session_id).disposed.get(str(item_id))
    if disposed is None:
        raise errors.NoSuchItem
    row = Decision.objects.filter(item=item).first()
    body = item.session.body
    leads = standing.is_clerk(body.id) or standing.is_chair(body.id)
    seats = tuple(seat_name(seat, language) for seat in body.seats.order_by("order"))
    offices = {seat.code: seat.office for seat in seats}
    return DecisionView(
        id=row.id if row else None,
        item_id=item.id,
        session_id=item.session_id,
        number=row.number if row else "",
        title=minutes_rows.title_of(item),
        outcome=disposed.outcome,
        by_consent=disposed.by_consent,
        tally=row.tally if row else None,
        dissent=tuple(offices.get(code, code) for code in row.dissent) if row else (),
        legal_form=row.legal_form if row else "",
        classification=Classification(item.dossier.classification),
        text=sealed.open_text(row.sealed_text, column="decision.text", row=row.id) if row else "",
        docset_hash=disposed.docset_hash,
        poll=disposed.poll,
        decided_at=disposed.at,
        orders=_orders(row, language) if row else (),
        published=_published(row) if row else None,
        seats=seats,
        leads=leads,
        writable=leads and not item.session.minutes.exclude(signed_at=None).exists(),
    )


def published(*, page: int = 1, language: str = "id") -> tuple[list[Published], bool]:
    """Return what the public may read now, newest first, and whether there is more.

    Bodies are named in the language, titles and texts stand as they were written.
    """
    rows = _public().order_by("-embargo_until", "-id")[(page - 1) * PAGE : page * PAGE + 1]
    found = [_public_view(row, language) for row in rows]
    return found[:PAGE], len(found) > PAGE


def one_published(publication_id: UUID, language: str = "id") -> Published:
    """Return one publication; raise ``NoSuchItem`` also before its embargo ends."""
    row = _public().filter(id=publication_id).first()
    if row is None:
        raise errors.NoSuchItem
    return _public_view(row, language)


def _public() -> QuerySet[Publication]:
    return Publication.objects.filter(embargo_until__lte=now()).select_related(
        "decision__item__session__body"
    )


def _public_view(row: Publication, language: str = "id") -> Published:
    body = BodyConfiguration.model_validate(row.decision.item.session.body.configuration)
    return Published(
        id=row.id,
        number=row.decision.number,
        body=body.name.of(language),
        specimen=body.specimen,
        title=row.title_id,
        text=row.text_id,
        title_en=row.title_en,
        text_en=row.text_en,
        outcome=Outcome(row.decision.outcome),
        decided_at=row.decision.decided_at,
        embargo_until=row.embargo_until,
    )


def _published(row: Decision) -> Published | None:
    return _public_view(row.publication) if hasattr(row, "publication") else None


def _orders(row: Decision, language: str) -> tuple[OrderView, ...]:
    found = []
    for directive in row.directives.order_by("created_at"):
        text = sealed.open_text(directive.sealed_text, column="directive.text", row=directive.id)
        tasks = tuple(line_of(task, language) for task in lines(directive.tasks.all()))
        found.append(OrderView(text, tasks))
    return tuple(found)
