"""Sex as the population register records it (jenis kelamin)."""

from __future__ import annotations

from enum import StrEnum


class Sex(StrEnum):
    """The two values of the register; the texts that show them live with the rooms that do."""

    MALE = "male"
    FEMALE = "female"
