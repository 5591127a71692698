"""The walk over HTTP, and what it brings home judged from outside."""

import io
import json
from pathlib import Path

import httpx
import psycopg
import pypdfium2
import pytest
import zxingcpp

from pendopo.entrypoints.stack import Stack
from pendopo.entrypoints.walk.journey import Journey

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("stack"), pytest.mark.timeout(300)]


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
