"""Dates, durations and money as people read them, by Babel, in the zone of the deployment."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import dates, numbers

from pendopo.foundation.settings import current


def zone() -> ZoneInfo:
    """Return the zone of this deployment."""
    return ZoneInfo(current().time_zone)


def format_date(value: dt.date | dt.datetime, language: str, style: str = "long") -> str:
    """Return ``12 Maret 1996``; a moment is first moved to the zone of the deployment."""
    day = value.astimezone(zone()).date() if isinstance(value, dt.datetime) else value
    return dates.format_date(day, format=style, locale=language)


def format_time(value: dt.datetime, language: str) -> str:
    """Return ``10.41`` (Indonesian) or ``10:41``."""
    local = value.astimezone(zone())
    return local.strftime("%H.%M" if language == "id" else "%H:%M")


def format_datetime(value: dt.datetime, language: str) -> str:
    """Return ``12 Maret 1996 10.41``."""
    return f"{format_date(value, language)} {format_time(value, language)}"


def format_number(value: int, language: str) -> str:
    """Return ``1.284`` (Indonesian) or ``1,284``."""
    return numbers.format_decimal(value, locale=language)


def format_percent(value: Decimal, language: str) -> str:
    """Return ``99,5%`` (Indonesian) or ``99.5%`` of 99.5, and ``100%`` of a hundred."""
    return numbers.format_percent(value / 100, format="#,##0.#%", locale=language)


def format_rupiah(value: int, language: str) -> str:
    """Return ``Rp1.250.000``; the amount is whole rupiah."""
    return "Rp" + format_number(value, language)
