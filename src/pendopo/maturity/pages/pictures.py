"""What several pages draw: small lines by year, figures as people write them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from babel import numbers
from markupsafe import Markup

from pendopo.foundation.text import t
from pendopo.maturity.index import half_up
from pendopo.maturity.instruments import Instrument, Scale
from pendopo.ui import charts

type Figure = Decimal | Fraction | int | None


def figure(value: Figure, language: str, places: int | None = None) -> str:
    """Return ``3,50`` (Indonesian) or ``3.50``: as it was printed, or rounded half up to ``places``."""
    if value is None:
        return "–"
    if isinstance(value, Fraction):
        value = half_up(value, 2 if places is None else places)
    elif places is not None:
        value = half_up(Fraction(value), places)
    text = f"{value:f}"
    return text.replace(".", ",") if language == "id" else text


def whole(value: int, language: str) -> str:
    """Return ``1.284`` or ``1,284``."""
    return numbers.format_decimal(value, locale=language)


def ends(scale: Scale) -> tuple[float, float]:
    """Return the scale of an instrument for a picture."""
    return float(scale.low), float(scale.high)


def spark(history: Mapping[int, Decimal], years: Sequence[int], scale: Scale, language: str) -> Markup:
    """Draw an index by year; its label reads the years out."""
    told = ", ".join(f"{year} {figure(history[year], language, 2)}" for year in years if year in history)
    label = (
        t("maturity.ranking.spark", language, years=told)
        if told
        else t("maturity.ranking.spark_none", language)
    )
    values = [float(history[year]) if year in history else None for year in years]
    return charts.spark(values, ends(scale), label)


def note_of(instrument: Instrument, language: str) -> str:
    """Return the warning of an instrument that was not read in the law, else nothing."""
    return "" if instrument.verified else t("maturity.ranking.unverified", language)
