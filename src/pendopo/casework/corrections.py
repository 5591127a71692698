"""What may be corrected in an issued certificate, and the shape in which a request is kept.

Only clerical errors: the child's name as written and the place of birth. A change of name is a court's
business and is not offered here.
"""

from dataclasses import dataclass

from pydantic import TypeAdapter

from pendopo.casework import sealed
from pendopo.casework.models import Correction
from pendopo.casework.sealed import Json


@dataclass(frozen=True, slots=True)
class Changes:
    """New values; None means: stays as it is. ``birth_place_code`` is a dotted regency code."""

    child_name: str | None = None
    birth_place_code: str | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return self.child_name is None and self.birth_place_code is None

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return (field, new value) of what changes."""
        both = (("child_name", self.child_name), ("birth_place_code", self.birth_place_code))
        return tuple((name, value) for name, value in both if value is not None)


_ADAPTER = TypeAdapter(Changes)


def seal_changes(row: Correction, changes: Changes) -> None:
    """Seal the changes into a row."""
    encoded: Json = _ADAPTER.dump_python(changes, mode="json")
    row.changes = sealed.seal(encoded, column="correction.changes", row=row.id)


def changes_of(row: Correction) -> Changes:
    """Open the changes of a row."""
    return _ADAPTER.validate_python(sealed.open_json(row.changes, column="correction.changes", row=row.id))
