"""Cells of a table on their way to types; what is wrong is kept with row and column, to be told at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pendopo.maturity import import_errors as errors
from pendopo.maturity import texts
from pendopo.maturity.errors import MaturityError
from pendopo.maturity.levels import decimal

BLANK = frozenset({"", "-", "–", "—", "n/a"})
MOST_TOLD = 20
LONGEST = 200
SHOWN = 40
YEARS = (2000, 2100)


@dataclass
class Cells:
    """One row, and the problems found in it and in the rows before."""

    line: int
    row: Mapping[str, str]
    problems: list[MaturityError] = field(default_factory=list)

    def text(self, column: str, *, needed: bool = False) -> str:
        """Return a cell's text, empty where it is blank."""
        found = texts.line(self.row.get(column.lower(), ""))
        if found in BLANK:
            if needed:
                self.problems.append(errors.CellBlank(line=self.line, column=column))
            return ""
        if len(found) > LONGEST:
            self.problems.append(errors.CellTooLong(line=self.line, column=column, most=LONGEST))
        return found[:LONGEST]

    def figure(self, column: str, bounds: tuple[Decimal, Decimal], places: int) -> Decimal | None:
        """Return a figure with a decimal comma or point, none where the cell is blank."""
        found = self.text(column)
        if not found:
            return None
        value = decimal(found)
        wrong: MaturityError | None = None
        if value is None:
            wrong = errors.CellNoFigure(line=self.line, column=column, given=found[:SHOWN])
        elif not bounds[0] <= value <= bounds[1]:
            wrong = errors.CellOutside(
                line=self.line,
                column=column,
                given=found[:SHOWN],
                low=f"{bounds[0]:f}",
                high=f"{bounds[1]:f}",
            )
        elif -int(value.normalize().as_tuple().exponent) > places:
            wrong = errors.CellTooFine(line=self.line, column=column, given=found[:SHOWN], most=places)
        if wrong is not None:
            self.problems.append(wrong)
            return None
        return value

    def year(self, column: str) -> int | None:
        """Return a year, none where the cell is blank."""
        found = self.figure(column, (Decimal(YEARS[0]), Decimal(YEARS[1])), 0)
        return None if found is None else int(found)

    def choice[Found](
        self, column: str, known: Mapping[str, Found], shown: Callable[[], str]
    ) -> Found | None:
        """Return what a word stands for, none where the cell is blank; ``shown`` names the known words."""
        found = self.text(column)
        if not found:
            return None
        if found.casefold() not in known:
            self.problems.append(
                errors.CellUnknown(line=self.line, column=column, given=found[:SHOWN], known=shown())
            )
            return None
        return known[found.casefold()]


def told(problems: list[MaturityError]) -> None:
    """Raise :class:`BadTable` where there are problems."""
    if problems:
        raise errors.BadTable(problems[:MOST_TOLD], len(problems))
