"""The shared screen of a live session as HTML, in parts, so that only what changed has to travel.

The web process puts the parts into a whole page; the live process sends those that changed. Both use the same
templates, so a page that was loaded anew and one that stood open for hours show the same.
"""

import datetime as dt
from functools import partial

from django.template.loader import get_template
from markupsafe import Markup

from pendopo.cabinet.records.live import Stage
from pendopo.foundation import formats
from pendopo.foundation.text import t

FOLDER = "cabinet/live/parts/{part}.html"
PARTS = ("head", "debate", "vote", "agenda", "places")

type Parts = dict[str, Markup]


def render(stage: Stage, language: str) -> Parts:
    """Return every part in a language. Nothing in them depends on who looks."""
    names = {
        "stage": stage,
        "lang": language,
        "t": lambda key, **parameters: t(key, language, **parameters),
        "format_number": partial(formats.format_number, language=language),
        "time_of": lambda moment: formats.format_time(
            dt.datetime.fromtimestamp(moment / 1000, dt.UTC), language
        ),
        "csrf_input": "",  # the components want it; a shared part has no form
    }
    return {part: _drawn(part, names) for part in PARTS}


def _drawn(part: str, names: dict[str, object]) -> Markup:
    template = get_template(FOLDER.format(part=part), using="jinja2")
    return Markup(template.render(names))  # noqa: S704  # an autoescaped template's own output
