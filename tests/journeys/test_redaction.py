"""After a whole walk: nothing that any process wrote, keeps or answers names anybody or holds a secret."""

import html
import json
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql

from pendopo.entrypoints import servers
from pendopo.entrypoints.deployments import Deployment
from pendopo.entrypoints.stack import Stack
from pendopo.entrypoints.walk.journey import Journey

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("stack"),
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("outputs", "strangers"),
]

NIK = re.compile(rb"(?<![0-9a-f])\d{4}99[0-7]\d[01]\d{7}(?![0-9a-f])")
"""A NIK of the demonstration: district 99, a day (women's plus 40), a month; not inside a hexadecimal id."""
PUBLIC = {"registers_region", "catalogue_serviceversion"}
"""Place names; and published definitions, whose scenarios have people of fiction in them."""
PAGE, PROGRAM = {"Accept": "text/html"}, {"Accept": "application/json"}


@pytest.fixture(scope="session")
def typed() -> dict[str, str]:
    """What a stranger types where it does not belong: each must be forgotten."""
    return {
        "nik": "3314995603960001",
        "name": "Wening Tanpanama",
        "email": "wening.tanpanama@example.id",
        "cookie": secrets.token_urlsafe(32),
        "bearer": secrets.token_urlsafe(32),
        "password": secrets.token_urlsafe(12),
    }


@pytest.fixture(scope="session")
def strangers(stack: Stack, journey: Journey, typed: dict[str, str]) -> list[httpx.Response]:
    """Every kind of failure, provoked with personal data and secrets in address, body and head."""
    instance = stack.hall.settings["PENDOPO_INSTANCE"]
    secret = {
        "Cookie": f"pendopo_{instance}_hall={typed['cookie']}",
        "Authorization": f"Bearer {typed['bearer']}",
    }
    form = {
        "nik": typed["nik"],
        "name": typed["name"],
        "email": typed["email"],
        "password": typed["password"],
    }
    register = f"http://{stack.ports.address('register')}"
    answers = []
    with httpx.Client(base_url=stack.base_url, trust_env=False) as client:
        for accept in (PAGE, PROGRAM):
            head = accept | secret
            answers += [
                client.get(f"/nothing/{typed['nik']}/", headers=head),
                client.get(f"/my/cases/{typed['nik']}/", headers=head),
                client.get("/id/authorize", params=form, headers=head),
                client.get(f"/track/{typed['cookie']}/", headers=head),
                client.get(f"/verify/{typed['nik']}", headers=head),
                client.get("/services/", params={"q": "\0" + typed["name"]}, headers=head),
                client.post("/id/sign-in/", data=form, headers=head),
                client.post("/desk/search/", data={"number": typed["nik"]}, headers=head),
                client.post("/id/token", data=form, headers=head),
                client.get("/id/userinfo", headers=head),
                client.put("/livez", content=typed["name"], headers=head),
                client.get("/my/access.json", headers=head),
                client.post(f"{register}/population/v1/persons", json=form, headers=head),
                client.get(f"{register}/population/v1/persons/{typed['nik']}", headers=head),
            ]
    return answers


@pytest.fixture(scope="session")
def told(journey: Journey, stack: Stack, typed: dict[str, str]) -> set[str]:
    """What must stand nowhere: the cast's NIKs, names, addresses, secrets, and what the strangers typed."""
    people = json.loads(journey.people_file.read_text())
    cast = json.loads(journey.cast_file.read_text())
    mothers = {word for one in people["mothers"] for word in (one["nik"], one["name"], one["email"])}
    keys = ("nik", "name", "password", "totp_secret")
    officers = {one[key] for one in cast["officers"] for key in keys}
    return mothers | officers | set(typed.values()) | _tokens(stack) | {"Sekar Pendopo"}


def _tokens(stack: Stack) -> set[str]:
    named = [
        value
        for deployment in (stack.hall, stack.population)
        for key, value in deployment.settings.items()
        if key.endswith("_TOKEN_FILE")
    ]
    return {Path(name).read_text().strip() for name in named}


def found_in(content: bytes, told: set[str]) -> list[str]:
    """Return which of the words stand in bytes, in the clear or in hexadecimal, and whether any NIK does."""
    lower = content.lower()
    words = [word for word in told if _stands(word.casefold().encode(), lower)]
    return words + [match.decode() for match in NIK.findall(lower)]


def _stands(word: bytes, content: bytes) -> bool:
    return word in content or word.hex().encode() in content


def test_the_search_itself_finds_what_is_planted(told: set[str], typed: dict[str, str]) -> None:
    for word in typed.values():
        assert word in found_in(f"GET /x?y={word} 404".encode(), told)
        assert word in found_in(rb"\x" + word.lower().encode().hex().encode(), told)
    assert found_in(b"3314991203960009", set()) == ["3314991203960009"]
    assert found_in(b"a3314991203960009", set()) == [], "a stretch of a hexadecimal id"


def test_no_log_holds_a_name_a_number_or_a_secret(stack: Stack, told: set[str]) -> None:
    logs = [path for path in (stack.here.state / "logs").rglob("*") if path.is_file()]
    assert {"hall-web", "hall-worker", "gateway-hall", "gateway-population"} <= {p.stem for p in logs}
    for log in logs:
        assert found_in(log.read_bytes(), told) == [], log.name


def test_the_database_servers_log_holds_none(told: set[str]) -> None:
    with psycopg.connect(servers.GIVEN or "") as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    log = Path(row[0]).parent / "log" if row else Path("missing")
    if not log.is_file():
        pytest.skip("the operator's database server keeps its log where we may not look")
    assert found_in(log.read_bytes(), told) == []


def test_what_the_gateways_keep_and_what_their_files_are_called(stack: Stack, told: set[str]) -> None:
    kept = [path for path in (stack.here.state / "gateways").rglob("data/**/*") if path.is_file()]
    assert kept
    for path in kept:
        assert found_in(path.read_bytes(), told) == [], path.name
        assert found_in(str(path).encode(), told) == [], path.name


def test_no_file_of_the_deployments_is_called_after_anybody(stack: Stack, told: set[str]) -> None:
    names = "\n".join(str(path) for path in stack.here.state.rglob("*"))
    assert found_in(names.encode(), told) == []


def test_error_pages_and_problem_documents_repeat_nothing_that_was_typed(
    strangers: list[httpx.Response], typed: dict[str, str]
) -> None:
    """The address itself stands in the link to the other language, and nowhere else."""
    refused = [answer for answer in strangers if answer.status_code >= httpx.codes.BAD_REQUEST]
    kinds = {answer.headers.get("Content-Type", "").partition(";")[0] for answer in refused}
    assert {"text/html", "application/problem+json"} <= kinds
    assert len({answer.status_code for answer in refused}) >= 4
    for answer in refused:
        head = "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
        body = html.unescape(answer.text).replace(answer.request.url.raw_path.decode(), "")
        seen = found_in((head + body).encode(), set(typed.values()))
        assert seen == [], f"{answer.request.method} {answer.request.url.path}: {answer.status_code}"


def test_no_process_counts_anything_by_name(stack: Stack, told: set[str]) -> None:
    ports = {name: stack.ports[name] for name in stack.ports.by_name if name.endswith("metrics")}
    assert len(ports) >= 6
    for name, port in ports.items():
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
        assert answer.status_code == httpx.codes.OK, name
        assert b"# HELP" in answer.content, name
        assert found_in(answer.content, told) == [], name


def test_a_mail_names_nobody_beside_its_address(stack: Stack, told: set[str]) -> None:
    mails = list(stack.mail_folder.glob("*.eml"))
    assert mails
    for mail in mails:
        head, _, body = mail.read_bytes().partition(b"\n\n")
        subject = b"".join(line for line in head.splitlines() if not line.lower().startswith((b"to:", b"x-")))
        assert found_in(subject + body, told) == [], mail.name


def _rows(deployment: Deployment) -> Iterator[tuple[str, bytes]]:
    """Return every row of every table as the database would print it, table by table."""
    with psycopg.connect(deployment.settings["PENDOPO_DATABASE_URL"]) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for (table,) in tables:
            if table in PUBLIC:
                continue
            statement = sql.SQL("SELECT string_agg(t::text, chr(10)) FROM {} AS t").format(
                sql.Identifier(table)
            )
            (text,) = connection.execute(statement).fetchone() or (None,)
            yield table, (text or "").encode()


@pytest.mark.parametrize("name", ["hall", "population"])
def test_no_table_holds_a_name_a_number_or_a_secret_in_the_clear(
    stack: Stack, told: set[str], name: str
) -> None:
    """Jobs' arguments, outbox, sessions, messages, audit rows, and all others that exist or will."""
    rows = dict(_rows(stack.hall if name == "hall" else stack.population))
    wanted = {"procrastinate_jobs", "foundation_outboxevent", "foundation_auditrow"}
    if name == "hall":
        wanted |= {"identity_session", "identity_providersession", "inbox_message", "casework_case"}
    assert wanted <= rows.keys()
    for table, text in rows.items():
        assert found_in(text, told) == [], table
