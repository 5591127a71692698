"""The verifier must see every way of changing the past."""

import argparse
import datetime as dt
import json
import shutil
from collections import Counter as TallyOf
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from pendopo.foundation import audit as audit_module
from pendopo.foundation.actor import SYSTEM
from pendopo.foundation.audit import audit
from pendopo.foundation.clock import now
from pendopo.foundation.commitments import contents, digest, leaves
from pendopo.foundation.models import AuditRow, Commitment
from pendopo.foundation.settings import current
from pendopo.kernel.ids import uuid7
from pendopo.keys import api as keys
from pendopo.ledger import api, checkpoints, cli, tree, verification
from pendopo.ledger.actions.erase import ERASED
from pendopo.ledger.models import (
    AccessRecord,
    AccessSubject,
    Checkpoint,
    Counter,
    CounterRow,
    Tile,
)
from pendopo.ledger.tests.builders import entry
from pendopo_wire import checkpoint as wire
from pendopo_wire import note
from pendopo_wire.merkle import leaf_hash

pytestmark = pytest.mark.django_db
MOTHER = "pseudonym-of-mother"


@pytest.fixture(autouse=True)
def _log(_own_checkpoint_folder: None) -> None:
    """A log with three checkpoints, inside and outside."""
    for batch in range(3):
        for number in range(4):
            api.record_access(entry(MOTHER, f"other-{number}", message_id=f"{batch}-{number}"))
            audit(ERASED, actor=SYSTEM, detail={"ground": "test"})
        api.sequence()


def codes(report: api.VerificationReport) -> set[str]:
    return {finding.code for finding in report.findings}


def first_audit_row() -> AuditRow:
    return AuditRow.objects.filter(event=ERASED).order_by("created_at")[0]


def change_an_entry() -> None:
    AuditRow.objects.filter(id=first_audit_row().id).update(detail={"ground": "another story"})


def recompute_commitments() -> None:
    rows = AuditRow.objects.in_bulk(field_name="commitment_id")
    known = contents(audit_module.KIND, list(rows))
    for commitment_id, content in known.items():
        changed = digest(content.salt, content.record)
        Commitment.objects.filter(id=commitment_id).update(digest=changed)


def recompute_tree() -> None:
    """What a forger does who has the database and the signing key: new tiles, new signed checkpoints."""
    Tile.objects.all().delete()
    start = 0
    for row in Checkpoint.objects.order_by("size"):
        root = tree.append(start, [leaf_hash(leaf.digest) for leaf in leaves(start, row.size)])
        head = checkpoints.make(row.size, root, bytes(row.counters_root))
        Checkpoint.objects.filter(size=row.size).update(root=root, note=head.note)
        start = row.size


def truncate_to_first_checkpoint() -> None:
    """Forget everything after the first checkpoint, consistently: rows, commitments, tiles, counters."""
    first = Checkpoint.objects.order_by("size")[0]
    gone = list(Commitment.objects.filter(leaf_index__gte=first.size).values_list("id", flat=True))
    AuditRow.objects.filter(commitment_id__in=gone).delete()
    AccessSubject.objects.filter(entry__commitment_id__in=gone).delete()
    AccessRecord.objects.filter(commitment_id__in=gone).delete()
    Commitment.objects.filter(id__in=gone).delete()
    Checkpoint.objects.filter(size__gt=first.size).delete()
    Tile.objects.all().delete()
    tree.append(0, [leaf_hash(leaf.digest) for leaf in leaves(0, first.size)])
    Counter.objects.all().delete()
    CounterRow.objects.all().delete()
    counted = TallyOf(bytes(key) for key in AccessSubject.objects.values_list("key", flat=True))
    tree.count(dict(counted))


def test_an_honest_log_passes() -> None:
    report = api.verify()
    assert (report.ok, report.findings) == (True, ())
    assert (report.size, report.checkpoints, report.outside) == (25, 3, 4)


def test_a_changed_entry_is_found() -> None:
    change_an_entry()
    assert codes(api.verify()) == {"content_changed"}


def test_a_changed_entry_is_found_after_its_commitment_was_recomputed() -> None:
    change_an_entry()
    recompute_commitments()
    assert {"root_differs", "tile_differs"} <= codes(api.verify())


def test_a_changed_entry_is_found_after_the_whole_tree_was_recomputed_and_signed_again() -> None:
    change_an_entry()
    recompute_commitments()
    recompute_tree()
    report = api.verify()
    assert codes(report) == {"root_differs"}
    assert all(str(current().checkpoint_dir) in finding.where for finding in report.findings)


def test_a_copy_kept_elsewhere_finds_it_even_when_the_outside_folder_was_rewritten(tmp_path: Path) -> None:
    kept = tmp_path / "kept-by-the-ombudsman"
    kept.write_text(api.latest_checkpoint().note)
    change_an_entry()
    recompute_commitments()
    recompute_tree()
    shutil.rmtree(current().checkpoint_dir)
    checkpoints.publish()
    assert api.verify().ok
    report = api.verify(kept)
    assert [finding.where for finding in report.findings] == [str(kept)]


def test_truncation_is_found_against_the_outside_copies() -> None:
    truncate_to_first_checkpoint()
    assert codes(api.verify()) == {"log_truncated"}


def test_truncation_is_found_after_the_log_grew_again() -> None:
    truncate_to_first_checkpoint()
    for number in range(40):
        api.record_access(entry(MOTHER, message_id=f"new-{number}"))
    api.sequence()
    assert "root_differs" in codes(api.verify())


def test_a_removed_row_is_found() -> None:
    first_audit_row().delete()
    assert codes(api.verify()) == {"content_missing"}


def test_a_removed_access_record_cannot_pass_for_an_erased_one() -> None:
    row = AccessRecord.objects.order_by("created_at")[0]
    AccessRecord.objects.filter(id=row.id).update(salt=None, sealed_record=None, erased_at=now())
    assert codes(api.verify()) == {"content_missing"}


def test_a_row_put_in_behind_the_logs_back_is_found() -> None:
    row = first_audit_row()
    row.id, row.commitment_id = uuid7(), uuid7()
    row.save(force_insert=True)
    assert codes(api.verify()) == {"row_without_commitment"}


def test_a_removed_commitment_is_found() -> None:
    Commitment.objects.filter(leaf_index=5).delete()
    assert {"leaf_missing", "row_without_commitment"} <= codes(api.verify())


def test_an_access_hidden_from_its_person_is_found() -> None:
    AccessSubject.objects.all()[0].delete()
    assert {"subjects_differ", "counters_differ", "counter_rows_differ"} <= codes(api.verify())


def test_a_lowered_counter_is_found() -> None:
    Counter.objects.update(count=1)
    assert codes(api.verify()) == {"counter_rows_differ"}


def test_a_changed_counter_tree_is_found() -> None:
    row = CounterRow.objects.order_by("number")[0]
    CounterRow.objects.filter(number=row.number).update(hashes=bytes(8192))
    assert codes(api.verify()) == {"counter_tree_differs"}


def test_a_changed_tile_is_found() -> None:
    Tile.objects.update(hashes=bytes(64))
    assert codes(api.verify()) == {"tile_differs"}


def test_an_unreadable_record_is_found_and_not_taken_for_erased() -> None:
    row = AccessRecord.objects.order_by("created_at")[0]
    AccessRecord.objects.filter(id=row.id).update(sealed_record=b"\x01" + bytes(60))
    assert "content_changed" in codes(api.verify())


def test_a_checkpoint_with_a_false_signature_is_found() -> None:
    row = Checkpoint.objects.order_by("size")[1]
    Checkpoint.objects.filter(size=row.size).update(note=row.note.replace(f"\n{row.size}\n", "\n12\n"))
    assert "checkpoint_not_signed_by_this_log" in codes(api.verify())


def test_columns_that_contradict_their_signed_note_are_found() -> None:
    row = Checkpoint.objects.order_by("size")[1]
    Checkpoint.objects.filter(size=row.size).update(root=bytes(32))
    assert codes(api.verify()) == {"checkpoint_columns_differ"}


def test_a_removed_newest_checkpoint_is_found() -> None:
    Checkpoint.objects.order_by("-size")[0].delete()
    assert codes(api.verify()) == {"newest_checkpoint_missing"}


def test_an_emptied_outside_folder_is_found() -> None:
    shutil.rmtree(current().checkpoint_dir)
    assert codes(api.verify()) == {"outside_copies_missing"}


def test_a_removed_outside_copy_is_found() -> None:
    Checkpoint.objects.update(created_at=now() - dt.timedelta(minutes=5))
    checkpoints.outside(current().checkpoint_dir)[0].unlink()
    assert codes(api.verify()) == {"outside_copy_missing"}


def test_a_changed_outside_copy_is_found() -> None:
    path = checkpoints.outside(current().checkpoint_dir)[0]
    path.write_text(path.read_text().replace("pendopo/", "pandapa/"))
    assert "checkpoint_not_signed_by_this_log" in codes(api.verify())


def test_a_checkpoint_of_another_log_is_refused(tmp_path: Path) -> None:
    foreign = Ed25519PrivateKey.generate()
    path = tmp_path / "foreign"
    path.write_text(
        wire.sign(wire.Checkpoint(checkpoints.origin(), 1, bytes(32)), checkpoints.origin(), foreign)
    )
    assert codes(api.verify(path)) == {"checkpoint_not_signed_by_this_log"}


def test_a_checkpoint_of_another_log_under_the_same_key_is_refused(tmp_path: Path) -> None:
    key = keys.signer(checkpoints.PURPOSE).private_key
    assert isinstance(key, Ed25519PrivateKey)
    path = tmp_path / "foreign"
    path.write_text(wire.sign(wire.Checkpoint("another/log", 1, bytes(32)), checkpoints.origin(), key))
    assert codes(api.verify(path)) == {"checkpoint_not_signed_by_this_log"}


def test_a_missing_file_is_not_a_pass(tmp_path: Path) -> None:
    assert codes(api.verify(tmp_path / "nothing")) == {"checkpoint_unreadable"}


def test_a_verifier_key_that_we_never_had_is_found() -> None:
    path = current().checkpoint_dir / checkpoints.VERIFIER_KEYS
    path.write_text(note.verifier_key(checkpoints.origin(), Ed25519PrivateKey.generate().public_key()) + "\n")
    assert codes(api.verify()) == {"verifier_key_unknown"}


def test_checkpoints_of_a_retired_key_stay_good() -> None:
    keys.rotate(checkpoints.PURPOSE)
    api.sequence()
    assert api.verify().ok


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    api.verify(progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (25, 25)


def test_the_verb_fails_on_a_broken_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verb("verify", "--json") == 0
    change_an_entry()
    assert run_verb("verify", "--json") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["ok"] for line in lines] == [True, False]


def run_verb(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    parsed = parser.parse_args(["ledger", *arguments])
    code: int = parsed.run(parsed)
    return code


@pytest.mark.django_db(transaction=True)
def test_a_log_that_grows_while_it_is_verified_is_no_truncated_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copies of what was sequenced after the snapshot are no evidence against the snapshot."""
    take = verification._one_snapshot

    def and_then_grow() -> None:
        take()
        Checkpoint.objects.count()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_grow).result()

    monkeypatch.setattr(verification, "_one_snapshot", and_then_grow)
    assert api.verify().findings == ()
    assert checkpoints.latest().size == 26


def _grow() -> None:
    try:
        with transaction.atomic():
            audit(ERASED, actor=SYSTEM, detail={"ground": "meanwhile"})
        api.sequence()
    finally:
        connection.close()


def verb(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    parsed = parser.parse_args(["ledger", *words])
    code: int = parsed.run(parsed)
    return code


@pytest.mark.parametrize("text", [b"# Pendopo", b"", b"\xff\xfe", b"another/log\n1\nAAAA\n"])
def test_a_file_that_is_no_checkpoint_of_this_log_raises_no_alarm(
    text: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(text)
    assert verb("verify", "--checkpoint", str(tmp_path / "file")) == 2
    told = capsys.readouterr()
    assert "is no checkpoint of this log" in told.err
    assert "changed" not in told.out


def test_a_forged_checkpoint_of_this_log_raises_the_alarm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Checkpoint.objects.order_by("size")[1]
    (tmp_path / "file").write_text(row.note.replace(f"\n{row.size}\n", "\n12\n"))
    assert verb("verify", "--checkpoint", str(tmp_path / "file")) == 1
    assert "call the auditor" in capsys.readouterr().out
