"""The measures that rooms register, what each counts, and which indicators it is evidence for."""

from pendopo.entrypoints.reference.rooms import TOLD_BY_CODE, table
from pendopo.foundation import measures
from pendopo.foundation.measures import Measure
from pendopo.foundation.text import t
from pendopo.maturity import library
from pendopo.maturity.instruments import Binding

HEAD = f"""# Measures

{TOLD_BY_CODE}
Figures that a hall counts from what runs, each a query of the room that owns the rows. Anybody reads them at
`/figures/`; an assessment of maturity takes them as evidence ([how to add one](../how-to/add-a-measure.md)).
None holds personal data.
"""
COUNTED = """
## What each counts

"""
EVIDENCE = """
## What they are evidence for

A reading is evidence for one sentence of a level's criteria, not for the level.

"""


def page() -> str:
    """Return the page."""
    known = measures.measures()
    rows = [
        (f"`{one.key}`", _unit(one), "yes" if one.by_agency else "whole hall", f"{one.expires_after.days} d")
        for one in known
    ]
    told = [f"**`{one.key}`** {t(one.title_key, 'en')}. {t(one.explanation_key, 'en')}\n" for one in known]
    listed = table(("key", "unit", "by agency", "good for"), rows)
    bound = ("instrument", "indicator", "level", "measure", "threshold", "over at least")
    return f"{HEAD}\n{listed}{COUNTED}{'\n'.join(told)}{EVIDENCE}{table(bound, _bindings())}"


def _unit(one: Measure) -> str:
    return f"{one.unit}, less is better" if one.less_is_better else str(one.unit)


def _bindings() -> list[tuple[str, ...]]:
    return [
        (instrument.id, one.number, str(bound.level), f"`{bound.measure}`", _bound(bound), str(bound.over))
        for instrument in library.instruments()
        for one in instrument.indicators
        for bound in one.evidence
    ]


def _bound(binding: Binding) -> str:
    return f"at least {binding.at_least}" if binding.at_most is None else f"at most {binding.at_most}"
