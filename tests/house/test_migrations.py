"""Migrations expand first and contract a release later; the schema is changed with short waits."""

from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError

from pendopo.entrypoints import schema
from tests.house.migration_lint import BEFORE_THE_RULE, migrations, violations

ROOMS = Path(__file__).parents[2] / "src" / "pendopo"
HEAD = "from django.db import migrations, models\nclass Migration(migrations.Migration):\n    operations = ["
NEW = 'migrations.CreateModel(name="Leaf", fields=[]), '


def test_no_migration_breaks_the_release_before() -> None:
    found = {
        name: [one.rule for one in violations(file.read_text())]
        for name, file in migrations(ROOMS)
        if name not in BEFORE_THE_RULE
    }
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_what_was_looked_at_by_hand_is_still_there() -> None:
    there = dict(migrations(ROOMS))
    for name in BEFORE_THE_RULE:
        assert {one.rule.partition(" ")[0] for one in violations(there[name].read_text())} == {"AddIndex"}


@pytest.mark.parametrize(
    "operation",
    [
        'migrations.RemoveField(model_name="leaf", name="size")',
        'migrations.DeleteModel(name="Leaf")',
        'migrations.RenameField(model_name="leaf", old_name="a", new_name="b")',
        'migrations.RenameModel(old_name="Leaf", new_name="Twig")',
        'migrations.AddField(model_name="leaf", name="n", field=models.IntegerField())',
        'migrations.AddField(model_name="leaf", name="n", field=models.IntegerField(default=0))',
        'migrations.AlterField(model_name="leaf", name="n", field=models.TextField())',
        'migrations.AddIndex(model_name="leaf", index=models.Index(fields=["n"], name="x"))',
        'migrations.AddConstraint(model_name="leaf", constraint=models.CheckConstraint(name="x"))',
        'migrations.RunSQL("ALTER TABLE leaf DROP COLUMN n")',
        'migrations.RunSQL("CREATE INDEX x ON leaf (n)")',
        'migrations.RunSQL(sql=["LOCK TABLE leaf"])',
        'AddIndexConcurrently(model_name="leaf", index=None)',
    ],
)
def test_planted_violations_are_found(operation: str) -> None:
    assert violations(f"{HEAD}{operation}]\n")


@pytest.mark.parametrize(
    "operation",
    [
        'migrations.AddField(model_name="leaf", name="n", field=models.IntegerField(null=True))',
        'migrations.AddField(model_name="leaf", name="n", field=models.IntegerField(db_default=0))',
        NEW + 'migrations.AddIndex(model_name="leaf", index=models.Index(fields=["n"], name="x"))',
        NEW + 'migrations.AddField(model_name="leaf", name="n", field=models.IntegerField())',
        'migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON leaf (n)")',
    ],
)
def test_what_the_release_before_can_live_with_passes(operation: str) -> None:
    assert violations(f"{HEAD}{operation}]\n") == []


def test_a_contracting_migration_names_the_last_release_that_used_it() -> None:
    operation = 'migrations.RemoveField(model_name="leaf", name="size")'
    assert violations(f'CONTRACTS_AFTER = "v1.2.0"\n{HEAD}{operation}]\n') == []
    assert violations(f'CONTRACTS_AFTER = "soon"\n{HEAD}{operation}]\n')


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_cannot_have_its_lock_gives_up_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema, "LOCK_SECONDS", 1)
    settings = connection.get_connection_params()
    login = {
        name: settings[name] for name in ("host", "port", "user", "password", "dbname") if settings.get(name)
    }
    with psycopg.connect(**login) as reader:
        reader.execute("SELECT 1 FROM foundation_auditrow")
        with (
            pytest.raises(schema.MigrationBlockedError, match="run it again"),
            schema.short_waits(connection),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("ALTER TABLE foundation_auditrow ADD COLUMN planted integer")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM information_schema.columns WHERE column_name = 'planted'")
        assert cursor.fetchone() is None
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db(transaction=True)
def test_another_error_of_the_database_stays_what_it_is() -> None:
    with (
        pytest.raises(OperationalError),
        schema.short_waits(connection),
        connection.cursor() as cursor,
    ):
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P03'; END $$")


def test_a_database_without_a_migration_of_this_release_is_older(tmp_path: Path) -> None:
    for name in ("0001_initial", "0002_more"):
        (tmp_path / "trees" / "migrations").mkdir(parents=True, exist_ok=True)
        (tmp_path / "trees" / "migrations" / f"{name}.py").touch()
    assert schema.missing_of([("trees", "0001_initial")], tmp_path) == ["trees.0002_more"]
    assert schema.missing_of([("trees", "0001_initial"), ("trees", "0002_more")], tmp_path) == []
    newer = [("trees", "0001_initial"), ("trees", "0002_more"), ("trees", "0003_from_tomorrow")]
    assert schema.missing_of(newer, tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_an_older_database_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    given = connection.get_connection_params()
    login = {name: given[name] for name in ("host", "port", "user", "password", "dbname") if given.get(name)}
    monkeypatch.setenv("PENDOPO_DATABASE_URL", psycopg.conninfo.make_conninfo(**login))
    schema.require_current()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'registers' AND name LIKE '0002%' RETURNING name"
        )
        (name,) = cursor.fetchone()
    try:
        with pytest.raises(
            schema.OlderSchemaError, match=r"1 migrations wait \(registers\.0002.*run ./pendopo migrate"
        ):
            schema.require_current()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('registers', %s, now())", [name]
            )
