"""Preparation by page: a session's kind and length, an owner's verdict on a point, and the history of steps."""

import django.db.models.deletion
from django.db import migrations, models

import pendopo.foundation.clock
import pendopo.kernel.ids

HAPPENINGS = (
    "opened",
    "edited",
    "paper_added",
    "paper_replaced",
    "paper_removed",
    "round_opened",
    "answered",
    "point_answered",
    "point_settled",
    "round_closed",
    "submitted",
    "returned",
    "withdrawn",
    "scheduled",
    "unscheduled",
    "deferred",
    "pulled",
    "planned",
    "replanned",
    "agenda_published",
    "positions_opened",
    "positions_locked",
    "positions_reopened",
)


class Migration(migrations.Migration):
    dependencies = [
        ("cabinet", "0002_calendar_and_measure"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="kind",
            field=models.CharField(
                choices=[("ordinary", "ordinary"), ("extraordinary", "extraordinary")],
                db_default="ordinary",
                default="ordinary",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="planned_minutes",
            field=models.PositiveSmallIntegerField(db_default=120, default=120),
        ),
        migrations.AddField(
            model_name="difference",
            name="verdict",
            field=models.CharField(
                blank=True,
                choices=[("accepted", "accepted"), ("kept", "kept")],
                db_default="",
                default="",
                max_length=32,
            ),
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=pendopo.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=pendopo.foundation.clock.now, editable=False)),
                ("kind", models.CharField(choices=[(name, name) for name in HAPPENINGS], max_length=32)),
                ("by_subject_id", models.UUIDField(null=True)),
                ("docset_hash", models.CharField(blank=True, max_length=64)),
                ("sealed_facts", models.BinaryField(null=True)),
                (
                    "dossier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="cabinet.dossier",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="cabinet.session",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dossier__isnull", False), ("session__isnull", False), _connector="XOR"
                        ),
                        name="cabinet_step_of_one",
                    )
                ],
            },
        ),
    ]
