"""Make ``regions.csv.gz`` from the unpacked npm package ``idn-area-data`` 4.0.1.

Usage: ``npm pack idn-area-data@4.0.1 && tar xzf idn-area-data-4.0.1.tgz && python make_regions.py package``.
One line a region, ``code,name``, from provinces to villages; the parent is the code without its last part.
Islands are left out. The result is a derivative database under the same licence (ODbL 1.0, beside this file).
"""

import csv
import gzip
import io
import sys
from pathlib import Path

LEVELS = ("provinces", "regencies", "districts", "villages")


def read(package: Path) -> list[tuple[str, str]]:
    """Return all regions by code; refuse a file whose parents do not follow from the codes."""
    regions: list[tuple[str, str]] = []
    for level in LEVELS:
        with (package / "data" / f"{level}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                parent = next((row[key] for key in row if key.endswith("_code")), "")
                if row["code"].rpartition(".")[0] != parent:
                    raise SystemExit(f"{level}: {row['code']} is not below {parent}")
                regions.append((row["code"], " ".join(row["name"].split())))
    return sorted(regions)


def main() -> None:
    """Write the file beside this script, byte for byte the same each time."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(read(Path(sys.argv[1])))
    target = Path(__file__).with_name("regions.csv.gz")
    target.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
