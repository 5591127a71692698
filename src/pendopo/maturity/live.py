"""Live evidence: a measure of another room, read now, kept with its digest, and what came of it."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.db import DatabaseError, OperationalError

from pendopo.foundation import measures
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now, today
from pendopo.foundation.commitments import JSON
from pendopo.foundation.logs import get
from pendopo.foundation.measures import Reading, Scope, UnknownMeasureError
from pendopo.foundation.outbox import emit
from pendopo.kernel.ids import uuid7
from pendopo.maturity import events, pinned
from pendopo.maturity.instruments import Binding, Indicator
from pendopo.maturity.models import Assessment, Evidence, LiveReading
from pendopo_wire import canonical

WINDOW_DAYS = 365
"""Readings are over the year up to today: guide 3/2024 asks for evidence younger than two years."""
TOO_SLOW, UNKNOWN, BROKEN, NOTHING, TOO_FEW = "too-slow", "unknown", "broken", "nothing", "too-few"
"""Why an attempt says nothing; of ``TOO_FEW`` there is a value, over fewer things than the binding asks."""

log = get(__name__)


def binding(indicator: Indicator, level: int, measure: str) -> Binding | None:
    """Return the binding of a measure to a level, if the instrument has it."""
    return next(
        (one for one in indicator.evidence if one.level == level and one.measure == measure),
        None,
    )


def scope_of(assessment: Assessment, measure: str) -> UUID | None:
    """Return whose figures count: the agency's own, or the whole hall's.

    The whole hall's where the agency runs the cycle (the hall is its own), or the measure knows no agencies.
    """
    try:
        by_agency = measures.measure(measure).by_agency
    except UnknownMeasureError:
        return None
    runs = assessment.agency_id == assessment.cycle.body_id
    return assessment.agency_id if by_agency and not runs else None


def take(actor: Actor, row: Evidence) -> LiveReading:
    """Read the measure now and write what came of it, in the caller's transaction; ``row`` is held.

    A reading below the threshold, or back above it, is told to the outbox. A query that fails is no error
    here: the attempt is written, and the evidence stays as it was, frozen.
    """
    return take_many(actor, [row])[0]


def take_many(actor: Actor, rows: Sequence[Evidence]) -> list[LiveReading]:
    """As :func:`take` for evidence of one measure: it is read once for each body whose figures count."""
    until = today()
    scopes = {
        one.scope_agency: Scope(until - dt.timedelta(days=WINDOW_DAYS - 1), until, one.scope_agency)
        for one in rows
    }
    found = {agency: _read(rows[0].measure, scope) for agency, scope in scopes.items()}
    return [_keep(actor, one, scopes[one.scope_agency], *found[one.scope_agency]) for one in rows]


def _keep(actor: Actor, row: Evidence, scope: Scope, taken: Reading | None, failed: str) -> LiveReading:
    """Write one attempt, and what it means for the evidence."""
    bound = _binding_of(row)
    if taken is not None and taken.of < bound.over:
        failed = TOO_FEW
    reading = _written(actor, row, scope, taken, failed)
    if taken is None or failed:
        row.failed_at, row.failed_with = reading.taken_at, failed
    else:
        _settle(row, reading, holds=bound.met(taken.value, taken.of))
    row.save(update_fields=["reading", "holds", "fell_at", "failed_at", "failed_with"])
    detail: dict[str, JSON] = {"measure": row.measure, "level": row.level, "failed": failed}
    audit(events.READING_TAKEN, actor=actor, object_id=row.item_id, detail=detail | {"holds": row.holds})
    return reading


def record(reading: LiveReading) -> dict[str, canonical.Json]:
    """Return what a reading's digest is made of."""
    return {
        "measure": reading.measure,
        "agency": str(reading.agency_id) if reading.agency_id else None,
        "since": reading.since.isoformat(),
        "until": reading.until.isoformat(),
        "value": None if reading.value is None else f"{reading.value:.2f}",
        "unit": reading.unit,
        "of": reading.of,
        "detail": reading.detail,
        "taken_at": reading.taken_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "expires_at": reading.expires_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "failed": reading.failed,
    }


def digest(reading: LiveReading) -> str:
    """Return the SHA-256 of the canonical JSON of :func:`record`, in hexadecimal."""
    return hashlib.sha256(canonical.dumps(record(reading))).hexdigest()


def is_whole(reading: LiveReading) -> bool:
    """Say whether a reading still is what was written."""
    return digest(reading) == reading.sha256


def _read(measure: str, scope: Scope) -> tuple[Reading | None, str]:
    try:
        found = measures.read(measure, scope)
    except UnknownMeasureError:
        return None, UNKNOWN
    except OperationalError:
        log.warning("measure_too_slow", measure=measure)
        return None, TOO_SLOW
    except (DatabaseError, ArithmeticError, LookupError, ValueError, OSError):
        log.exception("measure_broke", measure=measure)
        return None, BROKEN
    return found, "" if found is not None else NOTHING


def _written(actor: Actor, row: Evidence, scope: Scope, taken: Reading | None, failed: str) -> LiveReading:
    moment = taken.at if taken else now()
    reading = LiveReading(
        id=uuid7(),
        by_subject_id=actor.subject_id,
        by_post_id=actor.post_id,
        evidence=row,
        measure=row.measure,
        agency_id=scope.agency,
        since=scope.since,
        until=scope.until,
        value=taken.value if taken else None,
        unit=taken.unit.value if taken else "",
        of=taken.of if taken else 0,
        detail={name: f"{value:f}" for name, value in taken.detail.items()} if taken else {},
        taken_at=moment,
        expires_at=moment + (measures.measure(row.measure).expires_after if taken else dt.timedelta()),
        failed=failed,
    )
    reading.sha256 = digest(reading)
    reading.save(force_insert=True)
    return reading


def _binding_of(row: Evidence) -> Binding:
    _, indicator = pinned.indicator_of(row.item)
    found = binding(indicator, row.level, row.measure)
    if found is None:
        raise LookupError(row.measure)
    return found


def _settle(row: Evidence, reading: LiveReading, *, holds: bool) -> None:
    before, row.holds = row.holds, holds
    row.reading, row.failed_at, row.failed_with = reading, None, ""
    if holds:
        row.fell_at = None
    elif before is not False:
        row.fell_at = reading.taken_at
    if before is False and holds:
        emit(events.HOLDS_AGAIN_TOPIC, _told(row))
    if before is True and not holds:
        emit(events.IN_DOUBT_TOPIC, _told(row))


def _told(row: Evidence) -> dict[str, JSON]:
    return {
        "assessment_id": str(row.item.assessment_id),
        "item_id": str(row.item_id),
        "number": row.item.number,
        "level": row.level,
        "measure": row.measure,
    }
