"""One case: answers beside the register, evidence, clocks, timeline, and what can be done now."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from pendopo.agencies import api as agencies
from pendopo.casework import api as casework
from pendopo.casework.api import CaseState, ClockView, Match, Moment, OfficerCase
from pendopo.desk.due import due, working_span
from pendopo.desk.pages.frame import frame
from pendopo.desk.pages.home import STATE_KINDS
from pendopo.desk.permissions import ASSURANCE, READ
from pendopo.foundation.clock import now
from pendopo.foundation.formats import format_datetime
from pendopo.foundation.http import Audience, access, actor_of, language_of
from pendopo.foundation.pages import render
from pendopo.foundation.text import t
from pendopo.identity import api as identity

DONE = frozenset(
    {"take", "return", "approve", "refuse", "retry", "correct", "approve-correction", "refuse-correction"}
)


@dataclass(frozen=True, slots=True)
class Move:
    """An action as a button: its look and the key that reaches it."""

    action: str
    kind: str
    key: str


MOVES = (
    Move("take", "primary", "V"),
    Move("approve", "primary", "A"),
    Move("retry", "primary", "U"),
    Move("return", "secondary", "L"),
    Move("refuse", "danger", "T"),
)


@dataclass(frozen=True, slots=True)
class Officers:
    """Who acted in a case: names by person and posts by id, read once for all moments."""

    names: Mapping[UUID, str]
    posts: Mapping[UUID, agencies.Post]


BAD = frozenset({"refused", "register_rejected", "correction_refused"})


@access(Audience.OFFICER, permission=READ, assurance=ASSURANCE)
@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case of the officer's body. That it was seen is written to the applicant's access record."""
    actor, language = actor_of(request), language_of(request)
    found = casework.for_officer(actor, case_id, language)
    done = request.GET.get("done", "")
    officers = _officers(found)
    context = frame(actor, language, None) | {
        "case": found,
        "service_title": casework.service_title(found.line.service_version_id, language),
        "state_text": t(f"casework.states.{found.line.state.value}.short", language),
        "state_kind": STATE_KINDS[found.line.state.value],
        "matched": _count(found, Match.SAME),
        "different": _count(found, Match.DIFFERENT),
        "clocks": [_clock(clock, language) for clock in found.clocks],
        "moments": [_moment(moment, officers, language) for moment in found.moments],
        "decided_by": officers.names[found.decision.decided_by] if found.decision else "",
        "moves": [move for move in MOVES if move.action in found.actions],
        "notice": _notice(found, done, language),
    }
    return render(request, "desk/case.html", context)


def _notice(found: OfficerCase, done: str, language: str) -> str:
    """Say what was just done; an approval that tells no register anything is all there is to do."""
    if done == "approve" and found.line.state is CaseState.ISSUED and not found.commands:
        done = "grant"
    return t(f"desk.done.{done}", language) if done in DONE | {"grant"} else ""


@access(Audience.OFFICER, permission=READ, assurance=ASSURANCE)
@require_GET
def file(request: HttpRequest, case_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Open a file of evidence; writes an access record of its own."""
    return casework.file_response(casework.file_for_officer(actor_of(request), case_id, evidence_id))


def _count(found: OfficerCase, match: Match) -> int:
    return sum(row.match is match for section in found.sections for row in section.rows)


def _clock(clock: ClockView, language: str) -> dict[str, object]:
    """Return a clock in the officer's words: when it is due, what is left of it, and why it stands still."""
    words = due(clock.due_at, now(), language)
    if clock.paused_for:
        text = t("desk.clock.paused", language)
    elif words is not None:
        text = words.text
    else:
        text = t("desk.clock.missed" if clock.overdue else "desk.clock.kept", language)
    left = working_span(abs(clock.remaining), language)
    note = t("desk.clock.over" if clock.overdue else "desk.clock.left", language, span=left)
    exact = "" if clock.due_at is None else format_datetime(clock.due_at, language)
    return {
        "title": t(f"casework.clocks.{clock.kind.value}", language),
        "text": text,
        "note": " · ".join(
            part for part in (exact, note if clock.due_at or clock.paused_for else "") if part
        ),
        "late": clock.overdue,
    }


def _officers(found: OfficerCase) -> Officers:
    """Name everybody who acted for the body, with one query for the names and one for the posts."""
    acted = [moment for moment in found.moments if moment.by_officer]
    people = {moment.actor_id for moment in acted if moment.actor_id}
    if found.decision:
        people.add(found.decision.decided_by)
    posts = {moment.post_id for moment in acted if moment.post_id}
    return Officers(identity.names_of(people) if people else {}, agencies.posts_by_id(posts) if posts else {})


def _moment(moment: Moment, officers: Officers, language: str) -> dict[str, object]:
    return {
        "title": t(f"casework.timeline.{moment.kind.value}", language),
        "at": moment.at,
        "state": "bad" if moment.kind.value in BAD else "done",
        "who": _who(moment, officers, language),
        "note": moment.note,
    }


def _who(moment: Moment, officers: Officers, language: str) -> str:
    """Name an officer by name and the post of that day; the applicant and the system by what they are."""
    if not moment.by_officer or moment.actor_id is None:
        return t("desk.case.applicant" if moment.actor_id else "desk.case.system", language)
    name = officers.names[moment.actor_id]
    post = officers.posts.get(moment.post_id) if moment.post_id else None
    if post is None:
        return name
    return f"{name}, {post.title(language)}"
