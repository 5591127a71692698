"""``pages.yaml``: pages in order, one decision each, with conditions and checks.

Pages are skipped, never reordered. Titles and leads are texts ``pages.<id>.title`` and ``.lead``; the
sentence of a check is ``checks.<id>``.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from pendopo.catalogue.definition.base import Identifier, Reference, Source, Strict


class PageKind(StrEnum):
    """What a page does.

    ``questions`` asks; ``confirm`` shows what is known; ``stop`` says why it ends here and what to do
    instead; ``check`` shows all answers before submitting and may hold a declaration.
    """

    QUESTIONS = "questions"
    CONFIRM = "confirm"
    STOP = "stop"
    CHECK = "check"


class Question(Strict):
    """A field that is asked here."""

    field: Reference
    when: Source | None = None


class Shown(Strict):
    """A known field that is shown. While ``mask`` holds, names and numbers are shown masked."""

    field: Reference
    when: Source | None = None
    mask: Source | None = None


class Check(Strict):
    """A condition on the answers. When it is false, ``field`` is to blame; when unknown, it stays silent."""

    id: Identifier
    expect: Source
    field: Reference


class Page(Strict):
    """One page."""

    id: Identifier
    step: Identifier
    kind: PageKind = PageKind.QUESTIONS
    when: Source | None = None
    repeat: Identifier | None = None
    questions: tuple[Question, ...] = ()
    shows: tuple[Shown, ...] = ()
    checks: tuple[Check, ...] = ()

    @model_validator(mode="after")
    def _parts(self) -> Self:
        needs = {PageKind.QUESTIONS: self.questions, PageKind.CONFIRM: self.shows}
        if self.kind in needs and not needs[self.kind]:
            message = f"a page of kind {self.kind.value} shows or asks something"
            raise ValueError(message)
        if self.kind is PageKind.STOP and (self.questions or self.checks):
            message = "a stop page asks nothing"
            raise ValueError(message)
        return self


class PagesFile(Strict):
    """The whole of ``pages.yaml``. The last page, and only it, is of kind ``check``."""

    steps: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    pages: Annotated[tuple[Page, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _order(self) -> Self:
        if [page.kind is PageKind.CHECK for page in self.pages] != [False] * (len(self.pages) - 1) + [True]:
            message = "the last page, and only it, is of kind check"
            raise ValueError(message)
        return self
