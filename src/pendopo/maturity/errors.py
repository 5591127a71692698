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
