"""Hand out papers: one to read, or all that a reader may see of an agenda as one file to take along.

Each paper that leaves is a look like any other, recorded first. Classified papers carry a line with
reader and moment; the highest class is read on the screen and never packed.
"""

import hashlib
import html
import io
import json
import zipfile
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pendopo.cabinet import errors, events, watermark
from pendopo.cabinet.actions.positions import record_read
from pendopo.cabinet.models import Session
from pendopo.cabinet.queries import agenda, dossiers
from pendopo.cabinet.records.agenda import AgendaView, ItemLine
from pendopo.cabinet.records.dossiers import PaperFile
from pendopo.cabinet.standing import standing_of
from pendopo.cabinet.values import Classification
from pendopo.documents import api as documents
from pendopo.foundation.actor import Actor
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.formats import format_datetime
from pendopo.foundation.limits import rate_limit
from pendopo.foundation.text import t
from pendopo.identity import api as identity

PACKED_UP_TO = Classification.SECRET
PACKS_AN_HOUR = 20
LARGEST = 64 * 1024 * 1024
"""Bytes of papers in one pack; a larger agenda is read on the screen."""
EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Handed:
    """A file for its reader. ``marked``: it carries a line that the original does not have."""

    filename: str
    media_type: str
    data: bytes
    marked: bool


def hand_out(actor: Actor, document_id: UUID, language: str) -> Handed:
    """Return one paper for reading; raise ``NoSuchDossier`` when the reader may not know of it."""
    paper = dossiers.paper(actor, document_id)
    record_read(actor, paper.dossier_id, paper.id)
    data = _bytes(paper, line_for(actor, paper.classification, language))
    name = f"{paper.number.replace('/', '-').lower()}-v{paper.n}.{EXTENSIONS.get(paper.media_type, 'bin')}"
    return Handed(name, paper.media_type, data, marked=paper.classification > Classification.OPEN)


def pack(actor: Actor, session_id: UUID, language: str) -> Handed:
    """Return an agenda and its papers as one ZIP: a page to open, the papers, their hashes.

    Raises ``NoSuchSession``, and ``TooLarge`` when the papers are more than fit in one file.
    """
    view = agenda.of_session(actor, session_id, language)
    rate_limit("cabinet.pack", key=str(actor.subject_id), limit=PACKS_AN_HOUR, seconds=3600)
    items = [item for item in view.items if item.classification <= PACKED_UP_TO]
    papers = dossiers.papers_in_force(standing_of(actor), (item.dossier_id for item in items))
    if sum(paper.size for several in papers.values() for paper in several) > LARGEST:
        raise errors.TooLarge
    for item in items:
        for paper in papers.get(item.dossier_id, []):
            record_read(actor, item.dossier_id, paper.id)
    with transaction.atomic(durable=True):
        audit(
            events.EXPORTED,
            actor=actor,
            object_id=session_id,
            body_id=Session.objects.values_list("body__agency_id", flat=True).get(id=session_id),
            detail={"kind": "pack", "items": len(items)},
        )
    data = _Pack(actor, view, items, papers, language).made()
    return Handed(f"{view.session.body.code}-{view.session.number}.zip", "application/zip", data, marked=True)


def line_for(actor: Actor, classification: Classification, language: str) -> str:
    """Return the line on a copy: class, reader, moment."""
    return t(
        "cabinet.minister.watermark",
        language,
        grade=t(f"cabinet.classes.{classification.name.lower()}", language),
        name=identity.name_of(actor.subject_id) if actor.subject_id else "",
        at=format_datetime(now(), language),
    )


def _bytes(paper: PaperFile, line: str) -> bytes:
    data = documents.read_file(paper.file_id)
    return watermark.marked(data, paper.media_type, line) if paper.classification else data


class _Pack:
    """The ZIP of one reader, written in memory."""

    def __init__(
        self,
        actor: Actor,
        view: AgendaView,
        items: list[ItemLine],
        papers: dict[UUID, list[PaperFile]],
        language: str,
    ) -> None:
        self.view, self.items, self.papers, self.language = view, items, papers, language
        self.actor = actor
        self.hashes: list[dict[str, str | int]] = []

    def made(self) -> bytes:
        """Write papers first: the page tells the hash of each copy."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for item in self.items:
                for paper in self.papers.get(item.dossier_id, []):
                    self._put(packed, item, paper)
            packed.writestr("manifest.json", json.dumps(self.hashes, ensure_ascii=False, indent=2))
            packed.writestr("index.html", self._page())
        return file.getvalue()

    def _put(self, packed: zipfile.ZipFile, item: ItemLine, paper: PaperFile) -> None:
        data = _bytes(paper, line_for(self.actor, paper.classification, self.language))
        extension = EXTENSIONS.get(paper.media_type, "bin")
        name = f"papers/{item.order:02d}-{paper.id.hex[-6:]}-v{paper.n}.{extension}"
        packed.writestr(name, data)
        self.hashes.append(
            {
                "item": str(item.id),
                "file": name,
                "name": paper.name,
                "version": paper.n,
                "class": paper.classification.name.lower(),
                "sha256": hashlib.sha256(data).hexdigest(),
                "original_sha256": paper.sha256,
            }
        )

    def _page(self) -> str:
        highest = max((item.classification for item in self.items), default=Classification.OPEN)
        session = self.view.session
        head = f"{html.escape(session.title)} · {html.escape(session.body.name)}"
        when = format_datetime(session.planned_start, self.language)
        return _PAGE.format(
            language=self.language,
            title=head,
            when=html.escape(f"{when} · {session.place}"),
            line=html.escape(line_for(self.actor, highest, self.language)),
            note=html.escape(t("cabinet.minister.pack.note", self.language)),
            left_out=self._left_out(),
            contents=self._contents(),
            items="\n".join(self._item(item) for item in self.items),
        )

    def _left_out(self) -> str:
        left = [item for item in self.view.items if item.classification > PACKED_UP_TO]
        if not left:
            return ""
        orders = ", ".join(str(item.order) for item in left)
        return f"<p>{html.escape(t('cabinet.minister.pack.left_out', self.language, orders=orders))}</p>"

    def _contents(self) -> str:
        heading = html.escape(t("cabinet.minister.pack.contents", self.language))
        rows = "".join(
            f'<li value="{item.order}"><a href="#item-{item.order}">{html.escape(item.title)}</a></li>'
            for item in self.items
        )
        return f'<nav id="contents" aria-label="{heading}"><h2>{heading}</h2><ol>{rows}</ol></nav>'

    def _item(self, item: ItemLine) -> str:
        grade = t(f"cabinet.classes.{item.classification.name.lower()}", self.language)
        rows = "".join(
            f'<li><a href="{row["file"]}">{html.escape(str(row["name"]))}</a> '
            f"({t('cabinet.minister.version', self.language, n=row['version'])})"
            f"<br><code>{row['sha256']}</code></li>"
            for row in self.hashes
            if row["item"] == str(item.id)
        )
        about = html.escape(f"{item.type_name} · {item.owner} · {grade} · {item.number}")
        title = html.escape(item.title)
        back = html.escape(t("cabinet.minister.pack.contents", self.language))
        return (
            f'<li value="{item.order}" id="item-{item.order}"><h2>{title}</h2><p>{about}</p><ul>{rows}</ul>'
            f'<p><a href="#contents">{back}</a></p></li>'
        )


_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body{{font:18px/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:24px;color-scheme:light dark}}
code{{font-size:12px;overflow-wrap:anywhere}} a{{display:inline-block;padding:4px 0}}
li:target h2{{text-decoration:underline}} h2{{font-size:1.2rem;margin:1.4em 0 0}} p{{margin:.3em 0}}
.line{{border:2px solid;padding:8px 12px;font-weight:600}}
</style></head><body>
<p class="line">{line}</p><h1>{title}</h1><p>{when}</p><p>{note}</p>{left_out}
{contents}
<main><ol>
{items}
</ol></main><p class="line">{line}</p></body></html>
"""
