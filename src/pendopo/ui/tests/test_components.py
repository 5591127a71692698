"""The components: what a screen reader, a keyboard and a hostile value meet."""

import jinja2
import pytest

from pendopo.ui.parts import Choice
from pendopo.ui.tests.conftest import Render

FIELDS = {
    "input": 'ui.input(name="a", label="L", hint="H", error="E")',
    "textarea": 'ui.textarea(name="a", label="L", hint="H", error="E")',
    "select": 'ui.select(name="a", label="L", items=[("x", "X")], hint="H", error="E")',
    "radios": 'ui.radios(name="a", legend="L", items=[("x", "X")], hint="H", error="E")',
    "checkboxes": 'ui.checkboxes(name="a", legend="L", items=[("x", "X")], hint="H", error="E")',
    "checkbox": 'ui.checkbox(name="a", text="L", hint="H", error="E")',
    "date_input": 'ui.date_input(name="a", legend="L", hint="H", error="E")',
    "time_input": 'ui.time_input(name="a", legend="L", hint="H", error="E")',
    "file_upload": 'ui.file_upload(name="a", label="L", hint="H", error="E")',
}


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_names_its_label_hint_and_error(render: Render, name: str) -> None:
    page = render("{{ " + FIELDS[name] + " }}")
    assert page.broken_references() == []
    assert len(page.ids()) == len(set(page.ids()))
    assert page.open == []
    labelled = {label.attributes["for"] for label in page.all("label")}
    controls = [e for e in page.elements if e.tag in {"input", "textarea", "select"}]
    assert controls
    assert {control.attributes["id"] for control in controls} == labelled
    described = " ".join(e.attributes.get("aria-describedby", "") for e in page.elements)
    assert "-hint" in described


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "checkbox"])
def test_an_error_is_tied_to_its_field(render: Render, name: str) -> None:
    page = render("{{ " + FIELDS[name] + " }}")
    assert any("a-error" in e.attributes.get("aria-describedby", "").split() for e in page.elements)
    assert "Salah:" in page.one("p", id="a-error").text


def test_the_error_summary_leads_to_the_fields(render: Render) -> None:
    page = render(
        '{{ ui.error_summary(errors=[("name", "Isi nama"), ("born-day", "Isi tanggal")]) }}'
        '{{ ui.input(name="name", label="Nama", error="Isi nama") }}'
        '{{ ui.date_input(name="born", legend="Lahir", error="Isi tanggal") }}'
    )
    assert [link.attributes["href"] for link in page.all("a")] == ["#name", "#born-day"]
    assert page.broken_references() == []
    assert page.one("div", role="alert").text.strip()


def test_no_errors_no_summary(render: Render) -> None:
    assert render("{{ ui.error_summary(errors=[]) }}").elements == []


def test_values_are_escaped_everywhere(render: Render) -> None:
    bad = "\"><script>alert(1)</script><b title='"
    page = render(
        '{{ ui.input(name="a", label=bad, value=bad, hint=bad, error=bad) }}'
        '{{ ui.textarea(name="b", label=bad, value=bad) }}'
        '{{ ui.radios(name="c", legend=bad, items=[(bad, bad, bad)], value=bad) }}'
        '{{ ui.select(name="d", label=bad, items=[(bad, bad)]) }}'
        "{% call ui.summary_list(title=bad, source=ui.source(body=bad, purpose=bad)) %}"
        "{{ ui.summary_row(key=bad, value=bad, href=bad) }}{% endcall %}"
        "{{ ui.notification_banner(title=bad, text=bad) }}{{ ui.tag(bad) }}{{ ui.card(title=bad, text=bad) }}"
        "{{ ui.timeline_item(title=bad, at=bad, text=bad) }}{{ ui.empty_state(title=bad, text=bad) }}"
        "{{ ui.meter(value=1, max=2, label=bad) }}{{ ui.code_block(bad) }}{{ ui.steps(1, 2, bad) }}",
        bad=bad,
    )
    assert page.all("script") == []
    assert page.all("b") == []
    assert page.one("input", id="a").attributes["value"] == bad


def test_the_chosen_choice_is_checked_and_no_other(render: Render) -> None:
    items = [Choice("m", "Ibu"), Choice("f", "Ayah", "Tercatat di KK")]
    page = render('{{ ui.radios(name="who", legend="Siapa", items=items, value="f") }}', items=items)
    assert [e.attributes["value"] for e in page.all("input") if "checked" in e.attributes] == ["f"]
    assert page.one("input", id="who").attributes["value"] == "m"
    assert page.one("div", id="who-2-item-hint").text.strip() == "Tercatat di KK"


def test_false_and_zero_are_values_too(render: Render) -> None:
    page = render('{{ ui.radios(name="r", legend="L", items=[(0, "Nol"), (1, "Satu")], value=0) }}')
    assert [e.attributes["value"] for e in page.all("input") if "checked" in e.attributes] == ["0"]
    assert render('{{ ui.input(name="a", label="L", value=0) }}').one("input").attributes["value"] == "0"


def test_a_form_carries_the_token_and_lets_the_server_validate(render: Render) -> None:
    page = render('{% call ui.form(action="/x", multipart=true) %}{{ ui.button(text="Kirim") }}{% endcall %}')
    form = page.one("form")
    assert form.attributes["method"] == "post"
    assert "novalidate" in form.attributes
    assert form.attributes["enctype"] == "multipart/form-data"
    assert page.one("input", name="csrfmiddlewaretoken", type="hidden").attributes["value"]


def test_a_form_that_only_asks_carries_no_token(render: Render) -> None:
    page = render('{% call ui.form(action="/x", method="get") %}x{% endcall %}')
    assert page.all("input") == []


def test_a_card_without_a_way_in_is_no_link_and_says_so(render: Render) -> None:
    page = render('{{ ui.card(title="Menikah", tag_text="Belum tersedia") }}')
    assert page.all("a") == []
    assert "Belum tersedia" in page.one("li").text


def test_the_time_line_tells_its_states_in_words(render: Render) -> None:
    page = render(
        '{% call ui.timeline() %}{{ ui.timeline_item("A") }}{{ ui.timeline_item("B", state="now") }}'
        '{{ ui.timeline_item("C", state="next") }}{% endcall %}',
        lang="en",
    )
    words = [" ".join(item.text.split()) for item in page.all("li")]
    assert words == ["A, done", "B, in progress", "C, still to come"]
    assert page.all("li")[1].attributes["aria-current"] == "step"


@pytest.mark.parametrize(
    ("value", "most", "width"),
    [(0, 10, "0.0"), (5, 10, "50.0"), (10, 10, "100"), (20, 10, "100"), (1, 0, "0")],
)
def test_a_meter_never_leaves_its_frame(render: Render, value: int, most: int, width: str) -> None:
    page = render('{{ ui.meter(value=v, max=m, label="L") }}', v=value, m=most)
    assert page.one("rect").attributes["width"] == width


def test_a_misspelt_argument_is_refused(render: Render) -> None:
    with pytest.raises(TypeError):
        render('{{ ui.input(name="a", label="L", hnt="H") }}')


def test_a_missing_value_is_refused(render: Render) -> None:
    with pytest.raises(jinja2.UndefinedError):
        render('{{ ui.input(name="a", label=nowhere) }}')


KINDS = ("bad_request", "csrf", "forbidden", "not_found", "too_many", "server", "offline", "unavailable")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_failure_has_a_page_with_a_way_out(render: Render, kind: str, lang: str) -> None:
    given = {"kind": kind, "title": None, "text": None, "reference": "abc123"}
    page = render('{% include "ui/error.html" %}', lang=lang, **given)
    assert page.one("h1").text
    assert "abc123" in page.one("main").text
    assert page.all("a")
    assert page.open == []


def test_a_failure_says_its_own_sentence_when_there_is_one(render: Render) -> None:
    given = {"kind": "unavailable", "title": None, "text": "Kantor Dukcapil libur.", "reference": None}
    page = render('{% include "ui/error.html" %}', **given)
    assert "Kantor Dukcapil libur." in page.one("main").text
    assert page.all("code") == []


def test_the_page_has_its_landmarks_and_language(render: Render) -> None:
    page = render('{% extends "ui/layout.html" %}{% block main %}<h1>Judul</h1>{% endblock %}', lang="en")
    assert page.one("html").attributes["lang"] == "en"
    assert page.all("a")[0].attributes["href"] == "#main"
    for landmark in ("header", "main", "footer"):
        page.one(landmark)
    assert page.broken_references() == []
    assert page.open == []
