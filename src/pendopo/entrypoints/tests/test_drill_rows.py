"""A drill's report is signed and its outcome kept as a row, which the measure of restore drills reads."""

from pathlib import Path

import pytest

from pendopo.entrypoints.drills import report, signing
from pendopo.foundation.clock import now
from pendopo.foundation.models import Drill
from pendopo.foundation.testing.measures import measured

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ok", [True, False])
def test_the_outcome_of_a_report_is_kept(tmp_path: Path, ok: bool) -> None:
    findings = [] if ok else [{"code": "file_differs", "where": "hall/x"}]
    told = report.Report("restore", "pendopo", now().isoformat(), seconds=61.6, ok=ok, findings=findings)
    file = tmp_path / "restore.json"
    digest = report.write(told, file)
    report.sign(file)
    for _ in range(2):
        signing.keep(file)
    row = Drill.objects.get()
    assert (row.drill, row.ok, row.findings, row.seconds) == ("restore", ok, len(findings), 62)
    assert row.report_sha256 == digest
    found = measured("foundation.restore-drill")
    assert found is not None
    assert found.of == int(ok)
