"""The published versions of an agenda, each with what changed since the one before, for one reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pendopo.cabinet import visibility
from pendopo.cabinet.actions.sessions import AGENDA_KEY
from pendopo.cabinet.models import AgendaItem, AgendaVersion
from pendopo.cabinet.queries import agenda
from pendopo.cabinet.queries.bodies import body_view, configuration_of, session_line
from pendopo.cabinet.records.bodies import SessionLine
from pendopo.cabinet.records.planning import ChangeLine, VersionLine
from pendopo.cabinet.standing import Standing, standing_of
from pendopo.cabinet.versions import Entry, changes, entries_of
from pendopo.foundation.actor import Actor
from pendopo.identity import api as identity
from pendopo.keys import api as keys


@dataclass(frozen=True, slots=True)
class Versions:
    """A session's published agendas, newest first."""

    session: SessionLine
    lines: tuple[VersionLine, ...]
    leads: bool


def versions(actor: Actor, session_id: UUID, language: str) -> Versions:
    """Return all versions of a session's agenda; raise ``NoSuchSession``."""
    standing = standing_of(actor)
    session = visibility.session(standing, session_id)
    rows = list(AgendaVersion.objects.filter(session=session).order_by("n"))
    titles = titles_of(standing, rows)
    known = keys.public_keys(AGENDA_KEY) if rows else {}
    people = identity.names_of({row.published_by for row in rows})
    entries = [entries_of(row.content, titles) for row in rows]
    lines = [
        VersionLine(
            n=row.n,
            at=row.created_at,
            by=people.get(row.published_by, ""),
            sha256=bytes(row.sha256).hex(),
            kid=row.kid,
            holds=agenda.holds(known.get(row.kid), row),
            changes=change_lines(entries[place - 1] if place else [], entries[place], titles),
        )
        for place, row in enumerate(rows)
    ]
    view = body_view(session.body, configuration_of(session.body), standing, language)
    leads = standing.is_clerk(session.body_id) or standing.is_chair(session.body_id)
    return Versions(session_line(session, view, language), tuple(reversed(lines)), leads)


def titles_of(standing: Standing, rows: Iterable[AgendaVersion]) -> dict[str, str]:
    """Return the titles of the items in these versions that the reader may know of, by item."""
    named = {entry["id"] for row in rows for entry in row.content["items"]}
    items = AgendaItem.objects.filter(id__in=named, dossier__in=visibility.dossiers(standing))
    return {str(item.id): agenda.title_of(item.dossier) for item in items.select_related("dossier")}


def change_lines(
    old: Sequence[Entry], new: Sequence[Entry], titles: Mapping[str, str]
) -> tuple[ChangeLine, ...]:
    """Return what changed from one agenda to another, with titles."""
    return tuple(ChangeLine(titles[one.item], one.change, one.before, one.after) for one in changes(old, new))
