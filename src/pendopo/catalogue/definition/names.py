"""Names and paths of fields: from ``child.name`` in an expression to ``children.1.name`` in the answers."""

from collections.abc import Iterator
from dataclasses import dataclass

from pendopo.catalogue.definition.data import DataFile, Field

NUMBER = "number"
COUNT = "count"
"""In the scope of a repeat group: which item this is (from 1), and of how many."""


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field of a definition: its group, its own name, and the name that expressions call its group."""

    group: str
    name: str
    item: str
    repeated: bool

    @property
    def reference(self) -> str:
        """As expressions and files name it: ``child.name``."""
        return f"{self.item}.{self.name}"

    @property
    def pattern(self) -> str:
        """As text keys name it: ``children.name``."""
        return f"{self.group}.{self.name}"

    @property
    def scope(self) -> str | None:
        """The repeat group in whose scope it lives; None at the top."""
        return self.group if self.repeated else None

    def path(self, index: int | None) -> str:
        """As answers name it: ``children.1.name`` for ``index`` 1."""
        if self.repeated:
            if index is None:
                message = f"{self.reference} needs an index"
                raise ValueError(message)
            return f"{self.group}.{index}.{self.name}"
        return f"{self.group}.{self.name}"


class FieldIndex:
    """All fields of a definition, by reference and by path."""

    def __init__(self, data: DataFile) -> None:
        self.groups = data.groups
        self._by_reference: dict[str, tuple[FieldName, Field]] = {}
        for group_id, group in data.groups.items():
            item = group.repeat.item if group.repeat else group_id
            for name, field in group.fields.items():
                known = FieldName(group_id, name, item, group.repeat is not None)
                self._by_reference[known.reference] = (known, field)

    def __iter__(self) -> Iterator[tuple[FieldName, Field]]:
        """Walk over all fields in the order of the file."""
        return iter(self._by_reference.values())

    def find(self, reference: str) -> tuple[FieldName, Field] | None:
        """Return the field that expressions call ``reference``."""
        return self._by_reference.get(reference)

    def get(self, reference: str) -> tuple[FieldName, Field]:
        """Return the field; KeyError when a proved definition could not name it."""
        return self._by_reference[reference]

    def at(self, path: str) -> tuple[FieldName, Field, int | None] | None:
        """Return the field at a path of the answers, with its index; None when there is none.

        An index beyond the group's maximum is no path of this definition.
        """
        parts = path.split(".")
        group = self.groups.get(parts[0])
        if group is None:
            return None
        if group.repeat is None:
            found = self.find(path)
            return None if found is None else (*found, None)
        if len(parts) != len(("group", "index", "field")) or not _is_index(parts[1], group.repeat.max):
            return None
        found = self.find(f"{group.repeat.item}.{parts[2]}")
        return None if found is None else (*found, int(parts[1]))


def _is_index(text: str, limit: int) -> bool:
    return text.isascii() and text.isdigit() and str(int(text)) == text and int(text) < limit
