"""From rows to minutes and back: what :mod:`pendopo.cabinet.minutes` composes from, and what is stored."""

from collections.abc import Mapping

from pendopo.agencies import api as agencies
from pendopo.cabinet import sealed
from pendopo.cabinet.actions.live import open_event
from pendopo.cabinet.configuration import BodyConfiguration
from pendopo.cabinet.minutes import Attendee, Content, Frame, Order, OrderLine, Paper, Ruling
from pendopo.cabinet.minutes import compose as _compose
from pendopo.cabinet.models import AgendaItem, Body, Decision, Directive, LiveEvent, Minutes, Session
from pendopo.cabinet.values import Role


def compose(session: Session, debate: Mapping[str, str], remarks: str) -> Content:
    """Compose the minutes of a closed session from its rows."""
    events = [open_event(row) for row in LiveEvent.objects.filter(session=session).order_by("seq")]
    return _compose(events, _frame(session), _papers(session, debate), remarks=remarks)


def content_of(row: Minutes) -> Content:
    """Open a stored version."""
    return Content.model_validate(sealed.open_json(row.sealed_content, column="minutes.content", row=row.id))


def agency_code(body: Body) -> str:
    """Return the code of the public body whose seal this body uses."""
    return agencies.body(body.agency_id).code


def only(content: Content, items: frozenset[str]) -> Content:
    """Return the minutes with these items alone."""
    kept = tuple(entry for entry in content.entries if entry.item in items)
    return content.model_copy(update={"entries": kept})


def _frame(session: Session) -> Frame:
    configuration = BodyConfiguration.model_validate(session.body.configuration)
    seats = [
        Attendee(seat=seat.code, office_id=seat.office_id, office_en=seat.office_en, role=Role(seat.role))
        for seat in session.body.seats.order_by("order")
    ]
    return Frame(
        body=configuration.code,
        body_id=configuration.name.id,
        body_en=configuration.name.en,
        number=session.number,
        title_id=session.title_id,
        title_en=session.title_en,
        place=session.place,
        planned_start=session.planned_start,
        seats=seats,
    )


def _papers(session: Session, debate: Mapping[str, str]) -> dict[str, Paper]:
    configuration = BodyConfiguration.model_validate(session.body.configuration)
    found = {}
    for item in session.items.select_related("dossier", "decision"):
        kind = configuration.item_type(item.dossier.item_type)
        found[str(item.id)] = Paper(
            dossier=item.dossier.number,
            title=title_of(item),
            kind_id=kind.name.id if kind else item.dossier.item_type,
            kind_en=kind.name.en if kind else item.dossier.item_type,
            reasons=tuple((code, seat) for code, seat in item.reasons),
            urgent=item.urgent,
            ruling=_ruling(item),
            debate=debate.get(str(item.id), ""),
        )
    return found


def title_of(item: AgendaItem) -> str:
    """Open the title of an item's dossier."""
    dossier = item.dossier
    return sealed.open_text(dossier.sealed_title, column="dossier.title", row=dossier.id)


def _ruling(item: AgendaItem) -> Ruling | None:
    row: Decision | None = getattr(item, "decision", None)
    if row is None:
        return None
    return Ruling(
        number=row.number,
        text=sealed.open_text(row.sealed_text, column="decision.text", row=row.id),
        legal_form=row.legal_form,
        orders=tuple(_order(directive) for directive in row.directives.order_by("created_at")),
    )


def _order(row: Directive) -> Order:
    tasks = tuple(
        OrderLine(
            owner=task.owner.code,
            text=sealed.open_text(task.sealed_text, column="task.text", row=task.id),
            due_on=task.due_on,
        )
        for task in row.tasks.select_related("owner").order_by("due_on", "id")
    )
    text = sealed.open_text(row.sealed_text, column="directive.text", row=row.id)
    return Order(text=text, tasks=tasks)
