"""What every page of the desk shows around its middle: the views with their counts, and the load."""

from pendopo.casework import api as casework
from pendopo.casework.api import DayLoad, WorkView
from pendopo.desk.chart import load_chart
from pendopo.foundation.actor import Actor
from pendopo.foundation.formats import format_date
from pendopo.foundation.text import t

KINDS = {WorkView.TODAY: "warn", WorkView.LATE: "bad", WorkView.DONE: "ok"}


def frame(actor: Actor, language: str, current: WorkView | None) -> dict[str, object]:
    """Return the left column."""
    counts = casework.work_counts(actor)
    load = casework.work_load(actor)
    return {
        "views": [
            {
                "code": view.value,
                "text": t(f"desk.views.{view.value}", language),
                "count": counts[view],
                "kind": KINDS.get(view, "info") if counts[view] else "info",
                "current": view is current,
            }
            for view in WorkView
        ],
        "load": load,
        "load_chart": load_chart(load, _load_label(load, language)),
    }


def _load_label(load: tuple[DayLoad, ...], language: str) -> str:
    first, last = load[0].day, load[-1].day
    return t(
        "desk.load.label",
        language,
        submitted=sum(day.submitted for day in load),
        closed=sum(day.closed for day in load),
        first=format_date(first, language, "medium"),
        last=format_date(last, language, "medium"),
    )
