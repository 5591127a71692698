"""Administrative regions: load them from the packed file and look them up.

Data: idn-area-data 4.0.1, ODbL 1.0 (see ``data/``). 38 provinces, 514 regencies, 7,285 districts, 83,762
villages.
"""

import gzip
from collections.abc import Iterable
from importlib import resources

from django.db import connection, transaction

from pendopo.foundation.database import lock
from pendopo.registers import models

COUNT = 91_599


def load_regions() -> int:
    """Bring the table to the packed file and return its size; does nothing when it is already there.

    Uses COPY into a temporary table, so that it takes about a second and rows in use are never missing.
    """
    if models.Region.objects.count() == COUNT:
        return COUNT
    text = gzip.decompress((resources.files("pendopo.registers") / "data" / "regions.csv.gz").read_bytes())
    with transaction.atomic(), connection.cursor() as cursor:
        lock("registers.regions")
        cursor.execute("CREATE TEMPORARY TABLE packed (code varchar(13), name varchar(120)) ON COMMIT DROP")
        with cursor.copy("COPY packed FROM STDIN (FORMAT csv)") as copy:
            copy.write(text)
        cursor.execute(
            "INSERT INTO registers_region SELECT code, name FROM packed"
            " ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name"
        )
        cursor.execute("ANALYZE registers_region")
    return models.Region.objects.count()


def lineage(code: str) -> list[str]:
    """Codes from the province down to ``code`` itself."""
    parts = code.split(".")
    return [".".join(parts[: depth + 1]) for depth in range(len(parts))]


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names of regions by code; unknown codes are missing."""
    return dict(models.Region.objects.filter(code__in=set(codes)).values_list("code", "name"))


def regency_name(code: str) -> str | None:
    """Name of a regency or city as documents print a place of birth, or None."""
    found = models.Region.objects.filter(code=code).values_list("name", flat=True).first()
    return found if found is not None and code.count(".") == 1 else None
