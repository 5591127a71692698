"""Licences of everything that a running Pendopo brings along: ``python -m tests.house.licences``.

Reads the locks of the runtime and the gateway and each installed package's own metadata. Strong copyleft
(GPL, AGPL) is refused in what we ship; the lesser kind (LGPL, MPL) is fine for libraries used unchanged.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = ("runtime", "gateway", "tracing")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|LGPL|Lesser General|HPND|ZPL|Zope|CC0"
    r"|Unlicense",
    re.IGNORECASE,
)
REFUSED = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|Affero|(?<!Lesser )General Public License", re.IGNORECASE)

# Packages whose metadata says nothing usable, read by a person.
READ_BY_HAND = {"aiosmtpd": "Apache-2.0"}


def licence_of(name: str) -> str:
    """Return what the package says of itself: expression, classifiers, then the free field."""
    if name in READ_BY_HAND:
        return READ_BY_HAND[name]
    info = metadata(name)
    classifiers = [
        line.split(" :: ")[-1] for line in info.get_all("Classifier", []) if line.startswith("License")
    ]
    told = [info.get("License-Expression") or "", *classifiers, (info.get("License") or "")[:200]]
    return next((entry for entry in told if entry.strip()), "")


def judge(licence: str) -> bool:
    """Say whether we may ship it."""
    return bool(ALLOWED.search(licence)) and not (REFUSED.search(licence) and not re.search(r" OR ", licence))


def unfit() -> dict[str, str]:
    """Return locked packages whose licence is unknown or refused; packages of other platforms are skipped."""
    found = {}
    for name in sorted(
        {name for lock in LOCKS for name in PINNED.findall((ROOT / f"locks/{lock}.txt").read_text())}
    ):
        try:
            licence = licence_of(name)
        except PackageNotFoundError:
            continue
        if not judge(licence):
            found[name] = licence or "unknown"
    return found


if __name__ == "__main__":
    problems = unfit()
    for package, licence in problems.items():
        print(f"{package}: {licence}")  # noqa: T201  # a command's answer
    sys.exit(1 if problems else 0)
