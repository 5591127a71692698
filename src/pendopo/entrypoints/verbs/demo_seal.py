"""``./pendopo demo-seal BODY``: let the example authority certify a body's seal; refused in production."""

import argparse
import os
from pathlib import Path

from pendopo.entrypoints import cli
from pendopo_partners.authority import open_authority


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = commands.add_parser("demo-seal", help=__doc__)
    parser.add_argument("body", help="code of the public body")
    parser.set_defaults(run=_certify)


def _certify(options: argparse.Namespace) -> int:
    with cli.deployment_environment(""):
        from pendopo.agencies import api as agencies  # noqa: PLC0415  # after Django is set up
        from pendopo.keys import api as keys  # noqa: PLC0415  # same

        purpose = f"seal:{options.body}"
        if keys.ensure(purpose, "ES256").certified_until is None:
            authority = open_authority(Path(os.environ["PENDOPO_HOME"]) / "ca")
            body = agencies.body_by_code(options.body)
            request = keys.certificate_request(
                purpose, f"CONTOH Segel Elektronik {body.name_id}", organisation=body.name_id
            )
            keys.install_certificate(purpose, authority.issue_for_seal(request))
    return 0
