"""An assessment leaves the hall as a report; recorded. Whoever sees the whole of it may take it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.maturity import events
from pendopo.maturity.exports import report, workbook
from pendopo.maturity.queries.dashboard import dashboard
from pendopo.maturity.records.dashboard import Dashboard

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class File:
    """A file ready to be handed out."""

    name: str
    media_type: str
    data: bytes


def pdf(actor: Actor, assessment_id: UUID, language: str) -> File:
    """Set the report as a tagged PDF."""
    view = _recorded(actor, assessment_id, language, "pdf")
    return File(f"{_name(view)}.pdf", "application/pdf", report.pdf(view, language))


def spreadsheet(actor: Actor, assessment_id: UUID, language: str) -> File:
    """Write the report as a spreadsheet."""
    view = _recorded(actor, assessment_id, language, "xlsx")
    return File(f"{_name(view)}.xlsx", SPREADSHEET, workbook.xlsx(view, language))


def _recorded(actor: Actor, assessment_id: UUID, language: str, form: str) -> Dashboard:
    with transaction.atomic(durable=True):
        view = dashboard(actor, assessment_id, language)
        audit(events.REPORT_MADE, actor=actor, object_id=assessment_id, detail={"form": form})
    return view


def _name(view: Dashboard) -> str:
    return f"{view.head.instrument.id}-{view.head.year}"
