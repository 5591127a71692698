"""Sentences about a case that several pages share: its state, its steps, its clocks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pendopo.casework.records import CaseLine, ClockView, Moment, TrackView
from pendopo.casework.states import CaseState, ClockKind, EventKind
from pendopo.catalogue import api as catalogue
from pendopo.catalogue.api import Service
from pendopo.foundation.formats import format_datetime
from pendopo.foundation.text import t

HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)

BAD = frozenset({EventKind.REFUSED, EventKind.REGISTER_REJECTED, EventKind.CORRECTION_REFUSED})

TO_COME = {
    CaseState.SUBMITTED: ("verify", "decide", "register", "issue"),
    CaseState.RETURNED: ("complete", "verify", "decide", "register", "issue"),
    CaseState.VERIFYING: ("decide", "register", "issue"),
    CaseState.APPROVED: ("register", "issue"),
    CaseState.REGISTERED: ("issue",),
    CaseState.REFUSED: (),
    CaseState.ISSUED: (),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the way of a case. ``state`` is done, now, next or bad."""

    title: str
    state: str
    at: dt.datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ClockWords:
    """A clock as people read it."""

    title: str
    text: str
    note: str | None


def state_text(line: CaseLine | TrackView, language: str) -> str:
    """Return where the case stands, as a heading."""
    return t(f"casework.states.{_standing(line)}.title", language)


def state_lead(line: CaseLine | TrackView, language: str) -> str:
    """Return what that means and what happens next."""
    if line.waits_for and line.state is CaseState.APPROVED:
        return t(f"casework.waits.{line.waits_for}", language)
    return t(f"casework.states.{_standing(line)}.lead", language)


def _standing(line: CaseLine | TrackView) -> str:
    """Name the state; a service may end well without a document, and then none is promised."""
    return "done" if line.state is CaseState.ISSUED and not line.has_document else line.state.value


def steps(moments: Sequence[Moment], state: CaseState, version_id: UUID, language: str) -> tuple[Step, ...]:
    """Return what happened and what is to come; the first thing to come is the present one.

    To come is only what the flow of the service holds: no register and no document where it names none.
    """
    past = [
        Step(
            title=t(f"casework.timeline.{moment.kind.value}", language),
            state="bad" if moment.kind in BAD else "done",
            at=moment.at,
            text=moment.note,
        )
        for moment in moments
    ]
    absent = _absent(catalogue.service_version(version_id))
    coming = [name for name in TO_COME[state] if name not in absent]
    ahead = [
        Step(title=t(f"casework.coming.{name}", language), state="now" if index == 0 else "next")
        for index, name in enumerate(coming)
    ]
    return (*past, *ahead)


def receipt_next(version_id: UUID) -> tuple[str, ...]:
    """Return the text keys of what follows sending, as far as the service's flow goes."""
    last = "grant" if "issue" in _absent(catalogue.service_version(version_id)) else "issue"
    return tuple(f"casework.receipt.next_{name}" for name in ("verify", "tell", last))


def _absent(service: Service) -> frozenset[str]:
    """Name the steps that this service has not: nothing told to a register, no document issued."""
    outputs = any(action.output for action in service.flow.actions)
    return frozenset(
        name for name, there in (("register", service.flow.commands), ("issue", outputs)) if not there
    )


def clock_words(clocks: Sequence[ClockView], language: str) -> tuple[ClockWords, ...]:
    """Return both clocks in words."""
    return tuple(
        ClockWords(
            t(f"casework.clocks.{clock.kind.value}", language),
            _clock_text(clock, language),
            _note(clock, language),
        )
        for clock in clocks
    )


def _clock_text(clock: ClockView, language: str) -> str:
    if clock.paused_for:
        return t("casework.clocks.paused", language)
    if clock.due_at is None:
        return t("casework.clocks.kept" if not clock.overdue else "casework.clocks.missed", language)
    return format_datetime(clock.due_at, language)


def _note(clock: ClockView, language: str) -> str | None:
    if clock.paused_for:
        return t("casework.clocks.left", language, span=span(clock.remaining, language))
    if clock.due_at is None:
        return None
    if clock.overdue:
        return t("casework.clocks.late", language, span=span(-clock.remaining, language))
    return t("casework.clocks.left", language, span=span(clock.remaining, language))


def span(length: dt.timedelta, language: str) -> str:
    """Return working time in its largest fitting unit, rounded down."""
    if length >= HOUR:
        return t("casework.clocks.hours", language, n=length // HOUR)
    return t("casework.clocks.minutes", language, n=max(length // MINUTE, 0))


def service_title(version_id: UUID, language: str) -> str:
    """Return the title of the service version that a case pins."""
    return catalogue.service_version(version_id).name(language)


__all__ = [
    "ClockKind",
    "ClockWords",
    "Step",
    "clock_words",
    "receipt_next",
    "service_title",
    "span",
    "state_lead",
    "state_text",
    "steps",
]
