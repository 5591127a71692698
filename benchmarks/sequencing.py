"""Inside the hall: write commitments and have the ledger sequence them. ``… COUNT RUNS`` prints JSON."""

import json
import os
import sys
import time

import django

django.setup()

from benchmarks.rows import median  # noqa: E402
from django.db import transaction  # noqa: E402  # after Django is set up

from pendopo.foundation import commitments  # noqa: E402
from pendopo.ledger import api as ledger  # noqa: E402

KIND = "benchmark"


def _run(count: int) -> float:
    with transaction.atomic():
        found = [commitments.commit(KIND, {"salt": os.urandom(8).hex()}).id for _ in range(count)]
        began = time.monotonic()
    while len(commitments.leaf_indexes(found)) < count:
        ledger.sequence()
    return count / (time.monotonic() - began)


if __name__ == "__main__":
    rates = [_run(int(sys.argv[1])) for _ in range(int(sys.argv[2]))]
    json.dump({"per_second": median(rates)}, sys.stdout)
