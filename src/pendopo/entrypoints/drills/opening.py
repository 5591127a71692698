"""Does it open? Run inside one deployment: ``python -m pendopo.entrypoints.drills.opening``.

Opens every signing key and signs with it; opens the sealed columns of persons, files, documents and register
answers; verifies the seal of every issued document against the bytes that the database holds. Prints one JSON
value ``{"opened": {what: how many}, "failed": [[code, where]]}`` and ends with 0, whatever was found. Nothing
that was opened is printed. Last, copies of checkpoints that the log has not laid outside yet are laid there,
as the worker would do at its start.
"""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from pendopo.entrypoints import cli

SAID = b"pendopo drill"
MOST_FAILURES = 50


@dataclass(slots=True)
class Tally:
    """What opened, and what did not: a code and an id, never content."""

    opened: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def attempt(self, what: str, where: object, act: Callable[[], object]) -> None:
        """Try one thing; any error is a finding, because the drill must see all of them."""
        try:
            act()
        except Exception as error:  # noqa: BLE001  # whatever does not open is what the drill looks for
            if len(self.failed) < MOST_FAILURES:
                self.failed.append((f"{what}_does_not_open", f"{where} ({type(error).__name__})"))
        else:
            self.opened[what] += 1

    def as_json(self) -> str:
        """Return the answer."""
        return json.dumps({"opened": dict(sorted(self.opened.items())), "failed": self.failed})


class WrongContentError(Exception):
    """Something opened, but is not what its row says."""


def main() -> int:
    """Open everything of this deployment."""
    tally = Tally()
    with cli.deployment_environment(""):
        from django.apps import apps  # noqa: PLC0415  # after Django is set up

        _keys(tally)
        if apps.is_installed("pendopo.casework"):
            _subjects(tally)
            _files(tally)
            _documents(tally)
            _answers(tally)
        if apps.is_installed("pendopo.registers"):
            _persons(tally)
        tally.attempt("checkpoint_copies", "outside", _publish)
    print(tally.as_json())
    return 0


def _publish() -> None:
    from pendopo.ledger import checkpoints  # noqa: PLC0415  # after Django is set up

    checkpoints.publish()


def _keys(tally: Tally) -> None:
    from pendopo.keys import api as keys  # noqa: PLC0415  # after Django is set up
    from pendopo.keys import pairs  # noqa: PLC0415  # same

    def use(purpose: str) -> None:
        signer = keys.signer(purpose)
        pairs.verify(keys.public_keys(purpose)[signer.kid], SAID, signer.sign(SAID))

    for info in keys.keys_of():
        if info.active:
            tally.attempt("signing_key", info.purpose, partial(use, info.purpose))


def _subjects(tally: Tally) -> None:
    from pendopo.identity import api as identity  # noqa: PLC0415  # after Django is set up
    from pendopo.identity.models import Subject  # noqa: PLC0415  # same

    def open_both(row: UUID) -> None:
        identity.nik_of(row)
        identity.name_of(row)

    for row in _ids(Subject.objects.values_list("id", flat=True)):
        tally.attempt("subject", row, partial(open_both, row))


def _files(tally: Tally) -> None:
    from pendopo.documents import api as documents  # noqa: PLC0415  # after Django is set up
    from pendopo.documents.models import StoredFile  # noqa: PLC0415  # same

    def read(row: UUID) -> None:
        if len(documents.read_file(row)) != documents.file(row).size:
            raise WrongContentError

    for row in _ids(StoredFile.objects.values_list("id", flat=True)):
        tally.attempt("file", row, partial(read, row))


def _documents(tally: Tally) -> None:
    from pendopo.documents import api as documents  # noqa: PLC0415  # after Django is set up
    from pendopo.documents.models import IssuedDocument  # noqa: PLC0415  # same
    from pendopo.foundation.settings import current  # noqa: PLC0415  # same

    trust = current().tsa_trust_file

    def check(row: UUID) -> None:
        check_seals(documents.read_document(row), trust)

    for row in _ids(IssuedDocument.objects.values_list("id", flat=True)):
        tally.attempt("document_seal", row, partial(check, row))


def check_seals(pdf: bytes, trust: Path | None) -> None:
    """Raise ``WrongContentError`` unless every signature of a PDF is intact and valid.

    Where an anchor is given it must be trusted too. Revocation is not asked about.
    """
    from pyhanko.keys import load_certs_from_pemder  # noqa: PLC0415  # a second to load
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  # same
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    roots: list[Any] = []
    if trust and trust.is_file():
        roots += load_certs_from_pemder([str(trust)])  # type: ignore[no-untyped-call]  # untyped
    reader = PdfFileReader(io.BytesIO(pdf))
    if not reader.embedded_regular_signatures:
        raise WrongContentError
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    told: list[Any] = [
        *(validate_pdf_signature(one, context) for one in reader.embedded_regular_signatures),
        *(validate_pdf_timestamp(one, context) for one in reader.embedded_timestamp_signatures),
    ]
    if not all(one.intact and one.valid and (one.trusted or not roots) for one in told):
        raise WrongContentError


def _answers(tally: Tally) -> None:
    from pendopo.casework.models import RegisterCommand  # noqa: PLC0415  # after Django is set up
    from pendopo.casework.register import answers  # noqa: PLC0415  # same

    for row in RegisterCommand.objects.exclude(result=None).iterator():
        tally.attempt("register_answer", row.id, partial(answers.entry_of, row))


def _persons(tally: Tally) -> None:
    from pendopo.registers import queries  # noqa: PLC0415  # after Django is set up
    from pendopo.registers.models import Person  # noqa: PLC0415  # same

    def open_both(row: Person) -> None:
        queries.nik_of(row)
        queries.name_of(row)

    for row in Person.objects.iterator():
        tally.attempt("person", row.id, partial(open_both, row))


def _ids(found: Iterable[UUID]) -> list[UUID]:
    return list(found)


if __name__ == "__main__":
    raise SystemExit(main())
