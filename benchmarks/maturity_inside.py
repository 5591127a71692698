"""Inside a hall that only benchmarks use: results of made-up agencies, an assessment with every level given.

``python -m benchmarks.maturity_inside AGENCIES YEARS`` publishes generated results and opens an assessment of
SPBE 2020 with evidence-free document scores; it prints how many rows there are, the address of the
dashboard, and a cookie of somebody who may open it. Run again, it changes nothing.
"""

import json
import random
import sys
from fractions import Fraction
from uuid import UUID

import django

django.setup()

from django.test import Client  # noqa: E402  # after Django is set up

from pendopo.agencies import api as agencies  # noqa: E402
from pendopo.foundation.actor import SYSTEM  # noqa: E402
from pendopo.identity import testing as people  # noqa: E402
from pendopo.maturity import library  # noqa: E402
from pendopo.maturity.actions import results  # noqa: E402
from pendopo.maturity.imports.results import Defaults  # noqa: E402
from pendopo.maturity.index import Levels, compute, half_up  # noqa: E402
from pendopo.maturity.instruments import Instrument  # noqa: E402
from pendopo.maturity.models import Assessment, PublishedResult  # noqa: E402
from pendopo.maturity.testing.evaluation import an_officer, begin  # noqa: E402
from pendopo.maturity.values import CycleState  # noqa: E402

INSTRUMENT, LAST_YEAR = "spbe-2020", 2024
SEED = 20241
KINDS = ("Kementerian", "Provinsi", "Kabupaten", "Kabupaten", "Kabupaten", "Kota")


def _levels(instrument: Instrument, draw: random.Random, strength: float) -> Levels:
    return {
        one.number: half_up(Fraction(min(5, max(1, round(draw.gauss(strength, 0.8))))), 0)
        for one in instrument.indicators
    }


def _table(agency_count: int, years: int) -> str:
    """Return results as the reports print them: computed exactly from drawn levels, rounded once."""
    instrument, draw = library.instrument(INSTRUMENT), random.Random(SEED)  # noqa: S311  # no secret
    lines = ["year,agency,region,D1,D2,D3,D4,index,predicate"]
    for place in range(agency_count):
        name = f"{KINDS[place % len(KINDS)]} Bangku {place + 1}"
        start = draw.uniform(1.3, 3.2)
        for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
            strength = start + 0.2 * (year - LAST_YEAR + years)
            found = compute(instrument, _levels(instrument, draw, strength), year=year)
            domains = ",".join(f"{found.domains[one.key].value}" for one in instrument.domains)
            lines.append(
                f"{year},{name},Wilayah {place % 38 + 1},{domains},{found.index},{found.predicate.name.id}"
            )
    return "\n".join(lines)


def _dashboard() -> tuple[UUID, str]:
    """Return an assessment with all 47 levels given, and a cookie of a coordinator."""
    row = Assessment.objects.filter(cycle__instrument_id=INSTRUMENT, cycle__year=LAST_YEAR).first()
    if row is None:
        found = begin(INSTRUMENT, LAST_YEAR)
        found.to(CycleState.ASSESSING)
        for place, item in enumerate(found.assessment.items.order_by("order")):
            found.assess(item.number, 2 + place % 3)
        row = found.assessment
    actor, client = an_officer("coordinator"), Client()
    subject_id = actor.subject_id
    if subject_id is None:
        raise LookupError
    post = next(one for one in agencies.posts_of(subject_id) if one.id == actor.post_id)
    people.sign_in(client, subject_id, post=post)
    return row.id, "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())


def main() -> None:
    """Make what is missing and tell what there is."""
    agency_count, years = int(sys.argv[1]), int(sys.argv[2])
    if not PublishedResult.objects.filter(agency__contains="Bangku").exists():
        table = _table(agency_count, years).encode()
        draft = results.hand_in(SYSTEM, table, source="generated", defaults=Defaults(INSTRUMENT))
        results.publish(SYSTEM, draft)
    assessment, cookie = _dashboard()
    print(
        json.dumps({"rows": PublishedResult.objects.count(), "assessment": str(assessment), "cookie": cookie})
    )


if __name__ == "__main__":
    main()
