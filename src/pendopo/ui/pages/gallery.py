"""The design system, shown: tokens with their measured contrast, marks, every component in every state."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse

from pendopo.foundation.http import Audience, access
from pendopo.foundation.pages import names, render
from pendopo.foundation.settings import current
from pendopo.kernel.errors import NotFound
from pendopo.ui.charts import Bar, bars
from pendopo.ui.colours import pairs, tokens
from pendopo.ui.gallery import GROUPS, Example, examples, macros, rendered

A_MORNING = dt.datetime(2026, 11, 23, 1, 15, tzinfo=dt.UTC)
"""The moment that examples show."""
REASON = "shows components only; a production hall does not answer it"


def _refuse_in_production() -> None:
    if current().production:
        raise NotFound


@access(Audience.PUBLIC, reason=REASON)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the tokens, the mark, the pattern, the icons, and where each component stands."""
    _refuse_in_production()
    where = {example.macro: group for group in reversed(GROUPS) for example in examples(group)}
    context = {"groups": GROUPS, "tokens": tokens(), "pairs": pairs(), "where": where}
    return render(request, "ui/gallery/overview.html", context)


@access(Audience.PUBLIC, reason=REASON)
def components(request: HttpRequest, group: str) -> HttpResponse:
    """Show the components of one group, each example with its source."""
    _refuse_in_production()
    if group not in GROUPS:
        raise NotFound
    known = {**names(request), "bars": bars, "Bar": Bar, "sample_time": A_MORNING}
    shown: dict[str, list[tuple[Example, Any]]] = {}
    for example in examples(group):
        shown.setdefault(example.macro, []).append((example, rendered(example, known)))
    context = {"group": group, "groups": GROUPS, "shown": shown, "parameters": macros()}
    return render(request, "ui/gallery/components_page.html", context)
