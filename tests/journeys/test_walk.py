"""The walk over HTTP, and what it brings home judged from outside."""

import io
import json
from pathlib import Path

import httpx
import psycopg
import pypdfium2
import pytest
import zxingcpp

from pendopo.entrypoints.stack import Stack, ask_for_cast
from pendopo.entrypoints.telling import Teller
from pendopo.entrypoints.walk import walk
from pendopo.entrypoints.walk.journey import Journey

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]


@pytest.fixture(scope="session")
def outputs(journey: Journey, stack: Stack) -> dict[str, Path]:
    """Walk once, with a mother whom no other journey took; what is brought home, by file name."""
    ask_for_cast(stack)
    return {path.name: path for path in walk(journey, Teller(is_quiet=True))}


def test_the_qr_of_the_printed_certificate_opens_the_verification_page(outputs: dict[str, Path]) -> None:
    page = pypdfium2.PdfDocument(outputs["akta-kelahiran.pdf"].read_bytes())[0]
    (code,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    answer = httpx.get(code.text)
    assert answer.status_code == 200
    assert 'data-document-status="valid"' in answer.text


def test_a_changed_copy_is_not_called_valid(outputs: dict[str, Path], journey: Journey) -> None:
    content = bytearray(outputs["akta-kelahiran.pdf"].read_bytes())
    content[len(content) // 2] ^= 1
    with httpx.Client(base_url=journey.base_url, follow_redirects=True) as client:
        token = client.get("/verify/").text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        answer = client.post(
            "/verify/file/",
            data={"csrfmiddlewaretoken": token},
            files={"file": ("akta.pdf", io.BytesIO(bytes(content)), "application/pdf")},
            headers={"Referer": f"{journey.base_url}/verify/", "Accept": "text/html"},
        )
    assert 'data-document-status="valid"' not in answer.text


def test_the_log_agrees_with_the_checkpoint_that_was_taken_home(
    outputs: dict[str, Path], stack: Stack
) -> None:
    report = json.loads(
        stack.verb("ledger", "verify", "--json", "--checkpoint", str(outputs["checkpoint.note"]))
    )
    assert report["ok"]
    assert report["findings"] == []


def test_the_hall_cannot_reach_the_registers_database(stack: Stack) -> None:
    hall, population = (
        deployment.settings["PENDOPO_DATABASE_URL"] for deployment in (stack.hall, stack.population)
    )
    name = population.split("?", maxsplit=1)[0].rpartition("/")[2]
    wanted = hall.split("?", maxsplit=1)[0].rpartition("/")[0] + f"/{name}"
    query = hall.partition("?")[2]
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(f"{wanted}?{query}" if query else wanted)


def _told_words(journey: Journey) -> set[str]:
    """NIKs and names of everybody in the demonstration's cast, and the secrets of its officers."""
    people = json.loads(journey.people_file.read_text())
    cast = json.loads(journey.cast_file.read_text())
    mothers = {word for one in people["mothers"] for word in (one["nik"], one["name"], one["email"])}
    keys = ("nik", "name", "password", "totp_secret")
    return mothers | {one[key] for one in cast["officers"] for key in keys} | {"Sekar Pendopo"}


def test_no_log_holds_a_name_a_number_or_a_secret(
    outputs: dict[str, Path], journey: Journey, stack: Stack
) -> None:
    logs = [path for path in (stack.here.state / "logs").rglob("*") if path.is_file()]
    assert len(logs) >= 6
    words = {word.casefold() for word in _told_words(journey)}
    for log in logs:
        text = log.read_text(errors="replace").casefold()
        assert [word for word in words if word in text] == [], log.name


def test_what_the_gateways_keep_names_nobody(
    outputs: dict[str, Path], journey: Journey, stack: Stack
) -> None:
    kept = [path for path in (stack.here.state / "gateways").rglob("data/**/*") if path.is_file()]
    assert kept
    words = [word.encode() for word in _told_words(journey)]
    for path in kept:
        content = path.read_bytes()
        assert [word for word in words if word in content] == [], path.name
