"""Additive, as a migration has to be that runs under a serving hall, and slow enough to be killed inside."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """A new table, two seconds of work that hold a lock on a busy table, and an index on the new table."""

    dependencies: ClassVar = [("foundation", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL("CREATE TABLE newer_note (id bigint PRIMARY KEY, text text NOT NULL)"),
        migrations.RunSQL("ALTER TABLE foundation_outboxdelivery ADD COLUMN newer_note text"),
        migrations.RunSQL("SELECT pg_sleep(2)"),
        migrations.RunSQL("CREATE INDEX newer_note_text ON newer_note (text)"),
    ]
