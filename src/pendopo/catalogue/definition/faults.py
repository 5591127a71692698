"""A fault in a definition, with the place where its author finds it."""

from dataclasses import dataclass
from typing import override


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """``file`` is relative to the definition; ``line`` from 1, 0 when no single line is to blame."""

    file: str
    line: int
    where: str
    message: str

    @override
    def __str__(self) -> str:
        """``pages.yaml:12 pages.3.when: …``, as editors understand it."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.where}: {self.message}" if self.where else f"{place}: {self.message}"
