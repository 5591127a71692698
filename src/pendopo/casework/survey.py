"""The question how a service was (SKM): what is asked, and what is handed out of the answers.

One grade overall and nine elements, each 1 to 4 (PermenPANRB 14/2017; the order of the last two varies
between sources). Nothing here leads from an answer to a case or a person: the case only knows that it was
answered. What fewer than :data:`LEAST` people said about a service is never told as being about that service.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.core import signing
from django.db.models import Count, Q, QuerySet

from pendopo.casework.errors import GradeMissing, SurveyOver
from pendopo.casework.models import Case, SurveyAnswer
from pendopo.casework.states import CLOSED, CaseState, SurveyState
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone

ELEMENTS: Final = (
    "requirements",
    "procedure",
    "time",
    "fee",
    "product",
    "competence",
    "behaviour",
    "complaints",
    "facilities",
)
GRADES: Final = (1, 2, 3, 4)
LEAST: Final = 5
SALT = "casework.survey"
DETAILS_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class SurveyReply:
    """What one person said. ``agency``, ``service`` and ``channel`` are empty where too few said something.

    ``elements`` holds the elements that were not passed over.
    """

    agency: str
    service: str
    channel: str
    overall: int
    elements: Mapping[str, int]


def is_open(case: Case) -> bool:
    """Whether to ask on the pages of the case: it is closed, and was neither answered nor declined."""
    return CaseState(case.state) in CLOSED and SurveyState(case.survey) in {
        SurveyState.OPEN,
        SurveyState.ASKED,
    }


def grade_of(typed: str) -> int:
    """Parse a grade; raise :class:`GradeMissing`."""
    if typed not in {str(grade) for grade in GRADES}:
        raise GradeMissing
    return int(typed)


def grades_of(typed: Mapping[str, str]) -> dict[str, int]:
    """Parse the elements that were not passed over; raise :class:`GradeMissing` for what is no grade."""
    return {name: grade_of(typed[name]) for name in ELEMENTS if typed.get(name)}


def handle_of(answer_id: UUID) -> str:
    """Return what lets a browser add the nine elements to its answer within an hour; kept nowhere here."""
    return signing.dumps(answer_id.hex, salt=SALT)


def answer_of(handle: str) -> UUID:
    """Return the answer behind a handle; raise :class:`SurveyOver` when it is forged or an hour old."""
    try:
        return UUID(signing.loads(handle, salt=SALT, max_age=DETAILS_SECONDS))
    except (signing.BadSignature, ValueError) as error:
        raise SurveyOver from error


def survey_answers(*, since: dt.date, until: dt.date, agency: str | None = None) -> tuple[SurveyReply, ...]:
    """Return what people said in the months of the days from ``since`` to ``until``, both included.

    ``agency`` is a body's code; None is the whole hall. In no order that means anything. A service, a channel
    of a service or an agency about which fewer than five said something is not named, and as many others with
    it as it takes that it cannot be found by subtracting; what is left of the hall below five is left out.
    """
    rows = SurveyAnswer.objects.filter(month__gte=since.replace(day=1), month__lte=until)
    if agency is not None:
        rows = rows.filter(agency=agency)
    return without_few([_reply(row) for row in rows.order_by("id")])


def _reply(row: SurveyAnswer) -> SurveyReply:
    grades = {name: getattr(row, name) for name in ELEMENTS}
    told = {name: grade for name, grade in grades.items() if grade is not None}
    return SurveyReply(row.agency, row.service, row.channel, row.overall, told)


def without_few(replies: Sequence[SurveyReply]) -> tuple[SurveyReply, ...]:
    """Take out every name under which fewer than five stand; see :func:`survey_answers`."""
    few = _few(reply.agency for reply in replies)
    found = [replace(reply, agency="", service="") if reply.agency in few else reply for reply in replies]
    if len([reply for reply in found if not reply.agency]) < LEAST:
        found = [reply for reply in found if reply.agency]
    for agency in {reply.agency for reply in found}:
        few = _few(reply.service for reply in found if reply.agency == agency)
        found = [
            replace(reply, service="") if reply.agency == agency and reply.service in few else reply
            for reply in found
        ]
    for place in {(reply.agency, reply.service) for reply in found}:
        few = _few(reply.channel for reply in found if (reply.agency, reply.service) == place)
        found = [
            replace(reply, channel="")
            if (reply.agency, reply.service) == place and reply.channel in few
            else reply
            for reply in found
        ]
    return tuple(found)


def telling(
    rows: QuerySet[SurveyAnswer], agency: str | None, counting: Q | None = None
) -> QuerySet[SurveyAnswer]:
    """Keep those answers whose sum tells nobody's, whenever it is asked and whatever else is asked.

    Of months that are over, since whoever looks before and after an answer would learn it; of those only
    months in which the hall has at least five, and about an agency only months in which neither it nor what
    subtracting it from the hall leaves is below that. ``counting`` says which answers make up the five.
    """
    over = rows.filter(month__lt=today(zone()).replace(day=1))
    counted: dict[dt.date, dict[str, int]] = {}
    for month, name, n in (
        over.values_list("month", "agency").annotate(n=Count("id", filter=counting)).order_by()
    ):
        counted.setdefault(month, {})[name] = n
    told = [month for month, names in counted.items() if sum(names.values()) >= LEAST]
    if agency is None:
        return over.filter(month__in=told)
    return over.filter(month__in=[one for one in told if agency not in _too_few(counted[one])], agency=agency)


def _few(names: Iterable[str]) -> set[str]:
    """Return the names to leave out of these."""
    return _too_few(Counter(names))


def _too_few(counts: Mapping[str, int]) -> set[str]:
    """Return the names to leave out: those that occur too seldom, and then the next until all of them do not.

    Where only one name was left out, subtracting it from the sum would tell it.
    """
    counted = sorted(counts.items(), key=lambda item: (item[1], item[0]))
    few: set[str] = set()
    total = 0
    for name, count in counted:
        if count >= LEAST and (not few or total >= LEAST):
            break
        few.add(name)
        total += count
    return few
