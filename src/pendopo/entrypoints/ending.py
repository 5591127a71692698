"""What ``up`` prints when everything serves: addresses, and the people of the demonstration."""

import json

from pendopo.entrypoints.stack import Stack


def addresses(stack: Stack) -> str:
    """Return the text; the people's passwords are fiction like the people."""
    lines = [
        "",
        f"  The hall                 {stack.base_url}/        (English: {stack.base_url}/en/)",
        f"  Mail that it sent        {stack.mail_folder}",
        f"  Certificates, receipts   {stack.outputs}",
        f"  Logs                     {stack.supervisor.logs}",
        "",
        *_people(stack),
        "  Save the root key before anything real happens here: ./pendopo keys escrow --out FILE",
        "  Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def _people(stack: Stack) -> list[str]:
    cast = json.loads(stack.cast_file.read_text())
    lines = [
        "  People of the demonstration (fiction; passwords, one-time-code secrets and NIKs in",
        f"  {stack.cast_file}):",
    ]
    lines += [
        f"    {person['role']:<24}{person['name']}" for person in (*cast["officers"], *cast["citizens"])
    ]
    return [*lines, ""]
