"""A person's applications as the portal shows them: what they are called, where they stand, what is next."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from pendopo.casework import api as casework
from pendopo.catalogue import api as catalogue
from pendopo.foundation.actor import Actor

FINISHED = frozenset({"refused", "issued", "done"})
NEEDS_PERSON = "returned"


@dataclass(frozen=True, slots=True)
class Matter:
    """One application. ``number`` is empty for one that was not sent; ``href`` is where it goes on.

    ``state`` is the case's, ``draft`` before it is one, and ``done`` when it ended well without a document.
    """

    title: str
    number: str
    state: str
    at: dt.datetime
    promise_due_at: dt.datetime | None
    waits_for: str
    href: str

    @property
    def finished(self) -> bool:
        """Whether nothing more is going to happen on its own."""
        return self.state in FINISHED

    @property
    def needs_person(self) -> bool:
        """Whether it stands still until the person acts."""
        return self.state in {NEEDS_PERSON, "draft"}


def cases(actor: Actor, lang: str) -> list[Matter]:
    """Return what the person sent, newest first."""
    return [
        Matter(
            title=catalogue.service_version(line.service_version_id).name(lang),
            number=line.number,
            state=_state(line),
            at=line.submitted_at,
            promise_due_at=line.promise_due_at,
            waits_for=line.waits_for,
            href=reverse("casework:case", kwargs={"case_id": line.id}),
        )
        for line in casework.cases_of(actor)
    ]


def _state(line: casework.CaseLine) -> str:
    return "done" if line.state is casework.CaseState.ISSUED and not line.has_document else line.state.value


def drafts(actor: Actor, lang: str) -> list[Matter]:
    """Return what the person began and did not send, last saved first."""
    return [
        Matter(
            title=catalogue.service_version(line.service_version_id).name(lang),
            number="",
            state="draft",
            at=line.saved_at,
            promise_due_at=None,
            waits_for=line.waits_for,
            href=reverse(
                "casework:resume",
                kwargs={"agency": line.agency, "code": line.service, "draft_id": line.id},
            ),
        )
        for line in casework.drafts_in_progress(actor)
    ]


def waiting(actor: Actor, lang: str) -> list[Matter]:
    """Return what stands still until the person acts: returned cases first, then unsent ones."""
    return [item for item in cases(actor, lang) if item.needs_person] + drafts(actor, lang)
