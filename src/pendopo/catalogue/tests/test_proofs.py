"""Every proof passes the birth certificate, and catches the fault that it is there for."""

from pathlib import Path

import pytest

from pendopo.catalogue.api import Verdict, check
from pendopo.catalogue.proofs.run import BUILT, NOT_BUILT
from pendopo.catalogue.tests.conftest import SERVICE, Edit
from pendopo.foundation.settings import current


def test_the_birth_certificate_passes_every_built_proof() -> None:
    report = check(current().definitions_dir / SERVICE)
    assert report.failed == ()
    built = {"schema", *(proof.name for proof in BUILT)}
    assert {proof.name for proof in report.proofs if proof.verdict is Verdict.PASS} == built
    assert {proof.name for proof in report.proofs if proof.verdict is Verdict.NOT_BUILT} == set(NOT_BUILT)
    assert all(proof.examined > 0 for proof in report.proofs if proof.verdict is Verdict.PASS)


CATCHES = [
    ("schema", "service.yaml", "format: 1", "format: 2", "Input should be 1"),
    # references
    (
        "references",
        "pages.yaml",
        "questions: [{field: delivery.kind}]",
        "questions: [{field: delivery.sort}]",
        "no field",
    ),
    (
        "references",
        "pages.yaml",
        "repeat: children\n    when: delivery",
        "when: delivery",
        "must be asked on a page",
    ),
    ("references", "data.yaml", "    operation: family", "    operation: clan", "no operation clan"),
    (
        "references",
        "data.yaml",
        "fields: [name, sex, birth_date, alive]",
        "fields: [name, sex, birth_date, alive, religion]",
        "does not allow religion",
    ),
    (
        "references",
        "data.yaml",
        "purpose: civil-registration.birth",
        "purpose: civil-registration.party",
        "no purpose",
    ),
    ("references", "data.yaml", "field: number}", "field: name}", "does not ask for name"),
    ("references", "data.yaml", "copy: marriage.spouse_name", "copy: marriage.spouse_nik", "another type"),
    ("references", "data.yaml", "table: regencies", "table: districts", "no table"),
    ("references", "flow.yaml", "command: register_birth", "command: register_death", "no command"),
    ("references", "flow.yaml", "mother_nik: mother.nik", "mother_name: mother.name", "no parameter"),
    ("references", "service.yaml", "outputs/akta-kelahiran.typ", "outputs/akta.typ", "no file"),
    ("references", "service.yaml", "life_events: [anak-lahir]", "life_events: [liburan]", "no life event"),
    ("references", "evidence.yaml", "basis: [perpres-96-2018]", "basis: [perpres-1-1900]", "no law"),
    ("references", "pages.yaml", "id: delivery\n", "id: place\n", "two pages are called place"),
    ("references", "pages.yaml", "step: check", "step: party", "no step"),
    (
        "references",
        "pages.yaml",
        "when: mother.has_nik\n",
        'when: mother.has_nik && delivery.kind == "one"\n',
        "asked on this page or later",
    ),
    ("sentences", "text/en.yaml", "  fee: Free of charge.\n", "", "missing"),
    ("sentences", "text/en.yaml", "child {number} of {count}", "child {number}", "differ"),
    ("sentences", "text/id.yaml", "pauses:", "jokes:\n  one: Lucu sekali\npauses:", "nothing uses"),
    ("sentences", "text/id.yaml", "Anda siapa bagi anak ini?", "Anda siapa bagi {nama}?", "differ"),
    # law
    (
        "law",
        "service.yaml",
        "  evaluation: {verified: false, basis: [permenpanrb-15-2014]}\n",
        "",
        "evaluation is missing",
    ),
    (
        "law",
        "data.yaml",
        "use: [eligibility]\n        basis: [perpres-96-2018]",
        "use: [eligibility]",
        "needs a legal basis",
    ),
    # flow
    ("flow", "flow.yaml", "  draft: {}\n", "  draft: {}\n  limbo: {}\n", "no action leads here"),
    (
        "flow",
        "flow.yaml",
        "  - {id: complete, sources: [returned], target: submitted, by: applicant}\n",
        "",
        "a dead end",
    ),
    ("flow", "flow.yaml", "target: verifying", "target: verified", "no state verified"),
    (
        "flow",
        "flow.yaml",
        "stops: [issued, refused]",
        "stops: [issued]",
        "still runs in the final state refused",
    ),
    (
        "flow",
        "flow.yaml",
        "{state: returned, reason",
        "{state: verifying, reason",
        "nobody waits for the applicant",
    ),
    ("flow", "pages.yaml", "when: '!mother.has_nik'", "when: 'true'", "everybody would be stopped"),
    ("flow", "pages.yaml", "when: mother.has_nik\n", "when: 'false'\n", "never shown"),
    # once only
    (
        "once_only",
        "data.yaml",
        "          - {ask: true, justification: true}",
        "          - {ask: true}",
        "holds person.nik",
    ),
    # minimisation
    ("minimisation", "flow.yaml", "  - mother.family_card\n", "", "no rule, evidence, command"),
    (
        "minimisation",
        "data.yaml",
        "fields: [name, sex, birth_date, alive]",
        "fields: [name, sex, birth_date, alive, occupation]",
        "is fetched and no field takes it",
    ),
    # scenarios
    (
        "scenarios",
        "pages.yaml",
        "age(mother.birth_date, child.birth_date) >= 12",
        "age(mother.birth_date, child.birth_date) >= 3",
        "dates that cannot be",
    ),
    ("scenarios", "flow.yaml", "working_hours: 24", "working_hours: 25", "clock promise"),
    (
        "scenarios",
        "flow.yaml",
        "sources: [verifying], target: approved",
        "sources: [verifying, submitted], target: approved",
        "refused_action",
    ),
    ("scenarios", "flow.yaml", "delivery_order: number", "delivery_order: count", "delivery_order"),
]


@pytest.mark.parametrize(("proof", "file", "old", "new", "message"), CATCHES, ids=lambda value: value[:30])
def test_a_planted_fault_is_caught(  # noqa: PLR0917 - what pytest hands over
    folder: Path, edit: Edit, proof: str, file: str, old: str, new: str, message: str
) -> None:
    edit(file, old, new)
    report = check(folder)
    assert proof in report.failed
    assert message in "\n".join(str(fault) for fault in report.proof(proof).faults)


def test_a_circle_is_caught(folder: Path, edit: Edit) -> None:
    edit("data.yaml", "{copy: marriage.spouse_nik, when: marriage.recorded}", "{copy: first_witness.nik}")
    edit(
        "data.yaml",
        "origins: [{ask: true, justification: true}]",
        "origins: [{copy: father.nik}, {ask: true, justification: true}]",
    )
    assert "depends on itself" in "\n".join(map(str, check(folder).proof("references").faults))


def test_asking_what_the_register_holds_is_caught(folder: Path, edit: Edit) -> None:
    edit("data.yaml", "origins: [{lookup: mother_person, field: birth_date}]", "origins: [{ask: true}]")
    edit("pages.yaml", "[{field: mother.nik}]", "[{field: mother.nik}, {field: mother.birth_date}]")
    report = check(folder)
    faults = "\n".join(map(str, report.proof("once_only").faults))
    assert "the register population holds person.birth_date" in faults
    assert "data.yaml:" in faults


def test_a_connected_register_decides_what_may_be_asked(definitions: Path, folder: Path, edit: Edit) -> None:
    edit("data.yaml", "          - {ask: true, justification: true}", "          - {ask: true}")
    register = definitions / "registers" / "population.yaml"
    register.write_text(register.read_text().replace("connected: true", "connected: false"))
    assert "once_only" not in check(folder).failed


def test_a_new_question_without_a_reader_is_caught(folder: Path, edit: Edit) -> None:
    question = "    fields:\n      kind:\n"
    hobby = "hobby: {type: text, origins: [{ask: true}], use: [route], basis: [perpres-96-2018]}"
    added = f"    fields:\n      {hobby}\n      kind:\n"
    edit("data.yaml", question, added)
    edit("pages.yaml", "[{field: delivery.kind}]", "[{field: delivery.kind}, {field: delivery.hobby}]")
    for language in ("id", "en"):
        edit(
            f"text/{language}.yaml",
            "  delivery:\n    kind:",
            "  delivery:\n    hobby: {label: Hobi}\n    kind:",
        )
    assert set(check(folder).failed) == {"minimisation", "scenarios"}


def test_later_proofs_wait_for_the_references(folder: Path, edit: Edit) -> None:
    edit("pages.yaml", "[{field: delivery.kind}]", "[{field: delivery.sort}]")
    report = check(folder)
    assert report.failed == ("references",)
    assert report.proof("scenarios").verdict is Verdict.PENDING
    assert not report.passed


def test_a_service_without_scenarios_is_not_proved(folder: Path) -> None:
    for path in (folder / "tests").iterdir():
        path.unlink()
    assert check(folder).failed == ("scenarios",)
