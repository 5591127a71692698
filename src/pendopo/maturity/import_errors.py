"""What can be wrong with a table that somebody hands in; every sentence names row and column.

Texts: ``maturity.imports.errors.*``.
"""

from collections.abc import Iterable

from pendopo.maturity.errors import MaturityError


class _Wrong(MaturityError):
    status = 422


class BadTable(_Wrong):
    """The table cannot be taken; ``problems`` are the first of them, ``n`` is how many there are."""

    code = "maturity.bad_table"
    text_key = "maturity.imports.errors.bad_table"

    def __init__(self, problems: Iterable[MaturityError], n: int) -> None:
        """Keep the first problems and how many there are."""
        self.problems = tuple(problems)
        super().__init__(n=n)


class EmptyTable(_Wrong):
    """The table has a head and no rows, or nothing at all."""

    code = "maturity.empty_table"
    text_key = "maturity.imports.errors.empty_table"


class NoColumn(_Wrong):
    """The table has no column for something that it must say; ``known`` are the names that are understood."""

    code = "maturity.no_column"
    text_key = "maturity.imports.errors.no_column"


class NotText(_Wrong):
    """The file is no UTF-8 text, such as a spreadsheet that was not exported."""

    code = "maturity.not_text"
    text_key = "maturity.imports.errors.not_text"


class CellBlank(_Wrong):
    """A cell that must say something is blank."""

    code = "maturity.cell_blank"
    text_key = "maturity.imports.errors.cell_blank"


class CellNoFigure(_Wrong):
    """A cell holds something else than a figure."""

    code = "maturity.cell_no_figure"
    text_key = "maturity.imports.errors.cell_no_figure"


class CellOutside(_Wrong):
    """A figure lies outside the scale."""

    code = "maturity.cell_outside"
    text_key = "maturity.imports.errors.cell_outside"


class CellTooFine(_Wrong):
    """A figure has more decimals than are kept."""

    code = "maturity.cell_too_fine"
    text_key = "maturity.imports.errors.cell_too_fine"


class CellTooLong(_Wrong):
    """A text is longer than a column of ours."""

    code = "maturity.cell_too_long"
    text_key = "maturity.imports.errors.cell_too_long"


class CellUnknown(_Wrong):
    """A cell holds a word that is none of ``known``."""

    code = "maturity.cell_unknown"
    text_key = "maturity.imports.errors.cell_unknown"


class RowTwice(_Wrong):
    """The same agency, instrument and year stands twice in one file."""

    code = "maturity.row_twice"
    text_key = "maturity.imports.errors.row_twice"


class SourceMissing(_Wrong):
    """Nobody said where the figures come from."""

    code = "maturity.source_missing"
    text_key = "maturity.imports.errors.source_missing"


class NoSuchImport(MaturityError):
    """There is no such import, or another body handed it in."""

    code = "maturity.no_such_import"
    status = 404
    text_key = "maturity.imports.errors.no_such_import"


class NotYourResults(MaturityError):
    """The draft would change ``n`` results that another body published; ``agency`` is one of them."""

    code = "maturity.not_your_results"
    status = 403
    text_key = "maturity.imports.errors.not_your_results"


class NotYourAgency(MaturityError):
    """The answers are said to be about another body of this hall, which has its own."""

    code = "maturity.not_your_agency"
    status = 403
    text_key = "maturity.imports.errors.not_your_agency"


class NotADraft(MaturityError):
    """The import was published or thrown away already."""

    code = "maturity.not_a_draft"
    status = 409
    text_key = "maturity.imports.errors.not_a_draft"


class NoSuchResult(MaturityError):
    """Nothing was published under this address."""

    code = "maturity.no_such_result"
    status = 404
    text_key = "maturity.imports.errors.no_such_result"


class FileMissing(_Wrong):
    """No file came with the form."""

    code = "maturity.file_missing"
    text_key = "maturity.imports.errors.file_missing"


class FileTooLarge(_Wrong):
    """The file is larger than any table of this kind."""

    code = "maturity.file_too_large"
    text_key = "maturity.imports.errors.file_too_large"


class ReportUnusable(MaturityError):
    """The report could not be set: a fault of ours, not of the data."""

    code = "maturity.report_unusable"
    text_key = "maturity.report.unusable"
