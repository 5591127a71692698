"""From the text of a form to typed values, and values to and from JSON.

Names of inputs are the paths of the fields. A date comes as ``<path>-day``, ``-month``, ``-year``; a time as
one text (``14.30`` or ``14:30``); a checkbox as any text when ticked; a yes/no radio as ``true`` or
``false``. A file never comes as text: the caller stores it and adds ``path: id``.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pendopo.catalogue.definition.base import Value
from pendopo.catalogue.definition.data import Control, FieldType
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.form.facts import EMPTY
from pendopo.catalogue.form.views import PageView, Problem, QuestionView
from pendopo.kernel.names import InvalidName, PersonName
from pendopo.kernel.nik import InvalidNik, Nik

_TIME: Final = re.compile(r"^([01]?\d|2[0-3])[.:]([0-5]\d)$", re.ASCII)
_INTEGER: Final = re.compile(r"^-?\d{1,18}$", re.ASCII)
_LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class Parsed:
    """Typed values by path (None: nothing was answered), and what could not be read.

    Pass ``values`` to ``Facts.with_answers``; an optional question left empty is an empty string.
    """

    values: Mapping[str, Value | None]
    problems: tuple[Problem, ...]


class _Unreadable(Exception):
    """The text is no value of its type; ``key`` is the sentence."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def parse_page(page: PageView, raw: Mapping[str, str]) -> Parsed:
    """Read the answers to the questions of a page; anything else in ``raw`` is ignored.

    Problems say what cannot be read; what is missing or not allowed is found by ``interpret``. Files are
    skipped.
    """
    values: dict[str, Value | None] = {}
    problems: list[Problem] = []
    for question in page.questions:
        if question.type is FieldType.FILE:
            continue
        try:
            value = _parse(question, raw)
        except _Unreadable as unreadable:
            problems.append(Problem(question.path, page.key, unreadable.key, {}))
            continue
        if value is None and not question.required:
            value = EMPTY
        values[question.path] = value
    return Parsed(values, tuple(problems))


def _parse(question: QuestionView, raw: Mapping[str, str]) -> Value | None:  # noqa: PLR0911 - one return a case
    text = " ".join(raw.get(question.path, "")[:_LONGEST].split())
    match question.type:
        case FieldType.DATE:
            return _date(question.path, raw)
        case FieldType.BOOLEAN:
            return _boolean(question, text)
        case _ if not text:
            return None
        case FieldType.INTEGER:
            return _integer(text)
        case FieldType.TIME:
            return _time(text)
        case FieldType.CHOICE:
            return _choice(question, text)
        case FieldType.NAME:
            return _name(text)
        case FieldType.NIK:
            return _nik(text)
        case _:
            return text


def _date(path: str, raw: Mapping[str, str]) -> dt.date | None:
    day, month, year = (raw.get(f"{path}-{part}", "").strip() for part in ("day", "month", "year"))
    if not (day or month or year):
        return None
    if not (day and month and year):
        raise _Unreadable("catalogue.problems.date_parts")
    if not all(part.isascii() and part.isdigit() for part in (day, month, year)):
        raise _Unreadable("catalogue.problems.date")
    if len(year) != len("2026"):
        raise _Unreadable("catalogue.problems.date_year")
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise _Unreadable("catalogue.problems.date") from None


def _boolean(question: QuestionView, text: str) -> bool | None:
    if question.control is Control.CHECKBOX:
        return bool(text)
    if text in {"true", "false"}:
        return text == "true"
    if text:
        raise _Unreadable("catalogue.problems.choice")
    return None


def _integer(text: str) -> int:
    plain = text.replace(".", "").replace(" ", "")
    if not _INTEGER.match(plain):
        raise _Unreadable("catalogue.problems.integer")
    return int(plain)


def _time(text: str) -> dt.time:
    match = _TIME.match(text)
    if match is None:
        raise _Unreadable("catalogue.problems.time")
    return dt.time(int(match.group(1)), int(match.group(2)))


def _choice(question: QuestionView, text: str) -> str:
    table = question.service.tables.get(question.field.table or "")
    if text not in (table.codes if table else question.field.options):
        raise _Unreadable("catalogue.problems.choice")
    return text


def _name(text: str) -> str:
    try:
        return PersonName.parse(text).value
    except InvalidName as error:
        raise _Unreadable(f"kernel.errors.name_{error.reason.value}") from None


def _nik(text: str) -> str:
    try:
        return Nik.parse(text).value
    except InvalidNik as error:
        raise _Unreadable(f"kernel.errors.nik_{error.reason.value}") from None


def encode_values(values: Mapping[str, Value]) -> dict[str, str | int | bool]:
    """Return values as JSON knows them; ``decode_values`` is the way back."""
    return {path: _encoded(value) for path, value in values.items()}


def _encoded(value: Value) -> str | int | bool:
    match value:
        case dt.time():
            return value.isoformat("minutes")
        case dt.date():
            return value.isoformat()
        case _:
            return value


def decode_values(service: Service, raw: Mapping[str, object]) -> dict[str, Value]:
    """Return typed values by path. Paths that the definition does not know, and misfits, are dropped.

    Confirmations of pages (``confirmed.…``) are kept.
    """
    found: dict[str, Value] = {}
    for path, item in raw.items():
        if path.startswith("confirmed.") and isinstance(item, str):
            found[path] = item
            continue
        place = service.fields.at(path)
        value = None if place is None else decode_value(place[1].type, item)
        if value is not None:
            found[path] = value
    return found


def decode_value(kind: FieldType, item: object) -> Value | None:  # noqa: PLR0911 - one return a case
    """Return one typed value from its JSON form; None when it is not of that type."""
    if item == EMPTY:
        return EMPTY
    try:
        match kind, item:
            case (FieldType.BOOLEAN, bool()):
                return item
            case (FieldType.INTEGER, int()) if not isinstance(item, bool):
                return item
            case (FieldType.DATE, str()):
                return dt.date.fromisoformat(item)
            case (FieldType.TIME, str()):
                return dt.time.fromisoformat(item)
            case ((FieldType.BOOLEAN | FieldType.INTEGER | FieldType.DATE | FieldType.TIME), _):
                return None
            case (_, str()):
                return item
            case _:
                return None
    except ValueError:
        return None
