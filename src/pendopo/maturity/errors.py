"""What can go wrong in this room; every sentence has a way out (``maturity.errors.*``)."""

from collections.abc import Iterable
from typing import ClassVar

from pendopo.kernel.errors import PendopoError


class MaturityError(PendopoError):
    """Base of this room."""

    code: ClassVar[str] = "maturity.error"
    status: ClassVar[int] = 500
    text_key: ClassVar[str] = "maturity.errors.error"


class _Wrong(MaturityError):
    status = 422


class NoSuchInstrument(MaturityError):
    """There is no instrument with this id; ``known`` lists those that there are."""

    code = "maturity.no_such_instrument"
    status = 404
    text_key = "maturity.errors.no_such_instrument"


class UnusableInstrument(MaturityError):
    """A file of ``definitions/instruments`` does not fit; ``defects`` are sentences, each with its place."""

    code = "maturity.unusable_instrument"
    text_key = "maturity.errors.unusable_instrument"

    def __init__(self, file: str, defects: Iterable[str]) -> None:
        """Keep every defect; the sentence shows all of them."""
        self.defects = tuple(defects)
        super().__init__(file=file, defects="; ".join(self.defects))


class WrongKind(_Wrong):
    """The instrument is computed from something else than levels: EGDI from components, SKM from answers."""

    code = "maturity.wrong_kind"
    text_key = "maturity.errors.wrong_kind"


class BadLevels(_Wrong):
    """Levels cannot be taken; ``problems`` are all of them, each with its own code and sentence."""

    code = "maturity.bad_levels"
    text_key = "maturity.errors.bad_levels"

    def __init__(self, problems: Iterable[MaturityError]) -> None:
        """Keep every problem, so that nobody has to find them one by one."""
        self.problems = tuple(problems)
        super().__init__(n=len(self.problems))


class NotReadable(_Wrong):
    """The file is neither JSON nor a table; ``line`` says where reading stopped."""

    code = "maturity.not_readable"
    text_key = "maturity.errors.not_readable"


class NotAnObject(_Wrong):
    """The JSON is not one object with indicators as keys."""

    code = "maturity.not_an_object"
    text_key = "maturity.errors.not_an_object"


class NoSuchColumn(_Wrong):
    """The table lacks a column that it needs; ``column`` names it."""

    code = "maturity.no_such_column"
    text_key = "maturity.errors.no_such_column"


class GivenTwice(_Wrong):
    """The same indicator, country or element stands twice."""

    code = "maturity.given_twice"
    text_key = "maturity.errors.given_twice"


class UnknownIndicator(_Wrong):
    """The instrument has no indicator of this number."""

    code = "maturity.unknown_indicator"
    text_key = "maturity.errors.unknown_indicator"


class LevelMissing(_Wrong):
    """Indicators have no level; ``numbers`` lists them."""

    code = "maturity.level_missing"
    text_key = "maturity.errors.level_missing"


class LevelNotANumber(_Wrong):
    """What was given for a level is no number."""

    code = "maturity.level_not_a_number"
    text_key = "maturity.errors.level_not_a_number"


class LevelOutOfRange(_Wrong):
    """The level lies outside the instrument's scale."""

    code = "maturity.level_out_of_range"
    text_key = "maturity.errors.level_out_of_range"


class LevelOffStep(_Wrong):
    """The level lies between two steps of the instrument's scale."""

    code = "maturity.level_off_step"
    text_key = "maturity.errors.level_off_step"


class WrongRows(_Wrong):
    """An indicator that is scored more than once needs that many levels."""

    code = "maturity.wrong_rows"
    text_key = "maturity.errors.wrong_rows"


class NoSuchEdition(MaturityError):
    """The survey has no edition of this year."""

    code = "maturity.no_such_edition"
    status = 404
    text_key = "maturity.errors.no_such_edition"


class NoSuchCountry(MaturityError):
    """The table has no country of this name."""

    code = "maturity.no_such_country"
    status = 404
    text_key = "maturity.errors.no_such_country"


class ComponentOutOfRange(_Wrong):
    """A component lies outside 0 to 1."""

    code = "maturity.component_out_of_range"
    text_key = "maturity.errors.component_out_of_range"


class CellNotANumber(_Wrong):
    """A cell that must hold a number does not."""

    code = "maturity.cell_not_a_number"
    text_key = "maturity.errors.cell_not_a_number"


class NotAllCountries(_Wrong):
    """A component can only be standardised over the full set of countries."""

    code = "maturity.not_all_countries"
    text_key = "maturity.errors.not_all_countries"


class RawMissing(_Wrong):
    """A country has no figure for a raw indicator."""

    code = "maturity.raw_missing"
    text_key = "maturity.errors.raw_missing"


class SameEverywhere(_Wrong):
    """An indicator is the same in all countries and cannot be standardised."""

    code = "maturity.same_everywhere"
    text_key = "maturity.errors.same_everywhere"


class TooFewAnswers(_Wrong):
    """A survey has fewer answers than a statement needs."""

    code = "maturity.too_few_answers"
    text_key = "maturity.errors.too_few_answers"


class PopulationTooSmall(_Wrong):
    """Fewer people are said to have used the service than answered."""

    code = "maturity.population_too_small"
    text_key = "maturity.errors.population_too_small"


class NoSuchWeight(_Wrong):
    """The survey knows no weight of this name."""

    code = "maturity.no_such_weight"
    text_key = "maturity.errors.no_such_weight"


class AnswerOutOfRange(_Wrong):
    """An answer is not on the survey's scale."""

    code = "maturity.answer_out_of_range"
    text_key = "maturity.errors.answer_out_of_range"


class BadAnswers(_Wrong):
    """Answers cannot be taken; ``problems`` are the first of them."""

    code = "maturity.bad_answers"
    text_key = "maturity.errors.bad_answers"

    def __init__(self, problems: Iterable[MaturityError], n: int) -> None:
        """Keep the first problems and how many there are."""
        self.problems = tuple(problems)
        super().__init__(n=n)


class NotAnEffort(_Wrong):
    """A budget below zero, or a step that costs less than 1."""

    code = "maturity.not_an_effort"
    text_key = "maturity.errors.not_an_effort"


class OutOfReach(_Wrong):
    """No plan reaches the aim within what may be raised."""

    code = "maturity.out_of_reach"
    text_key = "maturity.errors.out_of_reach"


class NoSuchBand(MaturityError):
    """The instrument has no predicate of this key."""

    code = "maturity.no_such_band"
    status = 404
    text_key = "maturity.errors.no_such_band"


class TooFine(_Wrong):
    """Efforts are so finely graded that there are too many plans to compare in a moment."""

    code = "maturity.too_fine"
    text_key = "maturity.errors.too_fine"


class NotAPair(_Wrong):
    """What must be ``left=right`` is not."""

    code = "maturity.not_a_pair"
    text_key = "maturity.errors.not_a_pair"


class NotAFigure(_Wrong):
    """What must be a number is not."""

    code = "maturity.not_a_figure"
    text_key = "maturity.errors.not_a_figure"


class NotAnEffortTable(_Wrong):
    """The efforts of an indicator are no object of level to effort."""

    code = "maturity.not_an_effort_table"
    text_key = "maturity.errors.not_an_effort_table"


class NoTable(_Wrong):
    """No table of this edition comes with Pendopo."""

    code = "maturity.no_table"
    text_key = "maturity.errors.no_table"


class ComponentMissing(_Wrong):
    """An EGDI of one country needs all three components."""

    code = "maturity.component_missing"
    text_key = "maturity.errors.component_missing"


class NotWhole(_Wrong):
    """What must be a whole number is not: a year, an effort."""

    code = "maturity.not_whole"
    text_key = "maturity.errors.not_whole"


class GoesWith(_Wrong):
    """An option of the command line that means nothing without others."""

    code = "maturity.goes_with"
    text_key = "maturity.errors.goes_with"
