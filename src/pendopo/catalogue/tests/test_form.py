"""A form, step by step: what applies, what is known, what is wrong. No database."""

import datetime as dt
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo.catalogue.api import (
    Control,
    Facts,
    FieldType,
    KnownAnswer,
    OriginKind,
    PageKind,
    Problem,
    Service,
    Value,
    command_input,
    confirmation_path,
    decode_values,
    encode_values,
    interpret,
    items,
    parse_page,
    problem_text,
)

TODAY = dt.date(2026, 11, 22)
MOTHER = "3314995203960002"
FATHER = "3314991001940003"
PERSON: Mapping[str, Value] = {
    "nik": MOTHER,
    "name": "Sari Wulandari",
    "sex": "female",
    "birth_date": dt.date(1996, 3, 12),
    "alive": True,
}
FAMILY: Mapping[str, Value] = {
    "number": "3314990102200007",
    "marriage_recorded": True,
    "married_on": dt.date(2021, 6, 4),
    "spouse_nik": FATHER,
    "spouse_name": "Agus Prasetyo",
}
HUSBAND = {
    **PERSON,
    "nik": FATHER,
    "name": "Agus Prasetyo",
    "sex": "male",
    "birth_date": dt.date(1994, 1, 10),
}
KNOWN = {
    "mother_person": KnownAnswer(MOTHER, PERSON),
    "mother_family": KnownAnswer(MOTHER, FAMILY),
    "father_person": KnownAnswer(FATHER, HUSBAND),
}


@pytest.fixture
def facts() -> Facts:
    session: dict[str, Value] = {"nik": MOTHER, "name": "Sari Wulandari"}
    return Facts(TODAY, session, {"report.relation": "mother", "delivery.kind": "two"}, KNOWN)


def raw(path: str, text: str) -> dict[str, str]:
    return {path: text}


def test_known_data_comes_with_where_it_came_from(birth: Service, facts: Facts) -> None:
    state = interpret(birth, facts)
    page = state.page("parents")
    assert page is not None
    shown = {item.path: (item.value, item.provenance.kind, item.provenance.lookup) for item in page.shows}
    assert shown["mother.name"] == ("Sari Wulandari", OriginKind.REGISTER, "mother_person")
    assert shown["father.name"] == ("Agus Prasetyo", OriginKind.REGISTER, "father_person")
    assert state.provenance["reporter.nik"].kind is OriginKind.SESSION
    assert state.provenance["report.relation"].kind is OriginKind.APPLICANT


def test_a_confirmation_holds_only_for_what_was_shown(birth: Service, facts: Facts) -> None:
    page = interpret(birth, facts).page("parents")
    assert page is not None
    assert page.kind is PageKind.CONFIRM
    confirmed = facts.with_answers({confirmation_path(page.key): page.confirmation})
    after = interpret(birth, confirmed).page("parents")
    assert after is not None
    assert after.complete
    renamed = confirmed.with_known(
        "father_person", KnownAnswer(FATHER, {**HUSBAND, "name": "Agung Prasetyo"})
    )
    changed = interpret(birth, renamed).page("parents")
    assert changed is not None
    assert not changed.complete


def test_others_see_names_masked(birth: Service, facts: Facts) -> None:
    midwife = Facts(
        TODAY,
        {"nik": "3314994505850004", "name": "Ratna Dewi"},
        {"report.relation": "health_worker", "mother.has_nik": True, "mother.nik": MOTHER},
        KNOWN,
    )
    page = interpret(birth, midwife).page("parents")
    own = interpret(birth, facts).page("parents")
    assert page is not None
    assert own is not None
    assert {item.path: item.masked for item in page.shows} == {"mother.name": True, "father.name": True}
    assert not any(item.masked for item in own.shows)


def test_a_changed_nik_makes_the_old_answer_worthless(birth: Service, facts: Facts) -> None:
    stale = facts.with_known("mother_person", KnownAnswer("3314995203960009", PERSON))
    state = interpret(birth, stale)
    assert [due.key for due in state.lookups_due] == ["mother_person"]
    assert "mother.name" not in state.values


def test_a_silent_register_makes_the_page_wait(birth: Service, facts: Facts) -> None:
    state = interpret(birth, Facts(TODAY, facts.session, facts.answers, {}))
    page = state.page("parents")
    assert page is not None
    assert set(page.waits_for) == {"mother_person", "mother_family", "father.name", "father.stated_name"}
    assert not page.complete
    assert set(state.undecided) == {"marriage", "father_known", "father", "father_name"} | set(
        state.undecided
    )
    assert not state.ready


def test_answers_of_pages_that_do_not_apply_are_ignored(birth: Service, facts: Facts) -> None:
    state = interpret(
        birth, facts.with_answers({"father.stated_name": "Orang Lain", "marriage.situation": "none"})
    )
    assert "father.stated_name" not in state.values
    assert "marriage.situation" not in state.values


def test_pages_repeat_for_each_child_and_say_which(birth: Service, facts: Facts) -> None:
    state = interpret(birth, facts)
    pages = [page for page in state.pages if page.id == "child"]
    assert [page.key for page in pages] == ["child.0", "child.1"]
    repeated = [page.key for page in state.pages if page.id in {"child", "birth"}]
    assert repeated == ["child.0", "birth.0", "child.1", "birth.1"]
    assert pages[1].title("id") == "Siapa nama anak ke-2 dari 2?"
    assert items(birth, facts, "children") == 2
    single = interpret(birth, facts.with_answers({"delivery.kind": "one"})).page("child.0")
    assert single is not None
    assert single.title("en") == "What is your child's name?"
    following, before = state.next_page("child.0"), state.previous_page("child.0")
    assert following is not None
    assert before is not None
    assert (following.key, before.key) == ("birth.0", "place")


PARSED = [
    ("child.0", raw("children.0.name", "  putri   wulandari "), "children.0.name", "putri wulandari"),
    ("child.0", raw("children.0.sex", "female"), "children.0.sex", "female"),
    (
        "birth.0",
        {f"children.0.birth_date-{k}": v for k, v in (("day", "1"), ("month", "02"), ("year", "2026"))},
        "children.0.birth_date",
        dt.date(2026, 2, 1),
    ),
    ("birth.0", raw("children.0.birth_time", "4.05"), "children.0.birth_time", dt.time(4, 5)),
    ("birth.0", raw("children.0.birth_time", ""), "children.0.birth_time", ""),
    ("birth.0", raw("children.0.birth_order", " 2 "), "children.0.birth_order", 2),
    ("birth.0", raw("children.0.weight_grams", "3.100"), "children.0.weight_grams", 3100),
    ("birth.0", raw("children.0.weight_grams", ""), "children.0.weight_grams", ""),
    ("birth.0", {}, "children.0.birth_date", None),
    ("place", raw("delivery.place_code", "33.14"), "delivery.place_code", "33.14"),
    ("check", raw("report.truthful", "1"), "report.truthful", True),
    ("check", {}, "report.truthful", False),
]


@pytest.mark.parametrize(("key", "sent", "path", "value"), PARSED)
def test_reading_answers(  # noqa: PLR0917 - what pytest hands over
    birth: Service, facts: Facts, key: str, sent: dict[str, str], path: str, value: Value | None
) -> None:
    page = interpret(birth, facts).page(key)
    assert page is not None
    parsed = parse_page(page, sent)
    assert parsed.values[path] == value
    assert type(parsed.values[path]) is type(value)


UNREADABLE = [
    ("child.0", raw("children.0.name", "Putri"), "kernel.errors.name_words"),
    ("child.0", raw("children.0.name", "Putri 7"), "kernel.errors.name_letters"),
    ("child.0", raw("children.0.sex", "other"), "catalogue.problems.choice"),
    ("place", raw("delivery.place_code", "99.99"), "catalogue.problems.choice"),
    ("birth.0", raw("children.0.birth_time", "25.00"), "catalogue.problems.time"),
    ("birth.0", raw("children.0.birth_time", "٤.٠٥"), "catalogue.problems.time"),
    ("birth.0", raw("children.0.birth_order", "dua"), "catalogue.problems.integer"),
    ("birth.0", raw("children.0.birth_order", "9" * 30), "catalogue.problems.integer"),
    ("birth.0", raw("children.0.birth_date-day", "1"), "catalogue.problems.date_parts"),
    (
        "birth.0",
        {f"children.0.birth_date-{k}": v for k, v in (("day", "30"), ("month", "2"), ("year", "2026"))},
        "catalogue.problems.date",
    ),
    (
        "birth.0",
        {f"children.0.birth_date-{k}": v for k, v in (("day", "1"), ("month", "2"), ("year", "26"))},
        "catalogue.problems.date_year",
    ),
    (
        "birth.0",
        {f"children.0.birth_date-{k}": v for k, v in (("day", "1"), ("month", "2"), ("year", "0000"))},
        "catalogue.problems.date",
    ),
]


@pytest.mark.parametrize(("key", "sent", "problem"), UNREADABLE)
def test_what_cannot_be_read_is_told(
    birth: Service, facts: Facts, key: str, sent: dict[str, str], problem: str
) -> None:
    page = interpret(birth, facts).page(key)
    assert page is not None
    found = parse_page(page, sent).problems
    assert [item.key for item in found] == [problem]
    for language in ("id", "en"):
        sentence = problem_text(birth, found[0], language)
        assert sentence.endswith(".")
        assert not any(text in sentence for text in sent.values() if len(text) > 4)


def test_a_wrong_nik_is_told_by_its_fault(birth: Service) -> None:
    facts = Facts(
        TODAY, {"nik": FATHER, "name": "X Y"}, {"report.relation": "family", "mother.has_nik": True}, {}
    )
    page = interpret(birth, facts).page("mother")
    assert page is not None
    assert (
        parse_page(page, {"mother.nik": "9971011708450001"}).problems[0].key == "kernel.errors.nik_province"
    )
    unknown = facts.with_answers({"mother.nik": MOTHER}).with_known(
        "mother_person", KnownAnswer(MOTHER, None)
    )
    after = interpret(birth, unknown).page("mother")
    assert after is not None
    assert [problem.key for problem in after.problems] == ["catalogue.problems.nik_unknown"]


def test_sentences_prefer_the_words_of_the_service(birth: Service) -> None:
    own = Problem("children.0.name", "child.0", "catalogue.problems.required", {})
    assert problem_text(birth, own, "id") == "Isi nama lengkap anak."
    check = Problem("children.0.birth_date", "birth.0", "checks.birth_not_future", {})
    assert problem_text(birth, check, "en").startswith("The child's date of birth has not come yet")
    limit = Problem("children.0.birth_order", "birth.0", "catalogue.problems.too_large", {"limit": 20})
    assert "20" in problem_text(birth, limit, "id")


def test_controls_follow_the_type(birth: Service, facts: Facts) -> None:
    place = interpret(birth, facts).page("place")
    assert place is not None
    controls = {question.path: question.control for question in place.questions}
    assert controls["delivery.place_kind"] is Control.RADIO
    assert controls["delivery.place_code"] is Control.SELECT
    options = next(q for q in place.questions if q.path == "delivery.place_code").options("id")
    assert len(options) == 514
    assert next(option for option in options if option.value == "33.14").label == "Kabupaten Sragen"


def test_values_survive_json(birth: Service) -> None:
    values: dict[str, Value] = {
        "children.0.birth_date": dt.date(2026, 1, 31),
        "children.0.birth_time": dt.time(4, 5),
        "children.0.birth_order": 2,
        "children.3.name": "A B",
        "report.truthful": True,
        "confirmed.parents": "abc",
        "children.0.weight_grams": "",
    }
    assert decode_values(birth, encode_values(values)) == values


@pytest.mark.parametrize(
    "foreign",
    [
        {"nobody.name": "x"},
        {"children.9.name": "x"},
        {"children.00.name": "x"},
        {"children.name": "x"},
        {"children.0.birth_date": "soon"},
        {"children.0.birth_order": True},
        {"report.truthful": 1},
        {"mother.nik": 5},
    ],
)
def test_what_the_definition_does_not_know_is_dropped(birth: Service, foreign: dict[str, object]) -> None:
    assert decode_values(birth, foreign) == {}


def test_a_command_leaves_out_what_is_unknown(birth: Service, facts: Facts) -> None:
    found = command_input(
        birth, facts.with_answers({"children.1.name": "Arjuna Prasetyo"}), "register_birth", 1
    )
    assert found["name"] == "Arjuna Prasetyo"
    assert (found["delivery_order"], found["delivery_count"]) == (2, 2)
    assert "birth_date" not in found


def values_for(kind: FieldType) -> st.SearchStrategy[Value]:
    dates = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
    known: dict[FieldType, st.SearchStrategy[Value]] = {
        FieldType.BOOLEAN: st.booleans(),
        FieldType.INTEGER: st.integers(-5, 30),
        FieldType.DATE: dates,
        FieldType.TIME: st.times(),
        FieldType.NIK: st.sampled_from([MOTHER, FATHER, "x", ""]),
    }
    return known.get(
        kind, st.sampled_from(["mother", "father", "family", "one", "two", "none", "letter", "", "Putri A"])
    )


@given(st.data())
def test_any_answers_are_interpreted_without_a_crash(birth: Service, data: st.DataObject) -> None:
    asked = {name.path(0): values_for(field.type) for name, field in birth.fields if field.asked}
    answers = data.draw(st.fixed_dictionaries({}, optional=asked))
    known = data.draw(
        st.fixed_dictionaries({}, optional={key: st.just(answer) for key, answer in KNOWN.items()})
    )
    state = interpret(birth, Facts(TODAY, {"nik": MOTHER, "name": "S W"}, answers, known))
    assert state.pages
    assert state.pages[-1].kind in {PageKind.CHECK, PageKind.STOP}
    assert not (state.ready and state.problems)


def test_an_answer_takes_little_time(birth: Service, facts: Facts) -> None:
    durations = []
    for _ in range(40):
        start = time.perf_counter()
        interpret(birth, facts)
        durations.append(time.perf_counter() - start)
    assert sorted(durations)[len(durations) // 2] < 0.05
