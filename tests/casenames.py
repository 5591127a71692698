"""Names of cases: short, and the same in every process of a run.

pytest names a case after its values. Bytes that hold a time or a random id (a PDF made while collecting)
would give another name in each process, and pytest-xdist then runs nothing; long values drown a report.
"""

LONGEST = 60
SHOWN = 12


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their beginning and length, long words by theirs; leave the rest to pytest."""
    if isinstance(val, bytes) and len(val) > SHOWN:
        return f"{val[:SHOWN]!r}-{len(val)}-bytes"
    if isinstance(val, str) and len(val) > LONGEST:
        return f"{val[:SHOWN]}-{len(val)}-characters"
    return None
