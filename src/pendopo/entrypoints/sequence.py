"""Run several verbs of one deployment in one process.

``python -m pendopo.entrypoints.sequence < commands.json``

Starting Django costs a second; preparing a deployment takes half a dozen verbs. Standard input holds a JSON
list of argument lists; for each a JSON line ``{"verb", "ms", "output"}`` is printed. Ends with the first
code that is not 0.
"""

import contextlib
import io
import json
import sys
import time

from pendopo.entrypoints import cli


def main() -> int:
    """Run them in order."""
    for arguments in json.load(sys.stdin):
        start = time.monotonic()
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = cli.main(arguments)
        if code:
            sys.stderr.write(said.getvalue())
            return code
        spent = round((time.monotonic() - start) * 1000)
        sys.stdout.write(
            json.dumps({"verb": " ".join(arguments), "ms": spent, "output": said.getvalue()}) + "\n"
        )
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
