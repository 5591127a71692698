"""The walk's own tools: reading pages, a passkey against a real verifier, one-time codes, a paper."""

import datetime as dt
import io
import json

import pypdf
import pytest
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

from pendopo.entrypoints.walk.authenticator import Authenticator, WrongOriginError, decode
from pendopo.entrypoints.walk.one_time_code import one_time_code, seconds_left
from pendopo.entrypoints.walk.page import parse
from pendopo.entrypoints.walk.paper import birth_letter

PAGE = """<!doctype html><html lang=id><head><title>Judul &amp; lain</title>
<script>var a = "<p>bukan</p>";</script>
</head><body><div class="govuk-error-summary"><ul><li><a href="#x">Isi nama anak</a></li></ul></div>
<h1>Siapa <em>nama</em> anak?</h1><p hidden>tersembunyi</p>
<a href="/layanan/akta?x=1&amp;y=2">Mulai permohonan</a><a>bukan tautan</a>
<form action="?lanjut=1" method="POST" enctype="multipart/form-data">
 <input type="hidden" name="csrfmiddlewaretoken" value="tok"><label for=n>Nama</label>
 <input id=n name="child.name" value="Bu&quot;di"><textarea name="note">
baris satu
baris dua</textarea>
 <input type=radio name=sex id=s1 value=f><label for=s1>Perempuan</label>
 <input type=radio name=sex id=s2 value=m checked><label for=s2>Laki-laki</label>
 <input type=checkbox name=agree value=yes>
 <select name=place><option value=a>A<option value=b selected>B</select>
 <input type=file name=letter><input name=off disabled value=1><button name=do value=save>Simpan</button>
</form><span data-case-number="A-1"></span></body></html>"""


def test_a_page_is_read_as_a_person_would() -> None:
    read = parse("http://localhost:8000/a/b", 200, PAGE)
    assert read.title == "Siapa nama anak?"
    assert read.errors == ["Isi nama anak"]
    assert "bukan</p>" not in read.text
    assert "tersembunyi" not in read.text
    assert read.link_named("permohonan") == "http://localhost:8000/layanan/akta?x=1&y=2"
    assert read.link_named("bukan") is None
    assert read.data("case-number") == "A-1"


def test_a_form_holds_what_a_browser_would_send() -> None:
    form = parse("http://localhost:8000/a/b", 200, PAGE).forms()[0]
    assert (form.action, form.method, form.is_multipart) == (
        "http://localhost:8000/a/b?lanjut=1",
        "post",
        True,
    )
    assert form.values == {
        "csrfmiddlewaretoken": ["tok"],
        "child.name": ['Bu"di'],
        "note": ["baris satu\nbaris dua"],
        "sex": ["m"],
        "place": ["b"],
    }
    assert form.options("sex") == [("f", "Perempuan"), ("m", "Laki-laki")]
    assert form.names("file") == ["letter"]
    assert form.press("do", "save").fill(sex="f").values["do"] == ["save"]


def creation_options() -> dict[str, object]:
    options = generate_registration_options(
        rp_id="localhost",
        rp_name="Pendopo",
        user_name="ibu",
        user_id=b"user-handle",
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    loaded: dict[str, object] = json.loads(options_to_json(options))
    return loaded


def test_a_passkey_convinces_a_real_verifier() -> None:
    device = Authenticator("http://localhost:8000")
    options = creation_options()
    made = verify_registration_response(
        credential=device.create(options),  # type: ignore[arg-type]  # JSON is JSON
        expected_challenge=decode(str(options["challenge"])),
        expected_origin="http://localhost:8000",
        expected_rp_id="localhost",
        require_user_verification=True,
    )
    asked = json.loads(options_to_json(generate_authentication_options(rp_id="localhost")))
    signed = device.get(asked)
    verified = verify_authentication_response(
        credential=signed,
        expected_challenge=decode(asked["challenge"]),
        expected_origin="http://localhost:8000",
        expected_rp_id="localhost",
        credential_public_key=made.credential_public_key,
        credential_current_sign_count=made.sign_count,
        require_user_verification=True,
    )
    assert verified.credential_id == made.credential_id
    response = signed["response"]
    assert isinstance(response, dict)
    assert decode(str(response["userHandle"])) == b"user-handle"


def test_a_passkey_does_not_serve_another_host() -> None:
    device = Authenticator("http://phishing.example")
    with pytest.raises(WrongOriginError):
        device.create(creation_options())  # type: ignore[arg-type]  # JSON is JSON
    assert device.credentials == []


@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_one_time_codes_of_rfc_6238_appendix_b(at: int, code: str) -> None:
    assert one_time_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at) == code


def test_a_code_is_shown_for_thirty_seconds() -> None:
    assert seconds_left(dt.datetime(2026, 1, 1, 0, 0, 7, tzinfo=dt.UTC).timestamp()) == 23


def test_the_letter_is_a_pdf_that_others_read() -> None:
    document = pypdf.PdfReader(io.BytesIO(birth_letter("Sekar (Ayu)", "Rini", "1 Maret 2026")), strict=True)
    text = document.pages[0].extract_text()
    assert "CONTOH" in text
    assert "Sekar (Ayu)" in text
