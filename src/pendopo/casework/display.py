"""An application as people read it: sections of labelled values, in the reader's language.

One function serves the check page, the applicant's case and the officer's desk, so that all three read the
same. Register data about somebody outside the applicant's own family is masked for the applicant: typing a
number must never tell who has it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pendopo.casework import sealed
from pendopo.casework.content import Content, Known
from pendopo.casework.models import Evidence
from pendopo.casework.records import FileView, Match, Row, Section, Source
from pendopo.casework.values import shown_value
from pendopo.catalogue.api import Interpretation, PageView, QuestionView, Service, ShownView, Value
from pendopo.exchange import api as exchange
from pendopo.foundation.text import t
from pendopo.kernel.names import mask

NOT_ANSWERS = frozenset({"check", "stop"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: in which language, and whether as an officer (sees everything that was said and read)."""

    language: str
    officer: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """An application with all that is needed to read it; ``files`` are by the path of their question."""

    service: Service
    state: Interpretation
    content: Content
    files: Mapping[str, FileView]
    reader: Reader


def sections(sheet: Sheet) -> tuple[Section, ...]:
    """Return one section a step, or one a child within it where there are several, in order."""
    groups: dict[tuple[str, int | None], list[PageView]] = {}
    for page in sheet.state.pages:
        if page.kind not in NOT_ANSWERS:
            groups.setdefault((page.step, page.index if page.count > 1 else None), []).append(page)
    found = [
        _section(sheet, _title(sheet.service, step, index, sheet.reader), pages)
        for (step, index), pages in groups.items()
    ]
    if sheet.reader.officer:
        found.append(_further(sheet))
    return tuple(section for section in found if section.rows)


def _title(service: Service, step: str, index: int | None, reader: Reader) -> str:
    name = service.text(f"steps.{step}", reader.language)
    return name if index is None else t("casework.one_of_many", reader.language, name=name, n=index + 1)


def _further(sheet: Sheet) -> Section:
    """Return what the flow says officers read and no page shows: register data without a question."""
    service, state, content, reader = sheet.service, sheet.state, sheet.content, sheet.reader
    on_pages = {entry.path for page in state.pages for entry in page.shows}
    on_pages |= {question.path for page in state.pages for question in page.questions}
    wanted = set(service.flow.officer_reads)
    rows = []
    for path, value in state.values.items():
        place = service.fields.at(path)
        if place is None or place[0].reference not in wanted or path in on_pages:
            continue
        text = shown_value(service, path, value, reader.language)
        known = state.provenance[path].lookup in content.known
        rows.append(
            Row(
                label=service.label(path, reader.language),
                answer="" if known else text,
                register=text if known else "",
                match=Match.ONLY_REGISTER if known else Match.ONLY_ANSWER,
            )
        )
    return Section(t("casework.further", reader.language), tuple(rows))


def files_of(rows: Iterable[Evidence]) -> dict[str, FileView]:
    """Return the present files by the path of their question."""
    return {row.field: file_view(row) for row in rows if row.replaced_at is None}


def file_view(row: Evidence) -> FileView:
    """Map a row; opens the file's name."""
    return FileView(
        id=row.id,
        field=row.field,
        file_id=row.file_id,
        filename=sealed.open_text(row.filename, column="evidence.filename", row=row.id),
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
    )


def shown_text(service: Service, shown: ShownView, content: Content, reader: Reader) -> str:
    """Return a known value as the reader may see it."""
    answer = content.known.get(shown.provenance.lookup)
    if not reader.officer and (shown.masked or (answer is not None and not answer.own)):
        return _masked(shown.value)
    return shown_value(service, shown.path, shown.value, reader.language)


def source_of(answer: Known, reader: Reader) -> Source:
    """Say where a register answer came from."""
    purpose = exchange.purpose(answer.purpose)
    return Source(
        body=t("casework.register_body", reader.language),
        read_at=answer.read_at,
        purpose=purpose.name("en" if reader.language == "en" else "id"),
    )


def _section(sheet: Sheet, title: str, pages: Sequence[PageView]) -> Section:
    content, reader = sheet.content, sheet.reader
    rows: list[Row] = []
    for page in pages:
        rows += [_known_row(sheet, page, shown) for shown in page.shows]
        rows += [_answer_row(sheet, page, question) for question in page.questions]
    shows = [shown for page in pages for shown in page.shows]
    lookups = [shown.provenance.lookup for shown in shows if shown.provenance.lookup in content.known]
    return Section(
        title=title,
        rows=tuple(row for row in rows if row.answer or row.register or row.file),
        source=source_of(content.known[lookups[0]], reader) if lookups else None,
    )


def _known_row(sheet: Sheet, page: PageView, shown: ShownView) -> Row:
    service, content, reader = sheet.service, sheet.content, sheet.reader
    text = shown_text(service, shown, content, reader)
    remark = content.remarks.get(shown.path, "")
    from_register = shown.provenance.lookup in content.known
    return Row(
        label=shown.label(reader.language),
        answer=remark if from_register else text,
        register=text if from_register else "",
        match=_match(from_register=from_register, disputed=bool(remark)),
        page=page.key,
        disputed=bool(remark),
    )


def _match(*, from_register: bool, disputed: bool) -> Match:
    if not from_register:
        return Match.ONLY_ANSWER
    return Match.DIFFERENT if disputed else Match.SAME


def _answer_row(sheet: Sheet, page: PageView, question: QuestionView) -> Row:
    service, files, reader = sheet.service, sheet.files, sheet.reader
    file = files.get(question.path)
    value = question.value
    answer = (
        ""
        if value is None or file is not None
        else shown_value(service, question.path, value, reader.language)
    )
    return Row(label=question.label(reader.language), answer=answer, file=file, page=page.key)


def _masked(value: Value) -> str:
    return mask(value) if isinstance(value, str) else "••••"
