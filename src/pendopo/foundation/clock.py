"""The one place where the platform asks what time it is."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from pendopo.foundation.settings import current


def now() -> dt.datetime:
    """Return the current time, aware, in UTC."""
    return timezone.now()


def today(zone: dt.tzinfo | None = None) -> dt.date:
    """Return the calendar day in ``zone`` (default: the zone of this deployment)."""
    return timezone.localtime(now(), zone or ZoneInfo(current().time_zone)).date()
