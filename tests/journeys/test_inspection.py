"""The inspection itself: a page with a fault on purpose is caught, a sound page is not."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.inspection import (
    AXE,
    DESKTOP,
    RULES,
    ask,
    preferences,
    prepare,
    reflow,
    run_axe,
    walk_by_keyboard,
)

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("stack"), pytest.mark.timeout(120)]

STYLE = "body { font: 1rem sans-serif; margin: 0 } .still { font-size: 16px } .dull:focus { outline: none }"
SOUND = '<h1>Akta</h1><label for="a">Nama</label><input id="a"><p><a href="#a">Kembali</a></p>'
SUMMARY = (
    '<div class="govuk-error-summary" tabindex="-1" autofocus>'
    '<div role="alert"><a href="#a">Isi nama</a></div></div>'
)


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Page]:
    """One tab for all of these pages."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci)")
    page = chromium.new_page(viewport=DESKTOP)
    yield page
    page.close()


def _show(tab: Page, main: str) -> None:
    html = (
        f'<!doctype html><html lang="id"><head><title>Akta</title><style>{STYLE}</style></head>'
        f"<body><main>{main}</main></body></html>"
    )
    tab.goto(f"data:text/html;charset=utf-8,{quote(html)}")
    prepare(tab)


def test_a_sound_page_has_no_fault(tab: Page) -> None:
    _show(tab, SOUND)
    assert run_axe(tab, RULES) == []
    assert ask(tab, "fields") == []
    assert walk_by_keyboard(tab) == []
    assert reflow(tab) == []


def test_a_missing_label_is_caught_twice(tab: Page) -> None:
    _show(tab, '<h1>Akta</h1><input name="child">')
    assert any(told.startswith("label:") for told in run_axe(tab, RULES))
    assert any(told.startswith("no label:") for told in ask(tab, "fields"))


def test_small_targets_are_caught(tab: Page) -> None:
    small = '<button style="width: 12px; height: 12px; padding: 0" aria-label="x"></button>'
    _show(tab, f"<h1>Akta</h1>{small * 3}")
    assert any(told.startswith("target-size:") for told in run_axe(tab, RULES))


@pytest.mark.parametrize(
    ("main", "told"),
    [
        ('<label>K<input type="password" autocomplete="off"></label>', "not known as a password"),
        ('<label>K<input onpaste="return false"></label>', "pasting is blocked"),
        ('<form><label>N<input name="nik"></label><input type="password"></form>', "not filled in"),
    ],
)
def test_fields_that_hinder_are_caught(main: str, told: str, tab: Page) -> None:
    _show(tab, main)
    assert any(fault.startswith(told) for fault in ask(tab, "fields"))


@pytest.mark.parametrize(
    ("main", "told"),
    [
        ('<p style="width: 500px">lebar</p>', "px wide at 320 px"),
        (
            '<p style="width: 30rem; white-space: nowrap">lebar</p><p style="width: 50rem">x</p>',
            "at 200 % text",
        ),
        ('<p class="still">kecil</p>', "does not grow"),
        ('<p style="height: 24px; overflow: hidden">terpotong</p>', "cut at 200 % text"),
    ],
)
def test_what_does_not_fit_is_caught(main: str, told: str, tab: Page) -> None:
    _show(tab, main)
    assert any(told in fault for fault in reflow(tab))


@pytest.mark.parametrize(
    ("main", "told"),
    [
        (f'{SOUND}<button tabindex="-1">Kirim</button>', "not reached"),
        (f'{SOUND}<button class="dull">Kirim</button>', "focus is not shown"),
        (f'{SOUND}<button tabindex="3">Kirim</button>', "out of order"),
        (
            f'{SOUND}<div style="position: fixed; inset: 0; background: #fff"></div>',
            "focus is covered",
        ),
    ],
)
def test_what_the_keyboard_cannot_do_is_caught(main: str, told: str, tab: Page) -> None:
    _show(tab, main)
    assert any(fault.startswith(told) for fault in walk_by_keyboard(tab))


@pytest.mark.parametrize(
    ("main", "told"),
    [
        (SOUND, "no error summary"),
        (SOUND + SUMMARY, "not first"),
        (SUMMARY.replace(' role="alert"', "") + SOUND, "not announced"),
        (SUMMARY.replace(" autofocus", "") + SOUND, "the summary has not the focus"),
        (SUMMARY.replace("#a", "#b") + SOUND, "#b leads to no control"),
    ],
)
def test_a_poor_summary_of_errors_is_caught(main: str, told: str, tab: Page) -> None:
    _show(tab, main)
    assert told in ask(tab, "summary")


def test_a_good_summary_of_errors_is_not(tab: Page) -> None:
    _show(tab, SUMMARY + SOUND)
    assert ask(tab, "summary") == []


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ('<input id="a" name="a" autocomplete="emial">', "unknown purpose emial"),
        ('<input id="a" name="contact.phone">', "one's own data is not filled in"),
    ],
)
def test_fields_for_ones_own_data_say_their_purpose(tab: Page, field: str, told: str) -> None:
    _show(tab, f'<h1>Akta</h1><label for="a">Kontak</label>{field}')
    assert any(one.startswith(told) for one in ask(tab, "fields"))


def test_a_sentence_in_the_other_language_says_so(tab: Page) -> None:
    english = "This is the letter that has been sent to you."
    _show(tab, f"<h1>Akta</h1><p>{english}</p>")
    assert ask(tab, "languages") == [f"is not marked as en: <p>{english}</p>"]
    _show(tab, f'<h1>Akta</h1><p lang="en">{english}</p><p>Surat ini untuk Anda dan anak Anda.</p>')
    assert ask(tab, "languages") == []


def test_what_moves_against_the_readers_wish_is_caught(tab: Page) -> None:
    _show(tab, '<h1>Akta</h1><p style="transition: color 1s">Bergerak</p>')
    assert any(one.startswith("moves although") for one in preferences(tab))


def test_a_control_without_an_edge_in_the_readers_own_colours_is_caught(tab: Page) -> None:
    _show(tab, '<h1>Akta</h1><button style="border: 0">Kirim</button>')
    assert any(one.startswith("no edge") for one in preferences(tab))


def test_a_choice_told_by_colour_alone_is_caught(tab: Page) -> None:
    links = (
        '<li><a href="#a" aria-current="true" style="color: red">Satu</a></li><li><a href="#b">Dua</a></li>'
    )
    _show(tab, f"<h1>Akta</h1><nav><ul>{links}</ul></nav>")
    assert any(one.startswith("chosen, and looks like") for one in preferences(tab))


def test_a_sound_page_holds_whatever_the_reader_prefers(tab: Page) -> None:
    _show(tab, SOUND)
    assert preferences(tab) == []
    assert ask(tab, "languages") == []
