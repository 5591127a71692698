"""One value as people read it."""

import datetime as dt

from pendopo.catalogue.api import Service, Value
from pendopo.foundation.formats import format_date, format_number
from pendopo.foundation.text import t


def shown_value(service: Service, path: str, value: Value, language: str) -> str:
    """Return a value of the field at ``path`` in the reader's language; an empty answer is an empty text."""
    if isinstance(value, bool):
        return t("casework.values.yes" if value else "casework.values.no", language)
    if isinstance(value, int):
        return format_number(value, language)
    if isinstance(value, dt.date):
        return format_date(value, language)
    if isinstance(value, dt.time):
        return value.strftime("%H.%M" if language == "id" else "%H:%M")
    return service.option_label(path, value, language)
