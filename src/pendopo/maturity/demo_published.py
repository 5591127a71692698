"""The demonstration's public figures: four rows of the real report, neighbours and answers that are fiction.

The four rows were checked figure by figure against the report on the SPBE evaluation of 2024; the others say
in their source that they are made up.
"""

import datetime as dt
from pathlib import Path

from pendopo.foundation.actor import Actor
from pendopo.foundation.clock import today
from pendopo.foundation.formats import zone
from pendopo.maturity import library
from pendopo.maturity.actions import results, surveys
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.models import PublishedResult

DATA = Path(__file__).with_name("data")
REPORT = "Laporan Pelaksanaan Evaluasi SPBE 2024 (empat baris)"
FICTION = "Rekaan untuk peragaan"
AGENCY = "Kabupaten Contoh (rekaan)"
SERVICES = (("Kartu Keluarga", 24), ("Akta Kelahiran", 18))
MONTHS = 2


def seed(actor: Actor) -> int:
    """Publish figures and answers, unless they are there; return how many results are new."""
    if PublishedResult.objects.filter(source=FICTION).exists():
        return 0
    fresh = 0
    for name, source, year in (
        ("demo-results-report.csv", REPORT, 2024),
        ("demo-results-fiction.csv", FICTION, None),
    ):
        data = (DATA / name).read_bytes()
        draft = results.hand_in(actor, data, source=source, defaults=Defaults("spbe-2020", year))
        fresh += results.publish(actor, draft)
    found = surveys.hand_in(actor, _answers(), agency=AGENCY, source=FICTION, month=None)
    surveys.publish(actor, found)
    return fresh


def _answers() -> bytes:
    """Return answers of the last whole months, the same every time within a month."""
    keys = [one.key for one in library.survey().elements]
    lines = [",".join(["month", "service", *keys])]
    last = today(zone()).replace(day=1) - dt.timedelta(days=1)
    for back in range(MONTHS):
        month = last.replace(day=1)
        for service, count in SERVICES:
            for person in range(count):
                grades = [4 - (person * (place + 3) + place + back) % 5 // 2 for place in range(len(keys))]
                lines.append(",".join([f"{month:%Y-%m}", service, *map(str, grades)]))
        last = month - dt.timedelta(days=1)
    return "\n".join(lines).encode()
