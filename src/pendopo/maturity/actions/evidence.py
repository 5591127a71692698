"""Evidence: add a file, a link or a live reading for a level; read again; take down; open a file."""

from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from pendopo.documents import api as documents
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.kernel.errors import Forbidden
from pendopo.kernel.ids import uuid7
from pendopo.maturity import events, judging, live, pinned, texts, visibility
from pendopo.maturity.actions.holding import (
    held_item,
    open_cycle,
    reach,
    require_evidence_right,
)
from pendopo.maturity.models import Evidence, Item
from pendopo.maturity.refusals import EvidenceCarries, LinkUnusable, NotALevel, NotBound, StageNotNow
from pendopo.maturity.values import OWN, CycleState, EvidenceKind

PURPOSE = "maturity:evidence"
LONGEST_ADDRESS = 500


def add_file(actor: Actor, item_id: UUID, level: int, *, title: str, data: bytes, filename: str) -> UUID:
    """Keep an upload, made harmless, as evidence for a level. Raises ``documents.UnsafeFile`` too."""
    if actor.subject_id is None:
        raise Forbidden
    with transaction.atomic(durable=True):
        row = _open(actor, item_id, level)
        named = texts.title(title)
        kept = documents.store_upload(data, filename, owner_subject_id=actor.subject_id, purpose=PURPOSE)
        documents.keep_file(kept.id)
        return _add(actor, row, level, EvidenceKind.FILE, title=named, file_id=kept.id)


def add_link(actor: Actor, item_id: UUID, level: int, *, title: str, url: str) -> UUID:
    """Name a whole https address as evidence, else raise ``LinkUnusable``. It is not opened."""
    with transaction.atomic(durable=True):
        row = _open(actor, item_id, level)
        return _add(actor, row, level, EvidenceKind.LINK, title=texts.title(title), url=_address(url))


def add_live(actor: Actor, item_id: UUID, level: int, measure: str) -> UUID:
    """Bind what runs to a level and read it now; a measure that is bound already is read again.

    Raises ``NotBound`` where the instrument does not bind the measure to the level.
    """
    with transaction.atomic(durable=True):
        row = _open(actor, item_id, level)
        _, indicator = pinned.indicator_of(row)
        if live.binding(indicator, level, measure) is None:
            raise NotBound(field="measure")
        found = row.evidence.filter(
            kind=EvidenceKind.LIVE, level=level, measure=measure, removed_at=None
        ).first()
        made = found.id if found else _bind(actor, row, level, measure)
        live.take(actor, held_evidence(made))
    return made


def read_all(actor: Actor, assessment_id: UUID) -> int:
    """Read every measure that the instrument binds to an indicator in the officer's reach; return how many.

    A measure is read once for all indicators that it is bound to, each in a transaction of its own, so that a
    query that is too slow holds nobody up.
    """
    by_measure = _bind_all(actor, assessment_id)
    for ids in by_measure.values():
        with transaction.atomic(durable=True):
            row = visibility.assessment(actor, assessment_id)
            open_cycle(row.cycle)
            held = Evidence.objects.select_for_update(of=("self",)).filter(id__in=ids, removed_at=None)
            held = held.order_by("id")  # two who read at once hold in one order
            live.take_many(actor, list(held.select_related("item__assessment__cycle", "reading")))
    return sum(map(len, by_measure.values()))


def _bind_all(actor: Actor, assessment_id: UUID) -> dict[str, list[UUID]]:
    """Bind what is not bound yet, and return all live evidence by measure."""
    found: dict[str, list[UUID]] = {}
    with transaction.atomic(durable=True):
        row = visibility.assessment(actor, assessment_id)
        open_cycle(row.cycle)
        may_add, items = reach(actor), visibility.items(actor, row).select_for_update(of=("self",))
        for one in items.prefetch_related("evidence"):
            one.assessment = row
            if not may_add(one):
                continue
            there = {
                (kept.level, kept.measure): kept.id
                for kept in one.evidence.all()
                if kept.kind == EvidenceKind.LIVE and kept.removed_at is None
            }
            for bound in pinned.indicator_of(one)[1].evidence:
                kept_id = there.get((bound.level, bound.measure))
                made = kept_id or _bind(actor, one, bound.level, bound.measure)
                found.setdefault(bound.measure, []).append(made)
    return found


def read_again(actor: Actor, evidence_id: UUID) -> None:
    """Take a new reading of live evidence; whoever sees the indicator may."""
    with transaction.atomic(durable=True):
        row = visibility.evidence(actor, evidence_id)
        open_cycle(row.item.assessment.cycle)
        if row.kind != EvidenceKind.LIVE:
            raise NotBound(field="measure")
        live.take(actor, held_evidence(row.id))


def remove(actor: Actor, evidence_id: UUID) -> None:
    """Take evidence down while the agency assesses itself; it stays in the history.

    Raises ``EvidenceCarries`` where the agency's level would rest on nothing then, or rise again because
    a reading that fell is gone.
    """
    with transaction.atomic(durable=True):
        held, state = held_item(actor, visibility.evidence(actor, evidence_id).item_id)
        row = visibility.evidence(actor, evidence_id)
        require_evidence_right(actor, held)
        if state is not CycleState.OPEN:
            raise StageNotNow(state=state.value)
        _require_spare(held, row)
        row.removed_at, row.removed_by = now(), actor.subject_id
        row.save(update_fields=["removed_at", "removed_by"])
        audit(events.EVIDENCE_REMOVED, actor=actor, object_id=held.id, detail={"level": row.level})


def _require_spare(item: Item, row: Evidence) -> None:
    """Raise ``EvidenceCarries`` unless the agency's own level stands as well without this evidence."""
    given = [judging.given_of(one) for one in item.answers.order_by("revision")]
    own = judging.highest(given, OWN)
    if own is None:
        return
    instrument, indicator = pinned.indicator_of(item)
    standing = list(item.evidence.filter(removed_at=None))
    rest = [one for one in standing if one.id != row.id]
    external = indicator.external is not None
    before, after = (
        judging.without_evidence(instrument, own.level, found, external=external)
        for found in (standing, rest)
    )
    low = instrument.scale.low
    lifted = judging.proposed(own.level, low, rest) != judging.proposed(own.level, low, standing)
    if lifted or len(after) > len(before):
        raise EvidenceCarries(level=f"{own.level.normalize():f}")


def open_file(actor: Actor, evidence_id: UUID) -> tuple[documents.StoredFile, bytes]:
    """Return a file of evidence; that it was opened is written down."""
    with transaction.atomic(durable=True):
        row = visibility.evidence(actor, evidence_id)
        if row.file_id is None:
            raise NotBound(field="file")
        kept, data = documents.file(row.file_id), documents.read_file(row.file_id)
        audit(events.EVIDENCE_READ, actor=actor, object_id=row.item_id, detail={"level": row.level})
    return kept, data


def _open(actor: Actor, item_id: UUID, level: int) -> Item:
    row, _ = held_item(actor, item_id)
    require_evidence_right(actor, row)
    if level not in pinned.of(row.assessment.cycle).scale.steps:
        raise NotALevel(field="level")
    return row


def _bind(actor: Actor, row: Item, level: int, measure: str) -> UUID:
    scope = live.scope_of(row.assessment, measure)
    return _add(actor, row, level, EvidenceKind.LIVE, measure=measure, scope_agency=scope)


def held_evidence(evidence_id: UUID) -> Evidence:
    """Hold a piece of evidence with its indicator, cycle and last reading; its cycle is held before."""
    return (
        Evidence.objects.select_for_update(of=("self",))
        .select_related("item__assessment__cycle", "reading")
        .get(id=evidence_id)
    )


def _add(  # the columns of a kind of evidence
    actor: Actor, row: Item, level: int, kind: EvidenceKind, **columns: str | UUID | None
) -> UUID:
    made = Evidence.objects.create(
        id=uuid7(),
        item=row,
        level=level,
        kind=kind,
        by_subject_id=actor.subject_id,
        by_post_id=actor.post_id,
        **columns,
    )
    audit(
        events.EVIDENCE_ADDED,
        actor=actor,
        object_id=row.id,
        detail={"kind": kind.value, "level": level, "number": row.number},
    )
    return made.id


def _address(url: str) -> str:
    text = url.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        raise LinkUnusable(field="url") from None
    fits = parts.scheme == "https" and "." in host and parts.username is None and text.isprintable()
    if not fits or len(text) > LONGEST_ADDRESS or any(sign in text for sign in ' <>"\\'):
        raise LinkUnusable(field="url")
    return text
