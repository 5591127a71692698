"""What leaves the room: frozen values, and the one place where rows become them."""

from dataclasses import dataclass
from uuid import UUID

from pendopo.agencies import models


@dataclass(frozen=True, slots=True)
class Body:
    """A public body. ``member_id`` is its exchange member identifier, None for a body without one."""

    id: UUID
    code: str
    name_id: str
    name_en: str
    member_id: str | None

    def name(self, lang: str) -> str:
        """The name in ``id`` or ``en``."""
        return self.name_en if lang == "en" else self.name_id


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a body."""

    id: UUID
    body_id: UUID
    code: str
    name_id: str
    name_en: str

    def name(self, lang: str) -> str:
        """The name in ``id`` or ``en``."""
        return self.name_en if lang == "en" else self.name_id


@dataclass(frozen=True, slots=True)
class Post:
    """One standing appointment of one person, with the body that it belongs to."""

    id: UUID
    subject_id: UUID
    body_id: UUID
    body_code: str
    unit_id: UUID | None
    title_id: str
    title_en: str
    permissions: frozenset[str]

    def title(self, lang: str) -> str:
        """The title in ``id`` or ``en``."""
        return self.title_en if lang == "en" else self.title_id


def body_record(row: models.Body) -> Body:
    """Map a row."""
    return Body(row.id, row.code, row.name_id, row.name_en, row.member_id)


def unit_record(row: models.Unit) -> Unit:
    """Map a row."""
    return Unit(row.id, row.body_id, row.code, row.name_id, row.name_en)


def post_record(row: models.Post) -> Post:
    """Map a row that was read with its body."""
    return Post(
        id=row.id,
        subject_id=row.subject_id,
        body_id=row.body_id,
        body_code=row.body.code,
        unit_id=row.unit_id,
        title_id=row.title_id,
        title_en=row.title_en,
        permissions=frozenset(row.permissions),
    )
