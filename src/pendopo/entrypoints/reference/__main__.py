"""Write the reference pages: ``./pendopo docs reference`` runs this with throw-away settings."""

import sys

import django

from pendopo.entrypoints.places import CHECKOUT


def main() -> int:
    """Write what changed and name it."""
    django.setup()
    from pendopo.entrypoints.reference.contents import pages  # noqa: PLC0415  # models need Django to be set up

    for name, text in pages().items():
        path = CHECKOUT / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
