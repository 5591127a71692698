"""The certificate as people get it: what it says, that its QR can be read, that it is the same every time."""

import datetime as dt
from collections.abc import Mapping

import pypdf
import pypdfium2
import pytest
import zxingcpp

from pendopo.documents import typesetting
from pendopo.documents.api import DataDoesNotFit, FieldValue, TemplateUnusable
from pendopo.documents.tests.builders import TEMPLATE, birth
from pendopo.kernel.sex import Sex

ADDRESS = "http://localhost:8000/verify/7K2QF9D8H3J4M5N6P7R8S9T0VW"
AT = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


def stamp(*, specimen: bool = True) -> typesetting.Stamp:
    return typesetting.Stamp(
        code="7K2QF9D8H3J4M5N6P7R8S9T0VW",
        address=ADDRESS,
        body_name_id="Dinas Kependudukan dan Pencatatan Sipil",
        body_name_en="Population and Civil Registry Office",
        region="Kabupaten Contoh",
        issued_at=AT,
        specimen=specimen,
    )


def typeset(data: Mapping[str, FieldValue], *, specimen: bool = True) -> bytes:
    return typesetting.typeset(typesetting.template(TEMPLATE), data, stamp(specimen=specimen))


def text_of(pdf: bytes) -> str:
    import io

    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def test_it_says_in_two_languages_who_was_born_when_and_of_whom() -> None:
    text = text_of(typeset(birth()))
    for part in (
        "KUTIPAN AKTA KELAHIRAN",
        "Excerpt of Birth Certificate",
        "Anindya Sekar Pramesti",
        "20 Agustus 2026",
        "dua puluh Agustus dua ribu dua puluh enam",
        "20 August 2026",
        "dua, perempuan",
        "second, daughter",
        "Bagus Pramono",
        "Rahayu Wulandari",
        "9901-LU-22112026-0001",
        "9901016211260001",
    ):
        assert part in text


def test_a_mother_alone_is_named_alone() -> None:
    text = text_of(typeset(birth(father_name=None, child_sex=Sex.MALE)))
    assert "dari seorang ibu" in text
    assert "laki-laki" in text
    assert "ayah" not in text


def test_a_remark_is_shown() -> None:
    remark = "Perkawinan orang tua belum tercatat sesuai dengan ketentuan peraturan perundang-undangan."
    assert remark in text_of(typeset(birth(remark=remark)))


def test_the_longest_lawful_names_stay_on_one_page() -> None:
    longest = "Raden Roro Kusumaningtyas Wijayakusumawardhani Prameswari D"
    assert len(longest) <= 60
    remark = "Perkawinan orang tua belum tercatat sesuai dengan ketentuan peraturan perundang-undangan. " * 2
    text = text_of(
        typeset(birth(child_name=longest, mother_name=longest, father_name=longest, remark=remark))
    )
    assert text.count("Kusumaningtyas") == 3


def test_a_name_that_looks_like_markup_is_only_a_name() -> None:
    assert '#panic("x") *tebal* $a$' in text_of(typeset(birth(child_name='#panic("x") *tebal* $a$')))


def test_specimens_say_so_in_words_and_real_ones_do_not() -> None:
    assert "CONTOH: bukan dokumen resmi" in text_of(typeset(birth()))
    assert "CONTOH" not in text_of(typeset(birth(), specimen=False))


def test_the_qr_is_read_back_from_the_rendered_page() -> None:
    page = pypdfium2.PdfDocument(typeset(birth()))[0]
    (found,) = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    assert found.text == ADDRESS


def test_the_same_input_gives_the_same_bytes() -> None:
    assert typeset(birth()) == typeset(birth())


@pytest.mark.parametrize(
    "change",
    [
        {"child_name": None},
        {"child_name": ""},
        {"birth_order": "2"},
        {"birth_order": True},
        {"birth_date": "2026-08-20"},
        {"birth_date": AT},
        {"mother_name": 5},
    ],
)
def test_data_that_does_not_fit_is_refused_by_field(change: dict[str, FieldValue]) -> None:
    with pytest.raises(DataDoesNotFit) as caught:
        typeset(birth(**change))
    assert caught.value.params["field"] == next(iter(change))


def test_what_the_template_does_not_ask_for_does_not_reach_it() -> None:
    manifest = typesetting.template(TEMPLATE).manifest
    assert "family_card" not in typesetting.checked(manifest, birth(family_card="9901010101010001"))


@pytest.mark.parametrize(
    "name", ["", "x", "a/b/c", "../b/c", "a/../../etc", "dukcapil/akta-kelahiran/../x", "a/b/c/d"]
)
def test_a_template_that_is_not_there_is_unusable(name: str) -> None:
    with pytest.raises(TemplateUnusable):
        typesetting.template(name)
