"""A question as a template draws it. Inputs bear the paths of the definition (``children.0.name``)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pendopo.casework.records import FileView
from pendopo.catalogue.api import FieldType, Problem, QuestionView, Service, Value, problem_text
from pendopo.foundation.text import t

PARTS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class FieldView:
    """One question with what is in it now. ``first_id`` is where an error link leads."""

    name: str
    control: str
    label: str
    hint: str
    required: bool
    error: str = ""
    value: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    items: tuple[tuple[str, str, str], ...] = ()
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    kind: str = "text"
    max_length: int = 0
    file: FileView | None = None

    @property
    def first_id(self) -> str:
        """The id of the first input."""
        if self.control == "date":
            return f"{self.name}-day"
        return self.name


def field_views(
    service: Service,
    questions: Sequence[QuestionView],
    language: str,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
    refused: Mapping[str, str] | None = None,
    files: Mapping[str, FileView] | None = None,
) -> tuple[FieldView, ...]:
    """Return the questions of a page; ``typed`` (a refused or parked form) wins over what was saved."""
    errors = {problem.path: problem_text(service, problem, language) for problem in problems} | dict(
        refused or {}
    )
    return tuple(
        _view(question, language, errors.get(question.path, ""), typed, (files or {}).get(question.path))
        for question in questions
    )


def _view(
    question: QuestionView, language: str, error: str, typed: Mapping[str, str] | None, file: FileView | None
) -> FieldView:
    control = question.control.value
    return FieldView(
        name=question.path,
        control=control,
        label=question.label(language),
        hint=question.hint(language),
        required=question.required,
        error=error,
        value=_text(question, typed),
        parts=_parts(question, typed),
        items=_items(question, language),
        groups=_groups(question, language),
        kind=question.type.value,
        max_length=question.field.max_length,
        file=file,
    )


def _items(question: QuestionView, language: str) -> tuple[tuple[str, str, str], ...]:
    """Return value, label and hint of each option; a yes-or-no question has its two by nature."""
    if question.type is FieldType.BOOLEAN:
        return (
            ("true", t("casework.values.yes", language), ""),
            ("false", t("casework.values.no", language), ""),
        )
    return tuple((option.value, option.label, option.hint) for option in question.options(language))


def _groups(question: QuestionView, language: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the options by their group (regencies by province), or nothing when they have none."""
    found: dict[str, list[tuple[str, str]]] = {}
    for option in question.options(language):
        if option.group:
            found.setdefault(option.group, []).append((option.value, option.label))
    return tuple((name, tuple(options)) for name, options in found.items())


def _text(question: QuestionView, typed: Mapping[str, str] | None) -> str:
    if typed is not None:
        return typed.get(question.path, "")
    return _plain(question.value)


def _plain(value: Value | None) -> str:
    if value is None or isinstance(value, dt.date):
        return ""
    if isinstance(value, dt.time):
        return value.strftime("%H.%M")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _parts(question: QuestionView, typed: Mapping[str, str] | None) -> dict[str, str]:
    if typed is not None:
        return {part: typed.get(f"{question.path}-{part}", "") for part in PARTS}
    value = question.value
    if isinstance(value, dt.date):
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
    return {}
