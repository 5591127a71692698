"""Evidence as its wall shows it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from pendopo.foundation import measures
from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.foundation.formats import format_percent
from pendopo.foundation.http import destination, has_destination
from pendopo.foundation.measures import Unit, UnknownMeasureError
from pendopo.foundation.text import t
from pendopo.maturity import judging, live, visibility
from pendopo.maturity.instruments import Binding, Indicator
from pendopo.maturity.judging import LiveState
from pendopo.maturity.models import Evidence, LiveReading
from pendopo.maturity.queries.naming import Names
from pendopo.maturity.records.assessment import EvidenceView, ReadingView
from pendopo.maturity.values import EvidenceKind


def views(
    rows: Sequence[Evidence],
    asked: Indicator,
    by: Names,
    bodies: Mapping[UUID, str],
    language: str,
    *,
    last: Mapping[UUID, ReadingView] | None = None,
) -> list[EvidenceView]:
    """Return the evidence of one indicator, which was read with its last good readings.

    ``last``: what :func:`tries` found, where it was asked for many indicators at once.
    """
    last = tries(rows, language) if last is None else last
    found = []
    for row in rows:
        scope = _scope(row, bodies, language)
        found.append(_view(row, asked, by.of(row.by_post_id), scope, language, last=last.get(row.id)))
    return found


def tries(rows: Iterable[Evidence], language: str) -> dict[UUID, ReadingView]:
    """Return the last attempt of each piece of evidence that cannot be read now; one query for all."""
    failed = [row.id for row in rows if row.failed_at is not None]
    found = LiveReading.objects.filter(evidence_id__in=failed).order_by("taken_at")
    return {one.evidence_id: _reading(one, language) for one in found}


def item_of(actor: Actor, evidence_id: UUID) -> UUID:
    """Return which indicator evidence belongs to; raise ``NoSuchEvidence``."""
    return visibility.evidence(actor, evidence_id).item_id


def holds(view: EvidenceView) -> bool:
    """Say whether live evidence holds now."""
    return view.state is LiveState.HOLDS


def measure_title(key: str, language: str) -> str:
    """Return the name of a measure, its key where no room has it any more."""
    try:
        return t(measures.measure(key).title_key, language)
    except UnknownMeasureError:
        return key


def threshold(bound: Binding, language: str) -> str:
    """Return a threshold in words: ``≥ 80%, over at least 5``."""
    unit = _unit(bound.measure)
    low = [] if bound.at_least is None else [f"≥ {figure(bound.at_least, unit, language)}"]
    high = [] if bound.at_most is None else [f"≤ {figure(bound.at_most, unit, language)}"]
    over = [t("maturity.assess.over", language, n=bound.over)] if bound.over > 1 else []
    return ", ".join([*low, *high, *over])


def figure(value: Decimal, unit: str, language: str) -> str:
    """Return a value with its unit."""
    if unit == Unit.PERCENT:
        return format_percent(value, language)
    plain = f"{value.normalize():f}"
    plain = plain.replace(".", ",") if language == "id" else plain
    return t(f"maturity.assess.units.{unit or Unit.COUNT.value}", language, value=plain)


def _unit(key: str) -> str:
    try:
        return measures.measure(key).unit.value
    except UnknownMeasureError:
        return ""


def _view(
    row: Evidence, asked: Indicator, by: str, scope: str, language: str, *, last: ReadingView | None
) -> EvidenceView:
    is_live = row.kind == EvidenceKind.LIVE
    bound = live.binding(asked, row.level, row.measure) if is_live else None
    return EvidenceView(
        id=row.id,
        level=row.level,
        kind=EvidenceKind(row.kind),
        title=measure_title(row.measure, language) if is_live else row.title,
        url=row.url,
        measure=row.measure,
        says=bound.says.of(language) if bound else "",
        threshold=threshold(bound, language) if bound else "",
        scope=scope,
        page=_page(row.measure) if is_live else "",
        state=judging.live_state(row, now()) if is_live else None,
        reading=_reading(row.reading, language) if row.reading else None,
        last=last,
        at=row.created_at,
        by=by,
    )


def _reading(row: LiveReading, language: str) -> ReadingView:
    return ReadingView(
        value=figure(row.value, row.unit, language) if row.value is not None else "",
        of=row.of,
        taken_at=row.taken_at,
        expires_at=row.expires_at,
        since=row.since,
        until=row.until,
        failed=row.failed,
        sha256=row.sha256,
        whole=live.is_whole(row),
    )


def _scope(row: Evidence, bodies: Mapping[UUID, str], language: str) -> str:
    if row.kind != EvidenceKind.LIVE:
        return ""
    if row.scope_agency is None:
        return t("maturity.assess.whole_hall", language)
    return bodies[row.scope_agency]


def _page(key: str) -> str:
    try:
        page = measures.measure(key).page
    except UnknownMeasureError:
        return ""
    return destination(page) if has_destination(page) else ""
