"""What bodies agreed, counted over the registry of the exchange."""

import datetime as dt

from django.db.models import Q

from pendopo.exchange.models import Agreement
from pendopo.exchange.purposes import purposes
from pendopo.foundation.clock import today
from pendopo.foundation.measures import Measure, Reading, Scope, Unit, share


def agreed(_: Scope) -> Reading | None:
    """Share of the agreed purposes that are in force today and whose legal basis stands in the definitions.

    An agreement that was withdrawn counts no more; one that ran out, or names a purpose that nobody explains
    any longer, counts against. The days of the scope do not matter.
    """
    stated = [purpose.code for purpose in purposes() if purpose.legal_bases]
    day = today()
    rows = Agreement.objects.filter(withdrawn_at=None)
    good = rows.filter(Q(valid_from__lte=day, valid_to__gte=day), purpose__in=stated)
    documents = rows.values("document").distinct().count()
    return share(good.count(), rows.count(), documents=documents)


MEASURES = (Measure("exchange.agreed", Unit.PERCENT, "portal.figures", dt.timedelta(days=1), agreed),)
