"""Frozen views of one application, made by ``interpret``: what a page shows, asks and lacks."""

from collections.abc import Mapping
from dataclasses import dataclass

from pendopo.catalogue.definition.base import Value
from pendopo.catalogue.definition.data import Control, Field, FieldType, Lookup
from pendopo.catalogue.definition.evidence import EvidenceSource
from pendopo.catalogue.definition.names import FieldName
from pendopo.catalogue.definition.pages import PageKind
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.form.resolve import Provenance

_MOST_RADIOS = 7


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a choice. ``hint`` may be empty; ``group`` is a heading in long lists."""

    value: str
    label: str
    hint: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person must mend.

    ``path`` is the field to blame, ``key`` the sentence: a key of the definition (``checks.…``) or one of
    this room (``catalogue.problems.…``); ``problem_text`` knows both.
    """

    path: str
    page_key: str
    key: str
    params: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question on a page, with the answer that is kept for it."""

    service: Service
    name: FieldName
    field: Field
    path: str
    required: bool
    value: Value | None

    @property
    def type(self) -> FieldType:
        """Kind of value."""
        return self.field.type

    @property
    def control(self) -> Control:
        """How to ask."""
        if self.field.control is not None:
            return self.field.control
        if self.field.type is FieldType.CHOICE:
            few = self.field.table is None and len(self.field.options) <= _MOST_RADIOS
            return Control.RADIO if few else Control.SELECT
        return _CONTROLS.get(self.field.type, Control.INPUT)

    def label(self, language: str) -> str:
        """The question."""
        return self.service.text(f"fields.{self.name.pattern}.label", language)

    def hint(self, language: str) -> str:
        """A hint, or an empty string."""
        return self.service.optional_text(f"fields.{self.name.pattern}.hint", language)

    def options(self, language: str) -> tuple[Option, ...]:
        """The options of a choice, in order."""
        pattern = self.name.pattern
        return tuple(
            Option(
                value, label, self.service.optional_text(f"fields.{pattern}.hints.{value}", language), group
            )
            for value, label, group in self.service.options(self.field, pattern, language)
        )


@dataclass(frozen=True, slots=True)
class ShownView:
    """A known value on a page, with where it came from. ``masked`` says that it must not be shown in full."""

    service: Service
    name: FieldName
    field: Field
    path: str
    value: Value
    provenance: Provenance
    masked: bool

    def label(self, language: str) -> str:
        """What the value is."""
        return self.service.text(f"fields.{self.name.pattern}.label", language)


@dataclass(frozen=True, slots=True)
class PageView:
    """A page that applies. ``key`` is its name in addresses: ``birth`` or ``birth.1`` in a repeat group.

    ``index`` counts from 0 and is None outside repeat groups; ``count`` is the number of items.
    ``waits_for`` names the lookups without which the page cannot be shown in full. ``confirmation`` is what
    to keep at ``confirmation_path(key)`` once the person has confirmed what a ``confirm`` page shows: it
    changes when the shown values change, so that nobody is held to what they did not see.
    """

    service: Service
    key: str
    id: str
    step: str
    kind: PageKind
    index: int | None
    count: int
    questions: tuple[QuestionView, ...]
    shows: tuple[ShownView, ...]
    waits_for: tuple[str, ...]
    confirmation: str
    problems: tuple[Problem, ...]
    complete: bool

    def title(self, language: str) -> str:
        """The heading; with several items the text ``title_many`` may name which one."""
        return self._text("title", language)

    def lead(self, language: str) -> str:
        """The sentence below the heading, or an empty string."""
        return self._text("lead", language)

    def _text(self, part: str, language: str) -> str:
        params = {"number": (self.index or 0) + 1, "count": self.count}
        if self.index is not None and self.count > 1:
            many = self.service.optional_text(f"pages.{self.id}.{part}_many", language, **params)
            if many:
                return many
        return self.service.optional_text(f"pages.{self.id}.{part}", language, **params)


@dataclass(frozen=True, slots=True)
class LookupDue:
    """A question to a register that can be asked now."""

    key: str
    id: str
    lookup: Lookup
    nik: str


@dataclass(frozen=True, slots=True)
class RequirementView:
    """A requirement that applies, the alternative that counts for it, and whether it is met.

    ``alternative`` and ``source`` are None while it is open which alternative applies. ``path`` is the field
    of the file, ``lookup`` the key of the register's answer.
    """

    service: Service
    id: str
    index: int | None
    alternative: str | None
    source: EvidenceSource | None
    path: str
    lookup: str
    form: str
    met: bool

    def title(self, language: str) -> str:
        """What is wanted."""
        return self.service.text(f"evidence.{self.id}.title", language)

    def detail(self, language: str) -> str:
        """How it is met, or an empty string."""
        if self.alternative is None:
            return ""
        return self.service.optional_text(f"evidence.{self.id}.{self.alternative}", language)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What the definition says about one application, as a whole.

    ``pages`` apply for certain, in order; ``undecided`` are ids of pages of which that is still open.
    ``values`` are all known values by path, ``provenance`` where each came from. ``stopped`` is a page that
    ends the application here.
    """

    service: Service
    pages: tuple[PageView, ...]
    undecided: tuple[str, ...]
    lookups_due: tuple[LookupDue, ...]
    values: Mapping[str, Value]
    provenance: Mapping[str, Provenance]
    requirements: tuple[RequirementView, ...]
    stopped: PageView | None

    def page(self, key: str) -> PageView | None:
        """Return the page with that key, if it applies."""
        return next((page for page in self.pages if page.key == key), None)

    @property
    def first_open(self) -> PageView | None:
        """The first page that still needs the person; None when all are complete."""
        return next((page for page in self.pages if not page.complete), None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands in the way of submitting, page by page."""
        return tuple(problem for page in self.pages for problem in page.problems)

    @property
    def ready(self) -> bool:
        """Whether it can be submitted: every page complete, nothing undecided, all evidence there."""
        settled = self.stopped is None and not self.undecided and not self.lookups_due
        return settled and self.first_open is None and all(item.met for item in self.requirements)

    def next_page(self, key: str) -> PageView | None:
        """Return the page after ``key``; None when it is the last or does not apply."""
        keys = [page.key for page in self.pages]
        if key not in keys or key == keys[-1]:
            return None
        return self.pages[keys.index(key) + 1]

    def previous_page(self, key: str) -> PageView | None:
        """Return the page before ``key``; None when it is the first or does not apply."""
        keys = [page.key for page in self.pages]
        if key not in keys or key == keys[0]:
            return None
        return self.pages[keys.index(key) - 1]


_CONTROLS = {
    FieldType.BOOLEAN: Control.CHECKBOX,
    FieldType.DATE: Control.DATE,
    FieldType.TIME: Control.TIME,
    FieldType.FILE: Control.FILE,
}
