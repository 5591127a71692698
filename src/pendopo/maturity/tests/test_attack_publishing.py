"""Publishing for another: results of a competitor, answers about it, formulas in names, two at once."""

import contextlib
import csv
import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import SYSTEM, Actor
from pendopo.identity import testing as people
from pendopo.maturity import import_errors as errors
from pendopo.maturity.actions import results, surveys
from pendopo.maturity.exports import open_data
from pendopo.maturity.imports.results import Defaults
from pendopo.maturity.models import PublishedResult, SurveyImport

HEAD = "instansi;D1;D2;D3;D4;Indeks;Predikat\n"
IN_2024 = Defaults("spbe-2020", 2024)
PUBLISH = "maturity:results:publish"
ASMAT = "Kab. Asmat;1,00;1,10;1,00;1,00;1,03;Kurang\n"
BETTER = "Kab. Asmat;5,00;5,00;5,00;5,00;5,00;Memuaskan\n"


def officer(body: str, serial: int) -> Actor:
    subject = people.a_person(people.a_nik(serial), f"Petugas {serial}", email=None)
    return people.officer(subject.id, people.a_post(subject.id, PUBLISH, body=body))


def handed(actor: Actor, *rows: str, defaults: Defaults = IN_2024) -> UUID:
    return results.hand_in(actor, (HEAD + "".join(rows)).encode(), source="Laporan", defaults=defaults)


@pytest.mark.django_db
@pytest.mark.parametrize("publisher", ["another body", "the machine"])
def test_what_another_published_is_not_published_over(publisher: str) -> None:
    first = SYSTEM if publisher == "the machine" else officer("dukcapil", 7101)
    second = officer("dinsos", 7102)
    results.publish(first, handed(first, ASMAT))
    draft = handed(second, "Kota Sendiri;3;3;3;3;3;Baik\n", BETTER.replace("Kab.", "Kabupaten"))
    with pytest.raises(errors.NotYourResults) as refused:
        results.publish(second, draft)
    assert refused.value.params == {"n": 1, "agency": "Kab. Asmat"}
    assert f"{PublishedResult.objects.get().index:f}" == "1.0300"
    assert results.publish(SYSTEM, handed(SYSTEM, BETTER)) == 1, "the machine corrects"


@pytest.mark.django_db
def test_a_body_corrects_its_own_and_repeats_what_others_published() -> None:
    first, second = officer("dukcapil", 7101), officer("dinsos", 7102)
    results.publish(first, handed(first, ASMAT))
    assert results.publish(second, handed(second, ASMAT)) == 0, "the same again changes nothing"
    assert results.publish(first, handed(first, BETTER)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["{name_id}", " {name_en} ", "{code}", "DINSOS", "{name_id}\u200b"])
def test_answers_about_another_body_of_the_hall_are_not_handed_in(name: str) -> None:
    actor = officer("dukcapil", 7101)
    people.a_body("dinsos")
    theirs = agencies.body_by_code("dinsos")
    named = name.format(name_id=theirs.name_id, name_en=theirs.name_en, code=theirs.code)
    text = ";".join(f"U{n}" for n in range(1, 10)) + ";bulan\n" + (";".join("1" * 9) + ";2026-05\n") * 9
    with pytest.raises(errors.NotYourAgency):
        surveys.hand_in(actor, text.encode(), agency=named, source="x", month=None)
    assert not SurveyImport.objects.exists()
    own = agencies.body_by_code("dukcapil").name_id
    surveys.hand_in(actor, text.encode(), agency=own, source="x", month=None)
    surveys.hand_in(actor, text.encode(), agency="RSUD di luar balai", source="x", month=None)


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        ' "=1"',
        "Dinas;=1+1",
        'Dinas;"=1+1',
        "Dinas; =1+1",
        "\uff1dcmd",  # a full-width sign
        "Dinas\r\n=1",
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_is_a_formula_whatever_a_spreadsheet_takes_for_a_separator(cell: str, separator: str) -> None:
    written = open_data.row(("spbe-2020", cell, "4.73"))
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
        for found in row:
            assert (
                found.strip(" \t\r\n\"'")[:1] not in {"=", "+", "@", "\uff1d"} or found.strip(' "')[0] == "'"
            )
    for part in written.replace("\r\n", ";").split(";"):
        assert not part.lstrip(' "\t').startswith(("=", "+", "@", "-"))


@pytest.mark.parametrize(
    "cell", ["-1.5", "3.50", "-0", "Kab. Pacitan - Jawa Timur", "4.70|3.00", "a;b", "2026-05"]
)
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert next(csv.reader(io.StringIO(open_data.row((cell,))))) == [cell]


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_the_same_moment_are_ranked_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither sees the other's rows until it is done: places must still be 1 and 2."""
    drafts = [
        handed(SYSTEM, ASMAT),
        handed(SYSTEM, BETTER.replace("Asmat", "Pacitan")),
    ]
    both = Barrier(2, timeout=2)
    rank = results._rank

    def meet(instrument: str, year: int) -> None:
        with contextlib.suppress(BrokenBarrierError):  # the other one waits at the lock, as it should
            both.wait()
        rank(instrument, year)

    monkeypatch.setattr(results, "_rank", meet)

    def publish(draft: UUID) -> None:
        try:
            results.publish(SYSTEM, draft)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(publish, drafts))
    assert sorted(PublishedResult.objects.values_list("place", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_a_draft_is_dropped_or_published_by_its_body_alone() -> None:
    first, second = officer("dukcapil", 7101), officer("dinsos", 7102)
    draft = handed(first, ASMAT)
    for act in (results.publish, results.drop):
        with pytest.raises(errors.NoSuchImport):
            act(second, draft)
    assert Client().get(f"/maturity/imports/{draft}/").status_code in {302, 303, 401, 403}
