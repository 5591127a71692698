"""What ``up`` prints when everything serves: addresses, and the people of the demonstration."""

import json

from pendopo.entrypoints.stack import Stack

ASSESSOR = "asesor"
EVALUATORS = {
    "diskominfo": "coordinator",
    "bappeda": "second coordinator, who closes",
    "bkad": "contact of the agency",
    "dinkes": "internal assessor",
    ASSESSOR: "external assessor",
}
"""What the evaluation's people do (``pendopo.maturity.demo``)."""


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
    officers = cast["officers"]
    citizens = [person for person in cast["members"] if person["role"] == "midwife"]
    leaders = [person for person in cast["members"] if person["role"] not in {"midwife", ASSESSOR}]
    evaluators = [person for person in cast["members"] if person["role"] in EVALUATORS]
    people = json.loads(stack.people_file.read_text())
    mothers = [mother for mother in people["mothers"] if not mother["used"]][:3]
    return [
        "  People of the demonstration (fiction). Officers sign in with NIK, password and one-time code:",
        *(f"    {person['role']:<22}{person['sign_in']}  {person['name']}" for person in officers),
        "  A citizen who can sign in the same way:",
        *(f"    {'citizen':<22}{person['sign_in']}  {person['name']}" for person in citizens),
        "  Members of the leadership meeting, signing in the same way, at /cabinet/:",
        *(f"    {person['role']:<22}{person['sign_in']}  {person['name']}" for person in leaders),
        "  Some of them evaluate the regency's maturity, with an assessor, at /desk/maturity/:",
        *(
            f"    {person['role']:<22}{person['sign_in']}  {EVALUATORS[person['role']]}"
            for person in evaluators
        ),
        "    password and code, now:  ./pendopo demo-code NIK",
        f"    secrets for codes        {stack.cast_file}",
        "  Mothers without a Digital ID yet, for the counter officer to activate:",
        *(f"    {'mother':<22}{mother['nik']}  {mother['name']}" for mother in mothers),
        "",
    ]
