"""Numbers that are given once: NIK serials and certificate numbers.

A series is one row that an UPSERT counts up: the row lock lasts until the transaction ends, so two commands
never get the same number, and a rolled-back command leaves no gap.
"""

from datetime import date

from django.db import connection

from pendopo.kernel.nik import DEMO_DISTRICT, Nik, compose
from pendopo.kernel.sex import Sex
from pendopo.registers import vault
from pendopo.registers.errors import SeriesExhausted

LAST_SERIAL = 9999
REPORT_WITHIN_DAYS = 60
"""A birth reported later is a late registration (UU 24/2013 art. 32, not verified)."""


def next_number(series: str) -> int:
    """Take the next number of a series in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registers_counter AS c (series, last) VALUES (%s, 1)"
            " ON CONFLICT (series) DO UPDATE SET last = c.last + 1 RETURNING last",
            [series],
        )
        row = cursor.fetchone()
    number: int = row[0] if row else 0
    if not 1 <= number <= LAST_SERIAL:
        raise SeriesExhausted
    return number


def nik_series(region: str, birth_date: date, sex: Sex) -> str:
    """Name of the series of a NIK: the keyed index of its first twelve digits.

    In the clear they would be the NIK itself, because the serials beside them count up from one.
    """
    return "nik:" + vault.series_index(compose(region, birth_date, sex, 1).value[:12])


def issue_nik(village_code: str, birth_date: date, sex: Sex, *, fiction: bool) -> Nik:
    """Give a new NIK to a person born to a family in a village; fiction gets the demo district."""
    digits = village_code.replace(".", "")
    region = digits[:4] + (DEMO_DISTRICT if fiction else digits[4:6])
    return compose(region, birth_date, sex, next_number(nik_series(region, birth_date, sex)))


def issue_certificate_number(village_code: str, birth_date: date, registered_on: date) -> str:
    """Give the number of a birth certificate: ``3314-LU-22112026-0001``.

    Regency, LU (*lahir umum*) or LT (*lahir terlambat*, reported late), day of registration, number of the
    day. The pattern is the one in common use; nobody read it in a regulation.
    """
    late = (registered_on - birth_date).days > REPORT_WITHIN_DAYS
    regency = village_code.replace(".", "")[:4]
    stem = f"{regency}-{'LT' if late else 'LU'}-{registered_on:%d%m%Y}"
    return f"{stem}-{next_number('certificate:' + stem):04d}"
