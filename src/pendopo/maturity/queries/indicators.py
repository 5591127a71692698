"""The page of one indicator: criteria, evidence by level, values, remarks, history, what would raise it."""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import now
from pendopo.foundation.text import t
from pendopo.maturity import judging, pinned, visibility
from pendopo.maturity.actions.answers import open_stages
from pendopo.maturity.actions.holding import reach
from pendopo.maturity.index import half_up
from pendopo.maturity.instruments import FULL, Indicator, Instrument
from pendopo.maturity.judging import Given, Judgement
from pendopo.maturity.models import Comment, Evidence, Item
from pendopo.maturity.queries import evidence as shown
from pendopo.maturity.queries.assessments import line_of, units_of
from pendopo.maturity.queries.heads import head_of
from pendopo.maturity.queries.naming import Names, bodies
from pendopo.maturity.records.assessment import (
    EvidenceView,
    Happened,
    IndicatorView,
    Offer,
    Raise,
    Remark,
    Step,
)
from pendopo.maturity.values import CycleState


def indicator(actor: Actor, item_id: UUID, language: str) -> IndicatorView:
    """Return everything about one indicator; raise ``NoSuchItem``."""
    item = visibility.item(actor, item_id)
    row, (instrument, asked) = item.assessment, pinned.indicator_of(item)
    every = list(item.evidence.select_related("reading").order_by("created_at", "id"))
    standing = [one for one in every if one.removed_at is None]
    given = [judging.given_of(one) for one in item.answers.order_by("revision")]
    remarks = list(item.comments.order_by("created_at", "id"))
    judgement = judging.judge(instrument, item.answers.all(), standing, now())
    acts = [*every, *remarks]
    by = Names([*(one.by_post_id for one in acts), *(one.by_post_id for one in given)], language)
    names = bodies(language)
    views = shown.views(standing, asked, by, names, language)
    is_mine = reach(actor)(item)
    state = CycleState(row.cycle.state)
    line = line_of(
        item,
        instrument,
        judgement,
        len(standing),
        names | units_of({item.body_id} if item.unit_id else set(), language),
        is_mine=is_mine,
    )
    before, after = _neighbours(actor, item)
    told = tuple(Remark(one.level, one.text, one.created_at, by.of(one.by_post_id)) for one in remarks)
    return IndicatorView(
        head=head_of(row, names),
        line=line,
        aspect=next(one for one in instrument.aspects if asked in one.indicators),
        revision=item.revision,
        own_by=_by(by, judgement.own),
        assessed_by=_by(by, judgement.assessed),
        objection_by=_by(by, judgement.objection),
        newest=given[-1] if given else None,
        newest_by=_by(by, given[-1] if given else None),
        steps=_steps((instrument, asked), judgement, views, told, language),
        remarks=tuple(one for one in told if one.level is None),
        history=_history(given, every, remarks, by, language),
        stages=open_stages(actor, item, state, given),
        raised=_raise(instrument, asked, judgement, views, language),
        may_add=is_mine and state is not CycleState.CLOSED,
        may_remove=is_mine and state is CycleState.OPEN,
        previous=before,
        next=after,
    )


def _by(names: Names, given: Given | None) -> str:
    return names.of(given.by_post_id) if given else ""


def _neighbours(actor: Actor, item: Item) -> tuple[UUID | None, UUID | None]:
    ids = list(visibility.items(actor, item.assessment).values_list("id", flat=True))
    place = ids.index(item.id)
    return (ids[place - 1] if place else None), (ids[place + 1] if place + 1 < len(ids) else None)


def _steps(
    asked: tuple[Instrument, Indicator],
    judgement: Judgement,
    views: Sequence[EvidenceView],
    remarks: Sequence[Remark],
    language: str,
) -> tuple[Step, ...]:
    accepted = judgement.assessed.accepted if judgement.assessed else None
    claimed = judgement.own.level if judgement.own else None
    instrument, indicator = asked
    named = instrument.levels[indicator.capability]
    return tuple(
        Step(
            level=level,
            name=named[level].of(language),
            criterion=_criterion(indicator, level, language),
            is_accepted=accepted is not None and level <= accepted,
            is_claimed=claimed is not None and level <= claimed,
            evidence=tuple(one for one in views if one.level == level),
            offers=_offers(indicator, level, views, language),
            remarks=tuple(one for one in remarks if one.level == level),
        )
        for level in instrument.scale.steps
    )


def _offers(asked: Indicator, level: int, views: Sequence[EvidenceView], language: str) -> tuple[Offer, ...]:
    there = {(one.level, one.measure) for one in views}
    return tuple(
        Offer(
            level,
            one.measure,
            shown.measure_title(one.measure, language),
            one.says.of(language),
            shown.threshold(one, language),
        )
        for one in asked.evidence
        if one.level == level and (level, one.measure) not in there
    )


def _history(
    given: Sequence[Given],
    evidence: Sequence[Evidence],
    remarks: Sequence[Comment],
    by: Names,
    language: str,
) -> tuple[Happened, ...]:
    found = [
        Happened("answer", one.at, by.of(one.by_post_id), one.stage, one.level, one.reason) for one in given
    ]
    for row in evidence:
        called = row.title or shown.measure_title(row.measure, language)
        found.append(Happened("evidence", row.created_at, by.of(row.by_post_id), text=called))
        if row.removed_at is not None:
            found.append(Happened("removed", row.removed_at, "", text=called))
    found += [Happened("remark", row.created_at, by.of(row.by_post_id), text=row.text) for row in remarks]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _raise(
    instrument: Instrument,
    asked: Indicator,
    judgement: Judgement,
    views: Sequence[EvidenceView],
    language: str,
) -> Raise | None:
    """Return what the next level asks; none at the top of the scale."""
    level = int(judgement.current if judgement.current is not None else instrument.scale.low) + 1
    if level > instrument.scale.high:
        return None
    start = judgement.current if judgement.current is not None else instrument.scale.low
    points = half_up(Fraction(level - start) * asked.weight / asked.rows / FULL, 4)
    here = [one for one in views if one.level == level]
    needs = [
        t("maturity.assess.needs.live", language, title=one.title, threshold=one.threshold)
        for one in here
        if one.state is not None and not shown.holds(one)
    ]
    needs += [
        t("maturity.assess.needs.read", language, title=one.title, threshold=one.threshold)
        for one in _offers(asked, level, views, language)
    ]
    if not here:
        needs.append(t("maturity.assess.needs.evidence", language, level=level))
    return Raise(
        level,
        points,
        _criterion(asked, level, language),
        tuple(needs),
    )


def _criterion(asked: Indicator, level: int, language: str) -> str:
    return asked.criteria[level].of(language) if level in asked.criteria else ""
