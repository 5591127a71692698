"""Choices of columns that many tables of this room have."""

from enum import StrEnum

from pendopo.cabinet.values import Classification

WORD = 32
CLASSES = [(value.value, value.name) for value in Classification]


def words(values: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the words of a closed list as choices of a column."""
    return [(value.value, value.value) for value in values]
